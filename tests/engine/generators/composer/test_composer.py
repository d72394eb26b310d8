# SPDX-License-Identifier: GPL-3.0-or-later
"""The composer is a generator: it takes requests, keeps its promises, makes the same again, and can be cancelled."""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.errors import EmptyPrompt, NotTaken, OutOfRange, PromptTooLong
from engine.generators.base import Generator, GeneratorSettings, finished
from engine.generators.composer import COMPOSER_SAMPLE_RATE, Composer
from engine.generators.composer.plan import make_plan
from engine.generators.composer.prompt import read_prompt
from engine.generators.composer.streams import Streams
from engine.generators.composer.styles import styles
from engine.generators.requests import MAX_PROMPT_CHARACTERS
from engine.generators.service import make_clip
from engine.values import ClipRequest
from tests.engine.generators.composer.pieces import composed, request, run


def test_it_is_a_generator() -> None:
    generator: Generator = Composer()
    assert generator.name == "composer"
    assert generator.capabilities().takes.seed
    generator.check(GeneratorSettings())


def test_same_prompt_and_seed_same_samples() -> None:
    one, two = (run(request("lofi rain, calm", 8.0, 5))[0] for _ in range(2))
    assert np.array_equal(one.clip.samples, two.clip.samples)
    assert one.facts == two.facts
    assert one.seed == two.seed == 5


def test_other_seeds_other_music() -> None:
    one, two = (composed("lofi rain, calm", 8.0, seed).clip.samples for seed in (5, 6))
    n = min(len(one), len(two))
    assert abs(np.corrcoef(one[:n, 0], two[:n, 0])[0, 1]) < 0.5


def test_a_word_that_is_not_known_changes_nothing_else() -> None:
    one, two = (composed(f"lofi {word}, 80 bpm, in D minor", 8.0, 5).clip.samples for word in ("xyzzy", "plugh"))
    np.testing.assert_array_equal(one, two)


def test_without_a_seed_it_chooses_one_that_makes_the_piece_again() -> None:
    first = run(request("house", 5.0, None))[0]
    assert first.seed is not None
    again = run(request("house", 5.0, first.seed))[0]
    assert np.array_equal(first.clip.samples, again.clip.samples)
    assert run(request("house", 5.0, None))[0].seed != first.seed


@pytest.mark.parametrize("prompt", ["techno, 140 bpm, 2 bars", "una battuta di techno, 140 bpm"])
def test_bars_in_the_prompt_go_before_the_duration(prompt: str) -> None:
    made = finished(make_clip(request(prompt, 30.0, 5), GeneratorSettings()))
    assert made.asked_bars == made.facts.bars == (2 if "2" in prompt else 1)
    assert made.clip.n_samples == pytest.approx(made.facts.bars * 4 * 60 / 140 * made.clip.sample_rate, abs=16)


def test_odd_seeds_are_fine() -> None:
    assert not np.array_equal(composed("house", 5.0, -3).clip.samples, composed("house", 5.0, 3).clip.samples)
    assert composed("house", 5.0, 2**80).seed == 2**80


def test_progress_rises_and_estimates() -> None:
    result, heard = run(request("funk"))
    assert len(heard) >= 8
    fractions = [step.fraction for step in heard]
    assert all(fraction is not None and 0.0 <= fraction <= 1.0 for fraction in fractions)
    assert fractions == sorted(fractions, key=lambda fraction: fraction or 0.0)
    assert {step.job_id for step in heard} == {result.job_id} == {7}
    assert {step.stage for step in heard} == {"composing"}
    assert heard[-1].left_s == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("n_steps", [1, 2, 4, 8])
def test_closing_it_cancels_and_leaves_nothing(n_steps: int) -> None:
    generation = Composer().generate(request("house"), GeneratorSettings())
    for _ in range(n_steps):
        next(generation)
    gone = weakref.ref(generation)
    generation.close()
    with pytest.raises(StopIteration):
        next(generation)
    del generation
    gc.collect()
    assert gone() is None


@pytest.mark.parametrize("duration_s", [4.9, 30.1, 0.0, -5.0, float("nan"), float("inf")])
def test_durations_out_of_range_are_refused(duration_s: float) -> None:
    with pytest.raises(OutOfRange):
        run(request("lofi", duration_s))


@pytest.mark.parametrize("prompt", ["", "   ", "\n\t"])
def test_empty_prompts_are_refused(prompt: str) -> None:
    with pytest.raises(EmptyPrompt):
        run(request(prompt))


def test_long_prompts() -> None:
    with pytest.raises(PromptTooLong):
        run(request("x" * 10_000))
    assert run(request("lofi " + "rain " * ((MAX_PROMPT_CHARACTERS - 5) // 5), 5.0))[0].clip.n_samples > 0


def test_a_model_is_refused() -> None:
    with pytest.raises(NotTaken):
        run(ClipRequest(1, "lofi", "composer", "large", 10.0, 1))


@given(
    name=st.sampled_from(list(styles())),
    duration_s=st.floats(5.0, 30.0),
    tempo=st.one_of(st.none(), st.floats(40.0, 220.0).map(lambda bpm: round(bpm, 1))),
    metre=st.sampled_from(["", "3/4", "5/4", "6/8", "7/8"]),
    seed=st.integers(0, 1000),
)
@example("afrobeat", 27.0, 160.0, "5/4", 0)  # sixteen bars that round to 30.0002 s
@settings(max_examples=150, deadline=None)
def test_whole_bars_that_fit(name: str, duration_s: float, tempo: float | None, metre: str, seed: int) -> None:
    brief = read_prompt(f"{name} {metre}" + (f" {tempo} bpm" if tempo else ""))
    plan = make_plan(brief, duration_s, COMPOSER_SAMPLE_RATE, Streams(seed))
    grid = plan.grid
    assert grid.n_samples == grid.bars * grid.bar_samples
    assert len(plan.chords) == grid.bars
    bar_s = grid.metre[0] * 60.0 / grid.tempo_bpm
    # Half a sample of rounding in a bar, no more.
    assert abs(grid.bar_samples / COMPOSER_SAMPLE_RATE - bar_s) <= 0.51 / COMPOSER_SAMPLE_RATE
    clip_s = grid.n_samples / COMPOSER_SAMPLE_RATE
    assert grid.bars == 1 or 0.5 * duration_s <= clip_s <= min(1.151 * duration_s, 30.0)
    if grid.bars == 1:
        assert bar_s > 0.5 * duration_s
    if tempo is not None:
        assert grid.tempo_bpm == tempo
    elif not metre.endswith("8"):
        low, high = styles()[name].tempo
        assert low - 0.01 <= grid.tempo_bpm <= high + 0.01


def test_facts_tell_what_was_made() -> None:
    result = composed("sad bossa nova, 6/8, in F# minor, with trumpet", 10.0)
    facts = result.facts
    assert facts.key == "F# minor"
    assert facts.beats_per_bar == 6
    assert {"bossa nova", "6/8", "sad", "trumpet"} <= set(facts.tags)
    assert facts.tempo_bpm is not None
    assert facts.bars is not None
    expected = facts.bars * 6 * 60.0 / facts.tempo_bpm * result.clip.sample_rate
    assert result.clip.n_samples == pytest.approx(expected, abs=facts.bars)


def test_named_players_play_and_banished_ones_do_not() -> None:
    tags = composed("techno with violin and harp, no drums", 8.0).facts.tags
    assert {"violin", "harp"} <= set(tags)
    assert "drums" not in tags
    alone = composed("solo guitar", 8.0).facts.tags
    assert "guitar" in alone
    assert not {"drums", "bass", "piano", "strings", "synth lead"} & set(alone)
    assert "drums" in composed("ambient drums", 8.0).facts.tags


def test_importing_it_loads_nothing_heavy() -> None:
    heavy = ("scipy.signal", "librosa", "PySide6", "sounddevice", "torch", "pyloudnorm")
    code = f"import sys, engine.generators.composer; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
