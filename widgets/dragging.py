# SPDX-License-Identifier: GPL-3.0-or-later
"""Files are dragged out of a list or a panel once they are there: nothing waits for them, and the drag begins then."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, Qt, QUrl, Signal
from PySide6.QtGui import QDrag, QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget


def files_as_mime(paths: Sequence[str]) -> QMimeData:
    """Return files as what file managers and DAWs take: their addresses."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(one) for one in paths])
    return mime


class DragSource(QObject):
    """A drag source tells when a person begins to drag out of a widget, or presses the key that copies.

    Signals
    -------
    begun
        The mouse was dragged far enough: files are wanted, to be handed to ``carry`` when they are there.
    copy_requested
        The files are wanted for the clipboard: ``copy``.

    Parameters
    ----------
    watched
        What the mouse presses; of a list its viewport.
    keys
        What has the keyboard then, where it is another widget.
    """

    begun = Signal()
    copy_requested = Signal()

    def __init__(self, watched: QWidget, keys: QWidget | None = None) -> None:
        super().__init__(watched)
        self._watched = watched
        self._pressed_at: QPoint | None = None
        self._is_wanted = False
        watched.installEventFilter(self)
        if keys is not None:
            keys.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the mouse; a list sees nothing more of it once a drag began, and so selects nothing by it."""
        if isinstance(event, QMouseEvent):
            return self._follow(event)
        if isinstance(event, QKeyEvent) and _copies(event):
            self.copy_requested.emit()
            return True
        return super().eventFilter(watched, event)

    def _follow(self, event: QMouseEvent) -> bool:
        if event.type() is QEvent.Type.MouseButtonPress:
            is_left = event.button() is Qt.MouseButton.LeftButton
            self._pressed_at = event.position().toPoint() if is_left and self._may_begin(event) else None
            self._is_wanted = False
        elif event.type() is QEvent.Type.MouseMove and self._pressed_at is not None:
            if self._is_wanted:
                return True
            moved = event.position().toPoint() - self._pressed_at
            if moved.manhattanLength() >= QApplication.startDragDistance():
                self._is_wanted = True
                self.begun.emit()
                return True
        elif event.type() is QEvent.Type.MouseButtonRelease:
            was_wanted, self._pressed_at, self._is_wanted = self._is_wanted, None, False
            # Dragged, but too short for the files to come: that was no click.
            return was_wanted
        return False

    def _may_begin(self, event: QMouseEvent) -> bool:
        """Return whether a drag may begin where the mouse was pressed."""
        return not event.modifiers() & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier)

    def carry(self, paths: Sequence[str]) -> bool:
        """Drag these files, if the mouse is still pressed; return whether they were dropped somewhere."""
        if not self._is_wanted or not QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton:
            return False
        self._pressed_at, self._is_wanted = None, False
        drag = QDrag(self._watched)
        drag.setMimeData(files_as_mime(paths))
        return drag.exec(Qt.DropAction.CopyAction) is not Qt.DropAction.IgnoreAction


def _copies(event: QKeyEvent) -> bool:
    return event.type() is QEvent.Type.KeyPress and event.matches(QKeySequence.StandardKey.Copy)


def copy(paths: Sequence[str]) -> None:
    """Put files on the clipboard, to be pasted in a file manager."""
    QGuiApplication.clipboard().setMimeData(files_as_mime(paths))
