# SPDX-License-Identifier: GPL-3.0-or-later
"""This process holds its library open from job to job, so that no job waits for it to be opened."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from engine.library.indexed_folder import INDEX_NAME, TAKES_NAME
from engine.library.takes import TakeLibrary

SETTLE_S = 0.05
"""Seconds for which each job goes on reading recipes that the index lacks yet."""

_Places = tuple[tuple[int, int] | None, ...]
_held: tuple[str, _Places, TakeLibrary] | None = None
_seen: set[str] = set()


def opened(folder: str, *, make: bool = False) -> TakeLibrary:
    """Return the library in this folder, opened anew where its folder or index was replaced.

    It is made if ``make`` says so, unless it was there before and is gone: its disk may not be connected. Raises what
    opening a ``TakeLibrary`` does.
    """
    global _held  # noqa: PLW0603 - a process has one library open
    if _held is not None:
        held_folder, places, library = _held
        if held_folder == folder and places == _places(folder) and not (library.is_provisional or library.is_locked):
            library.settle(SETTLE_S)
            return library
        _held = None
        library.close()
    library = TakeLibrary(Path(folder), make=make and folder not in _seen)
    _seen.add(folder)
    _held = folder, _places(folder), library
    return library


def _places(folder: str) -> _Places:
    return tuple(_identity(Path(folder, name)) for name in (TAKES_NAME, INDEX_NAME))


def _identity(path: Path) -> tuple[int, int] | None:
    with contextlib.suppress(OSError):
        status = os.stat(path)  # noqa: PTH116 - one call, three times for every job
        return status.st_dev, status.st_ino
    return None
