# SPDX-License-Identifier: GPL-3.0-or-later
"""This module has widgets that show an icon of the studio, and draw it anew when the theme changes."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QWidget

from widgets import icons, theme


class IconButton(QPushButton):
    """An icon button is as large as its icon and words need."""

    _icon_names = "", ""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setIconSize(QSize(icons.SIDE_PX, icons.SIDE_PX))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_icon(self, name: str, *, on: str = "") -> None:
        """Show the icon ``name``; where the button is checked, ``on`` (the same when "")."""
        if (name, on) != self._icon_names:
            self._icon_names = name, on
            self._draw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._draw()

    def _draw(self) -> None:
        name, on = self._icon_names
        if name:
            self.setIcon(icons.icon(name, on=on))


class HeartLabel(QLabel):
    """A heart label shows the heart of a favourite."""

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
        self.setPixmap(icons.drawn("favourite_on", theme.ACCENT, self.devicePixelRatioF()))
