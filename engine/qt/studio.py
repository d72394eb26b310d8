# SPDX-License-Identifier: GPL-3.0-or-later
"""The studio engine as the window holds it: the conductor on a QThread of its own, started and ended in order."""

from __future__ import annotations

from PySide6.QtCore import QMetaObject, QObject, Qt, QThread

from engine.qt.conductor import Conductor
from engine.qt.options import Places, StudioOptions
from engine.shared import SharedBlock

EXIT_WAIT_MS = 5000


class StudioEngine(QObject):
    """Owns the engine thread. Connect to ``conductor``'s signals and slots; connections across threads are queued."""

    def __init__(self, options: StudioOptions, places: Places, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = QThread()
        self._thread.setObjectName("engine")
        self.conductor = Conductor(options, places)
        self.conductor.moveToThread(self._thread)
        self._thread.started.connect(self.conductor.begin)

    def start(self) -> None:
        """Start the thread, and on it the processes."""
        self._thread.start()

    def shut_down(self) -> None:
        """End every process the engine started, then the thread. Blocks for at most a few seconds."""
        if self._thread.isRunning():
            QMetaObject.invokeMethod(self.conductor, "close", Qt.ConnectionType.BlockingQueuedConnection)
            self._thread.quit()
            self._thread.wait(EXIT_WAIT_MS)

    @property
    def tape(self) -> SharedBlock:
        """Onto which everything is written that is played, by whichever audio process."""
        return self.conductor._player.tape

    def process_ids(self) -> dict[str, int]:
        """Of the processes that run now, by name (``audio``, ``analysis``, ``generator``); for any thread to ask."""
        processes = {link.name: link._process for link in self.conductor._links}
        return {name: process.pid for name, process in processes.items() if process is not None}
