# SPDX-License-Identifier: GPL-3.0-or-later
"""These checks read the words after a verb: a switch, a number, a file."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from engine.errors import NameTaken, NeedsWords, NotAbsolute, OutOfRange, UnknownFormat, WrongKind


def switch(name: str, words: Sequence[str], otherwise: bool) -> bool:
    """Return what was said, or the other way round than it is. Raises WrongKind."""
    if not words:
        return otherwise
    said = {"on": True, "yes": True, "off": False, "no": False}.get(" ".join(words).lower())
    if said is None:
        raise WrongKind(name=name, value=" ".join(words)[:40], kind="on or off")
    return said


def number(name: str, words: Sequence[str], low: float, high: float) -> float:
    """Return the number that was said, from ``low`` to ``high``. Raises NeedsWords, WrongKind, OutOfRange."""
    if not words:
        raise NeedsWords(verb=name, usage=f"a number from {low:g} to {high:g}")
    text = " ".join(words)
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise WrongKind(name=name, value=text[:40], kind="a number")
    if not low <= value <= high:
        raise OutOfRange(name=name, value=f"{value:g}", low=f"{low:g}", high=f"{high:g}")
    return value


def absolute(path: str) -> str:
    """Return a path that says from where. Raises NotAbsolute: another program may be in another folder."""
    if not path.startswith("/"):
        raise NotAbsolute(path=path)
    return path


def new_file(path: str, endings: Sequence[str]) -> str:
    """Return a path at which nothing is, with one of the endings. Raises NotAbsolute, UnknownFormat, NameTaken."""
    place = Path(absolute(path))
    if place.suffix.lower() not in endings:
        raise UnknownFormat(path=place.name, choices=", ".join(endings))
    if place.exists():
        raise NameTaken(path=path)
    return path


def is_same(one: str, other: str) -> bool:
    """Return whether two paths are the same, as they are written."""
    return one == other or bool(one and other and Path(one) == Path(other))
