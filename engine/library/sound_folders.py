# SPDX-License-Identifier: GPL-3.0-or-later
"""This module finds the sounds in folders by the endings of their names, and opens none of them."""

from __future__ import annotations

import os
import re
from pathlib import Path

from engine.errors import CannotRead, FileMissing

ENDINGS = frozenset(
    (
        *(".wav", ".wave", ".bwf", ".rf64", ".w64", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".mp2"),
        *(".aif", ".aiff", ".aifc", ".caf", ".au", ".snd", ".voc", ".avr", ".svx", ".8svx", ".iff", ".sf", ".ircam"),
        *(".nist", ".sph", ".paf", ".pvf", ".htk", ".xi", ".wve", ".mat", ".mpc2k"),
    )
)
"""Endings of the formats that libsndfile reads."""
MIDI_ENDINGS = (".mid", ".midi")
"""Endings of MIDI files, in any case."""
MOST_LOOKED_AT = 50_000
"""Number of names in a folder and those below it after which no more are looked at, where there is a bound."""

_NUMBER = re.compile(r"(\d+)")


def is_sound_name(name: str | os.PathLike[str]) -> bool:
    """Return whether a file's name ends as those of sounds do, in any case."""
    return Path(name).suffix.lower() in ENDINGS


def is_midi_name(path: str | os.PathLike[str]) -> bool:
    """Return whether a file is named as MIDI files are."""
    return Path(path).suffix.lower() in MIDI_ENDINGS


def in_natural_order(path: Path) -> tuple[tuple[tuple[bool, int, str], ...], ...]:
    """Return a key that sorts paths as people do: folder by folder, “2 b” before “10 a”, whatever the case."""
    return tuple(
        tuple((not part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in _NUMBER.split(one) if part)
        for one in (part.casefold() for part in path.parts)
    )


def list_sounds(
    folder: str | os.PathLike[str], *, recursive: bool = False, most_looked_at: int | None = None
) -> list[Path]:
    """Return files in ``folder`` whose endings are those of audio, sorted by path, without hidden ones.

    Parameters
    ----------
    recursive
        Whether to look into the folders below it, too.
    most_looked_at
        Number of names after which no other folder is looked into; None is no bound.

    Raises
    ------
    FileMissing, CannotRead
        No such folder, or one that may not be listed. Folders below it that may not are passed over.
    """
    found: list[Path] = []
    n_looked_at = 0

    def told(error: OSError) -> None:
        if error.filename == os.fspath(folder):
            raise error

    try:
        for place, folders, names in os.walk(folder, onerror=told):
            n_looked_at += len(folders) + len(names)
            is_enough = most_looked_at is not None and n_looked_at >= most_looked_at
            goes_on = recursive and not is_enough
            folders[:] = [name for name in folders if goes_on and not name.startswith(".")]
            paths = (Path(place, name) for name in names if not name.startswith("."))
            found += [path for path in paths if is_sound_name(path) and path.is_file()]
            if is_enough:
                break
    except FileNotFoundError as error:
        raise FileMissing(path=str(folder)) from error
    except OSError as error:
        raise CannotRead(path=str(folder), detail=error.strerror or str(error)) from error
    return sorted(found)
