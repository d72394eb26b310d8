# SPDX-License-Identifier: GPL-3.0-or-later
"""A loop that is shaped late finds a jam that stopped, or is another: it starts nothing, and holds up nothing."""

from __future__ import annotations

import itertools

import pytest

from engine.session.jam.acting import act as do
from engine.session.jam.jam import Jam
from engine.session.jam.keeping import open_project, project_of
from engine.session.ports import Ports
from engine.values import jam_acts as acts
from engine.values.jam import LayerName, LayerState
from engine.worker.jam_jobs import ReadLoopJob, ShapeJob
from tests.engine.session.jam.jamming import TARGET_LUFS, Stage
from tests.engine.session.jam.test_autosave import LateJobs

DRUMS, BASS = LayerName.DRUMS, LayerName.BASS


def late_stage(*, is_late: bool = False) -> tuple[Stage, LateJobs]:
    """Return a stage on which a test says when loops are shaped, or clips made, too."""
    stage, analysis = Stage(is_late=is_late), LateJobs()
    ports = Ports(stage.player, stage.generator, analysis, analysis, stage.clock)
    if not is_late:
        stage.jam = Jam(ports, itertools.count(1).__next__, lambda: stage.settings, target_lufs=TARGET_LUFS)
        stage.jam.set_bars(1)
    return stage, analysis


def test_a_tempo_that_is_ready_after_the_stop_has_nothing_play() -> None:
    stage, analysis = late_stage()
    stage.jam.make(DRUMS)
    stage.jam.start()
    assert stage.play(1.0).any()
    analysis.late = (ShapeJob,)
    stage.jam.set_tempo(140.0)
    stage.jam.stop()
    stage.play(2.0)
    analysis.deliver()
    assert not stage.play(3.0).any()
    state = stage.jam.state()
    assert (state.is_running, state.groove.bpm, state.coming) == (False, 140.0, None)
    drums = state.layers[0]
    assert (drums.waiting, drums.playing is not None and drums.playing.fits(state.groove)) == (None, True)
    stage.jam.start()
    assert stage.play(1.0).any()


def test_a_jam_that_is_opened_waits_for_no_loops_of_the_one_before() -> None:
    stage, _ = late_stage(is_late=True)
    project = project_of(stage.jam)
    stage.jam.make_together([DRUMS, BASS])
    open_project(stage.jam, project)
    stage.held.clear()
    stage.jam.make(DRUMS)
    stage.deliver()
    assert stage.jam.layers[DRUMS].playing is not None


@pytest.mark.parametrize("act", [acts.CancelMaking(DRUMS), acts.SetEndless(DRUMS, None)])
def test_a_metre_comes_without_a_loop_whose_making_was_called_off(act: acts.JamAct) -> None:
    stage, _ = late_stage(is_late=True)
    stage.jam.make(DRUMS)
    stage.deliver()
    stage.jam.start()
    stage.play(1.0)
    stage.jam.set_metre("3/4")
    assert stage.jam.state().coming is not None
    do(stage.jam, act)
    assert (stage.jam.state().coming, stage.jam.groove.metre) == (None, "3/4")


def test_a_loop_that_is_stretched_comes_also_where_its_layer_makes_nothing_more() -> None:
    stage, analysis = late_stage()
    stage.jam.make(DRUMS)
    stage.jam.start()
    stage.play(1.0)
    analysis.late = (ShapeJob,)
    stage.jam.set_tempo(140.0)
    stage.jam.cancel_making(DRUMS)
    assert stage.jam.state().coming is not None
    analysis.deliver()
    stage.play(3.0)
    drums = stage.jam.layers[DRUMS].playing
    assert drums is not None
    assert drums.groove.bpm == 140.0


def test_a_jam_that_is_stopped_before_the_bar_of_a_new_tempo_starts_in_step_with_it() -> None:
    stage, _ = late_stage()
    stage.jam.make(DRUMS)
    stage.jam.start()
    stage.play(1.0)
    stage.jam.set_tempo(140.0)
    stage.jam.stop()
    stage.jam.start()
    drums = stage.jam.layers[DRUMS].playing
    assert drums is not None
    assert drums.fits(stage.jam.groove)


def test_what_is_on_its_way_is_told_at_every_moment_until_it_is_queued() -> None:
    stage, analysis = late_stage()
    analysis.late = (ShapeJob, ReadLoopJob)
    told: list[LayerState] = []
    stage.jam.changed.connect(lambda state: told.append(state.layers[0]))
    stage.jam.start()
    analysis.deliver()
    assert stage.jam.layers[DRUMS].waiting is not None
    first = next(at for at, one in enumerate(told) if one.making is not None)
    assert any(one.is_shaping and one.making is None for one in told)
    for one in told[first:]:
        assert one.making is not None or one.is_shaping or one.waiting is not None
    assert not told[-1].is_shaping

    # A file that is read and shaped is on its way too, and one that cannot be is not any more.
    stage.jam.bringing.bring_file(BASS, "nothing.wav")
    assert stage.jam.state().layers[list(LayerName).index(BASS)].is_shaping
    analysis.deliver()
    assert not stage.jam.state().layers[list(LayerName).index(BASS)].is_shaping


def test_a_loop_that_waits_for_those_of_other_layers_is_told_so() -> None:
    stage, _ = late_stage(is_late=True)
    stage.jam.make_together([DRUMS, BASS])
    drums = stage.held.pop(0)
    stage.generator.send("", drums)
    assert stage.jam.state().layers[0].is_ready
    stage.deliver()
    assert not stage.jam.state().layers[0].is_ready
