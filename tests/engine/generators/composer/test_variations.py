# SPDX-License-Identifier: GPL-3.0-or-later
"""A variation is the same piece but for what it varies: note by note in the score, and as loud in the clip."""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from engine.errors import NotTaken, OutOfRange
from engine.generators.base import GeneratorSettings
from engine.generators.composer.heard import layer_of
from engine.generators.composer.making import written as score_of_request
from engine.generators.composer.score import Score
from engine.generators.composer.streams import Streams
from engine.generators.composer.variations import vary
from engine.generators.registry import generator_named
from engine.generators.requests import check_request
from engine.units import amplitude_to_db
from engine.values import Asked, ClipResult, FloatArray, Layer, Parameters
from tests.engine.generators.composer.pieces import request, run, score_of

PROMPTS = (
    "house",
    "lofi",
    "jazz",
    "ambient",
    "rock 7/8",
    "drone",
    "drum and bass",
    "solo piano",
    "drums only",
)
NUMBERS = range(1, 7)


@cache
def piece(prompt: str) -> Score:
    return score_of(prompt, 16.0, 3)


def varied(prompt: str, number: int, evolve: float = 0.25) -> Score:
    return vary(piece(prompt), number, Streams(3), evolve)


def bars_that_differ(one: Score, other: Score) -> set[int]:
    """Return the bars in which any part begins another note, within half a step, or is more or less open."""
    grid = one.plan.grid
    half_step = grid.bar_samples // (2 * grid.steps_per_bar)
    starts = [hit.start for hit in {*one.hits} ^ {*other.hits}]
    for was, now in zip(one.parts, other.parts, strict=True):
        starts += [note.start for note in {*was.notes} ^ {*now.notes}]
    bars = {(start + half_step) // grid.bar_samples % grid.bars for start in starts}
    opens = [*(part.openness for part in one.parts), one.drum_openness]
    for before, after in zip(opens, [*(part.openness for part in other.parts), other.drum_openness], strict=True):
        pairs = zip(before or (1.0,) * grid.bars, after or (1.0,) * grid.bars, strict=True)
        bars |= {bar for bar, (a, b) in enumerate(pairs) if a != b}
    return bars


@pytest.mark.parametrize("prompt", PROMPTS)
def test_each_variation_is_another_one_and_keeps_what_it_does_not_vary(prompt: str) -> None:
    written = piece(prompt)
    found = [varied(prompt, number) for number in NUMBERS]
    for one, following in itertools.pairwise(found):
        assert one != written
        assert one != following or len(written.parts) == 1, "neighbours vary in different ways"
    for one in found:
        # Frame, players and levels are the piece's own, and so is what each plays but for the bars that are varied.
        assert one.plan is written.plan
        assert one.kit == written.kit
        assert [replace(part, notes=(), openness=()) for part in one.parts] == [
            replace(part, notes=(), openness=()) for part in written.parts
        ]
        touched = sum(a != b for a, b in zip(one.parts, written.parts, strict=True)) + (one.hits != written.hits)
        assert touched >= 1 or one.drum_openness
        assert bars_that_differ(written, one)
        form = written.plan.form
        if written.hits and form.bars > form.phrase_bars:
            # No calm piece: one phrase of several, or a half, is varied.
            assert len(bars_that_differ(written, one)) <= form.bars // 2 + 1


@pytest.mark.parametrize("evolve", [0.0, 0.25, 1.0])
def test_the_same_piece_and_number_are_the_same_variation(evolve: float) -> None:
    for number in NUMBERS:
        assert varied("house", number, evolve) == varied("house", number, evolve)
    # The further it moves from clip to clip, the more of it is varied at once.
    assert varied("house", 2, 0.0) != varied("house", 2, 1.0)


def test_a_piece_that_stays_keeps_its_drums_and_bass_and_calm_pieces_have_no_fills() -> None:
    written = piece("house")
    for number in range(1, 20):
        one = varied("house", number, 0.0)
        kicks = [[hit for hit in some.hits if hit.piece == "kick"] for some in (one, written)]
        assert kicks[0] == kicks[1]
        basses = [part.notes for part in one.parts if part.style.role == "bass"]
        assert basses == [part.notes for part in written.parts if part.style.role == "bass"]
        assert varied("ambient", number, 1.0).hits == ()


def test_of_a_layer_what_is_heard_is_varied() -> None:
    for layer in (Layer.DRUMS, Layer.INSTRUMENTS):
        alone = layer_of(piece("house"), layer)
        for number in NUMBERS:
            one = vary(alone, number, Streams(3), 0.25)
            assert one != alone
            assert bool(one.hits) == bool(alone.hits)
    silent = layer_of(piece("ambient"), Layer.DRUMS)
    assert vary(silent, 1, Streams(3), 0.25) == silent, "silence has no variations"


@cache
def composed(prompt: str, variation: int = 0, *, stems: bool = False) -> ClipResult:
    asked = replace(request(prompt, 8.0, 3), variation=variation, stems=stems)
    return run(replace(asked, parameters=Parameters({"sounds": "synthesised"})))[0]


def bar_levels_db(samples: FloatArray, bars: int) -> list[float]:
    return [amplitude_to_db(float(np.sqrt(np.square(one).mean()))) for one in np.split(samples, bars)]


@pytest.mark.soak
def test_what_is_not_varied_sounds_as_it_did_and_is_as_loud() -> None:
    prompt = "house, 124 bpm, 8 bars"
    written = composed(prompt)
    beginning, score = score_of_request(request(prompt, 8.0, 3), GeneratorSettings(), 3)
    bars = score.plan.grid.bars
    levels = bar_levels_db(written.clip.samples, bars)
    judged = 0
    for number in NUMBERS:
        touched = bars_that_differ(score, vary(score, number, beginning.streams, 0.25))
        # What rings on is heard in the bar after, and the filter of a bar glides into its neighbours.
        clean = {*range(bars)} - {(bar + away) % bars for bar in touched for away in (-1, 0, 1)}
        if not clean or judged == 2:
            continue
        judged += 1
        one = composed(prompt, number)
        assert one.clip.samples.shape == written.clip.samples.shape
        assert (one.facts, one.seed, one.family) == (written.facts, written.seed, written.family)
        assert not np.array_equal(one.clip.samples, written.clip.samples)
        away = bar_levels_db(one.clip.samples - written.clip.samples + np.float32(1e-9), bars)
        now = bar_levels_db(one.clip.samples, bars)
        for bar in clean:
            # Not a little louder for another bar that is softer.
            assert away[bar] - levels[bar] < -40.0
            assert now[bar] == pytest.approx(levels[bar], abs=0.05)
    assert judged == 2


@pytest.mark.soak
def test_a_part_that_is_not_varied_has_the_same_stem() -> None:
    prompt = "house, 124 bpm, 4 bars"
    written, one = composed(prompt, stems=True), composed(prompt, 2, stems=True)
    assert list(one.stems) == list(written.stems)
    away = {name: float(np.abs(one.stems[name].samples - clip.samples).max()) for name, clip in written.stems.items()}
    assert min(away.values()) < 0.01 < max(away.values())
    total = np.sum([clip.samples for clip in one.stems.values()], axis=0)
    np.testing.assert_allclose(total, one.clip.samples, atol=1e-4)


def test_a_variation_is_asked_for_at_the_gate_and_kept_where_it_matters() -> None:
    composer = generator_named("composer")
    for number in (-1, 10_000):
        with pytest.raises(OutOfRange, match="variation is"):
            check_request(replace(request("house"), variation=number), composer)
    with pytest.raises(NotTaken, match="takes no variation"):
        check_request(
            replace(request("house"), generator="musicgpt", variation=1, seed=None), generator_named("musicgpt")
        )
    assert "variation" not in Asked.of(request("house")).as_dict()
    asked = Asked.of(replace(request("house"), variation=3))
    assert asked.as_dict()["variation"] == 3
    assert Asked.from_dict(asked.as_dict()) == asked
