# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the settings file whatever it holds: neither a slip of the hand nor of the disk may keep the window shut."""

from __future__ import annotations

import json
import os
import re
import stat
import time
from pathlib import Path
from typing import Any

MAX_BYTES = 2**20
"""A settings file has some thousand bytes."""
MAX_DEPTH = 4
"""Settings are lists in an object at most; what lies deeper is not looked at."""
BAD = ".bad-"
"""Between the name of a settings file and the time at which it was written, where it is kept aside."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[\]{}]', re.DOTALL)
_LONGEST_INTEGER = 18


class Unreadable(Exception):
    """There is something in the settings file's place, but no settings; its text says what is wrong."""


def read_object(path: Path) -> dict[str, Any]:
    """The JSON object in a file.

    Raises
    ------
    FileNotFoundError
        There is nothing.
    Unreadable
        It is no regular file, too large, may not be read, or holds no JSON object.
    """
    # Bytes that are no UTF-8 become half surrogates, which spoil no more than the value they are in.
    text = _read(path).decode("utf-8-sig", "surrogateescape")
    try:
        stored = json.loads(_without_depths(text), strict=False, parse_int=_integer)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"it is not JSON: {error}") from error
    if not isinstance(stored, dict):
        raise Unreadable("it holds no settings")
    return stored


def set_aside(path: Path) -> Path:
    """Rename what is in the settings file's place; returns its new place, or ``path`` where that cannot be done."""
    for kept in _places(path):
        if not kept.exists():
            try:
                return path.rename(kept)
            except OSError:
                break
    return path


def keep_copy(path: Path) -> Path:
    """Copy a settings file that is about to be written over; returns the copy's place, or ``path`` if there is none."""
    try:
        content = _read(path)
        for kept in _places(path):
            if not kept.exists():
                kept.write_bytes(content)
                return kept
            if kept.is_file() and kept.read_bytes() == content:
                return kept
    except (OSError, Unreadable):
        pass
    return path


def _places(path: Path) -> list[Path]:
    try:
        written_s = path.lstat().st_mtime
    except OSError:
        written_s = time.time()
    stem = f"{path.name}{BAD}{time.strftime('%Y%m%d-%H%M%S', time.localtime(written_s))}"
    return [path.with_name(stem + (f"-{n}" if n > 1 else "")) for n in range(1, 100)]


def _read(path: Path) -> bytes:
    try:
        # O_NONBLOCK: to open a pipe that nobody writes to would wait for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise Unreadable(error.strerror or str(error)) from error
    try:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            raise Unreadable("it is a folder" if stat.S_ISDIR(mode) else "it is not a regular file")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Unreadable(error.strerror or str(error)) from error
    finally:
        os.close(descriptor)
    if len(content) > MAX_BYTES:
        raise Unreadable(f"it has more than {MAX_BYTES} bytes")
    return content


def _without_depths(text: str) -> str:
    """The text with null in the place of what is nested too deep for Python's reader, and for any setting."""
    depth, start, at, pieces = 0, 0, 0, list[str]()
    for token in _TOKEN.finditer(text):
        if token[0] in ("[", "{"):
            depth += 1
            if depth == MAX_DEPTH:
                start = token.start()
        elif token[0] in ("]", "}"):
            if depth == MAX_DEPTH:
                pieces += [text[at:start], "null"]
                at = token.end()
            depth -= 1
    return "".join([*pieces, text[at:]])


def _integer(digits: str) -> int | float:
    # Python refuses to read integers of some thousand digits; none of ours has more than this.
    return int(digits) if len(digits) <= _LONGEST_INTEGER else float(digits)
