# SPDX-License-Identifier: GPL-3.0-or-later
"""The seam scope's parts find their places by the room there is: in a wide row at the bottom, or in a column."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from widgets.controls import GAP_PX

GROUP_GAP_PX: Final = 16
BESIDE_FROM_PX: Final = 460
"""Width in pixels from which on the spectrum stands beside the waves."""
BELOW_FROM_PX: Final = 230
"""Height in pixels from which on the spectrum stands below the waves, where it cannot beside them."""
SPECTRUM_SHARE: Final = 0.3
"""Share of the room that the spectrum takes."""


class ControlGroup(QWidget):
    """A control group has small controls side by side."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(GAP_PX - 2)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)


class GroupRows(QWidget):
    """Group rows put groups of controls into one row, or each into a row of its own where that is too narrow."""

    def __init__(self, *groups: ControlGroup) -> None:
        super().__init__()
        self._groups = groups
        for group in groups:
            group.setParent(self)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def _is_one_row(self) -> bool:
        widths = [group.minimumSizeHint().width() for group in self._groups]
        return sum(widths) + GROUP_GAP_PX * (len(widths) - 1) <= self.width()

    def _size(self, n_rows: int) -> QSize:
        sizes = [group.minimumSizeHint() for group in self._groups]
        height = max(one.height() for one in sizes)
        return QSize(max(one.width() for one in sizes), n_rows * height + (n_rows - 1) * GAP_PX)

    def most_size(self) -> QSize:
        """Return the least size with each group in a row of its own."""
        return self._size(len(self._groups))

    def sizeHint(self) -> QSize:
        return self._size(1 if self._is_one_row() else len(self._groups))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_one_row, x, y = self._is_one_row(), 0, 0
        for group in self._groups:
            size = group.minimumSizeHint()
            group.setGeometry(QRect(x, y, size.width() if is_one_row else self.width(), size.height()))
            if is_one_row:
                x += size.width() + GROUP_GAP_PX
            else:
                y += size.height() + GAP_PX
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()


class WavesWithSpectrum(QWidget):
    """Waves stand with their spectrum beside them, below them, or alone where there is room for no more."""

    def __init__(self, waves: QWidget, spectrum: QWidget) -> None:
        super().__init__()
        self._waves, self._spectrum = waves, spectrum
        for one in (waves, spectrum):
            one.setParent(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(260, 150)

    def minimumSizeHint(self) -> QSize:
        return self._waves.minimumSize()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        waves, spectrum = self.rect(), QRect()
        if self.width() >= BESIDE_FROM_PX:
            width = round(SPECTRUM_SHARE * self.width())
            waves.setWidth(self.width() - width)
            spectrum = QRect(waves.right() + 1, 0, width, self.height())
        elif self.height() >= BELOW_FROM_PX:
            height = round(SPECTRUM_SHARE * self.height())
            waves.setHeight(self.height() - height)
            spectrum = QRect(0, waves.bottom() + 1, self.width(), height)
        self._waves.setGeometry(waves)
        self._spectrum.setVisible(not spectrum.isEmpty())
        self._spectrum.setGeometry(spectrum)
