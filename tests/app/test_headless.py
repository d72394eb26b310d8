# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine without a window plays on the silent clock, stops, and leaves nothing behind."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest
from PySide6.QtWidgets import QApplication

from app.headless import Headless
from engine.errors import WorkerHung
from engine.session.options import Places, StudioOptions
from engine.tape import TapeReader

pytestmark = pytest.mark.gui

RATE = 44_100
OPTIONS = StudioOptions(prompt="lofi, 85 bpm", duration_s=8.0, min_play_s=10.0)


@pytest.fixture
def expected_logs() -> list[str]:
    return ["The audio process stopped"]


@pytest.fixture
def options(tmp_path: Path) -> StudioOptions:
    return replace(OPTIONS, library_folder=str(tmp_path / "library"))


@pytest.fixture
def studio(no_sound: None, qapp: QApplication, options: StudioOptions) -> Iterator[Headless]:
    with Headless(options) as one:
        yield one


def processes_of(studio: Headless) -> dict[str, psutil.Process]:
    return {name: psutil.Process(pid) for name, pid in studio.engine.process_ids().items()}


@pytest.mark.soak
def test_it_plays_stops_and_plays_again(studio: Headless) -> None:
    assert studio.view is not None
    assert not studio.is_running
    tape = TapeReader(studio.engine.tape)
    for _ in range(2):
        studio.start()
        assert studio.is_running
        snapshot = studio.snapshot
        assert snapshot is not None
        assert snapshot.device == "", "there is none here: it plays on the silent clock"
        assert snapshot.endless.loop_id == studio.view.loop_id
        tape.read()
        studio.live(0.5)
        heard = tape.read()
        assert len(heard) > 0.3 * RATE
        assert np.abs(heard).max() > 0.01
        studio.stop()
        assert not studio.is_running
        studio.live(0.5)
        tape.read()
        studio.live(0.3)
        assert not np.any(tape.read()), "what was stopped is silent"


def test_no_process_outlives_it(no_sound: None, qapp: QApplication, options: StudioOptions) -> None:
    with Headless(options) as studio:
        studio.start()
        processes = processes_of(studio)
        assert {"audio", "analysis", "library", "composer"} <= set(processes)
        assert all(one.is_running() for one in processes.values())
    gone, alive = psutil.wait_procs(processes.values(), timeout=5.0)
    assert alive == []
    assert len(gone) == len(processes)
    studio.close()


@pytest.mark.soak
def test_none_outlives_it_when_what_is_done_with_it_fails(
    no_sound: None, qapp: QApplication, options: StudioOptions
) -> None:
    processes: dict[str, psutil.Process] = {}

    def fail_within() -> None:
        with Headless(options) as studio:
            processes.update(processes_of(studio))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_within()
    assert processes
    assert psutil.wait_procs(processes.values(), timeout=5.0)[1] == []


@pytest.mark.soak
def test_another_takes_the_place_of_a_process_that_is_killed(studio: Headless) -> None:
    studio.start()
    before = processes_of(studio)["audio"]
    before.send_signal(signal.SIGKILL)
    studio.wait_for(lambda: studio.engine.process_ids().get("audio", before.pid) != before.pid, "audio")
    tape = TapeReader(studio.engine.tape)
    studio.wait_for(lambda: bool(np.any(tape.read())), "audio")


def test_an_engine_that_shows_nothing_in_time_is_ended(
    no_sound: None, qapp: QApplication, options: StudioOptions, tmp_path: Path
) -> None:
    studio = Headless(options, Places(str(tmp_path / "nowhere")), start_limit_s=1.0)
    with pytest.raises(WorkerHung, match="engine process did not answer within 1 s"), studio:
        pytest.fail("there is no loop to show")
    assert studio.engine.process_ids() == {}


# --- rendering --------------------------------------------------------------------------------------------------------


@pytest.mark.soak
def test_a_turned_knob_is_heard_in_the_clip_that_plays(studio: Headless, options: StudioOptions) -> None:
    studio.start()
    studio.wait_for(lambda: studio.view is not None and not studio.view.is_starter, "composer")
    view = studio.view
    assert view is not None
    loop_id, turned = view.loop_id, options.generators.with_values("composer", {"brightness": -0.8})
    studio.options_wanted.emit(replace(options, min_play_s=60.0))
    studio.options_wanted.emit(replace(options, min_play_s=60.0, generators=turned))

    def is_darker() -> bool:
        now = studio.view
        return now is not None and now.recipe.asked.parameters.get("brightness") == -0.8

    studio.wait_for(is_darker, "composer")
    after = studio.view
    assert after is not None
    assert (after.loop_id, after.region, after.recipe.seed) == (loop_id, view.region, view.recipe.seed)
    studio.wait_for(lambda: studio.snapshot is not None and studio.snapshot.endless.loop_id == loop_id, "audio")
    tape = TapeReader(studio.engine.tape)
    tape.read()
    studio.live(0.5)
    assert np.abs(tape.read()).max() > 0.01, "it plays on"
