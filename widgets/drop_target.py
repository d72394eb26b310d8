# SPDX-License-Identifier: GPL-3.0-or-later
"""The drop target takes files and folders that are dropped anywhere on a window, and shows meanwhile that it does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QDockWidget, QLabel, QVBoxLayout, QWidget

from widgets import theme
from widgets.bar.prompt_bar import PromptEdit
from widgets.controls import GAP_PX, ElidedLabel, set_role
from widgets.dragged import paths_in

EDGE_PX, RADIUS_PX, LINE_PX = 16.0, 10.0, 2.0
LOW_PX = 120
"""Height of a window in which there is room for one line only, pixels."""
TAKES_SOUNDS = "takes_sounds"
"""Property of a part of a window that takes sounds for itself, also those that are dragged out of the window."""
VEIL = 225
"""Opacity of what lies over the window, of 255."""


class DropSite:
    """A drop site is a window, or a part that may become one, on which files can be dropped: it has a drop target.

    To be named before the Qt class that it completes.
    """

    drop_target: DropTarget | None = None

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.drop_target is not None:
            self.drop_target.follow(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if self.drop_target is not None:
            self.drop_target.follow(event)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        if self.drop_target is not None:
            self.drop_target.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        if self.drop_target is not None:
            self.drop_target.take(event)


class DropDock(DropSite, QDockWidget):
    """A drop dock is a dock on which files can be dropped, also while it floats."""


class DropTarget(QWidget):
    """The drop target covers its window while sounds are dragged over it, and is gone afterwards.

    Parameters
    ----------
    window
        What it covers.
    is_sound
        Tells from a name whether a file is a sound; folders have other names.

    Signals
    -------
    dropped(tuple of paths)
        Files and folders on this machine, in the order in which they were dragged.
    offered()
        Some are dragged over the window.
    """

    dropped = Signal(object)
    offered = Signal()

    def __init__(self, window: QWidget, is_sound: Callable[[str], bool]) -> None:
        super().__init__(window)
        self._is_sound = is_sound
        self.setObjectName("drop_target")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(self.tr("Drop to play"))
        self.title_label = QLabel(self.tr("Drop to play"), self)
        set_role(self.title_label, "heading")
        self.what_label = ElidedLabel("dim", self)
        self._rows = rows = QVBoxLayout(self)
        rows.setSpacing(GAP_PX)
        rows.addStretch(1)
        for label in (self.title_label, self.what_label):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter)
            rows.addWidget(label)
        rows.addStretch(1)
        self.hide()
        self.claim()
        for site in (window, *window.findChildren(QDockWidget)):
            if isinstance(site, DropSite):
                site.setAcceptDrops(True)
                site.drop_target = self

    def claim(self) -> None:
        """Have files that are dropped on any part of the window come here: to be called when parts were added."""
        for part in self.window().findChildren(QWidget):
            # Qt has views and fields ready for drops that mean nothing there. The prompt takes text, and leaves files.
            is_own = isinstance(part, DropSite | PromptEdit) or part.property(TAKES_SOUNDS)
            if part.acceptDrops() and not is_own:
                part.setAcceptDrops(False)

    def follow(self, event: QDragMoveEvent) -> None:
        """Show that what is dragged over the window can be dropped, if it can."""
        # What is dragged out of the studio itself is for others.
        paths = () if event.source() is not None else paths_in(event)
        if not paths:
            event.ignore()
            return
        if self.isHidden():
            self.what_label.setText(self._words(paths))
            self._cover()
            self.show()
            self.raise_()
            self.offered.emit()
        _take(event)

    def take(self, event: QDropEvent) -> None:
        """Take what is dropped."""
        self.hide()
        if paths := paths_in(event):
            _take(event)
            self.dropped.emit(paths)
        else:
            event.ignore()

    def _cover(self) -> None:
        window = self.parentWidget()
        if window is None:
            return
        is_low = window.height() < LOW_PX
        self.what_label.setHidden(is_low)
        side = round(2.0 * EDGE_PX)
        above = 0 if is_low else side
        self._rows.setContentsMargins(side, above, side, above)
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
        edge = min(EDGE_PX, self.height() / 10.0)
        frame = QRectF(self.rect()).adjusted(edge, edge, -edge, -edge)
        painter.drawRoundedRect(frame, RADIUS_PX, RADIUS_PX)
        painter.end()


def _take(event: QDropEvent) -> None:
    # A copy, always: a program that moves would delete its files.
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()
