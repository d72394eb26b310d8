# SPDX-License-Identifier: GPL-3.0-or-later
"""The visualiser's words say what plays and which keys there are; they come when they are asked for, and fade."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPixmap

from widgets import theme

STAY_S: Final = 4.0
"""Seconds that the words stay after they were last asked for."""
COME_S, GO_S = 0.25, 1.2
"""Seconds in which they come and go."""
MARGIN: Final = 0.045
"""Room to the picture's edges, as a share of its shorter side."""
TITLE, NOTICE, LINE = 0.031, 0.024, 0.0185
"""Heights of the letters of the title, of a notice and of the rest, as shares of the picture's shorter side."""
LEAST_PX: Final = 13.0
"""Height of the smallest letters, pixels, before they are made larger as the person asks."""
WIDEST: Final = 0.36
"""Width of the words, as a share of a picture that is wider than high."""
PLATE_ALPHA: Final = 225
"""Opacity of the ground under words that stand over the picture, of 255."""

Told = tuple[str, QFont, str]
"""A text, its font and its colour."""


class VisualWords:
    """The words of the visualiser.

    Attributes
    ----------
    title, lines
        What plays.
    hints
        The keys, in the other corner.
    notice
        A sentence in the middle, which stays; "" is none.
    stays
        Whether the words stay until this is set otherwise.
    opacity
        In [0, 1].
    """

    def __init__(self) -> None:
        self.title = ""
        self.lines: tuple[str, ...] = ()
        self.hints: tuple[str, ...] = ()
        self.notice: tuple[str, ...] = ()
        self.stays = False
        self.opacity = 0.0
        self._left_s = 0.0
        self._strip = QPixmap()
        self._strip_key: tuple[object, ...] = ()

    def ask(self) -> None:
        """Have the words come, and stay for a while."""
        self._left_s = STAY_S

    @property
    def are_wanted(self) -> bool:
        """Return whether the words are to be seen now."""
        return self.stays or self._left_s > 0.0

    def is_at_rest(self) -> bool:
        """Return whether the words neither come nor go, nor are about to."""
        return self.opacity == 1.0 if self.stays else self._left_s <= 0.0 and self.opacity == 0.0

    def advance(self, seconds: float) -> bool:
        """Move by ``seconds``; return whether they are to be painted anew."""
        before = self.opacity
        step = seconds / COME_S if self.are_wanted else -seconds / GO_S
        self.opacity = min(max(self.opacity + step, 0.0), 1.0)
        if theme.is_still():
            self.opacity = float(self.are_wanted)
        self._left_s = max(self._left_s - seconds, 0.0)
        return self.opacity != before

    def region(self, rect: QRectF) -> QRectF:
        """Return the strip of the picture in which the words stand."""
        height = self._corner_height(rect) + _margin(rect) + 4.0
        return QRectF(rect.left(), rect.bottom() - height, rect.width(), height)

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        """Paint the words into the picture at ``rect``."""
        if self.notice:
            self._paint_notice(painter, rect)
        if self.opacity > 0.0:
            painter.setOpacity(self.opacity)
            painter.drawPixmap(self.region(rect).topLeft(), self._drawn(rect, painter.device().devicePixelRatioF()))
            painter.setOpacity(1.0)

    def _drawn(self, rect: QRectF, ratio: float) -> QPixmap:
        """Return the words on nothing, drawn anew when they, the size, the text or the theme are others."""
        size = rect.size().toTuple(), ratio, theme.text_scale(), QFont().key()
        key = (self.title, self.lines, self.hints, theme.TEXT, theme.DIM, *size)
        if key == self._strip_key:
            return self._strip
        strip = self.region(rect)
        self._strip_key, self._strip = key, QPixmap((strip.size() * ratio).toSize())
        self._strip.setDevicePixelRatio(ratio)
        self._strip.fill(Qt.GlobalColor.transparent)
        painter = QPainter(self._strip)
        painter.translate(-strip.topLeft())
        self._write_corners(painter, rect)
        painter.end()
        return self._strip

    def _write_corners(self, painter: QPainter, rect: QRectF) -> None:
        margin = _margin(rect)
        width = (WIDEST if rect.width() > 1.2 * rect.height() else 0.5) * rect.width() - margin
        y = rect.bottom() - margin
        for told in reversed(self._told(rect)):
            y -= QFontMetricsF(told[1]).height()
            _write(painter, told, QRectF(rect.left() + margin, y, width, 0.0), Qt.AlignmentFlag.AlignLeft)
        y = rect.bottom() - margin
        font = _font(LINE, rect)
        for text in reversed(self.hints):
            y -= QFontMetricsF(font).height()
            place = QRectF(rect.right() - margin - width, y, width, 0.0)
            _write(painter, (text, font, theme.DIM), place, Qt.AlignmentFlag.AlignRight)

    def _told(self, rect: QRectF) -> list[Told]:
        told = [(self.title, _font(TITLE, rect), theme.TEXT)] if self.title else []
        return told + [(one, _font(LINE, rect), theme.DIM) for one in self.lines if one]

    def _corner_height(self, rect: QRectF) -> float:
        told = sum(QFontMetricsF(font).height() for _, font, _ in self._told(rect))
        return max(told, len(self.hints) * QFontMetricsF(_font(LINE, rect)).height())

    def _paint_notice(self, painter: QPainter, rect: QRectF) -> None:
        fonts = [_font(NOTICE if at == 0 else LINE, rect) for at in range(len(self.notice))]
        metrics = [QFontMetricsF(font) for font in fonts]
        widest = max(one.horizontalAdvance(text) for one, text in zip(metrics, self.notice, strict=True))
        size = QSizeF(min(widest + 24.0, rect.width() - 16.0), sum(1.25 * one.height() for one in metrics) + 16.0)
        plate = QRectF(rect.center() - QPointF(size.width() / 2.0, size.height() / 2.0), size)
        ground = QColor(theme.BACKGROUND)
        ground.setAlpha(PLATE_ALPHA)
        painter.fillRect(plate, ground)
        y = plate.top() + 8.0
        for at, (text, font, one) in enumerate(zip(self.notice, fonts, metrics, strict=True)):
            place = QRectF(plate.left() + 8.0, y, plate.width() - 16.0, 0.0)
            told = text, font, theme.TEXT if at == 0 else theme.DIM
            _write(painter, told, place, Qt.AlignmentFlag.AlignHCenter)
            y += 1.25 * one.height()


def _margin(rect: QRectF) -> float:
    return MARGIN * min(rect.width(), rect.height())


def _font(height: float, rect: QRectF) -> QFont:
    font = QFont()
    least = LEAST_PX * height / LINE
    font.setPixelSize(round(max(height * min(rect.width(), rect.height()), least) * theme.text_scale()))
    return font


def _write(painter: QPainter, told: Told, place: QRectF, align: Qt.AlignmentFlag) -> None:
    text, font, colour = told
    metrics = QFontMetricsF(font)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, place.width())
    painter.setFont(font)
    painter.setPen(QColor(colour))
    box = QRectF(place.left(), place.top(), place.width(), metrics.height())
    painter.drawText(box, align | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)
