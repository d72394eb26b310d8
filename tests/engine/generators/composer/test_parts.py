# SPDX-License-Identifier: GPL-3.0-or-later
"""A part alone is the part in the whole; one that a style does not have is played by what comes nearest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.generators.base import GeneratorSettings, finished
from engine.generators.composer.drums import PERCUSSION, PIECES
from engine.generators.composer.heard import layer_of
from engine.generators.composer.making import written
from engine.generators.composer.mixdown import mix
from engine.generators.composer.score import Score
from engine.generators.composer.sounds import SYNTHESISED
from engine.generators.composer.streams import Streams
from engine.generators.composer.styles import ROLES
from engine.units import amplitude_to_db
from engine.values import LAYERS, FloatArray, Layer, PartName
from tests.engine.generators.composer.pieces import request

STYLES = (
    "bossa nova",
    "drone",
    "waltz",
    "punk",
    "music box",
    "solo piano, baroque",
    "ambient without drums",
    "techno, no bass",
)


def piece(prompt: str, layer: str = "everything") -> Score:
    asked = replace(request(prompt, 6.0, 5), layer=Layer.named(layer))
    return written(asked, GeneratorSettings(), 5)[1]


def sound(score: Score, layer: str, *, stems: bool = False) -> tuple[FloatArray, dict[str, FloatArray]]:
    mixed = finished(mix(score, Streams(5), SYNTHESISED, stems=stems, layer=Layer.named(layer)))
    return mixed.samples, mixed.stems


def apart_db(one: FloatArray, other: FloatArray) -> float:
    return amplitude_to_db(float(np.abs(one - other).max()))


def test_a_part_alone_is_its_stem_in_the_whole() -> None:
    score = piece("afrobeat")
    whole, stems = sound(score, "everything", stems=True)
    kit, _ = sound(score, "kit")
    rest, named = sound(score, "percussion,instruments", stems=True)
    assert {hit.piece in PERCUSSION for hit in score.hits} == {True, False}
    assert apart_db(kit + named["percussion"], stems["drums"]) < -90.0
    assert min(float(np.abs(one).max()) for one in (kit, named["percussion"])) > 0.01
    assert apart_db(kit + rest, whole) < -90.0
    assert apart_db(np.sum(list(named.values()), axis=0), rest) < -90.0
    assert {*named, "drums"} == {*stems, "percussion"}
    for part in score.parts:
        assert apart_db(named[part.instrument], stems[part.instrument]) < -90.0


@pytest.mark.parametrize("prompt", STYLES)
def test_every_part_can_be_had_of_every_style_and_moves_no_other(prompt: str) -> None:
    whole = piece(prompt)
    for name in PartName:
        score = piece(prompt, str(name))
        heard = layer_of(score, Layer.named(str(name)))
        if name in ROLES:
            assert [part.style.role for part in heard.parts] == [name] * len(heard.parts)
            assert heard.parts
            assert not heard.hits
        elif name is not PartName.NOISE:
            assert heard.hits
            assert not heard.parts
            assert {hit.piece in PERCUSSION for hit in heard.hits} == {name is PartName.PERCUSSION}
        else:
            style = heard.plan.style.mix
            assert style.crackle + style.air + style.rain > 0.0
        assert score.parts[: len(whole.parts)] == whole.parts
        assert score.hits[: len(whole.hits)] == whole.hits
        assert (score.plan.key, score.plan.harmony) == (whole.plan.key, whole.plan.harmony)


def test_rain_that_is_asked_for_is_heard_beside_the_same_music() -> None:
    prompts = "house, 124 bpm", "house, 124 bpm, rain on the window"
    dry, wet = (sound(piece(prompt), "everything", stems=True)[1] for prompt in prompts)
    assert "noise" not in dry
    assert -48.0 < 10.0 * np.log10(np.mean(np.square(wet["noise"]))) < -38.0
    # What is calm may lack a stab.
    assert dry.keys() >= wet.keys() - {"noise"}


def test_layers_are_named_by_their_parts() -> None:
    assert {str(one): one for one in LAYERS.values()} == LAYERS
    assert str(Layer.named(" Bass, kit ,percussion")) == "drums,bass"
    assert Layer.named("drums,instruments") == Layer.EVERYTHING
    assert str(Layer(Layer.INSTRUMENTS.parts - {PartName.BASS})) == "chords,arp,pad,lead,counter,noise"
    assert {str(one) for one in PartName} >= set(ROLES)
    assert set(PIECES) > PERCUSSION
