# SPDX-License-Identifier: GPL-3.0-or-later
"""This module lists what a process holds open, for tests that say that nothing is left."""

from __future__ import annotations

import gc
import os
from pathlib import Path


def open_descriptors() -> set[tuple[int, int, int]]:
    """Return every open descriptor with its file's device and inode, once unused objects have been collected.

    What matters is that nothing was added (``open_descriptors() <= before``): an earlier test's garbage may close its
    files at any moment, so that their number may well fall.
    """
    gc.collect()
    held = set()
    for path in Path("/proc/self/fd").iterdir():
        try:
            status = os.fstat(int(path.name))
        except OSError:  # the descriptor of the list itself
            continue
        held.add((int(path.name), status.st_dev, status.st_ino))
    return held
