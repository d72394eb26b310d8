# SPDX-License-Identifier: GPL-3.0-or-later
"""This module lets a command do all but write: each write then ends before it begins, by an exception.

``engine.library.atomic``, by which all files are written, asks here first. So a command needs no second way of its own,
and what would be refused is refused as ever.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path

from engine.errors import cannot_write

_promised: set[Path] | None = None
"""Folders that would have been made; None where files are written."""


class NotWritten(BaseException):
    """This exception ends a command in the place of a write; it is no failure.

    Attributes
    ----------
    path
        The file or folder that would have been written.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


def write_nothing(is_on: bool) -> None:
    """Have each write of this process end by NotWritten from now on, or none of them."""
    global _promised  # noqa: PLW0603 - of the process, as its files are
    _promised = set() if is_on else None


def is_on() -> bool:
    """Return whether nothing is written."""
    return _promised is not None


def make_folder(folder: Path) -> None:
    """Make a folder with those that it lies in; where nothing is written, only see whether that could be.

    Raises CannotWrite.
    """
    try:
        if _promised is None:
            folder.mkdir(parents=True, exist_ok=True)
            return
        above = (folder.absolute(), *folder.absolute().parents)
        there = next(at for at, one in enumerate(above) if os.path.lexists(one))
        if there == 0 and not folder.is_dir():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
        _refuse_closed(above[there])
    except OSError as error:
        raise cannot_write(folder, error) from error
    _promised.update(above[:there])


def stop_before(path: Path, named: Path | None = None) -> None:
    """Raise NotWritten where nothing is written; ``named`` is how a person named ``path``, if in another way.

    Raises OSError instead where it could not be written: its folder is not there, or is closed to this person.
    """
    if _promised is None:
        return
    if path.parent.absolute() not in _promised:
        _refuse_closed(path.parent)
    raise NotWritten(named or path)


def _refuse_closed(folder: Path) -> None:
    """Raise OSError unless files can be made in a folder."""
    if not folder.exists():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    if not os.access(folder, os.W_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
