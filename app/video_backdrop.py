# SPDX-License-Identifier: GPL-3.0-or-later
"""This module paints what lies behind the waveform of a video: a title on a plain ground."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QGuiApplication, QImage, QPainter

from engine.recording.video import BACKGROUND

if TYPE_CHECKING:
    from engine.values import ByteArray

_TITLE_SHARE = 0.055
_TOP_SHARE = 0.09
_MARGIN_SHARE = 0.06
_LEAST_PX = 12


def backdrop(size: tuple[int, int], title: str) -> ByteArray:
    """Return a picture with a title, uint8, ``(height, width, 3)``; a title that is too long is cut."""
    width, height = size
    if QGuiApplication.instance() is None:
        _without_a_screen()
    image = QImage(width, height, QImage.Format.Format_RGB888)
    image.fill(QColor(*BACKGROUND))
    margin = round(_MARGIN_SHARE * width)
    painter = QPainter(image)
    try:
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        font = QFont()
        font.setPixelSize(max(_LEAST_PX, round(_TITLE_SHARE * min(width, height))))
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(240, 240, 240))
        text = QFontMetrics(font).elidedText(title, Qt.TextElideMode.ElideRight, width - 2 * margin)
        place = QRect(margin, round(_TOP_SHARE * height), width - 2 * margin, QFontMetrics(font).height())
        painter.drawText(place, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter, text)
    finally:
        painter.end()
    rows = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(height, image.bytesPerLine())
    picture: ByteArray = rows[:, : 3 * width].reshape(height, width, 3).copy()
    return picture


@cache
def _without_a_screen() -> QGuiApplication:
    """Return an application, for which alone Qt has fonts: it is kept, as there is one for the process."""
    return QGuiApplication(["infiniloop", "-platform", "offscreen"])
