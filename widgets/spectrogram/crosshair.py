# SPDX-License-Identifier: GPL-3.0-or-later
"""The crosshair is painted over a spectrogram at the cursor, with the partials of that moment marked and named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from widgets import theme

LINE_ALPHA: Final = 150
"""Opacity of the lines, of 255."""
HALO_ALPHA: Final = 110
"""Opacity of the outline on both sides of the lines, of 255."""
GROUND_ALPHA: Final = 200
"""Opacity of the ground under a mark's name, of 255."""
MARK_PX: Final = 3.0
"""Half the width of a partial's mark, pixels."""
NAME_PT: Final = 8.5
"""Size of the names at a text scale of 1, points, as that of the axes."""
ROOM_PX: Final = 3.0
GAP_PX: Final = 8.0
"""Distance in pixels of a name from the upright line."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark is a pixel height on the upright line, and what is written beside it."""

    y: float
    text: str


def placed(marks: tuple[Mark, ...], height: float, plot: QRectF) -> list[tuple[float, str]]:
    """Return the tops of the names that have room, pixels, the first marks first: no name covers another."""
    out: list[tuple[float, str]] = []
    for mark in marks:
        top = min(max(mark.y - height / 2.0, plot.top()), plot.bottom() - height)
        if all(abs(top - other) >= height for other, _ in out):
            out.append((top, mark.text))
    return out


def paint_crosshair(painter: QPainter, plot: QRectF, at: QPointF, marks: tuple[Mark, ...], base: QFont) -> None:
    """Paint a crosshair at ``at`` within ``plot``, logical pixels, and the marks on its upright line."""
    painter.save()
    painter.setClipRect(plot, Qt.ClipOperation.IntersectClip)
    x, y = round(at.x()) + 0.5, round(at.y()) + 0.5
    # Seen on whatever is under it: a picture may be as dark or as light as the lines.
    for colour, alpha, width in ((theme.PANEL, HALO_ALPHA, 3.0), (theme.PLAYHEAD, LINE_ALPHA, 1.0)):
        line = QColor(colour)
        line.setAlpha(alpha)
        painter.fillRect(QRectF(x - width / 2.0, plot.top(), width, plot.height()), line)
        painter.fillRect(QRectF(plot.left(), y - width / 2.0, plot.width(), width), line)
    font = theme.scaled_font(NAME_PT, base)
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.PANEL), 1))
    painter.setBrush(QColor(theme.PLAYHEAD))
    for mark in marks:
        painter.drawEllipse(QPointF(x, mark.y), MARK_PX, MARK_PX)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    ground = QColor(theme.PANEL)
    ground.setAlpha(GROUND_ALPHA)
    widest = max((metrics.horizontalAdvance(mark.text) for mark in marks), default=0.0) + 2.0 * ROOM_PX
    # All on one side: at the right, unless the plot ends there.
    on_left = x + GAP_PX + widest > plot.right()
    for top, text in placed(marks, metrics.height(), plot):
        width = metrics.horizontalAdvance(text) + 2.0 * ROOM_PX
        place = QRectF(x - GAP_PX - width if on_left else x + GAP_PX, top, width, metrics.height())
        painter.fillRect(place, ground)
        painter.setPen(QColor(theme.TEXT))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()
