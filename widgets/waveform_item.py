# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws a peak pyramid: whatever the zoom, about one point for each device pixel."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from engine.values import LoopRegion, PeakPyramid
from widgets import theme
from widgets.time_view import TimeView

MIN_BAR_PX = 14.0
"""Bar lines closer than this are thinned out by powers of two."""
EDGE_PX = 2.0
GRIP_PX = (9.0, 16.0)
"""Width and height of the tab on top of a region edge."""

Points = npt.NDArray[np.float64]
Outline = tuple[Points, Points, Points]
"""Positions with the top and the bottom there (or the lowest and the highest)."""


def pick_level(pyramid: PeakPyramid, samples_per_px: float) -> int:
    """The coarsest level that still has a bin for each pixel (level 0 when the zoom is deeper than its bins)."""
    wanted = math.floor(math.log2(max(samples_per_px / pyramid.base_bin_samples, 1.0)))
    return min(wanted, len(pyramid.levels) - 1)


def envelope(pyramid: PeakPyramid, first: float, last: float, n_px: int) -> Outline:
    """The peaks that ``n_px`` pixels across ``[first, last)`` show.

    Returns ``(samples, lowest, highest)``: fractional sample positions, ascending, reaching at least one point beyond
    both ends of the span where the clip does, and the minimum and maximum there. At most about ``2 * n_px`` points;
    every bin in view belongs to one, so no peak is lost.
    """
    per_px = (last - first) / max(n_px, 1)
    level = pick_level(pyramid, per_px)
    bins = pyramid.levels[level]
    bin_samples = pyramid.base_bin_samples * 2**level
    # Whole pixels of a fixed grid, so that panning does not make the picture shimmer.
    group = max(1, math.floor(per_px / bin_samples))
    start = max(0, (math.floor(first / bin_samples) // group - 1) * group)
    stop = min(len(bins), (math.ceil(last / bin_samples) // group + 2) * group)
    seen = bins[start:stop].astype(np.float64)
    at = np.arange(0, len(seen), group)
    lowest, highest = np.minimum.reduceat(seen[:, 0], at), np.maximum.reduceat(seen[:, 1], at)
    samples = np.minimum((start + at + group / 2.0) * bin_samples, pyramid.n_samples)
    # The outermost points stand at the clip's very ends, where the picture must end too.
    if start == 0:
        samples[0] = 0.0
    if stop == len(bins):
        samples[-1] = pyramid.n_samples
    if len(samples) == 1:
        samples, lowest, highest = np.array([0.0, pyramid.n_samples]), lowest.repeat(2), highest.repeat(2)
    return samples, lowest, highest


class WaveformItem(pg.GraphicsObject):  # type: ignore[misc]
    """The clip's peaks, grey outside the loop region, in the accent inside; bar lines; the region's edges."""

    def __init__(self, view: TimeView) -> None:
        super().__init__()
        self.view = view
        self.pyramid: PeakPyramid | None = None
        self.region: LoopRegion | None = None
        self.bar_samples: float | None = None
        self.first_bar_sample = 0
        self.height = 1.0
        """Amplitude at the top of the plot."""
        self.lit_edge: int | None = None
        """The edge (0 start, 1 end) under the cursor or the keyboard."""
        self._envelope: Outline | None = None
        self._envelope_key: tuple[object, ...] = ()

    def boundingRect(self) -> QRectF:
        view = self.view
        duration = view.n_samples / view.sample_rate if view.sample_rate else 1.0
        return QRectF(0.0, -self.height, duration, 2 * self.height)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        del option, widget
        pyramid, view = self.pyramid, self.view
        if pyramid is None or view.width <= 0:
            return
        # All in logical pixels: lines keep their width and stand on the device's grid.
        to_px = painter.worldTransform()
        painter.save()
        painter.resetTransform()
        plot = to_px.mapRect(
            QRectF(view.first / view.sample_rate, -self.height, view.width / view.sample_rate, 2 * self.height)
        )
        self._paint(painter, pyramid, plot)
        painter.restore()

    def _paint(self, painter: QPainter, pyramid: PeakPyramid, plot: QRectF) -> None:
        ratio = painter.device().devicePixelRatioF()
        samples, lowest, highest = self._seen(pyramid, max(1, round(plot.width() * ratio)))
        px_per_sample = plot.width() / self.view.width
        xs = plot.left() + (samples - self.view.first) * px_per_sample
        middle, scale = plot.center().y(), plot.height() / 2.0 / self.height
        # Never thinner than one device pixel: silence is a line, not nothing.
        tops = np.minimum(middle - highest * scale, middle - 0.5 / ratio)
        bottoms = np.maximum(middle - lowest * scale, middle + 0.5 / ratio)

        outline = (xs, tops, bottoms)
        if self.region is None:
            self._grid(painter, plot, px_per_sample)
            self._fill(painter, plot, theme.ACCENT, outline)
            return
        left = plot.left() + (self.region.loop_start - self.view.first) * px_per_sample
        right = plot.left() + (self.region.loop_end - self.view.first) * px_per_sample
        inside = QRectF(plot)
        inside.setLeft(min(max(left, plot.left()), plot.right()))
        inside.setRight(min(max(right, plot.left()), plot.right()))
        painter.fillRect(inside, QColor(theme.ACCENT_TINT))
        self._grid(painter, plot, px_per_sample)
        before, after = QRectF(plot), QRectF(plot)
        before.setRight(inside.left())
        after.setLeft(inside.right())
        self._fill(painter, before, theme.WAVE_OUTSIDE, outline)
        self._fill(painter, inside, theme.ACCENT, outline)
        self._fill(painter, after, theme.WAVE_OUTSIDE, outline)
        for edge, x in enumerate((left, right)):
            if plot.left() - 0.5 <= x <= plot.right() + 0.5:
                self._edge(painter, plot, edge, round(x * ratio) / ratio)

    def _seen(self, pyramid: PeakPyramid, n_px: int) -> Outline:
        key = (id(pyramid), self.view.first, self.view.last, n_px)
        if self._envelope is None or key != self._envelope_key:
            self._envelope = envelope(pyramid, self.view.first, self.view.last, n_px)
            self._envelope_key = key
        return self._envelope

    @staticmethod
    def _fill(painter: QPainter, part: QRectF, colour: str, outline: Outline) -> None:
        xs, tops, bottoms = outline
        if part.width() <= 0.0:
            return
        # Only the points that reach into this part, and their neighbours.
        start = max(int(np.searchsorted(xs, part.left(), "right")) - 1, 0)
        stop = min(int(np.searchsorted(xs, part.right(), "left")) + 1, len(xs))
        outline_x = np.concatenate([xs[start:stop], xs[start:stop][::-1]])
        outline_y = np.concatenate([tops[start:stop], bottoms[start:stop][::-1]])
        polygon: QPolygonF = pg.functions.arrayToQPolygonF(outline_x, outline_y)
        painter.save()
        painter.setClipRect(part, Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        painter.drawPolygon(polygon)
        painter.restore()

    def _grid(self, painter: QPainter, plot: QRectF, px_per_sample: float) -> None:
        if not self.bar_samples:
            return
        step = self.bar_samples
        while step * px_per_sample < MIN_BAR_PX:
            step *= 2
        pen = QPen(QColor(theme.EDGE), 1)
        pen.setDashPattern([1, 3])
        painter.setPen(pen)
        bar = math.ceil((self.view.first - self.first_bar_sample) / step)
        while (sample := self.first_bar_sample + bar * step) < self.view.last:
            if sample >= 0:
                x = math.floor(plot.left() + (sample - self.view.first) * px_per_sample) + 0.5
                painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
            bar += 1

    def _edge(self, painter: QPainter, plot: QRectF, edge: int, x: float) -> None:
        """A line just inside the region with a tab to take hold of, white when it is the one that would move."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        colour = QColor(theme.TEXT if self.lit_edge == edge else theme.ACCENT)
        painter.fillRect(QRectF(x if edge == 0 else x - EDGE_PX, plot.top(), EDGE_PX, plot.height()), colour)
        width, height = GRIP_PX
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(QRectF(x if edge == 0 else x - width, plot.top(), width, height), 2, 2)
        notch_x = x + (width / 2 if edge == 0 else -width / 2) - 0.5
        painter.fillRect(QRectF(notch_x, plot.top() + 4, 1, height - 8), QColor(theme.ON_ACCENT))
