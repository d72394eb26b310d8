# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine thread's clock gives the session Qt's timers."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot

from engine.session.ports import Timer


class QtClock(QObject):
    """Qt's clock (``engine.session.ports.Clock``) has steady time; its timers follow their parent to its thread."""

    def now_s(self) -> float:
        """Return the seconds since some moment in the past."""
        return time.monotonic()

    def timer(self, callback: Callable[[], None]) -> Timer:
        """Return a timer that is not running yet."""
        return QtTimer(callback, self)


class QtTimer(QObject):
    """This timer is a ``QTimer`` as the session knows it (``engine.session.ports.Timer``)."""

    def __init__(self, callback: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._callback = callback
        self._timer = QTimer(self)
        # To a slot of an object that moves with the timer: a call of anything else would stay on this thread.
        self._timer.timeout.connect(self._on_timeout)

    @property
    def is_active(self) -> bool:
        """Return whether the timer is running."""
        return self._timer.isActive()

    def start(self, seconds: float) -> None:
        """Call once after so many seconds, which are counted anew if they were being counted."""
        self._timer.setSingleShot(True)
        self._timer.start(round(1000.0 * seconds))

    def repeat(self, seconds: float) -> None:
        """Call every so many seconds."""
        self._timer.setSingleShot(False)
        self._timer.start(round(1000.0 * seconds))

    def stop(self) -> None:
        """Stop the timer, which then does not call any more."""
        self._timer.stop()

    @Slot()
    def _on_timeout(self) -> None:
        self._callback()
