# SPDX-License-Identifier: GPL-3.0-or-later
"""Layers agree on their chords: those that are made follow those that play."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.generators.composer.composer import Composer
from engine.session.jam.harmony import chords_of, in_harmony
from engine.values import ClipRequest, GivenChord
from engine.values.jam import JamLoop, LayerName
from engine.values.played import PlayedChord
from tests.engine.session.jam.jamming import Stage

PIANO, BASS = LayerName.INSTRUMENTS, LayerName.BASS


@pytest.fixture(scope="module")
def piano() -> JamLoop:
    """Return four bars with a chord in the first, one a hair after the third beat of the second, one in the last."""
    stage = Stage()
    stage.jam.make(PIANO)
    loop = stage.jam.layers[PIANO].playing
    assert loop is not None
    bar = loop.clip.n_samples / 4
    chords = ((0, "Am7"), (round(1.5 * bar) + 40, "D7"), (round(3 * bar) - 30, "G"))
    recipe = replace(loop.recipe, chords=tuple(PlayedChord(start, name) for start, name in chords), wraps=True)
    return replace(loop, recipe=recipe)


def request(bars: int = 4, **more: object) -> ClipRequest:
    return replace(ClipRequest(1, "bass", Composer.name, "", 8.0, bars=bars, bpm=120.0), **more)  # type: ignore[arg-type]


def test_chords_are_on_beats(piano: JamLoop) -> None:
    guide = chords_of(piano)
    assert guide is not None
    assert guide.bars == 4
    assert guide.chords == (GivenChord(0.0, "Am7"), GivenChord(1.5, "D7"), GivenChord(3.0, "G"))
    assert chords_of(replace(piano, recipe=replace(piano.recipe, chords=()))) is None


def test_what_is_made_follows_what_plays_in_whole_turns(piano: JamLoop) -> None:
    followed = in_harmony(BASS, request(bars=2), [piano])
    assert followed.guide == chords_of(piano)
    assert followed.bars == 4
    assert in_harmony(BASS, request(bars=8), [piano]).bars == 8


def test_drums_the_first_layer_and_models_follow_nothing(piano: JamLoop) -> None:
    for layer, one in (
        (LayerName.DRUMS, request()),
        (LayerName.NOISE, request()),
        (PIANO, request()),
        (BASS, request(generator="musicgen")),
    ):
        assert in_harmony(layer, one, [piano]) is one
    assert in_harmony(BASS, request(), []).guide is None
