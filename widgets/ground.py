# SPDX-License-Identifier: GPL-3.0-or-later
"""The ground of a widget that is painted often is what never moves in it: grid and scales, kept as a picture."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from widgets import theme


class Ground:
    """The ground is drawn anew when the widget's size, its screen, its text or the theme is another.

    It knows its widget while it is asked only: a widget that held what holds it would be left to Python's collector.
    """

    def __init__(self) -> None:
        self._picture = QPixmap()
        self._drawn_for: tuple[object, ...] = ()

    def picture(self, widget: QWidget, draw: Callable[[QPainter], None]) -> QPixmap:
        """Return the picture, in the size of the widget; ``draw`` draws over the colour of a panel."""
        ratio = widget.devicePixelRatioF()
        now = (widget.size().toTuple(), ratio, widget.font().key(), theme.PANEL, theme.LINE, theme.EDGE, theme.DIM)
        if now != self._drawn_for:
            self._picture = QPixmap(widget.size() * ratio)
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(QColor(theme.PANEL))
            painter = QPainter(self._picture)
            draw(painter)
            painter.end()
            self._drawn_for = now
        return self._picture
