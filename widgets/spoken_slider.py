# SPDX-License-Identifier: GPL-3.0-or-later
"""The spoken slider is a slider that tells screen readers the value that its steps stand for, in its unit."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QSlider, QWidget

from widgets.spoken import SpokenValue, announce


def step_of(low: float, grain: float, value: float) -> int:
    """Return which step of a slider that begins at ``low`` a value is."""
    return round((value - low) / grain)


class SpokenSlider(QSlider):
    """A spoken slider is horizontal, and has steps from 0 on.

    Attributes
    ----------
    spoken
        The value that the steps stand for, as screen readers are told of it.
    step_at
        Returns the step at a value. Not a method of what holds the slider: see ``LabelledSlider``.
    """

    def __init__(self, n_steps: int, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(0, n_steps)
        self.spoken = SpokenValue(QAccessible.Role.Slider, 0.0, n_steps, 1.0)
        self.step_at: Callable[[float], int] = round
        self._tip = ""

    def speak_of(self, low: float, high: float, step: float, step_at: Callable[[float], int]) -> None:
        """Say which values the steps stand for: their range and grain, in the unit that people read."""
        self.spoken.low, self.spoken.high, self.spoken.step = low, high, step
        self.step_at = step_at

    def tell(self, now: float, words: str) -> None:
        """Tell the value, as a number in its unit and as people read it."""
        # Qt itself sends the event of each step.
        if self.spoken.take(now, words):
            self._describe()
            if not self.spoken.is_said_by_number():
                announce(self, words)

    def set_spoken(self, value: float) -> None:
        """Take a value that is set from outside, as if a hand had moved the handle."""
        self.setValue(self.step_at(value))

    def setAccessibleDescription(self, description: str) -> None:
        """Take what explains the slider; the value in words comes before it."""
        self._tip = description
        self._describe()

    def _describe(self) -> None:
        super().setAccessibleDescription(" · ".join(filter(None, (self.spoken.words, self._tip))))
