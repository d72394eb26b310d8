# SPDX-License-Identifier: GPL-3.0-or-later
"""Fitting lines say something as briefly as the room asks for, in always as many lines: nothing below them moves."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from widgets.controls import plain_tip, set_role

_HIGH = 10_000
_BEFORE_UNIT: Final = re.compile(r"(?<=\d) (?=\S)")
"""The space between a figure and its unit, at which no line is broken."""


class FittingLines(QLabel):
    """Fitting lines show the longest of several texts that goes into them; the tooltip has the longest of all."""

    def __init__(self, n_lines: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._n_lines = n_lines
        self._told: tuple[str, ...] = ("",)
        self._texts: tuple[str, ...] = self._told
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setMinimumWidth(1)
        set_role(self, "dim")
        self.ensurePolished()
        self._follow()

    def set_texts(self, texts: tuple[str, ...]) -> None:
        """Say this, in the first of these words that fit; the last is cut where it does not."""
        if texts != self._told:
            self._told = texts
            self._texts = tuple(_BEFORE_UNIT.sub("\N{NO-BREAK SPACE}", text) for text in texts)
            self.setToolTip(plain_tip(texts[0]))
            self._follow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._follow()

    def _follow(self) -> None:
        height = self._n_lines * self.fontMetrics().lineSpacing()
        if height != self.minimumHeight():
            self.setFixedHeight(height)
        text = next(filter(self._fits, self._texts), self._texts[-1])
        if text != self.text():
            self.setText(text)

    def _fits(self, text: str) -> bool:
        room = QRect(0, 0, self.width(), _HIGH)
        needed = self.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, text)
        return needed.height() <= self._n_lines * self.fontMetrics().lineSpacing()
