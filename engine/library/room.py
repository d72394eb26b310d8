# SPDX-License-Identifier: GPL-3.0-or-later
"""This module tells how much room a disk has: for a file that is about to be written, and for the library."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from engine.errors import TooLarge
from engine.values import Room

MAX_WAV_BYTES = 2**32 - 4096
"""Number of bytes that a WAV file may have, counted in 32 bits, less room for the chunks after the samples."""

BYTES_PER_SAMPLE = {"PCM_16": 2, "PCM_24": 3, "FLOAT": 4}
LIBRARY_SHARE = 0.25
"""Share of the room found, free or taken by itself, that the library takes unless a person says otherwise."""
UNTOLD_ROOM_BYTES = 40e9
"""Bytes of room that are assumed where the disk does not tell."""
LOW_BYTES, LOW_SHARE, LOW_AT_MOST = 1e9, 0.02, 0.25
"""Bounds of a nearly full disk: free bytes, free share, and the share from which on a disk is never nearly full."""
# What share of its samples' bytes a file of music has at least. Silence has less: it is refused, but only where
# the disk has no more room than this.
_LEAST_SHARE = {"WAV": 1.0, "FLAC": 0.1, "OGG": 0.02}


def least_bytes(container: str, encoding: str, n_samples: int, n_channels: int) -> int:
    """Return how many bytes a file will have at least; of WAV exactly, but for its header."""
    return int(n_samples * n_channels * BYTES_PER_SAMPLE.get(encoding, 2) * _LEAST_SHARE[container])


def refuse_what_cannot_fit(path: str | os.PathLike[str], container: str, n_bytes: int) -> None:
    """Raise TooLarge if a new file of ``n_bytes`` or more cannot be whole, before its first byte is written."""
    if container == "WAV" and n_bytes > MAX_WAV_BYTES:
        raise TooLarge(
            path=str(path),
            needed=_words(n_bytes),
            limit="a WAV file holds at most 4 GiB",
            way_out="name it .flac, or ask for something shorter",
        )
    refuse_beyond_free([(path, n_bytes)])


def refuse_beyond_free(wanted: Sequence[tuple[str | os.PathLike[str], int]]) -> None:
    """Raise TooLarge if new files of so many bytes or more, all in one folder, do not fit on its disk."""
    if not wanted:
        return
    path, needed = wanted[0][0], sum(n_bytes for _, n_bytes in wanted)
    free = free_bytes(Path(os.path.realpath(path)).parent)
    if free is not None and needed > free:
        raise TooLarge(
            path=str(path),
            needed=_words(needed),
            limit=f"{_words(free)} are free there",
            way_out="free some space, or choose another place",
        )


def free_bytes(folder: str | os.PathLike[str]) -> int | None:
    """Return how many bytes can be written to the disk of a folder; None where it is missing or unknown."""
    disk = _disk(folder)
    return None if disk is None else disk.f_bavail * disk.f_frsize


def low_bytes(folder: str | os.PathLike[str]) -> float:
    """Return the free bytes below which the disk of a folder is nearly full; 0 where it does not tell."""
    disk = _disk(folder)
    whole = 0 if disk is None else disk.f_blocks * disk.f_frsize
    return min(max(LOW_BYTES, LOW_SHARE * whole), LOW_AT_MOST * whole)


def _disk(folder: str | os.PathLike[str]) -> os.statvfs_result | None:
    try:
        disk = os.statvfs(folder)
    except OSError:  # no such folder: whoever opens a file there will tell
        return None
    # Some network and FUSE file systems tell nothing.
    return disk if disk.f_blocks else None


def library_limit_bytes(asked: Room, used_bytes: int, free: int | None, *, least_bytes: float = 0.0) -> float:
    """Return the bytes that the takes may hold together: as asked for, or a share of what they hold and what is free.

    ``least_bytes`` is what nobody was asked about: the share is not less. Others who fill the disk cost no take.
    """
    if asked.limit_bytes > 0.0:
        return asked.limit_bytes
    return max(least_bytes, LIBRARY_SHARE * (UNTOLD_ROOM_BYTES if free is None else used_bytes + free))


def _words(n_bytes: int) -> str:
    return f"{n_bytes / 1e9:.1f} GB" if n_bytes >= 1e9 else f"{n_bytes / 1e6:.1f} MB"
