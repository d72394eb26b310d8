# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine thread's clock gives the session Qt's timers."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QBasicTimer, QObject, QTimerEvent

if TYPE_CHECKING:
    from engine.session.ports import Timer


class QtClock(QObject):
    """Qt's clock (``engine.session.ports.Clock``) has steady time; its timers follow their parent to its thread."""

    def now_s(self) -> float:
        """Return the seconds since some moment in the past."""
        return time.monotonic()

    def timer(self, callback: Callable[[], None]) -> Timer:
        """Return a timer that is not running yet."""
        return QtTimer(callback, self)

    def stop(self) -> None:
        """Stop every timer. Called on the thread that ends: no other one can."""
        for timer in self.findChildren(QtTimer):
            timer.stop()


class QtTimer(QObject):
    """This timer is one of Qt's as the session knows it (``engine.session.ports.Timer``).

    It is told by an event, not by a signal: the session makes its timers on the engine thread, while the window lives
    (why that matters: see ``engine.qt.links.Watch``).
    """

    def __init__(self, callback: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._callback = callback
        self._timer = QBasicTimer()
        self._repeats = False

    @property
    def is_active(self) -> bool:
        """Return whether the timer is running."""
        return self._timer.isActive()

    def start(self, seconds: float) -> None:
        """Call once after so many seconds, which are counted anew if they were being counted."""
        self._begin(seconds, repeats=False)

    def repeat(self, seconds: float) -> None:
        """Call every so many seconds."""
        self._begin(seconds, repeats=True)

    def stop(self) -> None:
        """Stop the timer, which then does not call any more."""
        self._timer.stop()

    def timerEvent(self, _event: QTimerEvent) -> None:
        """Call."""
        if not self._repeats:
            self._timer.stop()
        self._callback()

    def _begin(self, seconds: float, *, repeats: bool) -> None:
        self._repeats = repeats
        self._timer.start(round(1000.0 * seconds), self)
