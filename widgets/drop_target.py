# SPDX-License-Identifier: GPL-3.0-or-later
"""The drop target takes files and folders that are dropped anywhere on a window, and shows meanwhile that it does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QDragMoveEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGraphicsView, QLabel, QVBoxLayout, QWidget

from widgets import theme
from widgets.controls import GAP_PX, ElidedLabel, set_role

EDGE_PX, RADIUS_PX, LINE_PX = 16.0, 10.0, 2.0
VEIL = 225
"""Opacity of what lies over the window, of 255."""


class DropTarget(QWidget):
    """The drop target covers its window while sounds are dragged over it, and is gone afterwards.

    Parameters
    ----------
    window
        What sounds are dropped on; its parts that take drops themselves leave files to this.
    is_sound
        Tells from a name whether a file is a sound; folders have other names.

    Signals
    -------
    dropped(tuple of paths)
        Files and folders on this machine, in the order in which they were dragged.
    """

    dropped = Signal(object)

    def __init__(self, window: QWidget, is_sound: Callable[[str], bool]) -> None:
        super().__init__(window)
        self._is_sound = is_sound
        self.setObjectName("drop_target")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(self.tr("Drop to play"))
        self.title_label = QLabel(self.tr("Drop to play"), self)
        set_role(self.title_label, "heading")
        self.what_label = ElidedLabel("dim", self)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(*(round(2.0 * EDGE_PX),) * 4)
        rows.setSpacing(GAP_PX)
        rows.addStretch(1)
        for label in (self.title_label, self.what_label):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter)
            rows.addWidget(label)
        rows.addStretch(1)
        self.hide()
        window.setAcceptDrops(True)
        for part in (window, *window.findChildren(QWidget)):
            if isinstance(part, QGraphicsView):
                # Pictures take no drops, though Qt has every view ready for some.
                part.setAcceptDrops(False)
                part.viewport().setAcceptDrops(False)
            elif part.acceptDrops():
                part.installEventFilter(self)

    def watch(self, part: QWidget) -> None:
        """Take what is dropped on a part that may be a window of its own."""
        part.setAcceptDrops(True)
        part.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        match event.type():
            case QEvent.Type.DragEnter | QEvent.Type.DragMove:
                assert isinstance(event, QDragMoveEvent)
                return self._on_drag(event)
            case QEvent.Type.DragLeave:
                self.hide()
            case QEvent.Type.Drop:
                assert isinstance(event, QDropEvent)
                return self._on_drop(event)
            case QEvent.Type.Resize:
                self._cover()
        return False

    def _on_drag(self, event: QDragMoveEvent) -> bool:
        paths = paths_in(event)
        if not paths:
            return False
        if self.isHidden():
            self.what_label.setText(self._words(paths))
            self._cover()
            self.show()
            self.raise_()
        _take(event)
        return True

    def _on_drop(self, event: QDropEvent) -> bool:
        self.hide()
        paths = paths_in(event)
        if not paths:
            return False
        _take(event)
        self.dropped.emit(paths)
        return True

    def _cover(self) -> None:
        window = self.parentWidget()
        if window is not None and self.size() != window.size():
            self.resize(window.size())

    def _words(self, paths: tuple[str, ...]) -> str:
        if len(paths) == 1:
            return Path(paths[0]).name or paths[0]
        if all(self._is_sound(one) for one in paths):
            return self.tr("{n} sounds").format(n=len(paths))
        return self.tr("{n} files and folders").format(n=len(paths))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(theme.BACKGROUND)
        veil.setAlpha(VEIL)
        painter.fillRect(self.rect(), veil)
        painter.setPen(QPen(QColor(theme.ACCENT), LINE_PX))
        frame = QRectF(self.rect()).adjusted(EDGE_PX, EDGE_PX, -EDGE_PX, -EDGE_PX)
        painter.drawRoundedRect(frame, RADIUS_PX, RADIUS_PX)
        painter.end()


def paths_in(event: QDropEvent) -> tuple[str, ...]:
    """Return the files and folders that another program drags here; nothing of what this one drags out."""
    return () if event.source() is not None else local_paths(event.mimeData())


def local_paths(data: QMimeData) -> tuple[str, ...]:
    """Return the paths that are named in what was dragged or copied, in their order, each once."""
    if not data.hasUrls():
        return ()
    return tuple(dict.fromkeys(url.toLocalFile() for url in data.urls() if url.isLocalFile()))


def _take(event: QDropEvent) -> None:
    # A copy, always: a program that moves would delete its files.
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()
