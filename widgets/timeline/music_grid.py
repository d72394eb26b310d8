# SPDX-License-Identifier: GPL-3.0-or-later
"""The music grid draws bars, beats and octaves over a picture, and tells where a sample lies in them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from widgets import theme
from widgets.timeline.time_item import TimeItem
from widgets.timeline.time_view import TimeView

LEAST_PX: Final = 14.0
"""Distance in pixels of two lines at least; where bars are narrower, only every second, fourth … has one."""
BAR_ALPHA, BEAT_ALPHA, OCTAVE_ALPHA = 120, 55, 70
"""Opacity of the lines, of 255: the picture stays visible under them."""


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars are ``bar_samples`` long, the first begins at ``first_sample`` of the clip, each has so many beats."""

    bar_samples: float
    first_sample: int
    beats_per_bar: int

    def place_of(self, sample: float) -> tuple[int, int]:
        """Return bar and beat of a sample, counted from 1 at the first; what comes before is in bar 0, −1 and so on."""
        bars = (sample - self.first_sample) / self.bar_samples
        bar = math.floor(bars + 1e-9)
        beat = math.floor((bars - bar) * self.beats_per_bar + 1e-9)
        return bar + 1, min(max(beat, 0), self.beats_per_bar - 1) + 1


def lines(view: TimeView, width_px: float, first_sample: float, step: float, *, widen: bool = True) -> Iterator[float]:
    """Yield the samples in view that have a line, ``step`` apart; where that is too dense, fewer or (not) none."""
    while step * width_px / view.width < LEAST_PX:
        if not widen:
            return
        step *= 2
    at = math.ceil((max(view.first, 0.0) - first_sample) / step)
    while (sample := first_sample + at * step) < view.last:
        yield sample
        at += 1


class MusicGrid(TimeItem):
    """The music grid draws a line for each bar and, fainter, each beat with room; and for each octave it is given."""

    def __init__(self, view: TimeView) -> None:
        super().__init__(view)
        self.bars: Bars | None = None
        self.octaves: tuple[float, ...] = ()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        del option, widget
        bars = self.bars
        if bars is None and not self.octaves:
            return
        with self.in_pixels(painter) as plot:
            ys = [
                math.floor(plot.bottom() - (one - self.low) * plot.height() / self.height) + 0.5 for one in self.octaves
            ]
            _draw(painter, [QLineF(plot.left(), y, plot.right(), y) for y in ys], OCTAVE_ALPHA)
            if bars is None:
                return
            beat = bars.bar_samples / bars.beats_per_bar
            for alpha, step, widen in ((BEAT_ALPHA, beat, False), (BAR_ALPHA, bars.bar_samples, True)):
                samples = lines(self.view, plot.width(), bars.first_sample, step, widen=widen)
                xs = [math.floor(self.x_of(plot, sample)) for sample in samples]
                if xs:
                    line = _upright(plot.height(), painter.device().devicePixelRatioF(), alpha)
                    for x in xs:
                        painter.drawPixmap(QPointF(x, plot.top()), line)


def _upright(height: float, ratio: float, alpha: int) -> QPixmap:
    """Return one upright line as a picture: stroked once, it is laid down many times."""
    line = QPixmap(max(1, round(ratio)), max(1, round(height * ratio)))
    line.setDevicePixelRatio(ratio)
    line.fill(Qt.GlobalColor.transparent)
    painter = QPainter(line)
    _draw(painter, [QLineF(0.5, 0.0, 0.5, height)], alpha)
    painter.end()
    return line


def _draw(painter: QPainter, drawn: list[QLineF], alpha: int) -> None:
    """Draw dotted lines with dots of the text's colour and of the panel's in turn: one is seen on any ground."""
    for name, offset in ((theme.TEXT, 0.0), (theme.PANEL, 2.0)):
        colour = QColor(name)
        colour.setAlpha(alpha)
        pen = QPen(colour, 1)
        pen.setDashPattern([1, 3])
        pen.setDashOffset(offset)
        painter.setPen(pen)
        painter.drawLines(drawn)
