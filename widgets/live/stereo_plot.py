# SPDX-License-Identifier: GPL-3.0-or-later
"""The stereo plot paints a goniometer, and the correlation of the channels as a mark between −1 and 1 below it."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QColor, QFont, QFontMetricsF, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.values import ByteArray
from widgets import theme
from widgets.ground import Ground

SCALE_PT: Final = 7.5
BAR_PX: Final = 6.0
"""Height of the bar on which the correlation stands, pixels."""
MARK_PX: Final = 4.0
FADE: Final = 0.8
"""Share of its brightness that is left of the picture a frame after nothing is heard any more."""


class StereoPlot(QWidget):
    """The stereo plot shows where the last samples lay: mono upright, left to the left, out of phase across."""

    spoken = QAccessible.Role.Chart

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.correlation: float | None = None
        self._picture: ByteArray | None = None
        self._ground = Ground()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(130, 150)

    def minimumSizeHint(self) -> QSize:
        return QSize(64, 72)

    def show_stereo(self, picture: ByteArray | None, correlation: float | None) -> None:
        """Take a reading's stereo image, to be painted with the next update; without one, what was shown fades."""
        if picture is None and self._picture is not None:
            picture = (self._picture * np.float32(FADE)).astype(np.uint8)
            if not picture.any():
                picture = None
        self._picture, self.correlation = picture, correlation

    def is_at_rest(self) -> bool:
        """Return whether nothing fades any more."""
        return self._picture is None

    def paintEvent(self, _event: QPaintEvent) -> None:
        square, bar = self._places()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._ground.picture(self, self._draw_ground))
        self._paint_image(painter, square)
        if self.correlation is not None:
            x = bar.center().x() + self.correlation * (bar.width() - MARK_PX) / 2.0
            colour = QColor(theme.ACCENT if self.correlation >= 0.0 else theme.WARNING)
            painter.fillRect(QRectF(x - MARK_PX / 2.0, bar.top() - 1.0, MARK_PX, bar.height() + 2.0), colour)
        painter.end()

    def _font(self) -> QFont:
        return theme.scaled_font(SCALE_PT, self.font())

    def _places(self) -> tuple[QRectF, QRectF]:
        """Return where the picture and the bar below it stand."""
        metrics = QFontMetricsF(self._font())
        below = BAR_PX + metrics.height() + 8.0
        side = max(10.0, min(self.width() - 8.0, self.height() - below - 6.0))
        square = QRectF((self.width() - side) / 2.0, 4.0, side, side)
        return square, QRectF(square.left(), square.bottom() + 6.0, side, BAR_PX)

    def _draw_ground(self, painter: QPainter) -> None:
        square, bar = self._places()
        painter.setFont(self._font())
        self._paint_frame(painter, square, QFontMetricsF(self._font()))
        self._paint_scale(painter, bar, QFontMetricsF(self._font()))

    def _paint_image(self, painter: QPainter, square: QRectF) -> None:
        if self._picture is None:
            return
        colour = QColor(theme.ACCENT).rgb() & 0xFFFFFF
        height, width = self._picture.shape
        argb = (self._picture.astype(np.uint32) << np.uint32(24)) | np.uint32(colour)
        image = QImage(argb.data, width, height, 4 * width, QImage.Format.Format_ARGB32)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(square, image)

    @staticmethod
    def _paint_frame(painter: QPainter, square: QRectF, metrics: QFontMetricsF) -> None:
        """Draw the diamond that full channels reach, its axes, and where left and right are."""
        middle, half = square.center(), square.width() / 2.0
        painter.setPen(QPen(QColor(theme.EDGE), 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        corners = [QPointF(middle.x() + x * half, middle.y() + y * half) for x, y in ((0, -1), (1, 0), (0, 1), (-1, 0))]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPolygon(corners)
        painter.setPen(QPen(QColor(theme.LINE), 1.0))
        painter.drawLine(corners[0], corners[2])
        painter.drawLine(corners[1], corners[3])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QColor(theme.DIM))
        quarter = half / 2.0
        for name, x in (("L", middle.x() - quarter - 8.0), ("R", middle.x() + quarter + 8.0)):
            width = metrics.horizontalAdvance(name)
            place = QRectF(x - width / 2, middle.y() - quarter - metrics.height() - 1.0, width + 1, metrics.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, name)

    @staticmethod
    def _paint_scale(painter: QPainter, bar: QRectF, metrics: QFontMetricsF) -> None:
        """Draw the bar on which the correlation stands, and what its ends mean."""
        painter.fillRect(bar, QColor(theme.HOVER))
        painter.fillRect(QRectF(bar.center().x() - 0.5, bar.top(), 1.0, bar.height()), QColor(theme.EDGE))
        painter.setPen(QColor(theme.DIM))
        for value, text in ((-1.0, "−1"), (0.0, "0"), (1.0, "+1")):
            width = metrics.horizontalAdvance(text)
            x = bar.center().x() + value * (bar.width() - width) / 2.0 - width / 2.0
            place = QRectF(x, bar.bottom() + 1.0, width + 1, metrics.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
