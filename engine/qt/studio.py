# SPDX-License-Identifier: GPL-3.0-or-later
"""The studio engine is the session on a QThread of its own, started and ended in order, as the window holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMetaObject, QObject, Qt, QThread, Signal

from engine.qt.engine_thread import EngineThread

if TYPE_CHECKING:
    from engine.session.options import Places, StudioOptions
    from engine.shared import SharedBlock

EXIT_WAIT_MS = 5000
"""Milliseconds that the thread may take to end."""


class StudioEngine(QObject):
    """The studio engine owns the engine thread. Connections to its endpoints cross threads, and so are queued.

    Signals
    -------
    options_changed(StudioOptions): emitted by the window; the engine works from these options from then on

    Attributes
    ----------
    generation, loop, library, bringing, saving, recipes, models, transport, output, notices, editing, pace,
    fragments, jam, together, radio, live
        The endpoints: facts are their signals, commands their slots.
    on_thread
        What lives on the engine thread, and is called on it alone.
    """

    options_changed = Signal(object)

    def __init__(self, options: StudioOptions, places: Places, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = QThread()
        self._thread.setObjectName("engine")
        self.on_thread = on_thread = EngineThread(options, places)
        self.generation, self.loop, self.library = on_thread.generation, on_thread.loop, on_thread.library
        self.bringing, self.saving, self.editing = on_thread.bringing, on_thread.saving, on_thread.editing
        self.recipes, self.models, self.pace = on_thread.recipes, on_thread.models, on_thread.pace
        self.transport, self.output, self.notices = on_thread.transport, on_thread.output, on_thread.notices
        self.fragments, self.jam, self.together = on_thread.fragments, on_thread.jam, on_thread.together
        self.radio, self.live = on_thread.radio, on_thread.live
        on_thread.moveToThread(self._thread)
        self._thread.started.connect(on_thread.begin)
        self.options_changed.connect(on_thread.set_options)

    def start(self) -> None:
        """Start the thread, and on it the processes."""
        self._thread.start()

    def shut_down(self) -> None:
        """End every process the engine started, then the thread. Blocks for at most a few seconds."""
        if self._thread.isRunning():
            QMetaObject.invokeMethod(self.on_thread, "close", Qt.ConnectionType.BlockingQueuedConnection)
            self._thread.quit()
            self._thread.wait(EXIT_WAIT_MS)

    @property
    def tape(self) -> SharedBlock:
        """Return the tape that all that is played is written to, by whichever audio process."""
        return self.on_thread.player.tape

    def heard_frame(self) -> int:
        """Return which frame of the tape is heard now; for any thread to ask."""
        return self.on_thread.player.heard_frame

    def is_opening_device(self) -> bool:
        """Return whether the audio process starts, or waits for a device; for any thread to ask."""
        return self.on_thread.player.is_opening

    def process_ids(self) -> dict[str, int]:
        """Return the ids of processes that run now, by name (``audio``, ``analysis``, …); for any thread to ask."""
        pids = {link.name: link.pid for link in self.on_thread.links}
        return {name: pid for name, pid in pids.items() if pid is not None}
