# SPDX-License-Identifier: GPL-3.0-or-later
"""This module keeps the window's place on the screen as text, and brings it back whole onto the screens there are.

Qt's own ``saveGeometry`` guesses the frame that a window manager will draw, so that a window without one moves from
start to start, and lets a window that is too large hang over the screen's edge.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from PySide6.QtCore import QMargins, QObject, QRect, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

DEFAULT_SIZE = QSize(1440, 900)
FRAME_GUESS = QMargins(4, 36, 4, 4)
"""Pixels that a window manager's frame takes, where it was not seen yet."""
FRAMED_AFTER_MS = 500
"""Milliseconds after which a window manager has put its frame around a window that is shown."""
_WORDS = re.compile(r"(-?\d{1,6}) (-?\d{1,6}) (\d{1,6}) (\d{1,6}) (\d{1,2}) (\d{1,2}) (\d{1,2}) (\d{1,2})( maximized)?")


@dataclass(frozen=True, slots=True)
class WindowPlace:
    """A window's place is its rectangle in the screens' coordinates, its frame, and whether it is maximized."""

    rect: QRect
    frame: QMargins
    is_maximized: bool = False

    def as_text(self) -> str:
        """Return the place as eight whole numbers and perhaps a word."""
        rect, frame = self.rect, self.frame
        stands = (rect.x(), rect.y(), rect.width(), rect.height())
        numbers = (*stands, frame.left(), frame.top(), frame.right(), frame.bottom())
        return " ".join(map(str, numbers)) + (" maximized" if self.is_maximized else "")

    def fitted(self, room: QRect) -> WindowPlace:
        """Return the place, moved and made smaller as far as needed for it and its frame to lie within ``room``."""
        outer = self.rect.marginsAdded(self.frame)
        size = outer.size().boundedTo(room.size())
        left = min(max(outer.left(), room.left()), room.left() + room.width() - size.width())
        top = min(max(outer.top(), room.top()), room.top() + room.height() - size.height())
        return replace(self, rect=QRect(left, top, size.width(), size.height()).marginsRemoved(self.frame))


def place_from_text(text: str) -> WindowPlace | None:
    """Return the place that ``as_text`` wrote, or None for any other text."""
    found = _WORDS.fullmatch(text)
    if found is None:
        return None
    x, y, width, height, *margins = map(int, found.groups()[:8])
    if not width or not height:
        return None
    return WindowPlace(QRect(x, y, width, height), QMargins(*margins), found.group(9) is not None)


def place_of(window: QWidget) -> WindowPlace:
    """Return where a window stands now; of a maximized one, where it comes back to."""
    inner, outer = window.geometry(), window.frameGeometry()
    sides = (
        inner.left() - outer.left(),
        inner.top() - outer.top(),
        outer.right() - inner.right(),
        outer.bottom() - inner.bottom(),
    )
    frame = QMargins(*(min(max(side, 0), 99) for side in sides))
    is_maximized = window.isMaximized()
    return WindowPlace(window.normalGeometry() if is_maximized else inner, frame, is_maximized)


def room_for(rect: QRect) -> QRect:
    """Return the free part of the screen that shows most of ``rect``, else of the first screen."""

    def shown(screen: QScreen) -> int:
        common = screen.geometry().intersected(rect)
        return common.width() * common.height()

    best = max(QGuiApplication.screens(), key=shown)
    screen = best if shown(best) else QGuiApplication.primaryScreen()
    return screen.availableGeometry()


class PlaceKeeper(QObject):
    """A place keeper brings a window back to where it stood, and keeps it and what floats around it on the screens.

    Parameters
    ----------
    floating
        The windows that belong to it and float now.
    """

    def __init__(self, window: QWidget, floating: Callable[[], Iterable[QWidget]]) -> None:
        super().__init__(window)
        self._window = window
        self._floating = floating
        # Where the window was to stand, and where it came to stand when that was asked for.
        self._asked: WindowPlace | None = None
        self._given: WindowPlace | None = None
        self._framed = self._timer(self._on_framed)
        # The system moves windows about by itself first.
        self._screens_changed = self._timer(self.bring_in)
        window.resize(DEFAULT_SIZE.boundedTo(window.screen().availableSize().shrunkBy(FRAME_GUESS)))
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.screenRemoved.connect(self._screens_changed.start)
        window.screen().availableGeometryChanged.connect(self._screens_changed.start)

    def _timer(self, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(FRAMED_AFTER_MS)
        timer.timeout.connect(slot)
        return timer

    def restore(self, text: str) -> None:
        """Put the window, which is not shown yet, where ``text`` says; damaged text leaves it as it is."""
        place = place_from_text(text)
        if place is None:
            return
        self._asked = place = place.fitted(room_for(place.rect))
        self._window.setGeometry(place.rect)
        if place.is_maximized:
            self._window.setWindowState(self._window.windowState() | Qt.WindowState.WindowMaximized)

    def move(self, text: str, size: QSize) -> None:
        """Bring the window to the place that ``text`` says, where it is to stand from now on.

        For damaged text it keeps its corner and has ``size``.
        """
        self._asked = self._given = None
        rests = ~(Qt.WindowState.WindowMaximized | Qt.WindowState.WindowFullScreen)
        self._window.setWindowState(self._window.windowState() & rests)
        self.restore(text)
        if self._asked is None:
            self._window.resize(size)
        if self._window.isVisible():
            self._framed.start()

    def text(self) -> str:
        """Return where the window stands; while it was not moved by hand, that is where it was to stand.

        That holds whatever became of it: a window manager that shifts each window a little does not make it wander from
        start to start.
        """
        place = place_of(self._window)
        if self._asked is not None and (self._given is None or place == self._given):
            return self._asked.as_text()
        return place.as_text()

    @property
    def is_settled(self) -> bool:
        """Return whether the window was shown and has been looked after."""
        return self._window.isVisible() and not self._framed.isActive()

    def shown(self) -> None:
        """Look after the window, which is shown, once its frame is known."""
        self._framed.start()

    def closed(self) -> None:
        """Stop looking after the window, which is about to close."""
        self._framed.stop()
        self._screens_changed.stop()

    @Slot()
    def bring_in(self) -> None:
        """Move the window and what floats back onto the screens, as far as they hang over."""
        for one in (self._window, *self._floating()):
            if not one.isVisible() or one.windowState() & (
                Qt.WindowState.WindowMaximized | Qt.WindowState.WindowFullScreen | Qt.WindowState.WindowMinimized
            ):
                continue
            place = place_of(one)
            fitted = place.fitted(room_for(place.rect))
            if fitted != place:
                one.setGeometry(fitted.rect)

    @Slot()
    def _on_framed(self) -> None:
        self.bring_in()
        self._given = place_of(self._window)
