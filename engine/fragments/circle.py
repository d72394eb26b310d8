# SPDX-License-Identifier: GPL-3.0-or-later
"""The circle is the order in which the slots of a folder are filled, by what is kept of them and what lies there."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from engine.fragments.kept import Kept


def path_in(folder: Path, number: int) -> Path:
    """Return where a slot's file is, or will be."""
    return folder / f"output{number:02}.wav"


def settled(kept: Kept, folder: Path, n_slots: int) -> Kept:
    """Return what is kept, once it is known whether the last file took its place."""
    first = kept.next_slot
    if kept.writing is not None and not kept.slot(kept.writing).is_of(status_of(path_in(folder, kept.writing))):
        first = kept.before
    if first is None or not 1 <= first <= n_slots:
        first = _oldest(folder, n_slots) if kept.next_slot is None else 1
    return replace(kept, next_slot=first, writing=None, before=None)


def _oldest(folder: Path, n_slots: int) -> int:
    """Return the first empty slot, or the one that was written first."""
    times = {number: status_of(path_in(folder, number)) for number in range(1, n_slots + 1)}
    return min(times, key=lambda number: (0 if (one := times[number]) is None else one.st_mtime_ns, number))


def circle(kept: Kept, folder: Path, n_slots: int) -> Iterator[int]:
    """Yield the slots that are not frozen, from the next of the circle on, but for those whose place a folder has."""
    first = kept.next_slot or 1
    numbers = ((first - 1 + step) % n_slots + 1 for step in range(n_slots))
    return (one for one in numbers if not kept.slot(one).is_frozen and not is_folder(path_in(folder, one)))


def status_of(path: Path) -> os.stat_result | None:
    """Return what is known of a file; None where there is none, or something else has its name."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status if stat.S_ISREG(status.st_mode) else None


def is_folder(path: Path) -> bool:
    """Return whether a folder has a file's name: all else a file can take the place of."""
    return path.is_dir() and not path.is_symlink()
