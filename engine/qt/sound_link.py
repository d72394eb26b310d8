# SPDX-License-Identifier: GPL-3.0-or-later
"""The link to the process that reads sounds: started when one is brought, ended when none was for a while."""

from __future__ import annotations

from typing import IO, Any

from PySide6.QtCore import QObject, QTimer, Slot

from engine.qt.generator_hosts import HostLink
from engine.values import Progress

MODULE = "engine.worker.sound_process"
IDLE_S = 60.0
"""Seconds without a sound to read after which the process ends, with the memory that it took."""


class SoundLink(HostLink):
    """The sound link runs its process only while sounds are brought."""

    def __init__(self, parent: QObject, *, log: IO[str] | None = None) -> None:
        super().__init__("sounds", parent, log=log, module=MODULE)
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(round(1000.0 * IDLE_S))
        self._idle.timeout.connect(self._on_idle)
        self.received.connect(self._on_message)

    def warm(self) -> None:
        """Start the process before a sound is brought: one is dragged over the window, or looked for."""
        super().warm()
        self._idle.start()

    def send(self, message: object) -> None:
        """Hand a message over, to a process that is started for it where there is none."""
        self._idle.stop()
        super().send(message)

    def end(self) -> None:
        """Stop every timer."""
        self._idle.stop()

    def _on_message(self, message: Any) -> None:
        if not isinstance(message, Progress):
            self._idle.start()

    @Slot()
    def _on_idle(self) -> None:
        self.retire()
