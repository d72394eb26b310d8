# SPDX-License-Identifier: GPL-3.0-or-later
"""This module runs the studio without a window.

``Headless`` is the whole engine in real time: its thread, its processes, its library and a sound device, or the clock
that keeps time without one. ``doctor --rehearse`` kills its parts one by one. A terminal studio connects its keys to
the endpoints of ``Headless.engine`` and draws what they tell; a radio reads what plays from ``Headless.engine.tape``.
``engine.session.file_rendering`` is the same session in the music's own time, faster than life, into a file.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Self

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from app import paths
from engine.errors import WorkerHung
from engine.qt.studio import StudioEngine
from engine.session.options import LoopView, Places, StudioOptions
from engine.values import PlaybackSnapshot

START_LIMIT_S = 30.0
"""Seconds in which the engine must show its first loop, be heard, and stop."""
POLL_S = 0.004
"""Seconds between two looks at what the engine has told."""


class Headless(QObject):
    """The headless studio is a context: inside it the whole engine runs, afterwards nothing of it is left.

    What else is to hear the engine is connected to ``engine`` before the context is entered. The thread that enters it
    lets what the engine tells arrive, by ``live``, ``wait_for`` or ``application.exec()``.

    Parameters
    ----------
    places
        Where it finds the starter loops: those that ship with the studio, unless told otherwise.
    start_limit_s
        Seconds that ``wait_for``, and what waits by it, may take.

    Signals
    -------
    start_wanted, stop_wanted
        Emitted here; the engine starts the music, or fades it out.
    options_wanted(StudioOptions)
        Emitted here; the engine works from these options from now on.

    Attributes
    ----------
    application
        The process's only one: a ``QCoreApplication`` is made where there is none yet, and stays.
    engine
        With its endpoints and its tape.
    view, snapshot
        The loop that is shown, and how it is heard; None until the engine told of one.
    is_running
        Whether the music runs.
    """

    start_wanted = Signal()
    stop_wanted = Signal()
    options_wanted = Signal(object)

    def __init__(
        self, options: StudioOptions, places: Places | None = None, *, start_limit_s: float = START_LIMIT_S
    ) -> None:
        self.application = QCoreApplication.instance() or QCoreApplication(sys.argv[:1])
        super().__init__()
        self.view: LoopView | None = None
        self.snapshot: PlaybackSnapshot | None = None
        self.is_running = False
        self._start_limit_s = start_limit_s
        self.engine = engine = StudioEngine(options, places or Places(str(paths.RESOURCES / "starters")))
        self.start_wanted.connect(engine.transport.start)
        self.stop_wanted.connect(engine.transport.stop)
        self.options_wanted.connect(engine.options_changed)
        engine.loop.changed.connect(self._on_loop_changed)
        engine.output.snapshot_taken.connect(self._on_snapshot_taken)
        engine.transport.running_changed.connect(self._on_running_changed)

    def __enter__(self) -> Self:
        """Start the engine and wait for its first loop. Raises WorkerHung."""
        self.engine.start()
        try:
            self.wait_for(lambda: self.view is not None, "engine")
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End every process and the thread of the engine; once more does nothing."""
        self.engine.shut_down()
        self.application.processEvents()

    def start(self) -> None:
        """Start the music, and return when it is heard, or would be if there were a device. Raises WorkerHung."""
        self.snapshot = None
        self.start_wanted.emit()
        self.wait_for(lambda: self.snapshot is not None and self.snapshot.endless.loop_id is not None, "audio")

    def stop(self) -> None:
        """Fade the music out, and return when it stops. Raises WorkerHung."""
        self.stop_wanted.emit()
        self.wait_for(lambda: not self.is_running, "engine")

    def live(self, seconds: float) -> None:
        """Let what the engine tells arrive for so many seconds."""
        end = time.monotonic() + seconds
        while True:
            self.application.processEvents()
            if time.monotonic() >= end:
                return
            time.sleep(POLL_S)

    def wait_for(self, condition: Callable[[], bool], what: str) -> None:
        """Let what the engine tells arrive until ``condition`` holds. Raises WorkerHung, which names ``what``."""
        give_up = time.monotonic() + self._start_limit_s
        while not condition():
            if time.monotonic() > give_up:
                raise WorkerHung(worker=what, limit_s=self._start_limit_s)
            self.live(POLL_S)

    @Slot(object)
    def _on_loop_changed(self, view: LoopView) -> None:
        self.view = view

    @Slot(object)
    def _on_snapshot_taken(self, snapshot: PlaybackSnapshot) -> None:
        self.snapshot = snapshot

    @Slot(bool)
    def _on_running_changed(self, is_running: bool) -> None:
        self.is_running = is_running
