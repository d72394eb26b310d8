# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory that processes share: anonymous, so that the kernel frees it with the last process that maps it."""

from __future__ import annotations

import mmap
import os
import tempfile


class SharedBlock:
    """A stretch of memory of ``n_bytes`` that starts as zeros and is the same in every process it is sent to.

    It has no name and no file: a process killed at any moment leaves nothing behind. Sent in a message of a ``Channel``
    it arrives as a block that maps the same memory.

    Parameters
    ----------
    n_bytes
        At least 1.
    descriptor
        Of memory that exists, taken over by this block; None makes new memory.
    """

    def __init__(self, n_bytes: int, *, descriptor: int | None = None) -> None:
        self.n_bytes = n_bytes
        self.descriptor = _new_memory(n_bytes) if descriptor is None else descriptor
        # All of it is touched now: nobody waits for a page later, least of all the callback.
        flags = mmap.MAP_SHARED | getattr(mmap, "MAP_POPULATE", 0)
        self.memory = mmap.mmap(self.descriptor, n_bytes, flags=flags)

    def __del__(self) -> None:
        # The mapping goes with the last array over it.
        if getattr(self, "descriptor", -1) >= 0:
            os.close(self.descriptor)
            self.descriptor = -1


def _new_memory(n_bytes: int) -> int:
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("infiniloop", os.MFD_CLOEXEC)
    else:
        with tempfile.TemporaryFile() as file:
            descriptor = os.dup(file.fileno())
    os.ftruncate(descriptor, n_bytes)
    return descriptor
