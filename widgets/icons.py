# SPDX-License-Identifier: GPL-3.0-or-later
"""This module makes icons in the theme's colours from SVG files whose ``currentColor`` is filled in.

To add one: a 16×16 SVG in ``resources/themes/icons`` that draws with ``currentColor``.
"""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, QDir, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from widgets import theme

SIDE_PX: Final = 16
_PREFIX: Final = "icons"


def look_in(folder: str) -> None:
    """Take icons from ``folder`` from now on, for every widget made after this."""
    QDir.setSearchPaths(_PREFIX, [folder])


def icon(name: str, *, on: str = "") -> QIcon:
    """Return the icon ``name``; where its button is checked, ``on`` (the same when "") in the accent.

    It has the colours of the theme in use, and the sizes of the screens there are: ``IconButton`` draws it anew when
    these change. Empty where nobody said where icons are: a widget that is shown by itself is then without.
    """
    out = QIcon()
    for state, which, colour in (
        (QIcon.State.Off, name, theme.TEXT),
        (QIcon.State.On, on or name, theme.ACCENT),
    ):
        for pixmap in _drawn(which, colour):
            out.addPixmap(pixmap, QIcon.Mode.Normal, state)
        for pixmap in _drawn(which, theme.EDGE):
            out.addPixmap(pixmap, QIcon.Mode.Disabled, state)
    return out


def drawn(name: str, colour: str, scale: float) -> QPixmap:
    """Return the icon ``name`` in one colour, ``SIDE_PX`` wide, for a screen of ``scale`` device pixels to a pixel."""
    pixmap = QPixmap(round(SIDE_PX * scale), round(SIDE_PX * scale))
    pixmap.fill(Qt.GlobalColor.transparent)
    found = QDir.searchPaths(_PREFIX)
    if found:
        painter = QPainter(pixmap)
        QSvgRenderer(QByteArray(_source(found[0], name).replace("currentColor", colour).encode())).render(painter)
        painter.end()
    pixmap.setDevicePixelRatio(scale)
    return pixmap


@cache
def _source(folder: str, name: str) -> str:
    return (Path(folder) / f"{name}.svg").read_text(encoding="utf-8")


def scales() -> tuple[int, ...]:
    """Return the device pixels to a pixel that icons are drawn for: those of the screens there are, the least first."""
    return tuple(sorted({1, *(math.ceil(one.devicePixelRatio()) for one in QGuiApplication.screens())}))


def _drawn(name: str, colour: str) -> list[QPixmap]:
    return [drawn(name, colour, scale) for scale in scales()]
