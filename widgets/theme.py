# SPDX-License-Identifier: GPL-3.0-or-later
"""The theme is the one place for colours, text sizes, the palette and pyqtgraph's settings: dark, calm, one accent.

To add a colour: a constant here, its name in ``COLOURS``, and in a style sheet write it as ``$name``.
"""

from __future__ import annotations

from string import Template
from typing import Final

import pyqtgraph as pg
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF, QGuiApplication, QPalette

BACKGROUND: Final = "#0d0f11"
PANEL: Final = "#14181a"
FIELD: Final = "#1b2023"
"""Colour of what can be typed into or pressed."""
HOVER: Final = "#252c30"
LINE: Final = "#22282c"
EDGE: Final = "#6a757b"
"""Colour of outlines that tell where a control is (3:1 on the panel, as WCAG 1.4.11 asks)."""
TEXT: Final = "#e3e8ea"
DIM: Final = "#98a3a9"
"""Colour of labels and captions."""
DISABLED: Final = "#7f8a90"
ACCENT: Final = "#00ff88"
ACCENT_HOVER: Final = "#4dffae"
ACCENT_PRESSED: Final = "#00d674"
ACCENT_TINT: Final = "#12301f"
"""Accent laid thinly over a panel, for selections and the loop region's ground."""
ON_ACCENT: Final = "#04150c"
"""Colour of text on the accent."""
WARNING: Final = "#ffb454"
"""Warning colour, always beside words, never instead of them."""
WAVE_OUTSIDE: Final = "#5b666c"
PLAYHEAD: Final = "#ffffff"

COLOURS: Final[dict[str, str]] = {
    "background": BACKGROUND,
    "panel": PANEL,
    "field": FIELD,
    "hover": HOVER,
    "line": LINE,
    "edge": EDGE,
    "text": TEXT,
    "dim": DIM,
    "disabled": DISABLED,
    "accent": ACCENT,
    "accent_hover": ACCENT_HOVER,
    "accent_pressed": ACCENT_PRESSED,
    "accent_tint": ACCENT_TINT,
    "on_accent": ON_ACCENT,
    "warning": WARNING,
}

TEXT_PAIRS: Final[tuple[tuple[str, str], ...]] = (
    *((ink, ground) for ink in (TEXT, DIM, WARNING, ACCENT) for ground in (BACKGROUND, PANEL, FIELD)),
    *((DISABLED, ground) for ground in (BACKGROUND, PANEL, FIELD)),
    *((ON_ACCENT, ground) for ground in (ACCENT, ACCENT_HOVER, ACCENT_PRESSED)),
    (TEXT, HOVER),
    (DIM, HOVER),
    (TEXT, ACCENT_TINT),
    (DIM, ACCENT_TINT),
    (ACCENT, ACCENT_TINT),
)
"""Pairs of (text, ground) colours that the style sheet or a panel paints."""


TEXT_PT: Final = 10.0
"""Size of the studio's text where the desktop asks for no larger one, points."""
SIZES_PT: Final[dict[str, float]] = {
    "text_size": TEXT_PT,
    "small_size": 9.0,
    "start_size": 11.0,
    "prompt_size": 12.0,
    "heading_size": 14.0,
}
"""Text sizes of the style sheet at a scale of 1, points."""
LINE_PX: Final = 16.0
"""Height of a line of ``TEXT_PT`` as the style sheet was designed, pixels."""
LINES: Final = (16, 18, 20, 26)
"""Least heights in the style sheet of what holds a line of text, pixels as designed; there they read ``$line_16``."""
MOST_TEXT_SCALE: Final = 2.5
"""Largest text scale: beyond it even one panel would not fit a screen."""


def text_scale() -> float:
    """Return how much larger than designed all text is, at least 1, as the desktop's font asks."""
    wished_pt = QFontInfo(QGuiApplication.font()).pointSizeF()
    return min(max(wished_pt / TEXT_PT, 1.0), MOST_TEXT_SCALE)


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
        Where that file lies, with forward slashes; fills ``$folder`` in the addresses of its icons.
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
    return Template(template).substitute(COLOURS, **sizes, **heights, folder=folder)


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


def contrast_ratio(one: str, other: str) -> float:
    """Return the contrast of two ``#rrggbb`` colours, from 1 to 21 (WCAG 2.2, relative luminance)."""

    def luminance(colour: str) -> float:
        parts = (int(colour[i : i + 2], 16) / 255.0 for i in (1, 3, 5))
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
