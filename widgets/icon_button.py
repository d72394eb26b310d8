# SPDX-License-Identifier: GPL-3.0-or-later
"""This module has widgets that show an icon of the studio, and draw it anew when the theme changes."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QWidget

from widgets import icons, theme


class IconButton(QPushButton):
    """An icon button is as large as its icon and words need."""

    _icon_names = "", ""
    _drawn: tuple[object, ...] = ()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setIconSize(QSize(icons.SIDE_PX, icons.SIDE_PX))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_icon(self, name: str, *, on: str = "") -> None:
        """Show the icon ``name``; where the button is checked, ``on`` (the same when "")."""
        if (name, on) != self._icon_names:
            self._icon_names = name, on
            self._draw()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.DevicePixelRatioChange:
            # It came to a screen that may not have been there when it was drawn.
            self._draw()
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._draw()

    def _draw(self) -> None:
        name, on = self._icon_names
        # A style changes often while a window is built, its colours seldom.
        drawn = name, on, theme.TEXT, theme.ACCENT, theme.EDGE, icons.scales()
        if name and drawn != self._drawn:
            self._drawn = drawn
            self.setIcon(icons.icon(name, on=on))


class HeartLabel(QLabel):
    """A heart label shows the heart of a favourite."""

    _drawn: tuple[str, float] | None = None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Favourite"))
        self.setToolTip(self.tr("Favourite"))
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._draw()

    def _draw(self) -> None:
        drawn = theme.ACCENT, self.devicePixelRatioF()
        if drawn != self._drawn:
            self._drawn = drawn
            self.setPixmap(icons.drawn("favourite_on", *drawn))
