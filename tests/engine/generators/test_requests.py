# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests are taken as a generator declares; all else is refused by a sentence with the value and the way out."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.errors import BarsTooLong, NotTaken, OutOfRange, UnknownChoice, UserError, WrongKind
from engine.generators.base import Capabilities, GeneratorSettings, finished
from engine.generators.registry import generator_named, generators
from engine.generators.requests import check_request, completed, taken, with_values
from engine.generators.service import make_clip
from engine.generators.standard import KEYS, STANDARD, all_parameters, key_named
from engine.values import (
    Clip,
    ClipRequest,
    ClipResult,
    GivenChord,
    Guide,
    Kind,
    Layer,
    Parameter,
    Parameters,
    ParameterValue,
    Progress,
    Repaint,
    Restyle,
)

RATE = 44_100
HELD = Clip(0.3 * np.sin(2.0 * np.pi * 330.0 * np.arange(2 * RATE) / RATE)[:, None].astype(np.float32), RATE)
ALL_OF_IT: list[tuple[dict[str, Any], str]] = [
    ({"seed": 5}, "no seed (“5” was asked for)"),
    ({"negative_prompt": "drums"}, "no negative prompt (“drums” was asked for)"),
    ({"guide": Guide((GivenChord(0.0, "Am7"),), 1)}, "no chords or beats to accompany (“Am7” was asked for)"),
    ({"layer": Layer.DRUMS}, "no layer (“drums” was asked for)"),
    ({"continue_from": HELD}, "no clip to continue (“2.0 s” was asked for)"),
    ({"restyle": Restyle(HELD)}, "no clip to restyle (“2.0 s” was asked for)"),
    ({"repaint": Repaint(HELD, 0.5, 1.0)}, "no clip to repaint (“2.0 s” was asked for)"),
]
IN_WORDS: list[dict[str, Any]] = [{"bars": 8}, {"bpm": 92.5}, {"key": "A minor"}, {"metre": "3/4"}]


@pytest.fixture
def expected_logs() -> list[str]:
    return ["the generator “broken” (infiniloop_hum:Missing) cannot be loaded"]


@pytest.fixture
def hum(hum_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.syspath_prepend(str(hum_folder))
    generators.cache_clear()
    yield "hum"
    generators.cache_clear()


def request(generator: str, **values: Any) -> ClipRequest:
    return ClipRequest(1, "a calm tune", generator, "", 8.0, **values)


def run(asked: ClipRequest, settings: GeneratorSettings | None = None) -> tuple[list[Progress], ClipResult]:
    seen: list[Progress] = []
    return seen, finished(make_clip(asked, settings or GeneratorSettings()), seen)


@pytest.mark.parametrize(("values", "words"), ALL_OF_IT, ids=lambda one: next(iter(one)) if one else "")
def test_what_is_not_taken_is_refused_by_name_and_value(values: dict[str, Any], words: str) -> None:
    with pytest.raises(NotTaken) as raised:
        check_request(request("musicgpt", **values), generator_named("musicgpt"))
    assert str(raised.value) == f"MusicGPT takes {words}: leave it out or choose another generator."


@pytest.mark.parametrize("values", IN_WORDS, ids=lambda one: next(iter(one)))
def test_what_can_be_said_in_words_every_generator_takes(values: dict[str, Any]) -> None:
    check_request(request("musicgpt", **values), generator_named("musicgpt"))


def test_the_composer_takes_what_it_declares_and_no_more() -> None:
    composer = generator_named("composer")
    for values in (*(one for one, _ in (ALL_OF_IT[0], *ALL_OF_IT[2:4])), *IN_WORDS):
        check_request(request("composer", **values), composer)
    for values, _ in ALL_OF_IT[1:2] + ALL_OF_IT[4:]:
        with pytest.raises(NotTaken):
            check_request(request("composer", **values), composer)
    shared, own = (
        ["seed", "bars", "bpm", "key", "metre", "chords", "layer", "evolve", "vary"],
        ["energy", "density", "brightness", "space", "styles", "sounds", "soundfont", "drums"],
    )
    assert [one.name for one in all_parameters(composer.capabilities())] == [*shared, *own]


@pytest.mark.parametrize(
    ("values", "error", "words"),
    [
        ({"bars": 0}, OutOfRange, "bars is 0, and must be from 1 to 64"),
        ({"bpm": 400.0}, OutOfRange, "bpm is 400, and must be from 30 to 300"),
        ({"key": "H minor"}, UnknownChoice, "no key called “H minor”"),
        ({"n_clips": 2}, OutOfRange, "number of clips is 2"),
        ({"bars": 8, "bpm": 60.0}, BarsTooLong, "8 bars at 60 bpm last 32.0 s, and Built-in composer makes clips of"),
        ({"parameters": Parameters({"warmth": 1.0})}, UnknownChoice, "no parameter of Built-in composer called"),
    ],
)
def test_what_is_out_of_bounds_is_named(values: dict[str, Any], error: type[UserError], words: str) -> None:
    with pytest.raises(error, match=words.replace("(", r"\(")):
        next(make_clip(request("composer", **values), GeneratorSettings()))


def test_the_composer_keeps_bars_tempo_and_key_to_the_letter() -> None:
    _, made = run(request("composer", bars=3, bpm=93.0, key="Eb minor", seed=2))
    assert (made.facts.bars, made.facts.tempo_bpm, made.facts.key) == (3, 93.0, "Eb minor")
    assert made.clip.n_samples == 3 * round(4 * 60.0 * RATE / 93.0)
    _, short = run(request("composer", bars=1, bpm=200.0, seed=2))
    assert short.clip.duration_s == pytest.approx(1.2, abs=1e-4)
    with pytest.raises(BarsTooLong, match="16 bars at 85 bpm"):
        run(replace(request("composer", bars=16), prompt="lofi, 85 bpm"))


@pytest.mark.soak
def test_the_composers_layers_are_the_two_parts_of_its_piece() -> None:
    from engine.generators.composer.arrange import write_score
    from engine.generators.composer.brief import asked_brief
    from engine.generators.composer.heard import layer_of
    from engine.generators.composer.plan import make_plan
    from engine.generators.composer.streams import Streams

    def scored(layer: Layer) -> Any:
        streams = Streams(7)
        asked = request("composer", layer=layer)
        return layer_of(
            write_score(lambda take: make_plan(asked_brief(asked), 8.0, RATE, streams, take=take), streams), layer
        )

    whole, drums, players = map(scored, (Layer.EVERYTHING, Layer.DRUMS, Layer.INSTRUMENTS))
    assert players.parts == whole.parts
    assert players.hits == () == drums.parts
    for prompt in ("ambient strings without drums", "solo piano", "lofi"):
        _, alone = run(replace(request("composer", layer=Layer.DRUMS, seed=4), prompt=prompt))
        assert "drums" in alone.facts.tags
        assert "piano" not in alone.facts.tags
        _, without = run(replace(request("composer", layer=Layer.INSTRUMENTS, seed=4), prompt=prompt))
        assert "drums" not in without.facts.tags


def test_defaults_settings_and_the_request_itself_come_in_that_order(hum: str) -> None:
    settings = GeneratorSettings().with_values("hum", {"vibrato": 2.0, "mouth": "open", "gone": 3, "bars": 4})
    asked = request("hum", parameters=Parameters({"vibrato": 4.0}))
    whole = completed(asked, generator_named("hum"), settings)
    assert dict(whole.parameters) == {"vibrato": 4.0, "mouth": "open", "breath": False, "work": 0.0, "choir": ""}


def test_what_is_set_reaches_the_clip(hum: str) -> None:
    _, plain = run(request("hum", seed=3))
    _, again = run(request("hum", seed=3))
    np.testing.assert_array_equal(plain.clip.samples, again.clip.samples)
    others: list[dict[str, Any]] = [
        {"seed": 4},
        {"seed": 3, "negative_prompt": "the fifth"},
        {"seed": 3, "bpm": 90.0},
        {"seed": 3, "parameters": Parameters({"vibrato": 3.0})},
        {"seed": 3, "parameters": Parameters({"mouth": "open"})},
        {"seed": 3, "parameters": Parameters({"breath": True})},
    ]
    for values in others:
        samples = run(request("hum", **values))[1].clip.samples
        assert samples.shape != plain.clip.samples.shape or not np.allclose(samples, plain.clip.samples), values
    with pytest.raises(OutOfRange, match="vibrato is 9, and must be from 0 to 5"):
        run(request("hum", parameters=Parameters({"vibrato": 9.0})))


def test_it_goes_on_from_a_clip_by_its_pitch(hum: str) -> None:
    _, made = run(request("hum", continue_from=HELD))
    first = made.clip.samples[: RATE // 2, 0]
    spectrum = np.abs(np.fft.rfft(first * np.hanning(len(first)), 8 * RATE))
    assert float(np.fft.rfftfreq(8 * RATE, 1.0 / RATE)[spectrum.argmax()]) == pytest.approx(330.0, abs=2.0)
    with pytest.raises(NotTaken, match="Hum takes no clip to restyle"):
        run(request("hum", restyle=Restyle(HELD)))


def test_several_clips_have_the_seeds_that_follow_and_chunks_are_the_clip(hum: str) -> None:
    seen, made = run(request("hum", seed=3, n_clips=3))
    assert [made.seed, *(one.seed for one in made.others)] == [3, 4, 5]
    np.testing.assert_array_equal(made.others[0].clip.samples, run(request("hum", seed=4))[1].clip.samples)
    chunks = [one.chunk for one in seen if one.chunk is not None]
    assert sum(one.n_samples for one in chunks) == made.clip.n_samples
    assert [one.fraction for one in seen] == sorted(one.fraction or 0.0 for one in seen)


def test_the_default_model_is_not_the_smallest(hum: str) -> None:
    can = generator_named("hum").capabilities()
    assert (can.usual_model, can.smallest_model, can.models[0]) == ("high", "low", "tenor")
    with pytest.raises(ValueError, match="the default model “huge”"):
        replace(can, default_model="huge")
    with pytest.raises(ValueError, match="by size"):
        replace(can, by_size=("low",))
    with pytest.raises(ValueError, match="two parameters have one name"):
        replace(can, parameters=can.parameters * 2)


def test_values_of_shared_parameters_become_fields_and_seeds_count_up() -> None:
    values: dict[str, ParameterValue] = {"seed": 7, "bars": 4, "bpm": 0.0, "key": "", "layer": "drums", "warmth": 2.0}
    made = with_values(request("composer"), values, n_before=2)
    assert (made.seed, made.bars, made.bpm, made.key, made.layer) == (9, 4, None, None, Layer.DRUMS)
    assert dict(made.parameters) == {"warmth": 2.0}
    assert with_values(request("composer"), {"seed": -1}, n_before=2).seed is None
    assert taken(values, generator_named("musicgpt")) == {"bars": 4, "bpm": 0.0, "key": ""}
    assert taken(values, generator_named("composer")) == {k: v for k, v in values.items() if k != "warmth"}
    with pytest.raises(OutOfRange):
        with_values(request("composer"), {"bars": 65})


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a minor", "A minor"),
        ("F#m", "F# minor"),
        ("Db", "Db major"),
        ("c♯ major", "Db major"),
        ("b flat", "Bb major"),
        ("la minore", "A minor"),
        ("Sol maggiore", "G major"),
        ("fa diesis minore", "F# minor"),
        ("si bemolle", "Bb major"),
        ("mi m", "E minor"),
    ],
)
def test_keys_are_read_as_people_write_them(text: str, name: str) -> None:
    assert key_named(text) == name
    assert name in KEYS
    with pytest.raises(UnknownChoice, match="“H”"):
        key_named("H")


def test_each_kind_takes_its_own_values_and_no_others() -> None:
    switch = Parameter("breath", Kind.SWITCH, False, "Breath", "Whether")
    assert (switch.read(" On "), switch.checked(False)) == (True, False)
    number = Parameter("warmth", Kind.NUMBER, 1.0, "Warmth", "How", 0.5, 2.0)
    assert (number.read("1,5"), number.checked(2)) == (1.5, 2.0)
    whole = Parameter("voices", Kind.INTEGER, 0, "Voices", "How many", 1, 4, unset="any")
    assert (whole.read("3"), whole.checked(0), whole.checked(2.0)) == (3, 0, 2)
    choice = Parameter("mouth", Kind.CHOICE, "open", "Mouth", "How", choices=("open", "closed"))
    text = Parameter("words", Kind.TEXT, "", "Words", "What")
    bad: list[tuple[Parameter, object, type[UserError], str]] = [
        (switch, 1, WrongKind, "breath is “1”, and must be on or off"),
        (number, "warm", WrongKind, "warmth is “warm”, and must be a number"),
        (number, True, WrongKind, "warmth is “True”"),
        (number, float("nan"), WrongKind, "warmth is “nan”"),
        (number, 3.0, OutOfRange, "warmth is 3, and must be from 0.5 to 2"),
        (whole, 2.5, WrongKind, "voices is “2.5”, and must be a whole number"),
        (choice, "shut", UnknownChoice, "no mouth called “shut”: choose one of open, closed"),
        (text, "x" * 5000, WrongKind, "words is “xxx"),
        (text, "half \ud800", WrongKind, "words is"),
    ]
    for parameter, value, error, words in bad:
        with pytest.raises(error, match=words):
            parameter.checked(value)
    with pytest.raises(WrongKind):
        number.read("warm")


def test_values_by_name_are_frozen_equal_by_content_and_cross_processes() -> None:
    values = Parameters({"a": 1, "b": "two"})
    assert pickle.loads(pickle.dumps(values)) == values == {"a": 1, "b": "two"}
    assert hash(values) == hash(Parameters({"b": "two", "a": 1}))
    frozen: Any = values
    with pytest.raises(TypeError):
        frozen["a"] = 2
    asked = request("hum", parameters=values, restyle=Restyle(HELD, 0.25))
    back: ClipRequest = pickle.loads(pickle.dumps(asked))
    assert back.parameters == values
    assert back.restyle is not None
    np.testing.assert_array_equal(back.restyle.clip.samples, HELD.samples)


def test_no_parameter_is_declared_that_its_own_default_does_not_fit() -> None:
    for one in STANDARD:
        assert one.checked(one.default) == one.default
    with pytest.raises(OutOfRange):
        Capabilities(1.0, 2.0, RATE, 1, parameters=(Parameter("x", Kind.NUMBER, 9.0, "X", "X", 0.0, 1.0),))


def test_bars_that_the_prompt_says_are_as_long_as_they_are() -> None:
    asked = ClipRequest(1, "techno, 12 bars, 150 bpm, synthesised", "composer", "", 5.0, seed=1)
    _, made = run(asked)
    assert made.facts.bars == 12
    assert made.clip.duration_s == pytest.approx(12 * 4 * 60.0 / 150.0, abs=1e-3)


@pytest.mark.parametrize(
    ("start_s", "end_s", "words"),
    [
        (-0.1, 1.0, "start of the part"),
        (1.95, 2.0, "start of the part"),
        (0.5, 0.55, "end of the part"),
        (0.5, 2.1, "end of the part"),
        (float("nan"), 1.0, "start of the part"),
        (0.5, float("nan"), "end of the part"),
    ],
)
def test_a_part_that_is_none_of_the_clip_is_refused(start_s: float, end_s: float, words: str) -> None:
    acestep = generator_named("acestep")
    with pytest.raises(OutOfRange, match=words):
        check_request(request("acestep", repaint=Repaint(HELD, start_s, end_s)), acestep)
    check_request(request("acestep", repaint=Repaint(HELD, 0.0, 2.0)), acestep)
    long = replace(request("acestep", repaint=Repaint(HELD, 1.9, HELD.duration_s)), duration_s=9999.0)
    check_request(long, acestep)


def test_one_clip_is_changed_in_one_way() -> None:
    acestep = generator_named("acestep")
    for both in (
        {"continue_from": HELD, "restyle": Restyle(HELD)},
        {"restyle": Restyle(HELD), "repaint": Repaint(HELD, 0, 1)},
    ):
        with pytest.raises(NotTaken, match="beside another"):
            check_request(request("acestep", **both), acestep)
    long = Clip(np.zeros((241 * 8000, 1), np.float32), 8000)
    with pytest.raises(OutOfRange, match="length of the clip to repaint"):
        check_request(request("acestep", repaint=Repaint(long, 0.0, 1.0)), acestep)
