# SPDX-License-Identifier: GPL-3.0-or-later
"""The pace plot draws seconds of making for each second of music over the length of clips, a line for each model."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.values import Pace
from widgets import theme
from widgets.figures import Figure
from widgets.timeline.axes import time_label, time_step

SCALE_PT: Final = 8.5
POINT_PX: Final = 3.0
"""Radius of a point, pixels."""
LEAST_DECADES: Final = 2.0
"""Decades of the scale at least: seconds for a second of music are drawn so that equal steps are equal ratios."""


class PacePlot(QWidget):
    """The pace plot shows all models, that which is chosen in the accent; 1 s for each second is a line of its own."""

    spoken = QAccessible.Role.Chart

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Pace over the length of clips"))
        self.setToolTip(
            self.tr(
                "To the right the length of a clip, upwards the seconds that each second of it takes to make. "
                "What lies below the dashed line is made sooner than it plays."
            )
        )
        self.setAccessibleDescription(self.toolTip())
        self._lines: dict[tuple[str, str, str, int], list[Pace]] = {}
        self._chosen: tuple[str, str, str, int] | None = None

    def set_paces(self, paces: Sequence[Pace], chosen: Pace | None) -> None:
        """Show these, which stand in the order of their lengths, and which of them is chosen."""
        self._lines = {}
        for one in paces:
            self._lines.setdefault(_model_of(one), []).append(one)
        self._chosen = None if chosen is None else _model_of(chosen)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(480, 190)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 120)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.PANEL))
        painter.setFont(theme.scaled_font(SCALE_PT, self.font()))
        metrics = QFontMetricsF(painter.font())
        left = metrics.horizontalAdvance(f"{Figure(0.01):g} ×") + 12.0
        foot = metrics.height() + 6.0
        room = QRectF(left, 8.0, self.width() - left - 16.0, self.height() - 8.0 - foot)
        if room.width() > 1.0 and room.height() > 1.0:
            self._paint_scale(painter, room, metrics)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for model, paces in self._lines.items():
                if model != self._chosen:
                    self._paint_line(painter, room, paces, QColor(theme.DIM))
            if self._chosen is not None:
                self._paint_line(painter, room, self._lines[self._chosen], QColor(theme.ACCENT), width=2.0)
        painter.end()

    # --- the scale ---

    def _decades(self) -> tuple[float, float]:
        """Return the ends of the scale as powers of ten, in which all points lie, and 1 s for a second too."""
        powers = [math.log10(max(one.usual, 1e-4)) for paces in self._lines.values() for one in paces]
        low, high = math.floor(min(powers, default=0.0)), math.ceil(max(powers, default=0.0))
        low, high = min(low, -1), max(high, 1)
        return float(low), max(float(high), low + LEAST_DECADES)

    def _longest_s(self) -> float:
        return 1.1 * max((one.clip_s for paces in self._lines.values() for one in paces), default=30.0)

    def _y(self, room: QRectF, pace: float) -> float:
        low, high = self._decades()
        return room.bottom() - room.height() * (math.log10(max(pace, 1e-4)) - low) / (high - low)

    def _x(self, room: QRectF, clip_s: float) -> float:
        return room.left() + room.width() * clip_s / self._longest_s()

    def _paint_scale(self, painter: QPainter, room: QRectF, metrics: QFontMetricsF) -> None:
        low, high = self._decades()
        for power in range(round(low), round(high) + 1):
            y = math.floor(self._y(room, 10.0**power)) + 0.5
            painter.setPen(QPen(QColor(theme.LINE), 1))
            if power == 0:
                painter.setPen(QPen(QColor(theme.DIM), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
            painter.setPen(QColor(theme.DIM))
            if power == 0:
                said = self.tr("as long as it plays")
                painter.drawText(QPointF(room.right() - metrics.horizontalAdvance(said), y - 4.0), said)
            if power == low:
                continue  # the seconds stand there
            text = f"{Figure(10.0**power):g} ×"
            at = room.left() - 6.0 - metrics.horizontalAdvance(text)
            painter.drawText(QPointF(at, y + metrics.ascent() / 2.0 - 1.0), text)
        step = time_step(self._longest_s(), room.width())
        for number in range(int(self._longest_s() / step) + 1):
            x = math.floor(self._x(room, number * step)) + 0.5
            painter.setPen(QPen(QColor(theme.LINE), 1))
            painter.drawLine(QPointF(x, room.bottom()), QPointF(x, room.bottom() + 3.0))
            painter.setPen(QColor(theme.DIM))
            text = time_label(number * step, step) + ("" if step >= 15.0 else " s")
            painter.drawText(
                QPointF(x - metrics.horizontalAdvance(text) / 2.0, room.bottom() + 4.0 + metrics.ascent()), text
            )

    def _paint_line(
        self, painter: QPainter, room: QRectF, paces: Sequence[Pace], colour: QColor, *, width: float = 1.2
    ) -> None:
        points = [QPointF(self._x(room, one.clip_s), self._y(room, one.usual)) for one in paces]
        painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPolyline(QPolygonF(points))
        painter.setBrush(colour)
        for point in points:
            painter.drawEllipse(point, POINT_PX, POINT_PX)
        painter.setBrush(Qt.BrushStyle.NoBrush)


def _model_of(pace: Pace) -> tuple[str, str, str, int]:
    return pace.generator, pace.model, pace.device, pace.n_clips
