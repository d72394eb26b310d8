# SPDX-License-Identifier: GPL-3.0-or-later
"""The score map's canvas is the picture of all loops, with a cross on the one that plays, before a hand comes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from engine.values import LoopMetrics, LoopRegion, MapWindow, MetricWeights, ScoreMaps
from widgets import theme
from widgets.score_map.item import MARK_ROOM_PX, TOTAL, ScoreMapItem
from widgets.timeline.axes import time_label, time_step
from widgets.timeline.time_plot import TimePlot
from widgets.timeline.time_view import TimeView

NARROWEST: Final = 0.98
"""Share of the whole below which a view is zoomed."""
HEADROOM: Final = 1.05
"""Lengths in view, over the clip's: all of the clip as one loop, the most usual of all, has room for its mark."""
LEAST_CELL_PX: Final = 7.0
"""Least width and height in pixels with which the cell that is pointed at is outlined."""
CROSS_PX: Final = 5.0
"""Radius in pixels of the handle in the middle of the cross."""
LIMIT_PX: Final = 4.0
"""Width in pixels of the band along the axis that shows which lengths are let through."""


@dataclass(frozen=True, eq=False, slots=True)
class Cell:
    """A cell of the map, with the loop that it stands for."""

    maps: ScoreMaps
    row: int
    column: int
    region: LoopRegion
    metrics: LoopMetrics

    def is_at(self, other: Cell | None) -> bool:
        """Return whether both are the same cell of the same map."""
        return other is not None and (self.maps, self.row, self.column) == (other.maps, other.row, other.column)

    @property
    def middle(self) -> tuple[float, float]:
        """Return start and length in the middle of the cell, samples."""
        row_step, column_step = self.maps.steps
        window = self.maps.window
        return (
            window.first_start + (self.column + 0.5) * column_step,
            window.shortest + (self.row + 0.5) * row_step,
        )


class ScoreMapCanvas(TimePlot):
    """The score map's canvas has starts to the right and lengths upwards, both in seconds.

    Signals
    -------
    pointed()
        Another cell is pointed at, or none: see ``cell``.
    """

    pointed = Signal()

    # The base class already resizes while it is being built.
    _whole: ScoreMaps | None = None
    _finer: ScoreMaps | None = None

    def __init__(self, hint: str, parent: QWidget | None = None) -> None:
        self.length_view = TimeView()
        super().__init__(hint, parent)
        self.length_view.setParent(self)
        self.item = ScoreMapItem(self.time_view, self.length_view)
        self.box.addItem(self.item, ignoreBounds=True)
        self.layer = TOTAL
        self.weights = MetricWeights()
        self.cell: Cell | None = None
        self._region: LoopRegion | None = None
        self._moved: LoopRegion | None = None
        self._limits: tuple[float, float] | None = None
        self.length_view.changed.connect(self._on_lengths_changed)

    # --- values ---

    def set_maps(self, maps: ScoreMaps | None) -> None:
        """Show the maps of another clip, or finer ones of a part of this; None shows the hint."""
        if maps is None:
            self._whole = self._finer = None
            self.point(None)
        elif maps.window == MapWindow.of_all(maps.n_samples, maps.sample_rate):
            self._whole, self._finer = maps, None
            self.time_view.set_length(maps.n_samples, maps.sample_rate)
            self.length_view.set_length(round(maps.n_samples * HEADROOM), maps.sample_rate)
        elif self._whole is not None:
            self._finer = maps
        self.recolour()
        if (maps is not None) != self._has_content:
            self.set_has_content(maps is not None)

    @property
    def maps(self) -> tuple[ScoreMaps, ...]:
        """Return the maps that are shown, the finest last."""
        return tuple(one for one in (self._whole, self._finer) if one is not None)

    def set_layer(self, layer: str) -> None:
        """Colour by the total or by one metric."""
        self.layer = layer
        self.recolour()

    def set_weights(self, weights: MetricWeights) -> None:
        """Have the metrics count so much in the total."""
        self.weights = weights
        self.recolour()

    def recolour(self) -> None:
        """Colour the cells anew."""
        self.item.show_maps(self.maps, self.layer, self.weights)
        self.invalidate()

    def set_region(self, region: LoopRegion | None) -> None:
        """Put the cross on the loop that plays; while the hand holds it, the hand wins."""
        self._region = region
        self.viewport().update()

    def set_candidates(self, candidates: tuple[LoopRegion, ...], current: int) -> None:
        """Mark these loops, and the one of them that plays (-1: none)."""
        self.item.candidates, self.item.current = candidates, current
        self.invalidate()

    def set_bars(self, bar_samples: float | None) -> None:
        """Draw lines at lengths of whole bars; None draws none."""
        self.item.bar_samples = bar_samples if bar_samples and bar_samples >= 1.0 else None
        self.invalidate()

    def set_limits(self, limits: tuple[float, float] | None) -> None:
        """Show the lengths in samples that loops are limited to, without a signal."""
        self._limits = self.item.limits = limits
        self.invalidate()

    # --- places ---

    def place(self, start: float, length: float) -> QPointF:
        """Return the pixel of loops of this start and length in samples."""
        rect, view = self.plot_rect(), self.length_view
        y = rect.bottom() - (length - view.first) * rect.height() / max(view.width, 1e-9)
        return QPointF(self.x_of(start), y)

    def length_at(self, y: float) -> float:
        """Return the length in samples at a pixel's height."""
        rect, view = self.plot_rect(), self.length_view
        return view.first + (rect.bottom() - y) * view.width / max(rect.height(), 1e-9)

    def cell_of(self, start: float, length: float) -> Cell | None:
        """Return the cell of loops of this start and length in samples, in the finest map that has one."""
        for maps in reversed(self.maps):
            at = maps.cell(start, length)
            if at is not None and (cell := self.cell_in(maps, *at)) is not None:
                return cell
        return None

    @staticmethod
    def cell_in(maps: ScoreMaps, row: int, column: int) -> Cell | None:
        """Return a map's cell, if there is one and a loop may be there."""
        if not (0 <= row < maps.shape[0] and 0 <= column < maps.shape[1]):
            return None
        region, metrics = maps.region(row, column), maps.metrics(row, column)
        return None if region is None or metrics is None else Cell(maps, row, column, region, metrics)

    def cell_at(self, place: QPointF) -> Cell | None:
        """Return the cell at a pixel."""
        if not self.plot_rect().contains(place):
            return None
        return self.cell_of(self.sample_at(place.x()), self.length_at(place.y()))

    def playing_cell(self) -> Cell | None:
        """Return the cell of the loop that plays."""
        region = self._moved or self._region
        return None if region is None else self.cell_of(region.loop_start, region.n_samples)

    def score(self, cell: Cell) -> float:
        """Return a cell's score in the layer that is shown, in [0, 1]."""
        if self.layer == TOTAL:
            return self.weights.mean_of(cell.metrics, cell.maps.shares)
        return cell.metrics.as_dict()[self.layer]

    def point(self, cell: Cell | None) -> None:
        """Point at a cell, or at none."""
        if (cell is not None and cell.is_at(self.cell)) or cell is self.cell:
            return
        self.cell = cell
        self.viewport().update()
        self.pointed.emit()

    @property
    def is_zoomed(self) -> bool:
        """Return whether only a part of all loops is in view."""
        return any(view.width < NARROWEST * view.n_samples for view in (self.time_view, self.length_view))

    def show_all(self) -> None:
        """Show all starts and lengths."""
        self.time_view.show_all()
        self.length_view.show_all()

    def window_in_view(self) -> MapWindow | None:
        """Return which loops are in view; None where all are, or none could be."""
        if self._whole is None or not self.is_zoomed:
            return None
        whole, starts, lengths = self._whole.window, self.time_view, self.length_view
        window = MapWindow(
            max(int(starts.first), 0),
            min(int(starts.last) + 1, whole.last_start),
            max(int(lengths.first), 1),
            min(int(lengths.last) + 1, whole.longest),
        )
        is_empty = window.first_start >= window.last_start or window.shortest >= window.longest
        return None if is_empty else window

    # --- painting ---

    def _on_lengths_changed(self) -> None:
        view = self.length_view
        if view.n_samples:
            rate = view.sample_rate
            self.box.setYRange(view.first / rate, view.last / rate, padding=0)
            step = time_step(view.width / rate, 2.0 * self.plot_rect().height())
            first = int(view.first / rate / step)
            ticks = [(i * step, time_label(i * step, step)) for i in range(first, int(view.last / rate / step) + 1)]
            self.left_axis.set_labels(ticks)
        self.invalidate()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and self.maps:
            # Another theme has other colours.
            self.recolour()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._on_lengths_changed()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._has_content:
            return
        painter = QPainter(self.viewport())
        plot = self.plot_rect()
        self._paint_limits(painter, plot)
        painter.setClipRect(plot.adjusted(-MARK_ROOM_PX, 0.0, MARK_ROOM_PX, MARK_ROOM_PX))
        if self.cell is not None:
            self._paint_pointed(painter, self.cell)
        region = self._moved or self._region
        if region is not None:
            self._paint_cross(painter, plot, self.place(region.loop_start, region.n_samples))
        painter.end()

    def _paint_limits(self, painter: QPainter, plot: QRectF) -> None:
        """Dim the lengths that are left out, and draw a band along the axis of those that are not."""
        if self._limits is None:
            return
        top, bottom = (
            min(max(self.place(0.0, length).y(), plot.top()), plot.bottom())
            for length in (self._limits[1], self._limits[0])
        )
        shade = QColor(theme.PANEL)
        shade.setAlpha(150)
        painter.fillRect(QRectF(plot.left(), plot.top(), plot.width(), top - plot.top()), shade)
        painter.fillRect(QRectF(plot.left(), bottom, plot.width(), plot.bottom() - bottom), shade)
        painter.fillRect(QRectF(plot.left() - LIMIT_PX, top, LIMIT_PX, max(2.0, bottom - top)), QColor(theme.ACCENT))

    def _paint_pointed(self, painter: QPainter, cell: Cell) -> None:
        start, length = cell.middle
        row_step, column_step = cell.maps.steps
        plot = self.plot_rect()
        width = max(LEAST_CELL_PX, column_step * plot.width() / self.time_view.width)
        height = max(LEAST_CELL_PX, row_step * plot.height() / self.length_view.width)
        middle = self.place(start, length)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, pen_px in ((theme.BACKGROUND, 3.0), (theme.TEXT, 1.0)):
            painter.setPen(QPen(QColor(colour), pen_px))
            painter.drawRect(QRectF(middle.x() - width / 2, middle.y() - height / 2, width, height))

    def _paint_cross(self, painter: QPainter, plot: QRectF, place: QPointF) -> None:
        line = QColor(theme.PLAYHEAD)
        line.setAlpha(150)
        painter.fillRect(QRectF(round(place.x()), plot.top(), 1.0, plot.height()), line)
        painter.fillRect(QRectF(plot.left(), round(place.y()), plot.width(), 1.0), line)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(theme.ACCENT))
        painter.setPen(QPen(QColor(theme.PLAYHEAD), 2.0))
        painter.drawEllipse(place, CROSS_PX, CROSS_PX)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
