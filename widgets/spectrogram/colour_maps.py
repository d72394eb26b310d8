# SPDX-License-Identifier: GPL-3.0-or-later
"""This module makes the tables that give each level of a spectrogram its colour."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtGui import QColor

from engine.values.picture_options import SPECTROGRAM_COLOURS
from widgets import theme

N_LEVELS: Final = 256
GAMMA: Final = 0.6
"""Exponent of the places of our own maps' colours: music is loud, and a picture that is all bright tells little."""

Table = npt.NDArray[np.uint32]
"""Colours of the levels 0 to 255, as 0xAARRGGBB."""


def shown_table(colours: str, lowest_db: float, floor_db: float) -> list[int]:
    """Return the colours (0xAARRGGBB) of levels 0 to 255, ``lowest_db`` to 0 dB, where ``floor_db`` is the darkest.

    Parameters
    ----------
    colours
        One of ``SPECTROGRAM_COLOURS``; any other is its default.
    """
    return _shown_table(colours, lowest_db, floor_db, _stops(colours))


@lru_cache(maxsize=8)
def _shown_table(colours: str, lowest_db: float, floor_db: float, stops: tuple[str, ...]) -> list[int]:
    db = lowest_db * (1.0 - np.arange(N_LEVELS) / (N_LEVELS - 1))
    at = np.clip(1.0 - db / floor_db, 0.0, 1.0) * (N_LEVELS - 1)
    table = _blend(stops) if stops else _known(colours)
    return [int(colour) for colour in table[np.round(at).astype(np.intp)]]


def _stops(colours: str) -> tuple[str, ...]:
    """Return the theme's colours that a map of our own passes through; none for those that are known by name."""
    if colours == "studio":
        return (theme.PANEL, theme.ACCENT_TINT, theme.ACCENT_PRESSED, theme.TEXT)
    if colours == "grey":
        return (theme.PANEL, theme.TEXT)
    return ()


def _known(colours: str) -> Table:
    name = colours if colours in SPECTROGRAM_COLOURS.choices else SPECTROGRAM_COLOURS.default_text
    colour_map = pg.colormap.get(name)
    assert isinstance(colour_map, pg.ColorMap)
    return _packed(np.asarray(colour_map.getLookupTable(nPts=N_LEVELS, alpha=False)))


def _blend(stops: tuple[str, ...]) -> Table:
    """Return a table that goes through these colours, brighter ones later than in even steps."""
    parts = np.array([(c.red(), c.green(), c.blue()) for c in map(QColor, stops)], dtype=np.float64)
    at, places = np.linspace(0.0, 1.0, N_LEVELS), np.linspace(0.0, 1.0, len(stops)) ** GAMMA
    return _packed(np.stack([np.round(np.interp(at, places, parts[:, i])) for i in range(3)], axis=1))


def _packed(rgb: npt.NDArray[np.generic]) -> Table:
    table = rgb.astype(np.uint32)
    packed: Table = np.uint32(0xFF000000) | table[:, 0] << np.uint32(16) | table[:, 1] << np.uint32(8) | table[:, 2]
    return packed
