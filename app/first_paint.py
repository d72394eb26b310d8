# SPDX-License-Identifier: GPL-3.0-or-later
"""A window's first paint comes before what a start leaves for later, which would take the interpreter from it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

UNSEEN_MS = 1000
"""Milliseconds after which a window that was not painted, minimised or on another desktop, is waited for no longer."""


class FirstPaint(QObject):
    """The first paint of a window is told once, by a call when all of the window has been painted.

    Parameters
    ----------
    then
        Called on the window's thread.
    """

    def __init__(self, window: QWidget, then: Callable[[], None]) -> None:
        super().__init__(window)
        self._window, self._then = window, then
        self._unseen = QTimer(self)
        self._unseen.setSingleShot(True)
        self._unseen.timeout.connect(self._tell)
        self._unseen.start(UNSEEN_MS)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Wait for the paint that is beginning, of the window and of all that is in it."""
        if event.type() == QEvent.Type.Paint:
            self._window.removeEventFilter(self)
            self._unseen.start(0)
        return super().eventFilter(watched, event)

    def _tell(self) -> None:
        self._window.removeEventFilter(self)
        self._then()
        self.deleteLater()
