# SPDX-License-Identifier: GPL-3.0-or-later
"""These checks read the words after a verb: a switch, a number, a file."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from pathlib import Path

from engine.errors import (
    CannotRead,
    CannotWrite,
    FileMissing,
    NameTaken,
    NeedsWords,
    NotAbsolute,
    OutOfRange,
    UnknownFormat,
    WrongEnding,
    WrongKind,
    cannot_write,
)

NO_PATH = "it holds what no path can hold"
"""Fault of a path that has a NUL, or half a character."""


def switch(name: str, words: Sequence[str], otherwise: bool) -> bool:
    """Return what was said, or the other way round than it is. Raises WrongKind."""
    if not words:
        return otherwise
    said = {"on": True, "yes": True, "off": False, "no": False}.get(" ".join(words).lower())
    if said is None:
        raise WrongKind(name=name, value=" ".join(words)[:40], kind="on or off")
    return said


def is_off(words: Sequence[str]) -> bool:
    """Return whether “off” was said, or “stop”."""
    return " ".join(words).strip().lower() in ("off", "stop")


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


def from_here(path: str) -> str:
    """Return the whole path of a file that was named from this process's folder, or with “~” for the home folder."""
    # Not by pathlib: resolving would follow links, and absolute() leaves “..” in.
    return os.path.abspath(os.path.expanduser(path))  # noqa: PTH100, PTH111


def new_file(path: str, endings: Sequence[str]) -> str:
    """Return a path at which nothing is, with one of the endings, in a folder that is there and can be written to.

    Raises NotAbsolute, UnknownFormat, NameTaken, CannotWrite.
    """
    place = Path(absolute(path))
    if place.suffix.lower() not in endings:
        kind = WrongEnding if len(endings) == 1 else UnknownFormat
        raise kind(path=place.name, choices=", ".join(endings))
    try:
        place.lstat()
    except FileNotFoundError:
        pass
    except ValueError as error:
        raise CannotWrite(path=path, detail=NO_PATH) from error
    except OSError as error:
        raise cannot_write(path, error) from error
    else:
        raise NameTaken(path=path)
    if not place.parent.is_dir():
        raise CannotWrite(path=path, detail="its folder is not there")
    if not os.access(place.parent, os.W_OK | os.X_OK):
        raise CannotWrite(path=path, detail="its folder cannot be written to")
    return path


def found_file(path: str) -> str:
    """Return the path of a file or folder that is there. Raises NotAbsolute, FileMissing, CannotRead."""
    try:
        Path(absolute(path)).stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise FileMissing(path=path) from error
    except ValueError as error:
        raise CannotRead(path=path, detail=NO_PATH) from error
    except OSError as error:
        raise CannotRead(path=path, detail=error.strerror or str(error)) from error
    return path


def is_same(one: str, other: str) -> bool:
    """Return whether two paths are the same, as they are written."""
    return one == other or bool(one and other and Path(one) == Path(other))
