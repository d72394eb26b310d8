# SPDX-License-Identifier: GPL-3.0-or-later
"""A scroller lets a panel's content scroll where it does not fit, and moves nothing where it does."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QScrollBar, QWidget

from widgets import theme

LEAST_WIDTH_PX, LEAST_LINES, AROUND_PX = 150, 3, 4
"""Least width of a scroller in pixels, its least height in lines of text, and the pixels around these lines."""


class Scroller(QScrollArea):
    """A scroller shows ``content`` whole where there is room, and lets it scroll where there is not.

    Its upright scroll bar lies over the content's right margin: nothing moves when it comes or goes. For a handful of
    pixels there is none: the content's lower margin gives way.
    """

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = content
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        # What is in it takes the keyboard.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        content.setAutoFillBackground(False)
        self.setWidget(content)
        rows = content.layout()
        self._margin_px = 0 if rows is None else rows.contentsMargins().bottom()
        self._squeezed_px = 0
        # The area's own bar would take room from the content, which might then need another bar, and so on.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._bar = QScrollBar(Qt.Orientation.Vertical, self)
        own = self.verticalScrollBar()
        own.rangeChanged.connect(self._follow)
        own.valueChanged.connect(self._bar.setValue)
        self._bar.valueChanged.connect(own.setValue)
        self._follow()

    def sizeHint(self) -> QSize:
        return self._content.sizeHint() + QSize(0, self._squeezed_px)

    def minimumSizeHint(self) -> QSize:
        least = QSize(LEAST_WIDTH_PX, LEAST_LINES * self.fontMetrics().lineSpacing() + AROUND_PX)
        return self._content.minimumSizeHint().boundedTo(least)

    def needed_size(self) -> QSize:
        """Return the least size at which nothing scrolls."""
        return self._content.minimumSizeHint() + QSize(0, self._squeezed_px)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest and watched is self.widget():
            self._squeeze()
            self.updateGeometry()
        return bool(super().eventFilter(watched, event))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        done = bool(super().viewportEvent(event))
        if event.type() is QEvent.Type.Paint and self.hasFocus():
            painter = QPainter(self.viewport())
            painter.setPen(QColor(theme.ACCENT))
            painter.drawRect(self.viewport().rect().adjusted(0, 0, -1, -1))
            painter.end()
        return done

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._squeeze()
        super().resizeEvent(event)
        self._follow()

    def _squeeze(self) -> None:
        """Take from the content's lower margin what is lacking, if that is enough."""
        rows = self._content.layout()
        if rows is None:
            return
        lacking_px = max(0, self.needed_size().height() - self.viewport().height())
        squeezed_px = lacking_px if lacking_px <= self._margin_px else 0
        if squeezed_px != self._squeezed_px:
            self._squeezed_px = squeezed_px
            margins = rows.contentsMargins()
            margins.setBottom(self._margin_px - squeezed_px)
            rows.setContentsMargins(margins)

    @Slot()
    def _follow(self) -> None:
        own, viewport = self.verticalScrollBar(), self.viewport().geometry()
        width = self._bar.sizeHint().width()
        self._bar.setGeometry(viewport.right() + 1 - width, viewport.top(), width, viewport.height())
        self._bar.setRange(own.minimum(), own.maximum())
        self._bar.setPageStep(own.pageStep())
        self._bar.setSingleStep(own.singleStep())
        self._bar.setValue(own.value())
        self._bar.setVisible(own.maximum() > own.minimum())
        self._bar.raise_()


@Slot(QWidget, QWidget)
def follow_focus(_before: QWidget | None, now: QWidget | None) -> None:
    """Scroll to the widget that took the keyboard, however it got it; for ``QApplication.focusChanged``."""
    above = None if now is None else now.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea) and now is not None:
            above.ensureWidgetVisible(now)
        above = above.parentWidget()
