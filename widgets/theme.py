# SPDX-License-Identifier: GPL-3.0-or-later
"""The theme in use: colours, text sizes, the palette and pyqtgraph's settings, calm, with one accent.

The themes themselves are in ``colours.py``, which tells how to add one, or a colour.
"""

from __future__ import annotations

from dataclasses import dataclass
from string import Template
from typing import Final

import pyqtgraph as pg
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF, QGuiApplication, QPalette

from engine.values.options import DARK
from widgets.colours import THEMES, Colours

# The colours in use, as ``use`` sets them. Read them when painting, as ``theme.PANEL``: a copy does not follow.
BACKGROUND = THEMES[DARK].background
PANEL = THEMES[DARK].panel
FIELD = THEMES[DARK].field
HOVER = THEMES[DARK].hover
LINE = THEMES[DARK].line
EDGE = THEMES[DARK].edge
TEXT = THEMES[DARK].text
DIM = THEMES[DARK].dim
DISABLED = THEMES[DARK].disabled
ACCENT = THEMES[DARK].accent
ACCENT_HOVER = THEMES[DARK].accent_hover
ACCENT_PRESSED = THEMES[DARK].accent_pressed
ACCENT_TINT = THEMES[DARK].accent_tint
ON_ACCENT = THEMES[DARK].on_accent
WARNING = THEMES[DARK].warning
WAVE_OUTSIDE = THEMES[DARK].wave_outside
PLAYHEAD = THEMES[DARK].playhead


@dataclass(slots=True)
class _Look:
    """How everything is painted now."""

    colours: Colours
    text_size: float
    is_still: bool


_look = _Look(THEMES[DARK], 1.0, is_still=False)


def use(colours: Colours, *, text_size: float = 1.0, is_still: bool = False) -> None:
    """Have everything painted like this from now on.

    Parameters
    ----------
    text_size
        How much larger than the desktop asks for all text is to be, at least 1.
    is_still
        Whether as little as possible is to move.
    """
    _look.colours, _look.text_size, _look.is_still = colours, text_size, is_still
    globals().update({name.upper(): value for name, value in colours.as_dict().items()})


def is_still() -> bool:
    """Return whether as little as possible is to move: see ``STILL_INTERVAL_S``."""
    return _look.is_still


def text_size() -> float:
    """Return how much larger than the desktop asks for all text is."""
    return _look.text_size


BLINK_MS: Final = 1000
"""Milliseconds in which a text cursor that blinks is there and gone."""
STILL_INTERVAL_S: Final = 0.5
"""Seconds between two movements of a playhead or a meter where as little as possible is to move."""

TEXT_PT: Final = 10.0
"""Size of the studio's text where the desktop asks for no larger one, points."""
SIZES_PT: Final[dict[str, float]] = {
    "text_size": TEXT_PT,
    "small_size": 9.0,
    "start_size": 11.0,
    "prompt_size": 12.0,
    "heading_size": 14.0,
    "counter_size": 22.0,
}
"""Text sizes of the style sheet at a scale of 1, points."""
LINE_PX: Final = 16.0
"""Height of a line of ``TEXT_PT`` as the style sheet was designed, pixels."""
LINES: Final = (16, 18, 20, 26)
"""Least heights in the style sheet of what holds a line of text, pixels as designed; there they read ``$line_16``."""
MOST_TEXT_SCALE: Final = 2.5
"""Largest text scale: beyond it even one panel would not fit a screen."""


def text_scale() -> float:
    """Return how much larger than designed all text is, at least 1, as the desktop's font and the person ask."""
    wished_pt = QFontInfo(QGuiApplication.font()).pointSizeF()
    return min(max(wished_pt / TEXT_PT, 1.0) * _look.text_size, MOST_TEXT_SCALE)


def scaled_font(size_pt: float, base: QFont | None = None) -> QFont:
    """Return a font for what is painted by hand, of this size at a text scale of 1."""
    font = QFont() if base is None else QFont(base)
    font.setPointSizeF(size_pt * text_scale())
    return font


def line_scale() -> float:
    """Return how much higher than designed a line of text is, at least 1: by its size and the screen's resolution."""
    return max(QFontMetricsF(scaled_font(TEXT_PT)).height() / LINE_PX, 1.0)


def style_sheet(template: str, folder: str, scale: float = 1.0, lines: float = 1.0) -> str:
    """Return the style sheet with its ``$colour`` names and text sizes filled in.

    Parameters
    ----------
    template
        Text of a ``.qss`` file.
    folder
        Where that file lies, with forward slashes: beside it the icons, whose folder fills ``$icons``.
    scale
        How much larger than designed text is to be: see ``text_scale``.
    lines
        How much higher than designed what holds a line of text is to be: see ``line_scale``.

    Raises
    ------
    KeyError
        For a ``$name`` that is no colour.
    """
    sizes = {name: f"{size_pt * scale:.4g}pt" for name, size_pt in SIZES_PT.items()}
    heights = {f"line_{height_px}": f"{round(height_px * lines)}px" for height_px in LINES}
    icons = f"{folder}/icons_light" if _look.colours.is_light else f"{folder}/icons"
    return Template(template).substitute(_look.colours.as_dict(), **sizes, **heights, icons=icons)


def palette() -> QPalette:
    """Return a palette of the same colours for what the style sheet does not reach."""
    role = QPalette.ColorRole
    out = QPalette()
    for which, colour in {
        role.Window: BACKGROUND,
        role.WindowText: TEXT,
        role.Base: FIELD,
        role.AlternateBase: PANEL,
        role.Text: TEXT,
        role.PlaceholderText: DIM,
        role.Button: FIELD,
        role.ButtonText: TEXT,
        role.BrightText: WARNING,
        role.ToolTipBase: FIELD,
        role.ToolTipText: TEXT,
        role.Highlight: ACCENT_TINT,
        role.HighlightedText: TEXT,
        role.Link: ACCENT,
        role.LinkVisited: ACCENT,
        role.Accent: ACCENT,
        role.Light: HOVER,
        role.Midlight: LINE,
        role.Mid: LINE,
        role.Dark: BACKGROUND,
        role.Shadow: BACKGROUND,
    }.items():
        out.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        out.setColor(QPalette.ColorGroup.Disabled, which, QColor(DISABLED))
    return out


def configure_pyqtgraph() -> None:
    """Set pyqtgraph's global options. Panels ask for antialiasing themselves where it pays."""
    pg.setConfigOptions(imageAxisOrder="row-major", antialias=False, background=PANEL, foreground=DIM)
