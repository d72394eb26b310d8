# SPDX-License-Identifier: GPL-3.0-or-later
"""Sounds that are dropped on a strip or a slot of the jam come there, from other programs and from the library."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

from widgets.dragged import local_paths
from widgets.drop_target import TAKES_SOUNDS

OVER = "is_dropped_on"
"""Property of what would take the sound that is dragged over it."""
_MOVES = (QEvent.Type.DragEnter, QEvent.Type.DragMove)
_ENDS = (QEvent.Type.DragLeave, QEvent.Type.Drop)


class SoundDrops(QObject):
    """This filter has one sound taken that is dropped on a widget, of which it is a child.

    Parameters
    ----------
    take
        Takes the path of the first file that was dropped.
    """

    def __init__(self, widget: QWidget, take: Callable[[str], None]) -> None:
        super().__init__(widget)
        self._take = take
        widget.setAcceptDrops(True)
        widget.setProperty(TAKES_SOUNDS, True)
        widget.installEventFilter(self)

    def eventFilter(self, widget: QObject, event: QEvent) -> bool:
        if event.type() not in (*_MOVES, *_ENDS):
            return False
        if isinstance(event, QDropEvent):
            paths = local_paths(event.mimeData())
            if not paths:
                event.ignore()
                return True
            # A copy, always: a program that moves would delete its file.
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            if event.type() == QEvent.Type.Drop:
                self._take(paths[0])
        self._show(widget, is_over=event.type() in _MOVES)
        return True

    def _show(self, widget: QObject, *, is_over: bool) -> None:
        if isinstance(widget, QWidget) and widget.property(OVER) != is_over:
            widget.setProperty(OVER, is_over)
            widget.style().unpolish(widget)
            widget.style().polish(widget)
