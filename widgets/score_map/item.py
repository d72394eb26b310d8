# SPDX-License-Identifier: GPL-3.0-or-later
"""The score map's item paints the map's cells, the bars over them and the marks of the candidates."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from engine.values import METRIC_NAMES, FloatArray, LoopRegion, MetricWeights, ScoreMaps
from widgets import theme
from widgets.timeline.time_view import TimeView

TOTAL: Final = "total"
"""Name of the layer that joins the metrics by their weights; the others have the metrics' names."""
MARK_PX: Final = 4.0
"""Half the width of a candidate's mark, pixels."""
MARK_ROOM_PX: Final = 7.0
"""Pixels by which marks may leave the plot: a loop from the very start has its own on the edge."""
LEAST_BAR_PX: Final = 22.0
"""Least distance of two lines of bars, pixels."""
GRID_ALPHA: Final = 120
BEST_SHARE: Final = 0.995
"""Share of the cells that are darker than the full colour."""
LEAST_BRIGHT: Final = 0.4
"""Least score that has the full colour: where nothing holds the map stays dark."""

Colours = npt.NDArray[np.uint32]


def colour_table() -> Colours:
    """Return the colours of scores from 0 to 1 in 255 steps, from the theme's dark to its accent, then the ground's."""
    low, middle, high = (QColor(name) for name in (theme.FIELD, theme.ACCENT_TINT, theme.ACCENT))
    places = np.linspace(0.0, 1.0, 255)
    channels = [
        np.interp(places, (0.0, 0.2, 1.0), [getattr(colour, channel)() for colour in (low, middle, high)])
        for channel in ("red", "green", "blue")
    ]
    red, green, blue = (np.round(one).astype(np.uint32) for one in channels)
    table = 0xFF000000 | red << 16 | green << 8 | blue
    return np.append(table, np.uint32(QColor(theme.PANEL).rgb()))


def scores_of(maps: ScoreMaps, layer: str, weights: MetricWeights) -> FloatArray:
    """Return what one layer tells of the cells, shape ``(n_lengths, n_starts)``; NaN where no loop may be."""
    out: FloatArray = maps.total(weights) if layer == TOTAL else maps.layers[METRIC_NAMES.index(layer)]
    return out


def brightest(scores: FloatArray) -> float:
    """Return the score from which on cells have the full colour: that of the best cells, at least ``LEAST_BRIGHT``."""
    known = scores[~np.isnan(scores)]
    if known.size == 0:
        return 1.0
    nth = min(int(BEST_SHARE * known.size), known.size - 1)
    return max(float(np.partition(known, nth)[nth]), LEAST_BRIGHT)


def coloured(scores: FloatArray, table: Colours, full: float) -> Colours:
    """Return the colours of scores, the longest loops in the first row, as pictures are stored.

    ``full`` is the score from which on cells have the full colour.
    """
    with np.errstate(invalid="ignore"):
        levels = np.minimum(scores[::-1] * np.float32(254.0 / full) + np.float32(0.5), 254.0).astype(np.uint8)
    levels[np.isnan(scores[::-1])] = 255
    return np.ascontiguousarray(table[levels])


class ScoreMapItem(pg.GraphicsObject):  # type: ignore[misc]
    """The score map's item is a picture in samples: starts to the right, lengths upwards.

    Attributes
    ----------
    starts, lengths
        The views of both axes.
    bar_samples
        Samples per bar, for the lines; None without any.
    candidates, current, limits
        Loops to mark, the index of the one that plays or -1, and the lengths in samples outside of which they are dim.
    """

    def __init__(self, starts: TimeView, lengths: TimeView) -> None:
        super().__init__()
        self.starts, self.lengths = starts, lengths
        self.bar_samples: float | None = None
        self.candidates: tuple[LoopRegion, ...] = ()
        self.current = -1
        self.limits: tuple[float, float] | None = None
        self._pictures: list[tuple[ScoreMaps, Colours]] = []

    def show_maps(self, maps: tuple[ScoreMaps, ...], layer: str, weights: MetricWeights) -> None:
        """Show these maps, each over those before."""
        table = colour_table()
        scores = [scores_of(one, layer, weights) for one in maps]
        # One scale for all: a part that is refined is as bright as it was.
        full = brightest(scores[0]) if scores else 1.0
        self._pictures = [(one, coloured(its, table, full)) for one, its in zip(maps, scores, strict=True)]

    def boundingRect(self) -> QRectF:
        starts, lengths = self.starts, self.lengths
        rate = max(starts.sample_rate, 1)
        return QRectF(0.0, 0.0, max(starts.n_samples, 1) / rate, max(lengths.n_samples, 1) / rate)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        del option, widget
        starts, lengths = self.starts, self.lengths
        if starts.width <= 0 or lengths.width <= 0:
            return
        rate = starts.sample_rate
        view = QRectF(starts.first / rate, lengths.first / rate, starts.width / rate, lengths.width / rate)
        plot = painter.worldTransform().mapRect(view)
        painter.save()
        painter.resetTransform()
        painter.setClipRect(plot)
        painter.fillRect(plot, QColor(theme.PANEL))
        for maps, colours in self._pictures:
            self._paint_map(painter, maps, colours, plot)
        self._paint_bars(painter, plot)
        painter.setClipRect(plot.adjusted(-MARK_ROOM_PX, 0.0, MARK_ROOM_PX, MARK_ROOM_PX))
        self._paint_candidates(painter, plot)
        painter.restore()

    def _place(self, plot: QRectF, start: float, length: float) -> QPointF:
        """Return the pixel of a loop of this start and length."""
        x = plot.left() + (start - self.starts.first) * plot.width() / self.starts.width
        y = plot.bottom() - (length - self.lengths.first) * plot.height() / self.lengths.width
        return QPointF(x, y)

    def _paint_map(self, painter: QPainter, maps: ScoreMaps, colours: Colours, plot: QRectF) -> None:
        height, width = colours.shape
        picture = QImage(colours.data, width, height, 4 * width, QImage.Format.Format_RGB32)
        window = maps.window
        target = QRectF(
            self._place(plot, window.first_start, window.longest), self._place(plot, window.last_start, window.shortest)
        )
        painter.drawImage(target, picture)

    def _paint_bars(self, painter: QPainter, plot: QRectF) -> None:
        """Draw lines at lengths of whole bars, each with how many they are."""
        if not self.bar_samples:
            return
        bar_px = self.bar_samples * plot.height() / self.lengths.width
        every = 1
        while every * bar_px < LEAST_BAR_PX:
            every *= 2
        colour = QColor(theme.EDGE)
        colour.setAlpha(GRID_ALPHA)
        painter.setFont(theme.scaled_font(8.0))
        metrics = painter.fontMetrics()
        first = max(every, int(self.lengths.first / self.bar_samples / every) * every)
        for n_bars in range(first, int(self.lengths.last / self.bar_samples) + 1, every):
            y = round(self._place(plot, 0.0, n_bars * self.bar_samples).y())
            if not plot.top() + metrics.height() <= y <= plot.bottom() - metrics.height() / 2.0:
                continue
            text = self.bar_text(n_bars)
            width = metrics.horizontalAdvance(text)
            painter.setPen(QPen(colour, 1.0, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(QColor(theme.DIM))
            # Above the line, as the cross of the loop that plays is often on it.
            painter.drawText(QPointF(plot.right() - width - 4.0, y - metrics.descent()), text)

    def bar_text(self, n_bars: int) -> str:
        """Return the label of a line of bars."""
        out: str = self.tr("1 bar") if n_bars == 1 else self.tr("{n} bars").format(n=n_bars)
        return out

    def _paint_candidates(self, painter: QPainter, plot: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, region in reversed(list(enumerate(self.candidates))):
            place = self._place(plot, region.loop_start, region.n_samples)
            limits = self.limits
            is_in = limits is None or limits[0] <= region.n_samples <= limits[1]
            # A dark ring keeps the mark apart from bright cells.
            for colour, width in ((theme.BACKGROUND, 4.0), (theme.TEXT if is_in else theme.EDGE, 1.8)):
                painter.setPen(QPen(QColor(colour), width))
                painter.setBrush(Qt.BrushStyle.NoBrush if index != self.current else QColor(theme.TEXT))
                painter.drawEllipse(place, MARK_PX, MARK_PX)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
