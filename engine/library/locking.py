# SPDX-License-Identifier: GPL-3.0-or-later
"""This module lets studios share a folder: a lock by which they take turns, and a sign of who is there."""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

STEP_S = 0.005
PRESENCE_NAME = "studios.lock"
_PLACES = 2**40


@contextlib.contextmanager
def alone_in(folder: Path, wait_s: float) -> Iterator[bool]:
    """Hold back other studios at the same folder, and yield whether this one has it to itself.

    False where another process has held the lock for ``wait_s``. A file system without locks is taken to be one's own.

    Raises
    ------
    OSError
        The folder cannot be opened.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield _locked(descriptor, time.monotonic() + wait_s)
    finally:
        os.close(descriptor)


def _locked(descriptor: int, deadline_s: float) -> bool:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline_s:
                return False
            time.sleep(STEP_S)
        except OSError:
            return True
        else:
            return True


class OwnFolder:
    """An own folder is one that no other studio has: that of a name, or of the first number behind it that is free.

    It is made where it is not there. Where that cannot be, or the file system knows no locks, it is taken to be one's
    own.

    Attributes
    ----------
    path
        Where it is.
    """

    def __init__(self, path: Path) -> None:
        self._descriptor: int | None = None
        numbered = itertools.chain([path], (path.with_name(f"{path.name} {number}") for number in itertools.count(2)))
        self.path = path
        with contextlib.suppress(OSError):
            self.path = next(one for one in numbered if self._has_got(one))

    def _has_got(self, path: Path) -> bool:
        path.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        if not _locked(descriptor, time.monotonic()):
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def close(self) -> None:
        """Leave it to others."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


class Presence:
    """This process's presence in a folder is a locked byte of a file there, until it is closed.

    Where the file cannot be made or the file system knows no locks, nobody else is seen.
    """

    def __init__(self, folder: Path) -> None:
        self._place = secrets.randbelow(_PLACES)
        self._descriptor: int | None = None
        with contextlib.suppress(OSError):
            self._descriptor = os.open(folder / PRESENCE_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
            self._show()

    def is_only_one(self) -> bool:
        """Return whether no other process is there. Call this while alone in the folder, so that none joins."""
        if self._descriptor is None:
            return True
        try:
            # POSIX' locks: one's own are no hindrance.
            fcntl.lockf(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            return False
        except OSError:
            return True
        fcntl.lockf(self._descriptor, fcntl.LOCK_UN)
        self._show()
        return True

    def close(self) -> None:
        """End this process's presence."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _show(self) -> None:
        assert self._descriptor is not None
        with contextlib.suppress(OSError):
            fcntl.lockf(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, self._place)
