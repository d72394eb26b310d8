# SPDX-License-Identifier: GPL-3.0-or-later
"""This module checks TOML that people write (styles, presets): kinds of values, and the line of what is wrong."""

from __future__ import annotations

import difflib
import re
import sys
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any

MAX_BYTES = 200_000
"""Length in bytes of the longest file that is read."""

_FEW = 12
"""Number of choices that a sentence may list."""
_HEADER = re.compile(r"^\s*(\[\[?)\s*([\w.\"/]+)\s*\]\]?")
_AT_LINE = re.compile(r"^(.*) \(at line (\d+), column \d+\)$")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a text: a table, which of several of that name, a key in it, a value of that key; or a line.

    Attributes
    ----------
    line
        From 1, where it is known, else 0.
    """

    table: str = ""
    index: int = 0
    key: str = ""
    value: str = ""
    line: int = 0


class WrongValueError(ValueError):
    """Something in a text is wrong; where it stands is known, though not always on which line."""

    def __init__(self, reason: str, place: Place) -> None:
        super().__init__(reason)
        self.place = place


def read_text(path: Path, what: str) -> str:
    """Return the text of a file that holds ``what``: “a style”. Raises WrongValueError where it cannot be read."""
    if path.exists() and not path.is_file():
        # A pipe would be waited for.
        raise WrongValueError("this is not a file.", Place(line=1))
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        n_bytes = len(content) if len(content) <= MAX_BYTES else path.stat().st_size
    except OSError as error:
        raise WrongValueError(f"the file cannot be read ({error.strerror}).", Place(line=1)) from error
    if n_bytes > MAX_BYTES:
        raise WrongValueError(f"the file has {n_bytes} bytes, and {what} at most {MAX_BYTES}.", Place(line=1))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = Place(line=content[: error.start].count(b"\n") + 1)
        raise WrongValueError("the text is not UTF-8.", place) from error


def parsed(text: str) -> dict[str, Any]:
    """Return the tables of a TOML text. Raises WrongValueError where it is not TOML, or no TOML that can be read."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _AT_LINE.match(str(error))
        line = int(found.group(2)) if found else text.count("\n") + 1
        reason = (found.group(1) if found else str(error)).replace(" (at end of document)", "")
        raise WrongValueError(f"this is not TOML ({reason[0].lower()}{reason[1:]}).", Place(line=line)) from error
    except ValueError as error:
        # A number of thousands of digits.
        raise WrongValueError("one of its numbers is too long.", Place(line=1)) from error
    except RecursionError as error:
        raise WrongValueError("its lists are nested too deeply.", Place(line=1)) from error


def line_of(text: str, place: Place) -> int:
    """Return the line, from 1, of a place: of its value, else of its key, else of its table, else 1."""
    if place.line:
        return place.line
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
        if key := re.match(r'^\s*"?([\w|/ ]*[\w|/])"?\s*=', line):
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
            raise WrongValueError(f"“{key}” is not a setting here{perhaps(key, known)}.", at(place, key))
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
    if number and not isinstance(value, float) and abs(value) > sys.maxsize:
        raise WrongValueError(f"“{key}” is too large a number.", at(place, key))
    if (kind == "float" and number) or (kind == "int" and number and isinstance(value, int)):
        return value
    if kind == "tuple[float, float]" and several and len(value) == 2:
        low, high = (_typed("float", key, one, place) for one in value)
        if low > high:
            raise WrongValueError(f"“{key}” goes from {low:g} down to {high:g}.", at(place, key))
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
    raise WrongValueError(f"“{key}” must be {wanted}.", at(place, key))


def known(what: str, names: Iterable[str], choices: Collection[str], place: Place) -> None:
    """Raise WrongValueError for the first of ``names`` that is none of ``choices``."""
    for name in names:
        if name not in choices:
            reason = f"the {what} “{name}” is not known{perhaps(name, choices) or _few(choices)}."
            raise WrongValueError(reason, at(place, place.key, name))


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
        raise WrongValueError(f"“{key}” is {value:g}, and must lie between {low:g} and {high:g}.", at(place, key))


def perhaps(name: str, choices: Iterable[str]) -> str:
    """Return the nearest of ``choices`` as the end of a sentence, or "" where none is near."""
    close = difflib.get_close_matches(name, list(choices), 1, 0.6)
    return f": perhaps “{close[0]}”" if close else ""


def _few(choices: Collection[str]) -> str:
    """Return all of the choices as the end of a sentence, or "" where they are many."""
    return f": choose one of {', '.join(choices)}" if 0 < len(choices) <= _FEW else ""


def _in(place: Place) -> str:
    return f" in [{place.table}]" if place.table else ""


def at(place: Place, key: str, value: str = "") -> Place:
    """Return the place of a key, and of a value of it, in the table of ``place``."""
    return Place(place.table, place.index, key, value)
