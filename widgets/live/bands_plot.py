# SPDX-License-Identifier: GPL-3.0-or-later
"""The bands' plot paints third-octave bands with their peaks and average, and the live spectrum over them."""

from __future__ import annotations

import itertools
import math
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QLocale, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.values.live import BANDS, CURVE_HIGH_HZ, CURVE_LOW_HZ, CURVE_POINTS, band_edges_hz
from widgets import theme
from widgets.ground import Ground
from widgets.live.levels import LiveLevels
from widgets.spoken import announce

FLOOR_DB: Final = -84.0
STEP_DB: Final = 12
LABELLED: Final = ("31.5", "63", "125", "250", "500", "1k", "2k", "4k", "8k", "16k")
"""Bands that may be named on the axis, the octaves: all of them, or every second, or every third, as there is room."""
LABEL_GAP_PX: Final = 4.0
"""Least room between two names on the axis, pixels."""
GAP_PX: Final = 1.0
"""Room between two bars, pixels."""
SCALE_PT: Final = 7.5
BAR_ALPHA: Final = 120
"""Opacity of the bars, of 255: the grid and the curve are seen on them."""
CAPTION_PT: Final = 8.5
GROUND_ALPHA: Final = 210
"""Opacity of the ground under the caption, of 255."""
CURVE_HZ: Final = np.sqrt(CURVE_LOW_HZ * CURVE_HIGH_HZ) * (CURVE_HIGH_HZ / CURVE_LOW_HZ) ** (
    (np.arange(CURVE_POINTS) + 0.5) / CURVE_POINTS - 0.5
)
"""Frequencies of the curve's points."""
LOW_HZ, HIGH_HZ = band_edges_hz(BANDS[0][0])[0], band_edges_hz(BANDS[-1][0])[1]
MARK_PX: Final = 2.0


def band_name(name: str) -> str:
    """Return a band's nominal frequency, which ``BANDS`` has in English, with the language's decimal sign."""
    return name.replace(".", QLocale().decimalPoint())


class BandsPlot(QWidget):
    """The bands' plot shows ``LiveLevels``; a band is pointed at by the mouse, or by Left and Right.

    Signals
    -------
    pointed: another band is pointed at, or none
    """

    pointed = Signal()

    spoken = QAccessible.Role.Chart

    def __init__(self, levels: LiveLevels, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.levels = levels
        self.band: int | None = None
        """Index in ``BANDS`` of the band that is pointed at."""
        self._caption = ""
        self._ground = Ground()
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def sizeHint(self) -> QSize:
        return QSize(320, 150)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 60)

    def plot_rect(self) -> QRectF:
        """Return where the bars are, without the scales, logical pixels."""
        metrics = QFontMetricsF(theme.scaled_font(SCALE_PT, self.font()))
        left, bottom = metrics.horizontalAdvance("−84") + 6.0, metrics.height() + 3.0
        return QRectF(left, 5.0, max(1.0, self.width() - left - 6.0), max(1.0, self.height() - bottom - 8.0))

    @staticmethod
    def x_of(rect: QRectF, hz: float) -> float:
        """Return the pixel of a frequency."""
        return rect.left() + rect.width() * math.log(hz / LOW_HZ) / math.log(HIGH_HZ / LOW_HZ)

    @staticmethod
    def y_of(rect: QRectF, db: float) -> float:
        """Return the pixel of a level; what is below the floor lies on it."""
        return rect.bottom() - rect.height() * min(max(1.0 - db / FLOOR_DB, 0.0), 1.0)

    def band_at(self, x: float) -> int | None:
        """Return the index of the band at a pixel."""
        rect = self.plot_rect()
        at = math.floor((x - rect.left()) * len(BANDS) / rect.width())
        return at if 0 <= at < len(BANDS) else None

    # --- painting ---

    def paintEvent(self, _event: QPaintEvent) -> None:
        rect = self.plot_rect()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._ground.picture(self, self._draw_ground))
        self._paint_bars(painter, rect)
        self._paint_curve(painter, rect)
        if self._caption:
            self._paint_caption(painter, rect)
        if self.hasFocus():
            painter.setPen(QColor(theme.ACCENT))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _paint_bars(self, painter: QPainter, rect: QRectF) -> None:
        levels, width = self.levels, rect.width() / len(BANDS)
        lefts = rect.left() + GAP_PX / 2.0 + width * np.arange(len(BANDS))
        wide = max(1.0, width - GAP_PX)
        bar = QColor(theme.ACCENT)
        bar.setAlpha(BAR_ALPHA)
        bottom = rect.bottom()
        painter.setPen(Qt.PenStyle.NoPen)
        # One call for all bars of a colour: a call each takes as long as painting it.
        tops = self._ys(rect, levels.bands_db)
        bars = [QRectF(x, y, wide, bottom - y) for x, y in zip(lefts.tolist(), tops.tolist(), strict=True)]
        painter.setBrush(bar)
        painter.drawRects(bars)
        if self.band is not None:
            painter.fillRect(bars[self.band], QColor(theme.ACCENT))
        for db, colour, height in (
            (levels.average_db, theme.DIM, MARK_PX),
            (levels.held_db, theme.TEXT, MARK_PX / 2.0),
        ):
            seen = db > FLOOR_DB
            places = zip(lefts[seen].tolist(), self._ys(rect, db[seen]).tolist(), strict=True)
            painter.setBrush(QColor(colour))
            painter.drawRects([QRectF(x, y, wide, height) for x, y in places])

    @staticmethod
    def _ys(rect: QRectF, db: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """Return the pixels of levels, as ``y_of`` does; whole ones, as they are drawn without smoothing."""
        share = np.clip(1.0 - db.astype(np.float64) / FLOOR_DB, 0.0, 1.0)
        ys: npt.NDArray[np.float64] = np.round(rect.bottom() - rect.height() * share)
        return ys

    def _paint_curve(self, painter: QPainter, rect: QRectF) -> None:
        db = np.clip(self.levels.curve_db, FLOOR_DB, 0.0)
        if not (db > FLOOR_DB).any():
            return
        xs = rect.left() + rect.width() * np.log(CURVE_HZ / LOW_HZ) / math.log(HIGH_HZ / LOW_HZ)
        ys = rect.bottom() - rect.height() * (1.0 - db / FLOOR_DB)
        inside = (xs >= rect.left()) & (xs <= rect.right())
        points = list(map(QPointF, xs[inside].tolist(), ys[inside].tolist()))
        painter.setPen(QPen(QColor(theme.ACCENT_HOVER), 1.0))
        painter.drawPolyline(QPolygonF(points))

    def set_caption(self, text: str) -> None:
        """Write a line at the top of the plot, or none."""
        if text != self._caption:
            self._caption = text
            self.update()

    def _paint_caption(self, painter: QPainter, rect: QRectF) -> None:
        font = theme.scaled_font(CAPTION_PT, self.font())
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        text = metrics.elidedText(self._caption, Qt.TextElideMode.ElideRight, rect.width() - 8.0)
        width = metrics.horizontalAdvance(text) + 8.0
        place = QRectF(rect.right() - width, rect.top(), width, metrics.height())
        ground = QColor(theme.PANEL)
        ground.setAlpha(GROUND_ALPHA)
        painter.fillRect(place, ground)
        painter.setPen(QColor(theme.TEXT))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    def _draw_ground(self, painter: QPainter) -> None:
        """Draw the grid and the scales."""
        rect = self.plot_rect()
        font = theme.scaled_font(SCALE_PT, self.font())
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        free = -math.inf
        for db in range(0, round(FLOOR_DB) - 1, -STEP_DB):
            y = round(self.y_of(rect, db)) + 0.5
            painter.setPen(QColor(theme.LINE))
            painter.drawLine(QPointF(rect.left(), y), QPointF(rect.right(), y))
            if y - metrics.height() / 2 < free:
                continue
            painter.setPen(QColor(theme.DIM))
            place = QRectF(0, y - metrics.height() / 2, rect.left() - 4, metrics.height())
            align = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(place, align, f"−{-db}" if db else "0")
            free = y + metrics.height() / 2
        painter.setPen(QColor(theme.DIM))
        for x, name in self.axis_names(rect, metrics):
            width = metrics.horizontalAdvance(name)
            place = QRectF(x - width / 2, rect.bottom() + 2, width + 1, metrics.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, name)

    def axis_names(self, rect: QRectF, metrics: QFontMetricsF) -> list[tuple[float, str]]:
        """Return the names on the axis, each with the pixel of its middle: as many octaves as fit, evenly spaced."""
        places = {name: rect.left() + (i + 0.5) * rect.width() / len(BANDS) for i, (_, name) in enumerate(BANDS)}
        named: list[tuple[float, str]] = []
        for every in range(1, len(LABELLED) + 1):
            named = [(places[name], band_name(name)) for name in LABELLED[::every]]
            halves = [metrics.horizontalAdvance(name) / 2 for _, name in named]
            edges = [(x - half, x + half) for (x, _), half in zip(named, halves, strict=True)]
            if all(right + LABEL_GAP_PX <= left for (_, right), (left, _) in itertools.pairwise(edges)):
                break
        return [(x, name) for x, name in named if x + metrics.horizontalAdvance(name) / 2 <= self.width()]

    # --- pointing ---

    def point_at(self, band: int | None) -> None:
        """Point at a band of ``BANDS``, or at none."""
        if band != self.band:
            self.band = band
            self.update()
            self.pointed.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.point_at(self.band_at(event.position().x()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.point_at(None)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.point_at(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()), 0)
        if step:
            loudest = int(self.levels.bands_db.argmax())
            self.point_at(loudest if self.band is None else min(max(self.band + step, 0), len(BANDS) - 1))
        elif event.key() == Qt.Key.Key_Escape and self.band is not None:
            self.point_at(None)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        super().keyReleaseEvent(event)
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and not event.isAutoRepeat():
            announce(self, self.accessibleDescription())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.update()
