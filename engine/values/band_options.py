# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares what a person can set of the band that plays along; see ``engine.values.options``."""

from __future__ import annotations

from engine.values.layers import LAYERS
from engine.values.parameters import MAX_TEXT_CHARACTERS, Kind, Parameter
from engine.values.play_along import LEVEL_LU, USUAL_LEVEL_LU

BAND_STYLE = Parameter(
    "band_style",
    Kind.TEXT,
    "",
    "Style",
    f"What it is to sound like, in words; at most {MAX_TEXT_CHARACTERS} characters",
    unset="A pop band",
)
BAND_PARTS = Parameter(
    "band_parts",
    Kind.SEVERAL,
    "everything",
    "Parts",
    "What is played",
    choices=tuple(LAYERS),
)
BAND_LEVEL = Parameter(
    "band_level",
    Kind.NUMBER,
    USUAL_LEVEL_LU,
    "Loudness",
    "How loud the band is against you",
    low=LEVEL_LU[0],
    high=LEVEL_LU[1],
    unit="LU",
)
BAND_OPTIONS = (BAND_STYLE, BAND_PARTS, BAND_LEVEL)
"""Parameters of the band."""
