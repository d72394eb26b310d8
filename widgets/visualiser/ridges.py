# SPDX-License-Identifier: GPL-3.0-or-later
"""This view of the visualiser lays the spectra of the last moments behind one another, as ridges that drift away."""

from __future__ import annotations

from collections import deque
from typing import Final

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPen, QPixmap, QPolygonF

from engine.values import FloatArray
from engine.values.live import CURVE_HIGH_HZ, CURVE_LOW_HZ, CURVE_POINTS
from widgets import theme
from widgets.colours import mixed
from widgets.visualiser.scene import VisualScene, shares

WIDTH: Final = 0.66
"""Width of the ridges, as a share of the picture's."""
NOW_Y, FAR_Y = 0.80, 0.14
"""Heights of the ridge of this moment and of where the last one is gone, as shares of the picture from above."""
HEIGHT: Final = 0.24
"""Height of the highest ridge, as a share of the picture's."""
GAP: Final = 0.0165
"""Distance between two ridges, as a share of the picture's height."""
GAP_S: Final = 0.42
"""Seconds between two ridges."""
N_POINTS: Final = 121
"""Number of points of one half of a ridge."""
LOWEST_HZ: Final = 40.0
"""Frequency in the middle of a ridge; both ends are at the highest."""
SMOOTH: Final = np.hanning(13)[1:-1] / np.hanning(13).sum()
"""Weights by which neighbours in the spectrum are blended."""
WAY_Y: Final = 0.9
"""Height of the line on which the playhead runs, as a share of the picture from above."""
THIN: Final = (QPointF(0.0, 0.0),)
THICK: Final = (QPointF(0.0, -0.8), QPointF(0.0, 0.8), QPointF(-0.8, 0.0), QPointF(0.8, 0.0))
"""Strokes of one pixel that make up a line: they are painted many times faster than one that is as wide as they."""
DOT_PX: Final = 4.0
LEAST_MARK_PX: Final = 8.0
"""Distance in pixels of two bars at least that have marks."""
MARGIN_PX: Final = 3.0
"""Room below the nearest ridge in the picture of what drifts, for its line, pixels."""


class RidgesView:
    """The ridges view draws a ``VisualScene``: the ridge at the front is now, those behind it were heard before.

    What drifts is kept as one picture that is moved by whole pixels; a ridge is painted into it once.
    """

    def __init__(self) -> None:
        self._rows: deque[FloatArray] = deque(maxlen=round((NOW_Y - FAR_Y) / GAP))
        self._drift = 0.0
        self._field, self._mist = QPixmap(), QPixmap()
        self._key: tuple[object, ...] = ()
        self._drawn_px = self._n_new = 0

    def moving(self, rect: QRectF) -> QRectF:
        """Return the part of the picture in which anything moves."""
        top, bottom = (FAR_Y - 0.02) * rect.height(), (WAY_Y + 0.02) * rect.height()
        side = 0.5 * (1.0 - WIDTH) * rect.width() - 4.0
        return QRectF(rect.left() + side, rect.top() + top, rect.width() - 2.0 * side, bottom - top)

    def advance(self, seconds: float, scene: VisualScene) -> None:
        """Move by ``seconds``: what was heard drifts away."""
        if not scene.moves:
            return
        self._drift += seconds / GAP_S
        for _ in range(int(self._drift)):
            self._rows.appendleft(ridge(scene))
            self._n_new = min(self._n_new + 1, len(self._rows))
        self._drift %= 1.0

    def paint(self, painter: QPainter, rect: QRectF, scene: VisualScene) -> None:
        """Paint the scene into ``rect``."""
        painter.fillRect(rect, QColor(theme.BACKGROUND))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ratio = painter.device().devicePixelRatioF()
        self._draw_field(rect, ratio)
        corner = rect.topLeft() + QPointF(0.5 * (1.0 - WIDTH) * rect.width(), FAR_Y * rect.height())
        painter.drawPixmap(corner, self._field)
        painter.drawPixmap(corner, self._mist)
        painter.translate(corner)
        now = _placed(ridge(scene), rect, (NOW_Y - FAR_Y) * rect.height())
        _paint_ridge(painter, now, mixed(theme.ACCENT, theme.PLAYHEAD, 0.6 * scene.pulse()), THICK)
        painter.translate(-corner)
        _paint_way(painter, rect, scene)

    def _draw_field(self, rect: QRectF, ratio: float) -> None:
        """Have the picture of what drifts show it as it is now."""
        key = (rect.size().toTuple(), ratio, theme.BACKGROUND, theme.ACCENT)
        gap_px = max(4, round(GAP * rect.height() * ratio))
        wanted_px, n_new = int(self._drift * gap_px), self._n_new
        self._n_new = 0
        if key != self._key:
            self._key = key
            size = QSizeF(WIDTH * rect.width(), (NOW_Y - FAR_Y) * rect.height() + MARGIN_PX)
            self._field, self._mist = (_blank(size, ratio) for _ in range(2))
            self._field.fill(QColor(theme.BACKGROUND))
            _paint_mist(self._mist, size)
            n_new, self._drawn_px = 0, wanted_px
            for at in range(len(self._rows) - 1, -1, -1):
                self._paint_row(at, rect, (at * gap_px + wanted_px) / ratio)
        for at in range(n_new - 1, -1, -1):
            self._scroll(gap_px - self._drawn_px)
            self._drawn_px = 0
            self._paint_row(at, rect, 0.0)
        self._scroll(wanted_px - self._drawn_px)
        self._drawn_px = wanted_px

    def _paint_row(self, at: int, rect: QRectF, away: float) -> None:
        painter = QPainter(self._field)
        painter.setClipRect(QRectF(QPointF(0.0, 0.0), self._field.deviceIndependentSize()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        points = _placed(self._rows[at], rect, (NOW_Y - FAR_Y) * rect.height() - away)
        _paint_ridge(painter, points, mixed(theme.BACKGROUND, theme.ACCENT, 0.7), THIN)
        painter.end()

    def _scroll(self, by_px: int) -> None:
        if by_px > 0:
            size = self._field.size()
            ratio = self._field.devicePixelRatio()
            # Scrolling is in pixels of the picture, painting is not.
            self._field.setDevicePixelRatio(1.0)
            self._field.scroll(0, -by_px, QRect(0, 0, size.width(), size.height()))
            painter = QPainter(self._field)
            painter.fillRect(0, size.height() - by_px, size.width(), by_px, QColor(theme.BACKGROUND))
            painter.end()
            self._field.setDevicePixelRatio(ratio)


def ridge(scene: VisualScene) -> FloatArray:
    """Return the spectrum as a ridge of ``2 * N_POINTS - 1`` heights in [0, 1], the lowest frequency in its middle."""
    seen = np.convolve(shares(scene.levels.curve_db), SMOOTH, mode="same")
    octaves = np.log(CURVE_HIGH_HZ / CURVE_LOW_HZ)
    first = np.log(LOWEST_HZ / CURVE_LOW_HZ) / octaves * (CURVE_POINTS - 1)
    half = np.interp(np.linspace(first, CURVE_POINTS - 1, N_POINTS), np.arange(CURVE_POINTS), seen)
    # What is quiet lies flat, and the ends lie on the ground.
    half = half**1.5 * np.clip((1.0 - np.linspace(0.0, 1.0, N_POINTS)) * 6.0, 0.0, 1.0)
    return np.concatenate([half[:0:-1], half]).astype(np.float32)


def _blank(size: QSizeF, ratio: float) -> QPixmap:
    picture = QPixmap((size * ratio).toSize())
    picture.setDevicePixelRatio(ratio)
    return picture


def _paint_mist(picture: QPixmap, size: QSizeF) -> None:
    """Draw what the farthest ridges fade into."""
    picture.fill(Qt.GlobalColor.transparent)
    gradient = QLinearGradient(0.0, 0.0, 0.0, size.height())
    for at, alpha in ((0.0, 255), (0.25, 205), (0.6, 85), (0.92, 0)):
        colour = QColor(theme.BACKGROUND)
        colour.setAlpha(alpha)
        gradient.setColorAt(at, colour)
    painter = QPainter(picture)
    painter.fillRect(QRectF(QPointF(0.0, 0.0), size), gradient)
    painter.end()


def _placed(row: FloatArray, rect: QRectF, base: float) -> list[QPointF]:
    """Return the points of a ridge, ``base`` pixels below the top of what drifts."""
    xs = np.linspace(0.0, WIDTH * rect.width(), len(row)).tolist()
    ys = (base - row * (HEIGHT * rect.height())).tolist()
    return list(map(QPointF, xs, ys))


def _paint_ridge(painter: QPainter, points: list[QPointF], colour: str, strokes: tuple[QPointF, ...]) -> None:
    """Paint a ridge that hides what is behind it."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.BACKGROUND))
    painter.drawPolygon([*points, QPointF(0.0, 1.0) + points[-1], QPointF(0.0, 1.0) + points[0]])
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colour), 1.0))
    line = QPolygonF(points)
    for by in strokes:
        painter.drawPolyline(line.translated(by))


def _paint_way(painter: QPainter, rect: QRectF, scene: VisualScene) -> None:
    """Draw the loop as a quiet line with a mark at each of its bars, and the playhead on it."""
    leading = scene.leading
    if leading is None:
        return
    loop = leading.loop
    width = 0.6 * WIDTH * rect.width()
    left, y = rect.center().x() - width / 2.0, rect.top() + WAY_Y * rect.height()
    painter.setOpacity(leading.opacity)
    marks = np.array([0.0, float(loop.region.n_samples)])
    if loop.bars is not None and width * loop.bars.bar_samples / loop.region.n_samples > LEAST_MARK_PX:
        first = (loop.bars.first_sample - loop.region.loop_start) % loop.bars.bar_samples
        marks = np.append(marks, np.arange(first, loop.region.n_samples, loop.bars.bar_samples))
    painter.setPen(QPen(QColor(theme.EDGE), 1.0))
    painter.drawLine(QLineF(left, y, left + width, y))
    xs = (left + marks / loop.region.n_samples * width).tolist()
    painter.drawLines([QLineF(x, y - DOT_PX, x, y + DOT_PX) for x in xs])
    if leading.phase is not None and scene.is_running:
        x = left + leading.phase * width
        painter.setPen(QPen(QColor(theme.ACCENT), 2.0))
        painter.drawLine(QLineF(left, y, x, y))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.PLAYHEAD))
        painter.drawEllipse(QPointF(x, y), DOT_PX, DOT_PX)
        painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setOpacity(1.0)
