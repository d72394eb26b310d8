# SPDX-License-Identifier: GPL-3.0-or-later
"""This module writes and reads the text that settings keep of the full window's layout."""

from __future__ import annotations

import re
from dataclasses import dataclass

from PySide6.QtCore import QSize

STATE_GAP = ";"
"""Separator between the parts of a layout's text; base64 has no such letter."""
_SIZE = re.compile(r"([1-9]\d{0,4})x([1-9]\d{0,4})")


@dataclass(frozen=True, slots=True)
class LayoutText:
    """A layout's text has how docks and pictures stand, which panels are shown, and the size it was arranged for.

    Attributes
    ----------
    docks, pictures
        What Qt saved of them, as text; "" is as they come.
    shown
        The names of panels; None in older texts: all were.
    size
        Of the window in which every panel is where the layout has it; None where something was moved by hand since.
    """

    docks: str
    pictures: str
    shown: tuple[str, ...] | None
    size: QSize | None

    def __str__(self) -> str:
        size = "" if self.size is None else f"{self.size.width()}x{self.size.height()}"
        return STATE_GAP.join((self.docks, self.pictures, ",".join(self.shown or ()), size))


def layout_text(text: str) -> LayoutText:
    """Return the parts of a layout's text; what is missing there is as it comes."""
    docks, pictures, shown, size = (*text.split(STATE_GAP, 3), "", "", "", "")[:4]
    found = _SIZE.fullmatch(size)
    return LayoutText(
        docks,
        pictures,
        tuple(shown.split(",")) if text.count(STATE_GAP) > 1 else None,
        QSize(int(found[1]), int(found[2])) if found else None,
    )
