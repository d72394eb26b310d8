# SPDX-License-Identifier: GPL-3.0-or-later
"""This module names keys as musicians write them, and knows the notes' names that people write, English and Italian."""

from __future__ import annotations

MAJOR_TONICS = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
MINOR_TONICS = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B")
"""Names of the pitch classes from C on, as tonics of minor keys with the fewest accidentals."""

SYLLABLES = {"do": 0, "re": 2, "mi": 4, "fa": 5, "sol": 7, "la": 9, "si": 11}
"""Pitch classes of the syllables."""
SHARPS, FLATS = ("#", "♯", "sharp", "diesis"), ("b", "♭", "flat", "bemolle")
"""Signs and words that raise a note's name by a semitone, and those that lower it."""

_LETTERS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}


def tonic_name(tonic: int, *, is_minor: bool) -> str:
    """Return the usual name, such as "Eb", of a pitch class from 0 (C) to 11 as the tonic of a key."""
    return (MINOR_TONICS if is_minor else MAJOR_TONICS)[tonic]


def key_name(tonic: int, *, is_minor: bool) -> str:
    """Return the usual name, such as "Eb minor", of the key on a pitch class from 0 (C) to 11."""
    return f"{tonic_name(tonic, is_minor=is_minor)} {'minor' if is_minor else 'major'}"


def key_parts(name: str) -> tuple[int, bool] | None:
    """Return the tonic's pitch class, and whether the key is minor, of a usual name: the inverse of ``key_name``."""
    for is_minor, tonics in ((False, MAJOR_TONICS), (True, MINOR_TONICS)):
        for tonic in range(len(tonics)):
            if name == key_name(tonic, is_minor=is_minor):
                return tonic, is_minor
    return None


def pitch_class(name: str, accidental: str | None) -> int:
    """Return the pitch class (0 is C) of a letter or a syllable, with one of ``SHARPS`` or ``FLATS`` or without.

    Raises KeyError for another name.
    """
    name = name.lower()
    natural = SYLLABLES[name] if name in SYLLABLES else _LETTERS[name]
    shift = 0 if not accidental else 1 if accidental.lower() in SHARPS else -1
    return (natural + shift) % 12
