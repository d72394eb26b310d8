# SPDX-License-Identifier: GPL-3.0-or-later
"""This module turns samples into what is painted of them: columns of lowest and highest values, or lines with dots."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from engine.values import FloatArray
from widgets.timeline.waveform_item import coverage, shades

DOTS_FROM_PX: Final = 5.0
"""Distance in pixels between two samples from which on each is a dot."""
DOT_PX: Final = 3.0
LINE_PX: Final = 1.0
"""Width of a wave's line in pixels: wider ones take Qt several times as long."""
CURVE_PX, CURVE_STEP_PX = 1.6, 2.0
"""Width of a gain's line, and the distance between its points, pixels."""

Numbers = npt.NDArray[np.floating[Any]]

_NOWHERE: Final = -2.0


def columns_of(values: FloatArray, first: float, last: float, n_px: int) -> tuple[FloatArray, FloatArray]:
    """Return the lowest and highest of ``values`` in each of ``n_px`` columns across the indices ``[first, last)``.

    Each column reaches to the first value of the next one, so that a wave has no gaps. There are at least as many
    values in view as columns. A column with a NaN is NaN.

    Returns
    -------
    lowest, highest
        float32, shape ``(n_px,)``.
    """
    start = max(0, math.floor(first))
    seen = values[start : max(start + 1, min(math.ceil(last) + 1, len(values)))]
    at = np.floor(first + (last - first) / n_px * np.arange(n_px)).astype(np.int64) - start
    at = np.clip(at, 0, len(seen) - 1)
    lowest, highest = np.minimum.reduceat(seen, at), np.maximum.reduceat(seen, at)
    # The last column's part goes on to the end of what is in view.
    np.minimum(lowest[:-1], seen[at[1:]], out=lowest[:-1])
    np.maximum(highest[:-1], seen[at[1:]], out=highest[:-1])
    return lowest, highest


class Lane:
    """A lane is a strip of a plot in which samples are painted, those of index ``first`` at its left edge.

    Parameters
    ----------
    rect
        Where it is, logical pixels.
    span
        Indices at its left and right edges, fractional.
    height
        Amplitude at its top; its middle is 0.
    """

    def __init__(self, painter: QPainter, rect: QRectF, span: tuple[float, float], height: float) -> None:
        self._painter = painter
        self._first, self._last = span
        self.height = height
        self._ratio = painter.device().devicePixelRatioF()
        self.rect = rect

    @property
    def span(self) -> tuple[float, float]:
        """Return the indices at the lane's left and right edges."""
        return self._first, self._last

    @property
    def _samples_per_px(self) -> float:
        return (self._last - self._first) / max(self.rect.width(), 1.0)

    def x_of(self, index: float) -> float:
        """Return the pixel of an index, fractional, also outside the lane."""
        return self.rect.left() + (index - self._first) * self.rect.width() / (self._last - self._first)

    def wave(self, values: FloatArray, colour: str, *, opacity: float = 1.0) -> None:
        """Paint a wave: a band as high as it swings where many samples share a pixel, else a line, with dots."""
        painter = self._painter
        painter.save()
        painter.setClipRect(self.rect, Qt.ClipOperation.IntersectClip)
        painter.setOpacity(opacity)
        if self._samples_per_px > self._ratio:
            n_px = max(1, round(self.rect.width() * self._ratio))
            self.band(*columns_of(values, self._first, self._last, n_px), colour)
        else:
            self._line(values, colour)
        painter.restore()

    def area(self, values: FloatArray, colour: str, *, opacity: float) -> None:
        """Paint how far a wave is from zero, as a filled area."""
        n_px = max(1, round(self.rect.width() * self._ratio))
        if self._samples_per_px > self._ratio:
            lowest, highest = columns_of(values, self._first, self._last, n_px)
        else:
            # Between two samples the area goes on as the lines do.
            start, stop = max(0, math.floor(self._first)), min(math.ceil(self._last) + 1, len(values))
            places = self._first + (np.arange(n_px) + 0.5) * (self._last - self._first) / n_px
            lowest = highest = np.interp(places, np.arange(start, stop), values[start:stop]).astype(np.float32)
        self._painter.save()
        self._painter.setOpacity(opacity)
        self.band(np.minimum(lowest, np.float32(0.0)), np.maximum(highest, np.float32(0.0)), colour)
        self._painter.restore()

    def curve(self, gains: FloatArray, top: float, colour: str) -> None:
        """Paint a gain over time as a line: 0 at the lane's foot, ``top`` at its top."""
        n_px = max(2, math.ceil(self.rect.width() / CURVE_STEP_PX))
        places = np.linspace(self._first, self._last, n_px)
        within = (places >= -1.0) & (places < len(gains))
        places = np.clip(places[within], 0, len(gains) - 1)
        ys = self.rect.bottom() - gains[places.astype(np.int64)] / top * self.rect.height()
        xs = self.rect.left() + np.flatnonzero(within) * (self.rect.width() / (n_px - 1))
        # Where it rests, its ends are enough.
        turns = np.ones(len(ys), dtype=bool)
        turns[1:-1] = (ys[1:-1] != ys[:-2]) | (ys[1:-1] != ys[2:])
        self.stroke(xs[turns], ys[turns], colour, CURVE_PX)

    def band(self, lowest: FloatArray, highest: FloatArray, colour: str) -> None:
        """Paint what lies between the lowest and the highest value of each column of the lane; NaN is nothing."""
        n_rows = max(2, round(self.rect.height() * self._ratio))
        middle, scale = n_rows / 2.0, n_rows / 2.0 / self.height
        tops, bottoms = middle - highest * scale, middle - lowest * scale
        # Never thinner than one device pixel: silence is a line, not nothing.
        thin = np.maximum(1.0 - (bottoms - tops), 0.0) / 2.0
        tops, bottoms = np.clip(tops - thin, 0.0, n_rows), np.clip(bottoms + thin, 0.0, n_rows)
        missing = np.isnan(tops)
        if missing.all():
            return
        # No more rows than the wave swings over: an empty one costs as much as a full one.
        row = math.floor(np.nanmin(tops))
        n_rows = max(1, math.ceil(np.nanmax(bottoms)) - row)
        tops, bottoms = tops - row, bottoms - row
        tops[missing] = bottoms[missing] = _NOWHERE
        drawn = coverage(tops.astype(np.float32), bottoms.astype(np.float32), n_rows)
        picture = QImage(drawn.data, len(tops), n_rows, drawn.shape[1], QImage.Format.Format_Indexed8)
        picture.setColorTable(shades(colour))
        # What Qt does while it paints, only four times as fast.
        picture = picture.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
        picture.setDevicePixelRatio(self._ratio)
        corner = QPointF(
            round(self.rect.left() * self._ratio) / self._ratio,
            (round(self.rect.top() * self._ratio) + row) / self._ratio,
        )
        self._painter.drawImage(corner, picture)

    def _line(self, values: FloatArray, colour: str) -> None:
        start, stop = max(0, math.floor(self._first)), min(math.ceil(self._last) + 1, len(values))
        there = np.flatnonzero(~np.isnan(values[start:stop]))
        if not there.size:
            return
        indices = np.arange(start + int(there[0]), start + int(there[-1]) + 1)
        xs = self.rect.left() + (indices - self._first) / self._samples_per_px
        middle = self.rect.top() + self.rect.height() / 2.0
        ys = middle - values[indices] * (self.rect.height() / 2.0 / self.height)
        shape = self.stroke(xs, ys, colour, LINE_PX)
        if self._samples_per_px * DOTS_FROM_PX <= 1.0:
            # Square ones: round ones take Qt ten times as long.
            self._painter.setPen(QPen(QColor(colour), DOT_PX, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap))
            self._painter.drawPoints(shape)

    def stroke(self, xs: Numbers, ys: Numbers, colour: str, width_px: float, *, dashed: bool = False) -> QPolygonF:
        """Paint a line through points in pixels, and return it; smooth ones take Qt several times as long as dashed."""
        shape: QPolygonF = pg.functions.arrayToQPolygonF(xs.astype(np.float64), ys.astype(np.float64))
        painter = self._painter
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, not dashed)
        painter.setPen(QPen(QColor(colour), width_px, Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine))
        painter.drawPolyline(shape)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        return shape
