# SPDX-License-Identifier: GPL-3.0-or-later
"""The playing line says in one line what plays, and below it, as a thin line, how far the loop's turn is."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from widgets import theme
from widgets.controls import ElidedLabel, set_role
from widgets.motion import Motion

LINE_PX: Final = 3
LEAST_PX: Final = 220
"""Least width, pixels: the beginning of a title, and all of a notice's buttons, which may stand in its place."""


class ThinLine(QWidget):
    """A thin line is filled from the left; it is painted anew only when its end moved by a pixel."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fraction = 0.0
        self._drawn_px = 0
        self._motion = Motion()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(LEAST_PX, LINE_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(1, LINE_PX)

    def fraction(self) -> float:
        """Return how much of the line is filled, in [0, 1]."""
        return self._fraction

    def set_fraction(self, fraction: float) -> None:
        """Fill so much of the line, in [0, 1]; what lies outside is the nearer end."""
        fraction = min(max(fraction, 0.0), 1.0)
        if fraction and not self._motion.may_move():
            return
        self._fraction = fraction
        if round(fraction * self.width()) != self._drawn_px:
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        self._drawn_px = round(self._fraction * self.width())
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.HOVER))
        painter.fillRect(QRectF(0.0, 0.0, self._drawn_px, self.height()), QColor(theme.ACCENT))
        painter.end()


class PlayingLine(QWidget):
    """The playing line shows a title with facts, cut where they do not fit, above a thin line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("playing_line")
        self.setAccessibleName(self.tr("Now playing"))
        self.label = ElidedLabel("value", self)
        self.line = ThinLine(self)
        self.line.setAccessibleName(self.tr("Place in the loop"))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(4)
        rows.addStretch(1)
        rows.addWidget(self.label)
        rows.addWidget(self.line)
        rows.addStretch(1)
        self.setMinimumWidth(LEAST_PX)

    def set_words(self, words: str, *, is_running: bool) -> None:
        """Say what plays; what does not play is dim."""
        set_role(self.label, "value" if is_running else "dim")
        self.label.setText(words)
        self.label.setAccessibleName(words)
        if not is_running:
            self.line.set_fraction(0.0)

    def set_fraction(self, fraction: float) -> None:
        """Show how much of the loop's turn is over, in [0, 1]."""
        self.line.set_fraction(fraction)
