# SPDX-License-Identifier: GPL-3.0-or-later
"""Loops of several layers come with one sample: scenes, and what is made at once."""

from __future__ import annotations

from fractions import Fraction

import pytest

from engine.errors import OutOfRange
from engine.session.jam.acting import act
from engine.values import jam_acts as acts
from engine.values.audio import STUDIO_SAMPLE_RATE as RATE
from engine.values.jam import LayerName, SwapAt
from tests.engine.session.jam.jamming import Stage, Studio, failing

DRUMS, PIANO, BASS = LayerName.DRUMS, LayerName.INSTRUMENTS, LayerName.BASS
BAR = 2 * RATE


def test_a_scene_comes_with_one_sample_at_the_end_of_the_longest_loop() -> None:
    studio = Studio()
    script = """
        0 bars 2
        0 make drums a
        0 assign drums 5
        0 bars 4
        0 make instruments b
        0 assign instruments 5
        0 make bass c
        0 make drums d
        0 make instruments e
        2.5 scene 5
        6.5 scene 5 bar
        6.8 scene 9            # nothing lies there
    """
    studio.render(script, 9)
    later = [(loop.layer, frame) for loop, frame in studio.began if frame]
    assert later == [(DRUMS, 4 * BAR), (PIANO, 4 * BAR), (DRUMS, 7 * BAR), (PIANO, 7 * BAR)]


def test_a_scene_of_another_tempo_is_stretched_and_comes_whole() -> None:
    stage = Stage()
    jam = stage.jam
    jam.make(DRUMS)
    jam.make(PIANO)
    jam.slots.assign(DRUMS, 1)
    jam.slots.assign(PIANO, 1)
    jam.set_tempo(100.0)
    jam.start()
    stage.play(1.0)
    assert jam.layers[DRUMS].slots[0] is not jam.layers[DRUMS].playing
    jam.scenes.queue_scene(1, SwapAt.BAR)
    waiting = [jam.layers[name].waiting for name in (DRUMS, PIANO)]
    assert [(one.loop.groove.bpm, one.comes_at) for one in waiting if one is not None] == [(100.0, Fraction(1))] * 2
    stage.play(3.0)
    frames = [frame for _, frame in stage.studio.began]
    assert frames[2] == frames[3] > frames[0]
    with pytest.raises(OutOfRange):
        jam.scenes.queue_scene(17)


def test_what_is_made_together_waits_for_the_last_and_goes_on_without_one_that_fails() -> None:
    stage = Stage(is_late=True)
    jam = stage.jam
    jam.set_swap(SwapAt.BAR)
    jam.start()
    for _ in range(2):
        stage.deliver()
    stage.play(3.0)
    assert len(stage.studio.began) == 2
    act(jam, acts.MakeTogether((DRUMS, PIANO, BASS)))
    stage.studio.fails.append(failing())  # the drums
    stage.deliver()
    stage.play(3.0)
    stage.deliver()
    stage.play(3.0)
    assert jam.layers[PIANO].waiting is None
    assert len(stage.studio.began) == 2, "the first of the two that are there waits for the other"
    stage.deliver()
    assert {name for name in LayerName if jam.layers[name].waiting} == {PIANO, BASS}
    stage.play(3.0)
    assert {loop.layer for loop, _ in stage.studio.began[2:]} == {PIANO, BASS}
    assert len({frame for _, frame in stage.studio.began[2:]}) == 1
    act(jam, acts.MakeTogether((DRUMS, PIANO)))
    stage.deliver()
    jam.cancel_making(PIANO)
    assert jam.layers[DRUMS].waiting is not None, "what is there comes once nothing more is made"


def test_what_comes_together_with_a_change_of_tempo_comes_with_its_sample() -> None:
    stage = Stage()
    jam = stage.jam
    jam.set_bars(1)
    for name in (DRUMS, PIANO):
        jam.make(name)
        jam.slots.assign(name, 1)
    jam.make(BASS)
    jam.start()
    stage.play(0.5)
    jam.set_tempo(90.0)
    jam.scenes.queue_scene(1, SwapAt.BEAT)
    stage.play(4.0)
    later = [(loop.layer, loop.groove.bpm, frame) for loop, frame in stage.studio.began[3:]]
    assert {one[:2] for one in later} == {(DRUMS, 90.0), (PIANO, 90.0), (BASS, 90.0)}
    assert len({one[2] for one in later}) == 1
    assert jam.layers[DRUMS].anchor == jam.layers[BASS].anchor


def test_a_scene_at_the_bar_does_not_wait_for_one_at_the_loops_end() -> None:
    studio = Studio()
    script = """
        0 bars 4
        0 make drums a
        0 assign drums 1
        0 make instruments b
        0 assign instruments 2
        0 make drums c
        0 make instruments d
        1.5 scene 1 loop-end
        1.6 scene 2 bar
        5.5 scene 1 bar
    """
    studio.render(script, 8)
    later = [(loop.layer, frame) for loop, frame in studio.began if frame]
    assert later == [(PIANO, 2 * BAR), (DRUMS, 4 * BAR), (DRUMS, 6 * BAR)]
