# SPDX-License-Identifier: GPL-3.0-or-later
"""This module checks what only style files have: patterns and progressions."""

from __future__ import annotations

import re

from engine.library.toml_text import Place, WrongValueError, at, known

METRE_STEPS = {
    "4/4": 16, "3/4": 12, "6/8": 12, "5/4": 20, "7/8": 14, "12/8": 24,
    "2/4": 8, "6/4": 24, "5/8": 10, "9/8": 18,
}  # fmt: skip
"""Sixteenths in a bar of each metre that a pattern can be written in."""

DRUM_STROKES, BASS_STROKES, CHORD_STROKES = "Xxo?.", "Rr3578a-.", "Xx123456-."
"""Characters that a pattern may have: of drums, of the bass, of all other parts."""

_SUFFIX = r"(?:maj7|maj9|m7b5|m7|m9|add9|sus2|sus4|7|9|5|o)"
_DEGREE = r"[b#]?(?:VII|VI|V|IV|III|II|I|vii|vi|v|iv|iii|ii|i)"
_NUMERAL = re.compile(rf"{_DEGREE}{_SUFFIX}?(?:/{_DEGREE})?(?:\^[357])?")


class StyleError(ValueError):
    """A style file cannot be used; the message is one sentence with the file's name and the line."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(f"{file}, line {line}: {reason}")
        self.line = line


def pattern(text: str, strokes: str, metre: str, place: Place) -> str:
    """Return a pattern without its blanks: whole bars of ``metre`` in sixteenths, of these strokes only."""
    known("metre", (metre,), METRE_STEPS, at(place, "metre"))
    steps, here = text.replace(" ", "").replace("|", ""), at(place, place.key, text)
    bar = METRE_STEPS[metre]
    for character in steps:
        if character not in strokes:
            raise WrongValueError(f"in the pattern “{text}” the character “{character}” means nothing.", here)
    if not steps or len(steps) % bar:
        raise WrongValueError(
            f"the pattern “{text}” has {len(steps)} steps, and a bar of {metre} has {bar}: write whole bars.", here
        )
    return steps


def progression(text: str, place: Place) -> str:
    """Return a progression: bars between blanks, chords of one bar between commas. Raises WrongValueError."""
    bars = text.split()
    for numeral in [one for bar in bars for one in bar.split(",")] or [""]:
        if not _NUMERAL.fullmatch(numeral):
            raise WrongValueError(
                f"in “{text}” the chord “{numeral}” is not a numeral such as i, V7, bVII, iim7b5, V7/ii or V^3.",
                at(place, place.key, text),
            )
    return text
