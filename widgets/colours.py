# SPDX-License-Identifier: GPL-3.0-or-later
"""Colours of the themes: dark, light and high contrast, each with the accent that was chosen, always legible.

To add a theme: its ``Colours`` here and in ``THEMES``, its name in ``engine.values.options.THEME``. To add a colour: a
field of ``Colours``, its value in each theme, and ``theme.py``'s name for it; a style sheet calls it ``$name``.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Final

from engine.values.options import ACCENT, DARK, HIGH_CONTRAST, LIGHT

LEAST_TEXT_CONTRAST: Final = 4.5
"""Least contrast of text to its ground (WCAG 2.2, 1.4.3)."""
LEAST_MARK_CONTRAST: Final = 3.0
"""Least contrast of what tells where a control is, or what a picture shows (WCAG 2.2, 1.4.11)."""
ACCENTS: Final[dict[str, str]] = {
    "green": "#00ff88",
    "cyan": "#1fe0ff",
    "blue": "#7ab2ff",
    "violet": "#bb9dff",
    "rose": "#ff8fbd",
    "lime": "#c5f23a",
}
"""Accents that can be chosen, by name, as they are on dark grounds."""
_STEP: Final = 0.02
"""Share by which a colour is moved, again and again, until text can be read."""


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of a theme, each ``#rrggbb``.

    Attributes
    ----------
    field
        Ground of what can be typed into or pressed.
    edge
        Outlines that tell where a control is.
    dim
        Labels and captions.
    accent_tint
        The accent laid thinly over a panel, for selections and the loop region's ground.
    on_accent
        Text on the accent.
    warning
        Always beside words, never instead of them.
    """

    background: str
    panel: str
    field: str
    hover: str
    line: str
    edge: str
    text: str
    dim: str
    disabled: str
    accent: str
    accent_hover: str
    accent_pressed: str
    accent_tint: str
    on_accent: str
    warning: str
    wave_outside: str
    playhead: str

    def as_dict(self) -> dict[str, str]:
        """Return the colours by name."""
        return asdict(self)

    @property
    def grounds(self) -> tuple[str, ...]:
        """Return what text and marks stand on."""
        return self.background, self.panel, self.field

    @property
    def is_light(self) -> bool:
        """Return whether the ground is lighter than the text on it."""
        return luminance(self.panel) > luminance(self.text)

    def text_pairs(self) -> tuple[tuple[str, str], ...]:
        """Return the pairs of (text, ground) that the style sheet or a panel paints."""
        inks = (self.text, self.dim, self.warning, self.accent, self.disabled)
        return (
            *((ink, ground) for ink in inks for ground in self.grounds),
            *((self.on_accent, ground) for ground in (self.accent, self.accent_hover, self.accent_pressed)),
            *((ink, self.hover) for ink in (self.text, self.dim)),
            *((ink, self.accent_tint) for ink in (self.text, self.dim, self.accent)),
        )


THEMES: Final[dict[str, Colours]] = {
    DARK: Colours(
        background="#0d0f11",
        panel="#14181a",
        field="#1b2023",
        hover="#252c30",
        line="#22282c",
        edge="#6a757b",
        text="#e3e8ea",
        dim="#98a3a9",
        disabled="#7f8a90",
        accent="#00ff88",
        accent_hover="#4dffae",
        accent_pressed="#00d674",
        accent_tint="#12301f",
        on_accent="#04150c",
        warning="#ffb454",
        wave_outside="#5b666c",
        playhead="#ffffff",
    ),
    LIGHT: Colours(
        background="#e9edef",
        panel="#fbfcfc",
        field="#f1f4f5",
        hover="#dfe5e8",
        line="#d2d9dc",
        edge="#727d83",
        text="#14191b",
        dim="#4a555b",
        disabled="#5f696f",
        accent="#00724a",
        accent_hover="#005c3c",
        accent_pressed="#00492f",
        accent_tint="#d3f0e2",
        on_accent="#ffffff",
        warning="#8a4b00",
        wave_outside="#9aa5aa",
        playhead="#000000",
    ),
    HIGH_CONTRAST: Colours(
        background="#000000",
        panel="#000000",
        field="#0c0c0c",
        hover="#303030",
        line="#8c8c8c",
        edge="#ffffff",
        text="#ffffff",
        dim="#e2e2e2",
        disabled="#a6a6a6",
        accent="#00ff88",
        accent_hover="#7dffc2",
        accent_pressed="#00e67a",
        accent_tint="#00391f",
        on_accent="#000000",
        warning="#ffd24a",
        wave_outside="#b4b4b4",
        playhead="#ffffff",
    ),
}
"""The themes by name, with the accent that each comes with."""


def colours_of(theme: str, accent: str) -> Colours:
    """Return a theme's colours with the accent of that name. Raises KeyError for names that are none."""
    base = THEMES[theme]
    if accent == ACCENT.default:
        return base
    black, white = "#000000", "#ffffff"
    away, back = (black, white) if base.is_light else (white, black)
    wished = ACCENTS[accent]
    tint = mixed(base.panel, wished, 0.18)
    while contrast_ratio(base.dim, tint) < LEAST_TEXT_CONTRAST:
        tint = mixed(tint, base.panel, _STEP)
    ink = wished
    while min(contrast_ratio(ink, ground) for ground in (*base.grounds, tint)) < LEAST_TEXT_CONTRAST:
        ink = mixed(ink, away, _STEP)
    on_ink = max((black, white), key=lambda one: contrast_ratio(one, ink))
    pressed = mixed(ink, away if on_ink == back else back, 0.12)
    return replace(
        base,
        accent=ink,
        accent_hover=mixed(ink, away, 0.3),
        accent_pressed=mixed(ink, away, 0.45) if contrast_ratio(on_ink, pressed) < LEAST_TEXT_CONTRAST else pressed,
        accent_tint=tint,
        on_accent=on_ink,
    )


def mixed(one: str, other: str, share: float) -> str:
    """Return a colour that is ``other`` to that share, in [0, 1], and ``one`` to the rest."""
    parts = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in parts)


def luminance(colour: str) -> float:
    """Return the relative luminance of a ``#rrggbb`` colour, in [0, 1] (WCAG 2.2)."""
    parts = (one / 255.0 for one in _channels(colour))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast_ratio(one: str, other: str) -> float:
    """Return the contrast of two ``#rrggbb`` colours, from 1 to 21 (WCAG 2.2, relative luminance)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))
