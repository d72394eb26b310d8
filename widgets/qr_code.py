# SPDX-License-Identifier: GPL-3.0-or-later
"""A QR code shows an address to a phone's camera."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

QUIET = 4
"""Modules of light around the code (ISO/IEC 18004)."""
SIDE_PX = 180
ROUND_PX = 8.0
INSET_PX = 14.0
EDGE_OPACITY = 0.25


class QrCode(QWidget):
    """The code is dark on light in every theme: cameras expect it so. Without a code words stand in its place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[str, ...] = ()
        self._words = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def rows(self) -> tuple[str, ...]:
        """Return the code's modules, row by row: “1” is dark."""
        return self._rows

    @property
    def words(self) -> str:
        """Return what is said where there is no code."""
        return self._words

    def set_rows(self, rows: Sequence[str], words: str = "") -> None:
        """Show a code of these modules, row by row: “1” is dark; without any, these words."""
        self._rows, self._words = tuple(rows), words
        self.setAccessibleDescription("" if rows else words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(SIDE_PX, SIDE_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._rows:
            self._paint_words()
            return
        n_modules = len(self._rows) + 2 * QUIET
        # Whole pixels: a module's edge is to be sharp.
        module = max(1, min(self.width(), self.height()) // n_modules)
        side = module * n_modules
        left, top = (self.width() - side) // 2, (self.height() - side) // 2
        with QPainter(self) as painter:
            painter.fillRect(left, top, side, side, Qt.GlobalColor.white)
            for y, row in enumerate(self._rows, start=QUIET):
                for x, one in enumerate(row, start=QUIET):
                    if one == "1":
                        painter.fillRect(left + x * module, top + y * module, module, module, Qt.GlobalColor.black)

    def _paint_words(self) -> None:
        palette, edge = self.palette(), QColor(self.palette().color(self.foregroundRole()))
        edge.setAlphaF(EDGE_OPACITY)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(edge)
            painter.drawRoundedRect(box, ROUND_PX, ROUND_PX)
            painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
            inside = box.adjusted(INSET_PX, INSET_PX, -INSET_PX, -INSET_PX)
            painter.drawText(inside, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._words)
