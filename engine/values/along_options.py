# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares what a person can set of playing along with a recording; see ``engine.values.options``."""

from __future__ import annotations

from engine.values.layers import LAYERS
from engine.values.parameters import MAX_TEXT_CHARACTERS, Kind, Parameter
from engine.values.play_along import CONTINUE_S, LEVEL_LU, LONGEST_S, USUAL_CONTINUE_S, USUAL_LEVEL_LU, Along

ALONG_WAY = Parameter(
    "along_way",
    Kind.CHOICE,
    str(Along.CONTINUE),
    "What to do",
    "Go on after the recording, add parts to it, play in a gap of it, or play its music in another way",
    choices=tuple(map(str, Along)),
    titles=("Continue", "Accompany", "Fill a gap", "Vary"),
)
ALONG_SECONDS = Parameter(
    "along_seconds",
    Kind.NUMBER,
    USUAL_CONTINUE_S,
    "By how much",
    "How many seconds are added",
    low=CONTINUE_S[0],
    high=CONTINUE_S[1],
    unit="s",
)
ALONG_LEVEL = Parameter(
    "along_level",
    Kind.NUMBER,
    USUAL_LEVEL_LU,
    "Loudness",
    "How loud the new parts are against the recording",
    low=LEVEL_LU[0],
    high=LEVEL_LU[1],
    unit="LU",
)
ALONG_PARTS = Parameter(
    "along_parts",
    Kind.SEVERAL,
    "everything",
    "Parts",
    "What is played",
    choices=tuple(LAYERS),
)
ALONG_STYLE = Parameter(
    "along_style",
    Kind.TEXT,
    "",
    "Style",
    f"What it is to sound like, in words; at most {MAX_TEXT_CHARACTERS} characters",
    unset="As the recording",
)
ALONG_OPTIONS = (ALONG_WAY, ALONG_SECONDS, ALONG_LEVEL, ALONG_PARTS, ALONG_STYLE)
"""Parameters that the dialog remembers."""

ALONG_FILE = Parameter(
    "along_file",
    Kind.FILE,
    "",
    "Recording",
    "The recording that is played along with: WAV, FLAC, OGG, MP3… from 1 s to 10 min",
    private=True,
)
ALONG_FROM, ALONG_TO = (
    Parameter(name, Kind.NUMBER, 0.0, title, tip, low=0.0, high=LONGEST_S, step=0.5, unit="s")
    for name, title, tip in (
        ("along_from", "Gap from", "Where the gap begins, seconds from the recording’s start"),
        ("along_to", "Gap to", "Where the gap ends"),
    )
)
"""Where a gap is, which is another in each recording."""
ALONG_PLACES = (ALONG_FILE, ALONG_FROM, ALONG_TO)
"""Parameters that it does not remember."""
