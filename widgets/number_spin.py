# SPDX-License-Identifier: GPL-3.0-or-later
"""A number spin is a field that takes a decimal point and a decimal comma, whatever the language writes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox, QWidget

_SIGNS = ".,"
_MINUS = "−"
"""The true minus sign, which Qt's own figures do not have."""


class NumberSpin(QDoubleSpinBox):
    """A number spin takes 12.5 and 12,5 alike; QDoubleSpinBox takes an Italian's 12.5 for 125 and refuses 12,5.

    The decimal sign is turned into the language's own as it is typed, and a hyphen into a minus. There are no signs
    between thousands.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        # A wheel that passes over a panel must change nothing by chance.
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Return what Qt thinks of ``text`` with the language's decimal sign, and that text."""
        state, text, position = super().validate(self._in_own_signs(text), position)
        return state, text.replace("-", _MINUS), position

    def textFromValue(self, value: float) -> str:
        return super().textFromValue(value).replace("-", _MINUS)

    def valueFromText(self, text: str) -> float:
        return super().valueFromText(self._in_own_signs(text))

    def _in_own_signs(self, text: str) -> str:
        body = text.removeprefix(self.prefix()).removesuffix(self.suffix())
        own = self.locale().decimalPoint()
        plain = "".join(own if letter in _SIGNS else letter for letter in body).replace(_MINUS, "-")
        return text.replace(body, plain, 1) if body else text
