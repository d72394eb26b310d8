# SPDX-License-Identifier: GPL-3.0-or-later
"""The transition's item paints two loops one above the other, as they are heard, with gains, bars, stretch and swap."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from engine.values import FloatArray, IntArray, PeakPyramid, TransitionPicture
from widgets import theme
from widgets.seam_scope.traces import CURVE_PX, CURVE_STEP_PX, Lane
from widgets.timeline.time_item import TimeItem
from widgets.timeline.time_view import TimeView
from widgets.timeline.waveform_item import columns, paint_edge

LANE_GAP: Final = 0.03
"""Share of the plot's height between two lanes."""
TEMPO_SHARE: Final = 0.14
"""Share of the plot's height that the tempo's lane takes, where the incoming loop is stretched."""
RAW_OPACITY: Final = 0.28
"""Opacity of a loop at its own level, behind what is heard of it."""
HEIGHTS: Final = (0.125, 0.25, 0.5, 1.0)
"""Amplitudes that the top of a lane may stand for."""
HEADROOM: Final = 1.08
NAME_PT, NUMBER_PT = 8.5, 7.5
"""Sizes of the loops' names and of the bars' numbers, points."""
LEAST_NUMBER_PX: Final = 34.0
"""Pixels between two numbers of bars at least."""
CURVE_OF_BASS_PX: Final = 1.0


class Edge(StrEnum):
    """An edge of the crossfade, which a hand can move."""

    ENTRY = "entry"
    END = "end"


class TransitionItem(TimeItem):
    """The item shows a picture; a hand may hold the crossfade elsewhere than where the picture has it.

    Attributes
    ----------
    entry_at, end_at
        Samples of the picture at which the crossfade begins and ends, as the hand has them.
    movable
        Edges that have a tab to take hold of.
    first_number
        Number of the leading loop's first bar in the picture.
    names
        Titles of the leading and the incoming loop.
    bass_word, tempo_word
        What is written beside the exchange of the low bands, and in the lane of the tempo.
    """

    def __init__(self, view: TimeView) -> None:
        super().__init__(view)
        self.picture: TransitionPicture | None = None
        self.entry_at = self.end_at = 0.0
        self.movable: frozenset[Edge] = frozenset()
        self.lit: Edge | None = None
        self.first_number = 1
        self.names = ("", "")
        self.bass_word = ""
        self.tempo_word = ""
        self._drawn = QPixmap()
        self._drawn_for: tuple[object, ...] = ()

    def lanes(self) -> list[tuple[float, float]]:
        """Return foot and top of each lane as shares of the height: the lead, what comes in, and its tempo if shown."""
        tempo = TEMPO_SHARE + LANE_GAP if self.has_tempo else 0.0
        share = (1.0 - tempo - LANE_GAP) / 2.0
        lanes = [(1.0 - share, 1.0), (tempo, tempo + share)]
        return [*lanes, (0.0, TEMPO_SHARE)] if tempo else lanes

    @property
    def has_tempo(self) -> bool:
        """Return whether the incoming loop is stretched."""
        return self.picture is not None and self.picture.speeds.size > 0

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        del option, widget
        picture, view = self.picture, self.view
        if picture is None or view.width <= 0:
            return
        with self.in_pixels(painter) as plot:
            self._ground(painter, plot)
            painter.drawPixmap(QPointF(0.0, 0.0), self._music(plot, picture, painter.device().devicePixelRatioF()))
            self._edges(painter, plot)

    def _music(self, plot: QRectF, picture: TransitionPicture, ratio: float) -> QPixmap:
        """Return all but the crossfade's ground and edges: it outlives what a hand does with those."""
        view = self.view
        colours = theme.TEXT, theme.DIM, theme.ACCENT, theme.PANEL, theme.text_size()
        words = self.names, self.bass_word, self.tempo_word, self.first_number
        key = (picture, view.first, view.last, plot, ratio, colours, words)
        if key != self._drawn_for:
            self._drawn_for = key
            self._drawn = QPixmap(math.ceil(plot.right() * ratio), math.ceil(plot.bottom() * ratio))
            self._drawn.setDevicePixelRatio(ratio)
            self._drawn.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._drawn)
            painter.setClipRect(plot)
            self._paint_music(painter, plot, picture)
            painter.end()
        return self._drawn

    def _paint_music(self, painter: QPainter, plot: QRectF, picture: TransitionPicture) -> None:
        span, height = (self.view.first, self.view.last), HEADROOM * _height(picture)
        lanes = [Lane(painter, _part(plot, foot, top), span, height) for foot, top in self.lanes()]
        self._side(painter, lanes[0], (picture.lead, picture.lead_heard), theme.WAVE_OUTSIDE)
        self._side(painter, lanes[1], (picture.incoming, picture.incoming_heard), theme.ACCENT)
        for lane, bars in zip(lanes, (picture.lead_bars, picture.incoming_bars), strict=False):
            _bars(painter, lane, bars)
        self._swap(painter, plot, lanes, picture)
        gains = ((picture.lead_gain, picture.lead_bass_gain), (picture.incoming_gain, picture.incoming_bass_gain))
        for lane, (gain, bass), colour, ends in zip(
            lanes, gains, (theme.TEXT, theme.ACCENT), ((1.0, 0.0), (0.0, 1.0)), strict=False
        ):
            if bass is not None:
                self._gain(lane, picture, bass, ends, colour, dashed=True)
            self._gain(lane, picture, gain, ends, colour)
        if len(lanes) > 2:
            self._tempo(painter, lanes[2], picture)
        self._numbers(painter, lanes[0], picture)
        for lane, name in zip(lanes, self.names, strict=False):
            _name(painter, lane.rect, name)

    # --- parts --------------------------------------------------------------------------------------------------------

    def _ground(self, painter: QPainter, plot: QRectF) -> None:
        """Paint where the crossfade is."""
        xs = (self.x_of(plot, one) for one in (self.entry_at, self.end_at))
        left, right = (min(max(x, plot.left()), plot.right()) for x in xs)
        painter.fillRect(QRectF(left, plot.top(), right - left, plot.height()), QColor(theme.ACCENT_TINT))

    def _side(self, painter: QPainter, lane: Lane, sides: tuple[PeakPyramid, PeakPyramid], colour: str) -> None:
        """Paint a loop as it is heard (the second of ``sides``), and pale behind that the loop at its own level."""
        view, rect, picture = self.view, lane.rect, self.picture
        assert picture is not None
        painter.setPen(QPen(QColor(theme.LINE), 1))
        middle = math.floor(rect.center().y()) + 0.5
        painter.drawLine(QPointF(rect.left(), middle), QPointF(rect.right(), middle))
        # Only in the crossfade is what is heard of a loop another than the loop itself.
        first = max(view.first, float(picture.before_samples))
        last = min(view.last, float(picture.before_samples + picture.fade_samples))
        if last > first:
            faded = QRectF(rect)
            faded.setLeft(lane.x_of(first))
            faded.setRight(lane.x_of(last))
            painter.setOpacity(RAW_OPACITY)
            _band(painter, Lane(painter, faded, (first, last), lane.height), sides[0], colour)
            painter.setOpacity(1.0)
        _band(painter, lane, sides[1], colour)

    def _gain(
        self,
        lane: Lane,
        picture: TransitionPicture,
        gains: FloatArray,
        ends: tuple[float, float],
        colour: str,
        *,
        dashed: bool = False,
    ) -> None:
        """Paint a gain: 0 at the lane's foot, 1 just below its top."""
        view, rect = self.view, lane.rect
        n_px = max(2, math.ceil(rect.width() / CURVE_STEP_PX))
        rows = np.linspace(view.first, view.last, n_px)
        values = np.interp(rows - picture.before_samples, picture.gains_at, gains, left=ends[0], right=ends[1])
        xs = np.linspace(rect.left(), rect.right(), n_px)
        ys = rect.bottom() - 1.0 - values * (rect.height() - 3.0)
        turns = np.ones(n_px, dtype=bool)
        turns[1:-1] = (ys[1:-1] != ys[:-2]) | (ys[1:-1] != ys[2:])
        lane.stroke(xs[turns], ys[turns], colour, CURVE_OF_BASS_PX if dashed else CURVE_PX, dashed=dashed)

    def _swap(self, painter: QPainter, plot: QRectF, lanes: list[Lane], picture: TransitionPicture) -> None:
        """Paint where the low bands are exchanged."""
        if picture.bass_swap is None:
            return
        left, right = (lanes[0].x_of(picture.before_samples + one) for one in picture.bass_swap)
        colour = QColor(theme.DIM)
        pen = QPen(colour, 1)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        x = math.floor(right) + 0.5
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, lanes[1].rect.bottom()))
        colour.setAlpha(40)
        painter.fillRect(QRectF(left, plot.top(), max(right - left, 1.0), lanes[1].rect.bottom() - plot.top()), colour)
        painter.setFont(theme.scaled_font(NUMBER_PT))
        painter.setPen(QColor(theme.DIM))
        painter.drawText(QPointF(x + 4.0, lanes[1].rect.bottom() - 4.0), self.bass_word)

    def _tempo(self, painter: QPainter, lane: Lane, picture: TransitionPicture) -> None:
        """Paint the speed of the incoming loop from the entry on; its own is the lane's middle."""
        rect = lane.rect
        painter.setPen(QPen(QColor(theme.LINE), 1))
        middle = math.floor(rect.center().y()) + 0.5
        painter.drawLine(QPointF(rect.left(), middle), QPointF(rect.right(), middle))
        painter.setFont(theme.scaled_font(NUMBER_PT))
        painter.setPen(QColor(theme.DIM))
        painter.drawText(rect.adjusted(6.0, 0.0, 0.0, 0.0), Qt.AlignmentFlag.AlignVCenter, self.tempo_word)
        view, n_px = self.view, max(2, math.ceil(rect.width() / CURVE_STEP_PX))
        first = max(float(picture.before_samples), view.first)
        if first >= view.last:
            return
        rows = np.linspace(first, view.last, n_px)
        speeds = np.interp(rows - picture.before_samples, picture.speeds_at, picture.speeds)
        most = max(float(np.abs(picture.speeds - 1.0).max()), 1e-6)
        xs = rect.left() + (rows - view.first) * rect.width() / view.width
        ys = rect.center().y() - (speeds - 1.0) / most * (rect.height() / 2.0 - 2.0)
        lane.stroke(xs, ys, theme.ACCENT, CURVE_PX)

    def _numbers(self, painter: QPainter, lane: Lane, picture: TransitionPicture) -> None:
        """Write the numbers of the leading loop's bars along its lane's foot, as densely as there is room."""
        bars = picture.lead_bars
        if len(bars) < 2:
            return
        apart_px = (bars[1] - bars[0]) * lane.rect.width() / self.view.width
        every = 2 ** max(0, math.ceil(math.log2(LEAST_NUMBER_PX / max(apart_px, 1e-6))))
        painter.setFont(theme.scaled_font(NUMBER_PT))
        painter.setPen(QColor(theme.DIM))
        for index, bar in enumerate(bars):
            number, x = self.first_number + index, lane.x_of(float(bar))
            if number >= 1 and (number - 1) % every == 0 and lane.rect.left() <= x < lane.rect.right() - 12.0:
                painter.drawText(QPointF(x + 3.0, lane.rect.bottom() - 3.0), str(number))

    def _edges(self, painter: QPainter, plot: QRectF) -> None:
        ratio = painter.device().devicePixelRatioF()
        for edge, row in ((Edge.ENTRY, self.entry_at), (Edge.END, self.end_at)):
            x = round(self.x_of(plot, row) * ratio) / ratio
            if not plot.left() - 1.0 <= x <= plot.right() + 1.0:
                continue
            if edge in self.movable:
                paint_edge(painter, plot, x, is_start=edge is Edge.ENTRY, is_lit=self.lit is edge)
            else:
                painter.fillRect(QRectF(x, plot.top(), 1.0, plot.height()), QColor(theme.ACCENT))


def _part(plot: QRectF, foot: float, top: float) -> QRectF:
    rect = QRectF(plot)
    rect.setTop(round(plot.bottom() - top * plot.height()))
    rect.setBottom(round(plot.bottom() - foot * plot.height()))
    return rect


def _height(picture: TransitionPicture) -> float:
    """Return the smallest of ``HEIGHTS`` that holds the loudest peak of both loops."""
    ends = (picture.lead.levels[-1], picture.incoming.levels[-1])
    loudest = max(float(max(one.max(initial=0.0), -one.min(initial=0.0))) for one in ends)
    return next((height for height in HEIGHTS if loudest <= height), HEIGHTS[-1])


def _band(painter: QPainter, lane: Lane, peaks: PeakPyramid, colour: str) -> None:
    """Paint the peaks of a lane's span; silence is nothing."""
    n_px = max(1, round(lane.rect.width() * painter.device().devicePixelRatioF()))
    lowest, highest = columns(peaks, *lane.span, n_px)
    silent = (lowest == 0.0) & (highest == 0.0)
    low, high = (np.where(silent, np.nan, one).astype(np.float32) for one in (lowest, highest))
    lane.band(low, high, colour)


def _bars(painter: QPainter, lane: Lane, bars: IntArray) -> None:
    pen = QPen(QColor(theme.EDGE), 1)
    pen.setDashPattern([1, 3])
    painter.setPen(pen)
    rect = lane.rect
    for bar in bars:
        x = math.floor(lane.x_of(float(bar))) + 0.5
        if rect.left() <= x <= rect.right():
            painter.drawLine(QPointF(x, rect.top()), QPointF(x, rect.bottom()))


def _name(painter: QPainter, rect: QRectF, name: str) -> None:
    """Write a loop's name near the top of its lane, on a ground that keeps it legible."""
    painter.setFont(theme.scaled_font(NAME_PT))
    metrics = QFontMetricsF(painter.font())
    text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, max(rect.width() * 0.45, 40.0))
    width, height = metrics.horizontalAdvance(text), metrics.height()
    box = QRectF(rect.left() + 2.0, rect.top() + 5.0, width + 8.0, height + 1.0)
    painter.fillRect(box, QColor(theme.PANEL))
    painter.setPen(QColor(theme.TEXT))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
