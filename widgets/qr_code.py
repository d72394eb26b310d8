# SPDX-License-Identifier: GPL-3.0-or-later
"""A QR code shows an address to a phone's camera."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

QUIET = 4
"""Modules of light around the code (ISO/IEC 18004)."""
SIDE_PX = 180


class QrCode(QWidget):
    """The code is dark on light in every theme: cameras expect it so. Without a code nothing is drawn."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def rows(self) -> tuple[str, ...]:
        """Return the code's modules, row by row: “1” is dark."""
        return self._rows

    def set_rows(self, rows: Sequence[str]) -> None:
        """Show a code of these modules, row by row: “1” is dark."""
        self._rows = tuple(rows)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(SIDE_PX, SIDE_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._rows:
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
