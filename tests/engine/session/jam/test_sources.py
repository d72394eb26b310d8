# SPDX-License-Identifier: GPL-3.0-or-later
"""Loops take their style from the mix, and values of their layer's own; what the mix is, is known to the sample."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from engine.errors import OutOfRange, UnknownChoice, WrongKind
from engine.session.jam.mixdown import mix_of
from engine.session.jam.style import LONGEST_STYLE_S, in_style
from engine.values import ClipRequest, Family, MusicFacts
from engine.values.audio import STUDIO_SAMPLE_RATE as RATE
from engine.values.jam import Character, JamLoop, LayerName, LayerPrompt
from tests.engine.session.jam.jamming import Stage, idle_endless

DRUMS, PIANO, BASS = LayerName.DRUMS, LayerName.INSTRUMENTS, LayerName.BASS


@pytest.fixture
def stage() -> Stage:
    """Return a jam that stands, with drums of one bar and a piano of two."""
    stage = Stage()
    for name, bars in ((DRUMS, 1), (PIANO, 2)):
        stage.jam.set_bars(bars)
        stage.jam.make(name)
    return stage


def playing(stage: Stage, name: LayerName) -> JamLoop:
    loop = stage.jam.layers[name].playing
    assert loop is not None
    return loop


# --- the mix ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bpm", [120.0, 93.7])
def test_loops_are_repeated_until_all_end_at_once_and_heard_as_they_are_mixed(stage: Stage, bpm: float) -> None:
    stage.jam.set_tempo(bpm)
    drums, piano = playing(stage, DRUMS), playing(stage, PIANO)
    stage.jam.mix.set_gain(DRUMS, 0.5)
    mix = stage.jam.sources.mixed()
    assert mix is not None
    bar = RATE * 240 / bpm
    assert (mix.n_samples, mix.wraps) == (round(2 * bar), True)
    for at in (0, round(bar)):
        expected = 0.5 * drums.baked.samples[:9000] + piano.baked.samples[at : at + 9000]
        np.testing.assert_allclose(mix.samples[at : at + 9000], expected, atol=1e-6)
    stage.jam.mix.set_mute(PIANO, is_muted=True)
    alone = stage.jam.sources.mixed()
    assert alone is not None
    assert alone.n_samples == round(bar)
    stage.jam.mix.set_solo(PIANO, is_solo=True)
    assert stage.jam.sources.mixed() is None


def test_a_long_mix_is_cut_and_does_not_go_round(stage: Stage) -> None:
    loops = [(playing(stage, PIANO), 1.0)]
    cut = mix_of(loops, 1.5)
    assert cut is not None
    assert (cut.n_samples, cut.wraps) == (round(1.5 * RATE), False)
    loud = mix_of([(replace(playing(stage, PIANO)), 100.0)])
    assert loud is not None
    assert np.abs(loud.samples).max() <= 1.0


# --- style from the mix -----------------------------------------------------------------------------------------------


@pytest.fixture
def make_request(stage: Stage) -> Callable[..., ClipRequest]:
    made = stage.studio.asked[0]
    return lambda **fields: replace(made, **fields)


def test_a_generator_that_restyles_is_given_the_mix(stage: Stage, make_request: Callable[..., ClipRequest]) -> None:
    jam = stage.jam
    mix = jam.sources.mixed(LONGEST_STYLE_S)
    asked = make_request(generator="musicgen")
    assert jam.sources.completed(DRUMS, asked).restyle is None, "off until it is turned on"
    jam.sources.set_style(DRUMS, 0.8)
    restyle = jam.sources.completed(DRUMS, asked).restyle
    assert restyle is not None
    assert mix is not None
    assert restyle.strength == 0.8
    np.testing.assert_array_equal(restyle.clip.samples, mix.samples)
    # A part that goes on from a sound has no place for another.
    assert jam.sources.completed(DRUMS, replace(asked, continue_from=mix)).restyle is None
    assert jam.state().layers[0].style == 0.8
    jam.sources.set_style(DRUMS, None)
    assert jam.sources.completed(DRUMS, asked).restyle is None


def test_the_composer_takes_key_brightness_and_density(stage: Stage, make_request: Callable[..., ClipRequest]) -> None:
    piano, asked = playing(stage, PIANO), make_request(key=None)
    facts = MusicFacts(120.0, "D minor", 4, 2)
    loops = [
        replace(
            piano, recipe=replace(piano.recipe, facts=facts), character=Character(centre_hz=800.0, onsets_per_s=1.5)
        )
    ]

    def leant(strength: float, **fields: object) -> ClipRequest:
        return in_style(make_request(key=None, **fields), strength, loops, lambda _: None)

    near = leant(0.5)
    assert near.key == "D minor"
    assert (near.parameters["brightness"], near.parameters["density"]) == (1.0, -1.0)
    assert near.parameters["energy"] == asked.parameters["energy"]
    far = leant(0.8)
    assert (far.parameters["brightness"], far.parameters["density"]) == (0.4, -0.4)
    assert leant(1.0).parameters == asked.parameters
    assert in_style(asked, 0.5, [], lambda _: None) is asked


def test_loops_know_their_character(stage: Stage) -> None:
    assert all(playing(stage, name).character is not None for name in (DRUMS, PIANO))
    low, high = playing(stage, DRUMS).character, playing(stage, PIANO).character
    assert low is not None
    assert high is not None
    # A click on each beat, higher from clip to clip.
    assert 500.0 < low.centre_hz < high.centre_hz
    assert low.onsets_per_s == pytest.approx(2.0, rel=0.3)


def test_a_strength_out_of_bounds_is_refused(stage: Stage) -> None:
    with pytest.raises(OutOfRange):
        stage.jam.sources.set_style(DRUMS, 1.2)


# --- values of a layer's own ------------------------------------------------------------------------------------------


def test_values_of_a_layer_come_over_those_that_are_set(stage: Stage) -> None:
    jam = stage.jam
    jam.sources.set_values(DRUMS, {"energy": "0.5", "density": "-1"})
    jam.sources.set_values(DRUMS, {"density": ""})
    jam.make(DRUMS)
    jam.make(PIANO)
    drums, piano = stage.studio.asked[-2:]
    assert (drums.parameters["energy"], piano.parameters["energy"]) == (0.5, 0.0)
    assert drums.parameters["density"] == 0.0
    for values, error in (({"energy": "2"}, OutOfRange), ({"energy": "much"}, WrongKind), ({"x": "1"}, UnknownChoice)):
        with pytest.raises(error):
            jam.sources.set_values(DRUMS, values)
    assert jam.layers[DRUMS].values == {"energy": "0.5"}
    # Another generator's stay for it, and keep no one from setting this one's.
    jam.set_prompt(DRUMS, LayerPrompt("techno", "musicgen"))
    jam.sources.set_values(DRUMS, {"guidance": "4"})
    assert jam.state().layers[0].values == {"energy": "0.5", "guidance": "4"}


def test_values_of_another_machine_go_there_as_they_are(stage: Stage, make_request: Callable[..., ClipRequest]) -> None:
    jam = stage.jam
    jam.set_prompt(DRUMS, LayerPrompt("techno", "remote"))
    jam.sources.set_values(DRUMS, {"temperature": "1.5", "topk": "7"})
    there = {"settings": "guidance_weight=3, topk=40"}
    asked = make_request(generator="remote", parameters=type(make_request().parameters)(there))
    told = jam.sources.completed(DRUMS, asked).parameters["settings"]
    assert told == "guidance_weight=3, topk=7, temperature=1.5"
    jam.set_prompt(DRUMS, LayerPrompt("techno", "composer"))
    assert "temperature" not in jam.sources.completed(DRUMS, make_request()).parameters


# --- endless layers ---------------------------------------------------------------------------------------------------


def test_the_composer_goes_on_as_one_piece_and_a_model_from_the_sound() -> None:
    stage = Stage()
    endless, layer = idle_endless(stage), stage.jam.layers[PIANO]
    stage.jam.make(PIANO)
    playing = layer.playing
    assert playing is not None
    request = stage.studio.asked[0]
    assert endless.going_on(PIANO, request) is request
    endless.begin(layer, 0.4)
    family = Family("tides", 1, "notes")
    layer.playing = replace(playing, recipe=replace(playing.recipe, family=family))
    endless.end(PIANO)
    endless.begin(layer, 0.4)
    assert (endless.going_on(PIANO, request).follows, endless.going_on(PIANO, request).evolve) == (family, 0.4)
    layer.playing = replace(playing, recipe=replace(playing.recipe, generator="musicgen"))
    endless.end(PIANO)
    endless.begin(layer, 0.4)
    goes_on = endless.going_on(PIANO, replace(request, generator="musicgen")).continue_from
    assert goes_on is not None
    assert goes_on.samples is playing.baked.samples
    assert endless.going_on(PIANO, request) is request, "of another generator"


def test_endless_music_has_one_name_until_its_layer_or_its_generator_changes(
    stage: Stage, make_request: Callable[..., ClipRequest]
) -> None:
    left: list[str] = []
    endless, layer = idle_endless(stage, stage.jam.sources.mixed, left.append), stage.jam.layers[PIANO]
    remote = make_request(generator="remote")
    endless.begin(layer, 0.3)
    first, second = endless.going_on(PIANO, remote), endless.going_on(PIANO, remote)
    assert first.part_of is not None
    assert first.part_of == second.part_of
    assert first.evolve == 0.3
    mix = stage.jam.sources.mixed()
    assert mix is not None
    assert first.continue_from is not None
    np.testing.assert_array_equal(first.continue_from.samples, mix.samples)
    endless.going_on(PIANO, make_request())
    assert left == [first.part_of.name]
    other = endless.going_on(PIANO, remote).part_of
    assert other is not None
    assert other.name not in left
    endless.end(PIANO)
    assert left == [first.part_of.name, other.name]


def test_reseeding_goes_on_from_the_mix_once_and_not_from_the_last_part(
    stage: Stage, make_request: Callable[..., ClipRequest]
) -> None:
    endless, layer = idle_endless(stage, stage.jam.sources.mixed), stage.jam.layers[PIANO]
    loop = playing(stage, PIANO)
    layer.playing = replace(loop, recipe=replace(loop.recipe, generator="musicgen"))
    own, model = layer.playing.baked.samples, make_request(generator="musicgen")
    endless.begin(layer, 0.3)
    before = endless.going_on(PIANO, model).continue_from
    assert before is not None
    assert before.samples is own
    endless.reseed(PIANO)
    reseeded = endless.going_on(PIANO, model).continue_from
    mix = stage.jam.sources.mixed()
    assert reseeded is not None
    assert mix is not None
    np.testing.assert_array_equal(reseeded.samples, mix.samples)
    # Until a part came that was asked for so.
    assert endless.going_on(PIANO, model).continue_from is reseeded
    endless.take(layer.playing)
    after = endless.going_on(PIANO, model).continue_from
    assert after is not None
    assert after.samples is own
    part = endless.going_on(PIANO, make_request(generator="remote")).part_of
    assert part is not None
    assert part.n_reseeded == 1
