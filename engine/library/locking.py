# SPDX-License-Identifier: GPL-3.0-or-later
"""The lock by which studios that share a folder take turns; waited for only so long."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

STEP_S = 0.005


@contextlib.contextmanager
def alone_in(folder: Path, wait_s: float) -> Iterator[bool]:
    """Hold back other studios at the same folder; yields whether this one has it to itself.

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
