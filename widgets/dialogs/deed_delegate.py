# SPDX-License-Identifier: GPL-3.0-or-later
"""This delegate draws what can be done with a row of a table as a button, which a click or Enter in its row presses.

Widgets in the cells would each be a stop of the Tab key, and stand in the way of scrolling.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from widgets import theme

PADDING_PX: Final = 12
GAP_PX: Final = 3
RADIUS_PX: Final = 4
Index = QModelIndex | QPersistentModelIndex


class DeedDelegate(QStyledItemDelegate):
    """The deed delegate draws a cell's text as an outlined button; a cell without text stays empty."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        size = super().sizeHint(option, index)
        return QSize(size.width() + 2 * (PADDING_PX + GAP_PX), size.height() + 2 * GAP_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        state = option.state
        is_chosen = bool(state & QStyle.StateFlag.State_Selected)
        is_under_mouse = bool(state & QStyle.StateFlag.State_MouseOver)
        rect = option.rect
        painter.save()
        if is_chosen:
            painter.fillRect(rect, QColor(theme.ACCENT_TINT))
        if text:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            button = QRectF(rect).adjusted(GAP_PX + 0.5, GAP_PX + 0.5, -GAP_PX - 0.5, -GAP_PX - 0.5)
            painter.setPen(QColor(theme.ACCENT if is_chosen else theme.EDGE))
            painter.setBrush(QColor(theme.HOVER if is_under_mouse else theme.FIELD))
            painter.drawRoundedRect(button, RADIUS_PX, RADIUS_PX)
            painter.setPen(QColor(theme.TEXT))
            painter.drawText(button, Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()
