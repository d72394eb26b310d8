# SPDX-License-Identifier: GPL-3.0-or-later
"""A time item is painted in pixels of the plot whose time axis it lies under."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsObject

from widgets.timeline.time_view import TimeView


class TimeItem(QGraphicsObject):
    """An item under the time axis lies over all that was added before it, and is painted in pixels of the plot."""

    def __init__(self, view: TimeView) -> None:
        super().__init__()
        self.view = view
        self.low, self.height = 0.0, 1.0

    def set_span(self, low: float, height: float) -> None:
        """Say where the plot's upright axis begins, and how far it goes."""
        self.prepareGeometryChange()
        self.low, self.height = low, height

    def boundingRect(self) -> QRectF:
        view = self.view
        return QRectF(0.0, self.low, view.n_samples / view.sample_rate if view.sample_rate else 1.0, self.height)

    @contextmanager
    def in_pixels(self, painter: QPainter) -> Iterator[QRectF]:
        """Have ``painter`` paint in logical pixels, within the rectangle given, which shows the samples in view."""
        view = self.view
        seconds = QRectF(view.first / view.sample_rate, self.low, view.width / view.sample_rate, self.height)
        plot = painter.worldTransform().mapRect(seconds)
        painter.save()
        painter.resetTransform()
        painter.setClipRect(plot)
        try:
            yield plot
        finally:
            painter.restore()

    def x_of(self, plot: QRectF, sample: float) -> float:
        """Return the pixel of a sample."""
        return plot.left() + (sample - self.view.first) * plot.width() / self.view.width
