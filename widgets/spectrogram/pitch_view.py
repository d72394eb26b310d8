# SPDX-License-Identifier: GPL-3.0-or-later
"""A pitch view says which part of a spectrogram's frequencies is in view."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Signal

LEAST_OCTAVES: Final = 1.0
"""Height of the deepest zoom, octaves."""


class PitchView(QObject):
    """The visible span from ``low`` to ``high``, in octaves (base-two logarithms of hertz), is within its bounds.

    Emits ``changed`` when the span or the bounds do.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.bottom, self.top = 0.0, 1.0
        self.low, self.high = 0.0, 1.0

    @property
    def height(self) -> float:
        """Return how many octaves are in view."""
        return self.high - self.low

    def set_bounds(self, bottom: float, top: float) -> None:
        """Look at a picture with other bounds, all of it; the same bounds change nothing."""
        if (bottom, top) != (self.bottom, self.top):
            self.bottom, self.top = bottom, top
            self.low, self.high = bottom, top
            self.changed.emit()

    def set_span(self, low: float, high: float) -> None:
        """Show this span, moved and widened or narrowed to what the bounds and the deepest zoom allow."""
        whole = self.top - self.bottom
        height = min(max(high - low, min(LEAST_OCTAVES, whole)), whole)
        low = min(max((low + high - height) / 2.0, self.bottom), self.top - height)
        if (low, low + height) != (self.low, self.high):
            self.low, self.high = low, low + height
            self.changed.emit()

    def zoom(self, factor: float, about: float) -> None:
        """Show ``factor`` times as much, the pitch ``about`` staying where it is."""
        height = min(max(self.height * factor, LEAST_OCTAVES), self.top - self.bottom)
        low = about - (about - self.low) * height / self.height
        self.set_span(low, low + height)

    def pan(self, octaves: float) -> None:
        """Move the span, its height kept."""
        low = min(max(self.low + octaves, self.bottom), self.top - self.height)
        self.set_span(low, low + self.height)

    def show_all(self) -> None:
        """Show everything between the bounds."""
        self.set_span(self.bottom, self.top)
