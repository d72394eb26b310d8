# SPDX-License-Identifier: GPL-3.0-or-later
"""Loops lie in slots under names of their own, come from there at any tempo and in any metre, and take bounded room."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from engine.playback.mix.clock import BarClock
from engine.session.jam import layer as layers
from engine.session.jam.layer import JamLayer
from engine.values.audio import STUDIO_SAMPLE_RATE as RATE
from engine.values.jam import Groove, LayerName, SwapAt
from tests.engine.session.jam.jamming import Stage, onsets

DRUMS = LayerName.DRUMS


def test_a_slots_loop_is_named_wherever_it_is() -> None:
    stage = Stage()
    jam = stage.jam
    jam.make(DRUMS)
    jam.slots.assign(DRUMS, 2)
    jam.slots.assign(DRUMS, 3)
    jam.make(DRUMS)
    jam.slots.name(DRUMS, 2, "  The fill\n")
    jam.slots.name(DRUMS, 9, "nothing lies there")
    jam.slots.name(DRUMS, 3, " ")
    state = jam.state().layers[0]
    assert state.slots[1:3] == ("The fill", "The fill")
    assert state.playing is not None
    assert state.playing.title != "The fill"
    jam.go_back(DRUMS)
    playing = jam.layers[DRUMS].playing
    assert playing is not None
    assert playing.title == "The fill"


def test_a_loop_that_is_named_while_it_waits_plays_by_that_name() -> None:
    stage = Stage()
    jam = stage.jam
    jam.make(DRUMS)
    jam.slots.assign(DRUMS, 1)
    jam.make(DRUMS)
    jam.start()
    stage.play(1.0)
    jam.slots.queue(DRUMS, 1, SwapAt.BAR)
    jam.slots.name(DRUMS, 1, "The fill")
    stage.play(2.5)
    assert len(stage.studio.began) == 2
    playing = jam.layers[DRUMS].playing
    assert playing is not None
    assert playing.title == "The fill"


def test_what_lies_in_slots_comes_at_any_tempo_and_in_any_metre() -> None:
    stage = Stage()
    jam = stage.jam
    jam.set_bars(2)
    jam.set_tempo(150.0)
    jam.make(DRUMS)
    jam.slots.assign(DRUMS, 1)
    for bpm, metre, bars in ((70.0, "4/4", 2), (199.0, "4/4", 2), (130.0, "3/4", 8)):
        jam.set_tempo(bpm)
        jam.set_metre(metre)
        jam.slots.queue(DRUMS, 1)
        playing = jam.layers[DRUMS].playing
        assert playing is not None
        assert (playing.groove, playing.bars) == (Groove(bpm, metre), bars)
    assert stage.studio.failed == []
    assert len(stage.studio.asked) == 1, "what lies in a slot is stretched, not made again"
    jam.start()
    heard = onsets(stage.play(5.0))
    expected = [
        one + heard[0] for one in (BarClock(RATE, Fraction(130), 3).line_of(Fraction(beat, 3)) for beat in range(10))
    ]
    # Stretching moves an attack by less than a millisecond.
    assert max(abs(one - other) for one, other in zip(heard[:10], expected, strict=True)) < 44


def test_what_was_played_before_is_kept_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    layer = JamLayer(DRUMS)
    loop = Stage().jam
    loop.make(DRUMS)
    made = loop.layers[DRUMS].playing
    assert made is not None
    monkeypatch.setattr(layers, "MOST_VERSION_SAMPLES", 3 * made.n_samples)
    for number in range(6):
        layer.lead(replace(made, loop_id=number, clip=replace(made.clip)))
    assert layer.state(None).n_versions == 2
    before = layer.version(-1)
    assert before is not None
    assert before.loop_id == 4
    monkeypatch.setattr(layers, "MOST_VERSION_SAMPLES", 1)
    layer.lead(replace(made, loop_id=7, clip=replace(made.clip)))
    assert layer.state(None).n_versions == 1, "the one before is always there"
