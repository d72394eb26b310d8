# SPDX-License-Identifier: GPL-3.0-or-later
"""These fixtures give a real engine, its thread and its three processes, on the silent clock of a bare machine."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Signal, Slot
from pytestqt.qtbot import QtBot

from app.paths import RESOURCES
from engine.generators.base import GeneratorSettings
from engine.qt.studio import StudioEngine
from engine.session.options import Happening, LoopView, NextState, Places, StudioOptions
from engine.values import LoopRegion, Meters, MusicInHand, PlaybackSnapshot, Take, TransitionWish, TransportState
from tests.forked import command_line

MODULES = {
    "audio": "engine.playback.device.audio_process",
    "analysis": "engine.worker.process",
    "library": "engine.worker.library_process",
    "composer": "engine.generators.host",
}
SPEED = 8.0
DEAD_S = 3.0
"""Seconds that an engine may take to end."""


class Listener(QObject):
    """A listener commands the engine as the controller does, from another thread, and remembers what it tells."""

    options_changed = Signal(object)
    start_wanted = Signal()
    stop_wanted = Signal()
    save_wanted = Signal(str)
    candidate_wanted = Signal(int)
    region_wanted = Signal(object)
    take_wanted = Signal(str)
    devices_wanted = Signal()
    speed_wanted = Signal(float)
    pause_wanted = Signal(bool)
    next_wanted = Signal()
    previous_wanted = Signal()
    hold_wanted = Signal(bool)
    never_wanted = Signal()
    favourite_wanted = Signal(bool)
    sleep_wanted = Signal(float)
    keep_wanted = Signal(str)
    recording_wanted = Signal(str)
    end_of_recording_wanted = Signal()

    def __init__(self, engine: StudioEngine, options: StudioOptions, qtbot: QtBot) -> None:
        super().__init__()
        self.engine = engine
        self.options = options
        self.qtbot = qtbot
        self.views: list[LoopView] = []
        self.snapshots: list[PlaybackSnapshot] = []
        self.failures: list[Exception] = []
        self.states: list[NextState] = []
        self.takes: tuple[Take, ...] = ()
        self.saved: list[str] = []
        self.running: list[bool] = []
        self.devices: list[object] = []
        self.happenings: list[Happening] = []
        self.transports = [TransportState()]
        self.meters: list[Meters] = []
        self.hands: list[MusicInHand] = []
        self.options_changed.connect(engine.options_changed)
        self.start_wanted.connect(engine.transport.start)
        self.stop_wanted.connect(engine.transport.stop)
        self.save_wanted.connect(engine.saving.save)
        self.candidate_wanted.connect(engine.loop.choose_candidate)
        self.region_wanted.connect(engine.loop.set_region)
        self.take_wanted.connect(engine.library.play_take)
        self.devices_wanted.connect(engine.output.list_devices)
        self.speed_wanted.connect(engine.output.hasten)
        self.pause_wanted.connect(engine.transport.set_paused)
        self.next_wanted.connect(engine.transport.next)
        self.previous_wanted.connect(engine.transport.previous)
        self.hold_wanted.connect(engine.transport.hold)
        self.never_wanted.connect(engine.transport.never_again)
        self.favourite_wanted.connect(engine.transport.set_favourite)
        self.sleep_wanted.connect(engine.transport.sleep_after)
        self.keep_wanted.connect(engine.output.keep_heard)
        self.recording_wanted.connect(engine.output.start_recording)
        self.end_of_recording_wanted.connect(engine.output.stop_recording)
        engine.loop.changed.connect(self._on_loop_changed)
        engine.output.snapshot_taken.connect(self._on_snapshot_taken)
        engine.notices.failed.connect(self._on_failed)
        engine.generation.next_changed.connect(self._on_next_changed)
        engine.library.takes_changed.connect(self._on_takes_changed)
        engine.notices.saved.connect(self._on_saved)
        engine.transport.running_changed.connect(self._on_running_changed)
        engine.output.devices_listed.connect(self._on_devices_listed)
        engine.notices.happened.connect(self._on_happened)
        engine.transport.changed.connect(self._on_transport_changed)
        engine.output.meters_taken.connect(self._on_meters_taken)
        engine.generation.hand_changed.connect(self._on_hand_changed)

    # --- what it told ---------------------------------------------------------------------------------------------

    @Slot(object)
    def _on_loop_changed(self, view: LoopView) -> None:
        self.views.append(view)

    @Slot(object)
    def _on_snapshot_taken(self, snapshot: PlaybackSnapshot) -> None:
        self.snapshots.append(snapshot)

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        self.failures.append(error)

    @Slot(object)
    def _on_next_changed(self, state: NextState) -> None:
        self.states.append(state)

    @Slot(object)
    def _on_takes_changed(self, takes: tuple[Take, ...]) -> None:
        self.takes = takes

    @Slot(str)
    def _on_saved(self, path: str) -> None:
        self.saved.append(path)

    @Slot(bool)
    def _on_running_changed(self, running: bool) -> None:
        self.running.append(running)

    @Slot(object)
    def _on_devices_listed(self, devices: object) -> None:
        self.devices.append(devices)

    @Slot(object)
    def _on_happened(self, happening: Happening) -> None:
        self.happenings.append(happening)

    @Slot(object)
    def _on_transport_changed(self, state: TransportState) -> None:
        self.transports.append(state)

    @Slot(object)
    def _on_meters_taken(self, meters: Meters) -> None:
        self.meters.append(meters)

    @Slot(object)
    def _on_hand_changed(self, hand: MusicInHand) -> None:
        self.hands.append(hand)

    # --- what a test does -----------------------------------------------------------------------------------------

    @property
    def view(self) -> LoopView:
        return self.views[-1]

    @property
    def transport(self) -> TransportState:
        return self.transports[-1]

    @property
    def sentences(self) -> list[str]:
        return [str(error) for error in self.failures]

    def until(self, condition: Callable[[], object], what: str, timeout_s: float = 90.0) -> None:
        """Let the engine live until the condition holds."""
        try:
            self.qtbot.waitUntil(lambda: bool(condition()), timeout=round(timeout_s * 1000))
        except Exception as error:
            states = [state.kind for state in self.states]
            raise AssertionError(f"{what}: not within {timeout_s:g} s; told {self.sentences}, {states}") from error

    def change(self, **changes: Any) -> None:
        """Change the options, or how one loop gives way to the next."""
        wishes = {name: changes.pop(name) for name in list(changes) if name in TransitionWish.__dataclass_fields__}
        transition = replace(changes.pop("transition", self.options.transition), **wishes)
        self.options = replace(self.options, transition=transition, **changes)
        self.options_changed.emit(self.options)

    def start(self) -> None:
        self.start_wanted.emit()
        self.until(lambda: self.running and self.running[-1], "it runs")
        self.until_it_plays()

    def stop(self) -> None:
        self.stop_wanted.emit()
        self.until(lambda: not self.running[-1], "it stops")

    def until_it_plays(self) -> None:
        """Wait until the loop shown is heard to move, told after now."""
        self.snapshots.clear()
        self.until(lambda: len(self._places_heard()) > 3, "the music goes on")

    def _places_heard(self) -> set[int]:
        return {one.endless.position_samples for one in self.snapshots if one.endless.loop_id == self.view.loop_id}

    def until_state(self, kind: str, timeout_s: float = 90.0) -> None:
        self.until(lambda: self.states and self.states[-1].kind == kind, f"the next loop is {kind}", timeout_s)

    def until_next(self) -> None:
        """Wait until a loop other than the playing one is ready: the last word may be of the playing one still."""
        self.until(
            lambda: self.states[-1].kind == "ready" and self.states[-1].title != self.view.recipe.title,
            "another loop is ready",
        )

    def until_takeover(self, timeout_s: float = 90.0) -> LoopView:
        """Wait for a takeover, and for the transport's state or what is next to be told after it."""
        before = self.view.loop_id
        self.until(lambda: self.view.loop_id != before, "another loop takes over", timeout_s)
        return self.view

    @property
    def lines(self) -> list[str]:
        """Return the lines of the console."""
        return [str(one) for one in self.happenings]

    def process(self, name: str) -> psutil.Process:
        """Return the process that works; the audio process has a spare beside it."""
        return psutil.Process(self.engine.process_ids()[name])

    def until_another(self, name: str, pid: int) -> None:
        """Wait until a process other than the ended one runs."""
        self.until(lambda: self.engine.process_ids().get(name, pid) != pid, f"another {name} process runs")

    def until_spare(self) -> psutil.Process:
        """Wait for the spare audio process and return it."""

        def spares() -> list[psutil.Process]:
            found = [one for one in psutil.Process().children() if MODULES["audio"] in command_line(one)]
            return [one for one in found if one.pid != self.engine.process_ids().get("audio")]

        self.until(spares, "a spare audio process runs")
        return spares()[0]

    def kill(self, name: str) -> int:
        pid: int = self.process(name).pid
        os.kill(pid, signal.SIGKILL)
        return pid

    def region(self, start: float, end: float) -> LoopRegion:
        """Return the region from one fraction of the clip to another."""
        return LoopRegion(round(start * self.view.n_samples), round(end * self.view.n_samples))


@pytest.fixture
def options(tmp_path: Path) -> StudioOptions:
    """Return options for short clips that play for long once the first has taken over, unmatched and never varied."""
    return StudioOptions(
        prompt="house, 124 bpm, in A minor",
        duration_s=6.0,
        min_play_s=300.0,
        transition=TransitionWish(beat_match=False),
        library_folder=str(tmp_path / "library"),
        generators=GeneratorSettings().with_values("composer", {"vary": False}),
    )


Opened = Callable[[StudioOptions], AbstractContextManager[Listener]]


def opener(qtbot: QtBot, folder: Path) -> Opened:
    """Yield an engine that has shown its first loop, by ``with opener(...)(options) as studio``."""

    @contextmanager
    def open_engine(options: StudioOptions) -> Iterator[Listener]:
        with (folder / "processes.log").open("a", encoding="utf-8") as log:
            engine = StudioEngine(options, Places(str(RESOURCES / "starters"), log))
            listener = Listener(engine, options, qtbot)
            engine.start()
            try:
                listener.until(lambda: listener.views, "the starter loop is shown")
                yield listener
            finally:
                engine.shut_down()
                QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    return open_engine


@pytest.fixture
def opened(qtbot: QtBot, no_sound: None, tmp_path: Path) -> Opened:
    """Open engines on a machine without a sound device."""
    return opener(qtbot, tmp_path)


@pytest.fixture
def studio(opened: Opened, options: StudioOptions) -> Iterator[Listener]:
    """Open an engine whose music moves faster than real time."""
    with opened(options) as listener:
        listener.speed_wanted.emit(SPEED)
        yield listener
