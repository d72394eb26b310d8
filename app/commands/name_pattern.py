# SPDX-License-Identifier: GPL-3.0-or-later
"""Name patterns name the files of a batch: “{n:03} {style} {bpm} {key}” becomes “007 lofi 85 A minor”."""

from __future__ import annotations

import argparse
import string
from collections.abc import Mapping

from engine.library.names import fitting, plain

FIELDS: Mapping[str, str | float] = {
    "n": 7,
    "prompt": "lofi, 85 bpm",
    "title": "Velvet Antenna",
    "style": "lofi",
    "generator": "composer",
    "model": "small",
    "seed": 7,
    "bpm": 85.0,
    "key": "A minor",
    "bars": 4,
}
"""Fields of a pattern, each with a value that it may have."""
USUAL = "{n:03} {title}"
_MOST_LETTERS = 80


class Later:
    """A value that is known only when the clip is made is three dots in a name, however it is to be written."""

    def __format__(self, spec: str) -> str:
        return "…"


Value = str | float | Later | None
"""The value of a field."""


class _Unknown:
    """An unknown value is nothing in a name, however it was to be written."""

    def __format__(self, spec: str) -> str:
        return ""


def name_pattern(text: str) -> str:
    """Return a pattern as it is, for argparse."""
    fields = ", ".join(FIELDS)
    try:
        used = [field for _, field, _, _ in string.Formatter().parse(text) if field is not None]
        strangers = [one for one in used if one not in FIELDS]
        text.format_map(FIELDS if not strangers else {})
    except (ValueError, KeyError, IndexError, AttributeError) as error:
        raise argparse.ArgumentTypeError(f"“{text}” is no pattern: write “{USUAL}”, with fields of {fields}") from error
    if "n" not in used:
        raise argparse.ArgumentTypeError(f"“{text}” names all files alike: put {{n}} into it, the number of the clip")
    if "/" in text:
        raise argparse.ArgumentTypeError(f"“{text}” names a folder: -o says where the files go")
    return text


def file_name(pattern: str, values: Mapping[str, Value], ending: str) -> str:
    """Return the name of a file by a pattern, cut to what file systems take.

    Letters of a value that have a meaning in paths, or none on a screen, are left out.
    """
    stem = " ".join(pattern.format_map({name: _plain(value) for name, value in values.items()}).split())
    return fitting(stem.lstrip(". "), ending)


def _plain(value: Value) -> str | float | Later | _Unknown:
    if value is None:
        return _Unknown()
    if isinstance(value, Later):
        return value
    if isinstance(value, str):
        return plain(value, _MOST_LETTERS, signs="#♯♭.,()")
    return int(value) if value == int(value) else round(value, 1)
