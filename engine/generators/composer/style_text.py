# SPDX-License-Identifier: GPL-3.0-or-later
"""This module checks the text of style files: kinds of values, patterns, numerals, and the line of what is wrong."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any

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
_HEADER = re.compile(r"^\s*(\[\[?)\s*([\w.\"/]+)\s*\]\]?")
_AT_LINE = re.compile(r"^(.*) \(at line (\d+), column \d+\)$")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a style file: a table, which of several of that name, a key in it, and a value of that key."""

    table: str = ""
    index: int = 0
    key: str = ""
    value: str = ""


class WrongValueError(ValueError):
    """A value of a style is wrong; where it stands is known, though not yet on which line."""

    def __init__(self, reason: str, place: Place) -> None:
        super().__init__(reason)
        self.place = place


class StyleError(ValueError):
    """A style file cannot be used; the message is one sentence with the file's name and the line."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(f"{file}, line {line}: {reason}")
        self.line = line


def parsed(text: str, file: str) -> dict[str, Any]:
    """Return the tables of a TOML text. Raises StyleError where it is not TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _AT_LINE.match(str(error))
        line = int(found.group(2)) if found else text.count("\n") + 1
        reason = (found.group(1) if found else str(error)).replace(" (at end of document)", "")
        raise StyleError(file, line, f"this is not TOML ({reason[0].lower()}{reason[1:]}).") from error


def line_of(text: str, place: Place) -> int:
    """Return the line, from 1, of a place: of its value, else of its key, else of its table, else 1."""
    best, value_line = 1, 0
    table, index, inside = "", 0, False
    seen: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = header.group(2)
            if header.group(1) == "[[":
                seen[table] = index = seen.get(table, -1) + 1
            else:
                index = max(0, seen.get(table.rpartition(".")[0], 0))
            inside = False
            if (table, index) == (place.table, place.index):
                best = number
            continue
        if (table, index) != (place.table, place.index):
            continue
        if key := re.match(r'^\s*"?([\w|/]+)"?\s*=', line):
            inside = key.group(1) == place.key
            if inside:
                best = number
        if inside and place.value and not value_line and place.value in line:
            value_line = number
    return value_line or best


def values(kind: type, raw: Mapping[str, Any], place: Place, *, without: Collection[str] = ()) -> dict[str, Any]:
    """Return the values of a table for the dataclass ``kind``, each of its field's type; ``without`` come elsewhere.

    Raises WrongValueError for a key that is unknown or missing and for a value of another type.
    """
    known = {field.name: field for field in fields(kind) if field.name not in without}
    for key in raw:
        if key not in known:
            raise WrongValueError(f"“{key}” is not a setting here{_perhaps(key, known)}.", _at(place, key))
    for name, field in known.items():
        if name not in raw and field.default is MISSING and field.default_factory is MISSING:
            raise WrongValueError(f"“{name}” is missing{_in(place)}.", place)
    return {key: _typed(str(known[key].type), key, value, place) for key, value in raw.items()}


def _typed(kind: str, key: str, value: Any, place: Place) -> Any:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    several = isinstance(value, list)
    if kind == "str" and isinstance(value, str):
        return value
    if kind == "bool" and isinstance(value, bool):
        return value
    if (kind == "float" and number) or (kind == "int" and number and isinstance(value, int)):
        return value
    if kind == "tuple[float, float]" and several and len(value) == 2:
        low, high = (_typed("float", key, one, place) for one in value)
        if low > high:
            raise WrongValueError(f"“{key}” goes from {low:g} down to {high:g}.", _at(place, key))
        return (low, high)
    if kind == "tuple[str, ...]" and several and all(isinstance(one, str) for one in value):
        return tuple(value)
    wanted = {
        "str": "a text in quotes",
        "bool": "true or false",
        "float": "a number",
        "int": "a whole number",
        "tuple[float, float]": "two numbers, such as [1, 2]",
        "tuple[str, ...]": 'a list of texts, such as ["one", "two"]',
    }[kind]
    raise WrongValueError(f"“{key}” must be {wanted}.", _at(place, key))


def known(what: str, names: Iterable[str], choices: Collection[str], place: Place) -> None:
    """Raise WrongValueError for the first of ``names`` that is none of ``choices``."""
    for name in names:
        if name not in choices:
            reason = f"the {what} “{name}” is not known{_perhaps(name, choices)}."
            raise WrongValueError(reason, _at(place, place.key, name))


def first_known(what: str, text: str, choices: Collection[str], place: Place) -> str:
    """Return the first of some names, written "one|other", that is among ``choices``: an older studio has fewer."""
    names = [name.strip() for name in text.split("|")]
    for name in names:
        if name in choices:
            return name
    known(what, names, choices, place)
    return names[0]


def within(key: str, value: float, bounds: tuple[float, float], place: Place) -> None:
    """Raise WrongValueError where a number lies outside its bounds."""
    low, high = bounds
    if not low <= value <= high:
        raise WrongValueError(f"“{key}” is {value:g}, and must lie between {low:g} and {high:g}.", _at(place, key))


def pattern(text: str, strokes: str, metre: str, place: Place) -> str:
    """Return a pattern without its blanks: whole bars of ``metre`` in sixteenths, of these strokes only."""
    known("metre", (metre,), METRE_STEPS, _at(place, "metre"))
    steps, here = text.replace(" ", "").replace("|", ""), _at(place, place.key, text)
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
                _at(place, place.key, text),
            )
    return text


def _perhaps(name: str, choices: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(choices), 1, 0.6)
    return f": perhaps “{close[0]}”" if close else ""


def _in(place: Place) -> str:
    return f" in [{place.table}]" if place.table else ""


def _at(place: Place, key: str, value: str = "") -> Place:
    return Place(place.table, place.index, key, value)
