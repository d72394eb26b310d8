# SPDX-License-Identifier: GPL-3.0-or-later
"""The gain curves draw the gains of a takeover as they will be heard, with a thin line that runs along meanwhile."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QAccessible, QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.values import FadeCurve
from widgets import theme
from widgets.motion import Motion

N_CURVE_POINTS = 65

FloatArray = npt.NDArray[np.float64]


def preview_gains(correlation: float, curve: FadeCurve = FadeCurve.MATCHED) -> tuple[FloatArray, FloatArray]:
    """Return ``(g_out, g_in)`` along a crossfade, ``N_CURVE_POINTS`` each, as the mixer takes them.

    Matched gains keep ``g_out² + g_in² + 2ρ·g_out·g_in = 1``; ρ below 0 counts as 0.
    """
    time = np.linspace(0.0, 1.0, N_CURVE_POINTS)
    if curve is FadeCurve.SMOOTH:
        time = time * time * (3.0 - 2.0 * time)
    angle = time * np.pi / 2.0
    g_in, g_out = np.sin(angle), np.cos(angle)
    rho = 1.0 if curve is FadeCurve.EQUAL_GAIN else 0.0
    if curve is FadeCurve.MATCHED:
        rho = min(max(correlation, 0.0), 1.0)
    scale = np.sqrt(1.0 + 2.0 * rho * g_in * g_out)
    return g_out / scale, g_in / scale


class GainCurves(QWidget):
    """The gain curves of the crossfade show what goes out in grey, and what comes in in the accent."""

    HEIGHT_PX, LEAST_PX, MOST_PX = 84, 46, 110

    spoken = QAccessible.Role.Chart

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMaximumHeight(self.MOST_PX)
        self._correlation, self._curve = 0.0, FadeCurve.MATCHED
        self._gains = preview_gains(0.0)
        self._motion = Motion()
        self._progress: float | None = None

    def set_correlation(self, correlation: float) -> None:
        """Draw the gains for sides this alike, in [-1, 1]."""
        self._correlation = correlation
        self._follow()

    def set_curve(self, curve: FadeCurve) -> None:
        self._curve = curve
        self._follow()

    @property
    def progress(self) -> float | None:
        """Return how much of a takeover was heard, in [0, 1]; None between takeovers."""
        return self._progress

    def set_progress(self, progress: float | None) -> None:
        """Show how much of a takeover was heard, in [0, 1]; None between takeovers."""
        if progress != self._progress and (progress is None or self._motion.may_move()):
            self._progress = progress
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, self.HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.LEAST_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, top, width, height = 8.0, 4.0, self.width() - 16.0, self.height() - 8.0
        painter.setPen(QPen(QColor(theme.LINE), 1.0))
        for level in (0.0, 1.0):
            y = top + height * level
            painter.drawLine(QPointF(left, y), QPointF(left + width, y))
        for gains, colour in zip(self._gains, (theme.WAVE_OUTSIDE, theme.ACCENT), strict=True):
            painter.setPen(QPen(QColor(colour), 2.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            xs = np.linspace(left, left + width, N_CURVE_POINTS)
            ys = top + height * (1.0 - gains)
            painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in zip(xs, ys, strict=True)]))
        if self._progress is not None:
            painter.setPen(QPen(QColor(theme.PLAYHEAD), 1.0))
            x = left + width * min(max(self._progress, 0.0), 1.0)
            painter.drawLine(QPointF(x, top - 2.0), QPointF(x, top + height + 2.0))
        painter.end()

    def _follow(self) -> None:
        self._gains = preview_gains(self._correlation, self._curve)
        self.update()
