# SPDX-License-Identifier: GPL-3.0-or-later
"""A time view says which part of the clip is in view; panels that share it zoom and pan together."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Signal

MIN_SPAN_S: Final = 0.02
"""Length of the deepest zoom in seconds: twice the shortest loop region."""


class TimeView(QObject):
    """The visible span ``[first, last)`` of a clip, in fractional samples, is always within the clip.

    Emits ``changed`` when the span or the clip's length does.

    Parameters
    ----------
    min_span_s
        Length of the deepest zoom in seconds.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None, *, min_span_s: float = MIN_SPAN_S) -> None:
        super().__init__(parent)
        self._min_span_s = min_span_s
        self.n_samples = 0
        self.sample_rate = 0
        self.first = 0.0
        self.last = 0.0

    @property
    def width(self) -> float:
        return self.last - self.first

    def set_length(self, n_samples: int, sample_rate: int) -> None:
        """Look at a clip of another length, all of it; the same length changes nothing."""
        if (n_samples, sample_rate) == (self.n_samples, self.sample_rate):
            return
        self.n_samples, self.sample_rate = n_samples, sample_rate
        self.first, self.last = 0.0, float(n_samples)
        self.changed.emit()

    def set_span(self, first: float, last: float) -> None:
        """Show ``[first, last)``, moved and widened or narrowed to what the clip and the deepest zoom allow."""
        if self.n_samples == 0:
            return
        narrowest = min(self._min_span_s * self.sample_rate, float(self.n_samples))
        width = min(max(last - first, narrowest), float(self.n_samples))
        first = min(max((first + last - width) / 2.0, 0.0), self.n_samples - width)
        if (first, first + width) != (self.first, self.last):
            self.first, self.last = first, first + width
            self.changed.emit()

    def zoom(self, factor: float, about: float) -> None:
        """Show ``factor`` times as much, the sample ``about`` staying where it is."""
        if self.n_samples == 0:
            return
        narrowest = min(self._min_span_s * self.sample_rate, float(self.n_samples))
        width = min(max(self.width * factor, narrowest), float(self.n_samples))
        first = about - (about - self.first) * width / self.width
        self.set_span(first, first + width)

    def pan(self, n_samples: float) -> None:
        """Move the span, its width kept."""
        first = min(max(self.first + n_samples, 0.0), self.n_samples - self.width)
        self.set_span(first, first + self.width)

    def show_all(self) -> None:
        self.set_span(0.0, float(self.n_samples))
