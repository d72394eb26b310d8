# SPDX-License-Identifier: GPL-3.0-or-later
"""This item draws a peak pyramid, one column for each device pixel: any zoom and any clip's length cost the same."""

from __future__ import annotations

import math
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from engine.values import ByteArray, LoopRegion, PeakPyramid
from widgets import theme
from widgets.timeline.music_grid import lines
from widgets.timeline.time_view import TimeView

BINS_PER_PX: Final = 4.0
"""Number of bins to a pixel at least, as neighbouring columns would else see unequal stretches and flicker."""
EDGE_PX: Final = 2.0
GRIP_PX: Final = (9.0, 16.0)
"""Width and height in pixels of the tab on top of a region edge."""

Column = npt.NDArray[np.float32]


def pick_level(pyramid: PeakPyramid, samples_per_px: float) -> int:
    """Return the coarsest level with ``BINS_PER_PX`` for each pixel (level 0 when the zoom is deeper than its bins)."""
    wanted = math.floor(math.log2(max(samples_per_px / BINS_PER_PX / pyramid.base_bin_samples, 1.0)))
    return min(wanted, len(pyramid.levels) - 1)


def columns(pyramid: PeakPyramid, first: float, last: float, n_px: int) -> tuple[Column, Column]:
    """Return the lowest and highest value in each of ``n_px`` pixel columns across the samples ``[first, last)``.

    Returns ``(lowest, highest)``, float32, shape ``(n_px,)``. Every bin in view belongs to a column: no peak is lost;
    where a bin is wider than a pixel, columns between two bins' middles are interpolated.
    """
    edges = np.linspace(first, last, n_px + 1)
    level = pick_level(pyramid, (last - first) / n_px)
    bins, bin_samples = pyramid.levels[level], pyramid.base_bin_samples * 2**level
    if (last - first) / n_px >= bin_samples:
        start = min(int(first // bin_samples), len(bins) - 1)
        at = np.clip(edges[:-1] // bin_samples, start, len(bins) - 1).astype(np.int64) - start
        seen = bins[start : min(math.ceil(last / bin_samples), len(bins))]
        return np.minimum.reduceat(seen[:, 0], at), np.maximum.reduceat(seen[:, 1], at)
    middles = (edges[:-1] + edges[1:]) / 2.0
    start, stop = max(0, int(first // bin_samples) - 1), min(len(bins), math.ceil(last / bin_samples) + 1)
    centres = (np.arange(start, stop) + 0.5) * bin_samples
    lowest, highest = (np.interp(middles, centres, bins[start:stop, side]).astype(np.float32) for side in (0, 1))
    return lowest, highest


def coverage(tops: Column, bottoms: Column, n_rows: int) -> ByteArray:
    """Return how much of each pixel lies between ``tops`` and ``bottoms`` (rows from above, fractional), 0 to 255.

    Shape ``(n_rows, len(tops))``, rounded up to whole 32-bit words per row, as Qt stores pictures.
    """
    out = np.zeros((n_rows, -(-len(tops) // 4) * 4), dtype=np.uint8)
    rows = np.arange(n_rows, dtype=np.int16)[:, None]
    first_full = np.ceil(tops).astype(np.int16)
    last_full = np.floor(bottoms).astype(np.int16)
    # Unsigned wrap-around makes one comparison of two: first_full <= row < last_full.
    heights = np.maximum(last_full - first_full, 0).astype(np.uint16)
    body = out[:, : len(tops)]
    np.multiply((rows - first_full).view(np.uint16) < heights, np.uint8(255), out=body)
    # The rows that are covered in part: antialiasing where it shows.
    at = np.arange(len(tops))
    for row, part in (
        (first_full - 1, np.minimum(first_full, bottoms) - tops),
        (last_full, np.where(last_full >= first_full, bottoms - last_full, 0.0)),
    ):
        seen = (row >= 0) & (row < n_rows)
        where = (row[seen], at[seen])
        body[where] = np.maximum(body[where], np.round(np.clip(part[seen], 0.0, 1.0) * 255.0).astype(np.uint8))
    return out


@cache
def shades(colour: str) -> list[int]:
    """Return a colour table from transparent to ``colour``."""
    rgb = QColor(colour).rgb() & 0xFFFFFF
    return [alpha << 24 | rgb for alpha in range(256)]


class WaveformItem(pg.GraphicsObject):  # type: ignore[misc]
    """The waveform's item shows the clip's peaks, grey outside the loop region, in the accent inside, and its edges."""

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
        """Edge (0 start, 1 end) that is under the cursor or the keyboard."""
        self._picture = QImage()
        self._picture_key: tuple[object, ...] = ()

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
        span_s = QRectF(view.first / view.sample_rate, -self.height, view.width / view.sample_rate, 2 * self.height)
        plot = painter.worldTransform().mapRect(span_s)
        painter.save()
        painter.resetTransform()
        self._paint(painter, pyramid, plot)
        painter.restore()

    def _paint(self, painter: QPainter, pyramid: PeakPyramid, plot: QRectF) -> None:
        ratio = painter.device().devicePixelRatioF()
        picture = self._peaks(pyramid, max(1, round(plot.width() * ratio)), max(2, round(plot.height() * ratio)), ratio)
        corner = QPointF(round(plot.left() * ratio) / ratio, round(plot.top() * ratio) / ratio)
        region = self.region
        if region is None:
            self._grid(painter, plot)
            self._draw(painter, picture, corner, plot, shades(theme.ACCENT))
            return
        left, right = (round(self._x(plot, sample) * ratio) / ratio for sample in (region.loop_start, region.loop_end))
        inside = QRectF(plot)
        inside.setLeft(min(max(left, plot.left()), plot.right()))
        inside.setRight(min(max(right, plot.left()), plot.right()))
        before, after = QRectF(plot), QRectF(plot)
        before.setRight(inside.left())
        after.setLeft(inside.right())
        painter.fillRect(inside, QColor(theme.ACCENT_TINT))
        self._grid(painter, plot)
        for part in (before, after):
            self._draw(painter, picture, corner, part, shades(theme.WAVE_OUTSIDE))
        self._draw(painter, picture, corner, inside, shades(theme.ACCENT))
        for edge, x in enumerate((left, right)):
            if plot.left() - 1.0 <= x <= plot.right() + 1.0:
                self._edge(painter, plot, edge, x)

    def _x(self, plot: QRectF, sample: float) -> float:
        return plot.left() + (sample - self.view.first) * plot.width() / self.view.width

    def _peaks(self, pyramid: PeakPyramid, n_columns: int, n_rows: int, ratio: float) -> QImage:
        """Return the visible peaks as a picture of coverage; it outlives changes of the region."""
        key = (id(pyramid), self.view.first, self.view.last, n_columns, n_rows, ratio)
        if key != self._picture_key:
            lowest, highest = columns(pyramid, self.view.first, self.view.last, n_columns)
            middle, scale = n_rows / 2.0, n_rows / 2.0 / self.height
            # Never thinner than one device pixel: silence is a line, not nothing.
            tops, bottoms = middle - highest * scale, middle - lowest * scale
            thin = np.maximum(1.0 - (bottoms - tops), 0.0) / 2.0
            tops, bottoms = np.clip(tops - thin, 0.0, n_rows), np.clip(bottoms + thin, 0.0, n_rows)
            drawn = coverage(tops.astype(np.float32), bottoms.astype(np.float32), n_rows)
            picture = QImage(drawn.data, n_columns, n_rows, drawn.shape[1], QImage.Format.Format_Indexed8)
            self._picture = picture.copy()
            self._picture.setDevicePixelRatio(ratio)
            self._picture_key = key
        return self._picture

    @staticmethod
    def _draw(painter: QPainter, picture: QImage, corner: QPointF, part: QRectF, table: list[int]) -> None:
        if part.width() <= 0.0:
            return
        picture.setColorTable(table)
        painter.save()
        painter.setClipRect(part, Qt.ClipOperation.IntersectClip)
        painter.drawImage(corner, picture)
        painter.restore()

    def _grid(self, painter: QPainter, plot: QRectF) -> None:
        if not self.bar_samples:
            return
        pen = QPen(QColor(theme.EDGE), 1)
        pen.setDashPattern([1, 3])
        painter.setPen(pen)
        for sample in lines(self.view, plot.width(), self.first_bar_sample, self.bar_samples):
            x = math.floor(self._x(plot, sample)) + 0.5
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))

    def _edge(self, painter: QPainter, plot: QRectF, edge: int, x: float) -> None:
        paint_edge(painter, plot, x, is_start=edge == 0, is_lit=self.lit_edge == edge)


def paint_edge(painter: QPainter, plot: QRectF, x: float, *, is_start: bool, is_lit: bool) -> None:
    """Draw an edge just inside its region with a tab to take hold of, white when it is the one that would move."""
    colour = QColor(theme.TEXT if is_lit else theme.ACCENT)
    painter.fillRect(QRectF(x if is_start else x - EDGE_PX, plot.top(), EDGE_PX, plot.height()), colour)
    width, height = GRIP_PX
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(QRectF(x if is_start else x - width, plot.top(), width, height), 2, 2)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    notch_x = x + (width / 2 if is_start else -width / 2) - 0.5
    painter.fillRect(QRectF(notch_x, plot.top() + 4, 1, height - 8), QColor(theme.ON_ACCENT))
