# SPDX-License-Identifier: GPL-3.0-or-later
"""This module gives memory that processes share: the kernel frees it with the last process that maps it."""

from __future__ import annotations

import ctypes
import functools
import mmap
import os
import tempfile
from typing import Any

import numpy as np

from engine.values import ByteArray

_POPULATE = getattr(mmap, "MAP_POPULATE", 0)
"""Flag that touches all of a mapping as it is made: the audio callback, above all, must never wait for a page."""


class SharedBlock:
    """A shared block is memory of ``n_bytes`` that starts as zeros and is the same in every process it is sent to.

    It has no name and no file: a process killed at any moment leaves nothing behind. Sent in a message of a ``Pipe``
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
        self.descriptor = -1
        if descriptor is None:
            self.descriptor = _new_memory()
            os.ftruncate(self.descriptor, n_bytes)
        else:
            self.descriptor = descriptor
        self.memory = mmap.mmap(self.descriptor, n_bytes, flags=mmap.MAP_SHARED | _POPULATE)

    def __del__(self) -> None:
        # The mapping goes with the last array over it.
        if getattr(self, "descriptor", -1) >= 0:
            os.close(self.descriptor)
            self.descriptor = -1


class _Mapping:
    """A mapping that keeps no descriptor, unlike ``mmap.mmap``.

    A process may hold hundreds of arrays, and often no more than 1024 descriptors.
    """

    def __init__(self, descriptor: int) -> None:
        self._address = 0
        self._n_bytes = os.fstat(descriptor).st_size
        address = _libc().mmap(None, self._n_bytes, mmap.PROT_READ, mmap.MAP_SHARED | _POPULATE, descriptor, 0)
        if address == ctypes.c_void_p(-1).value:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
        self._address = address
        self.__array_interface__ = {
            "version": 3,
            "shape": (self._n_bytes,),
            "typestr": "|u1",
            "data": (address, True),
        }

    def __del__(self) -> None:
        if self._address:
            _libc().munmap(self._address, self._n_bytes)


def mapped(descriptor: int) -> ByteArray:
    """Return read-only bytes over shared memory, unmapped with the last array over them.

    The descriptor stays the caller's, who may close it at once. Raises OSError.
    """
    return np.asarray(_Mapping(descriptor))


def copied(content: memoryview) -> int:
    """Return a descriptor of new memory with this content, for ``mapped`` in any process. Raises OSError."""
    descriptor = _new_memory()
    try:
        done = 0
        while done < len(content):
            # Not through a mapping: the kernel fills the pages as it makes them, and others may run meanwhile.
            done += os.pwrite(descriptor, content[done:], done)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _new_memory() -> int:
    if hasattr(os, "memfd_create"):
        return os.memfd_create("infiniloop", os.MFD_CLOEXEC)
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


@functools.cache
def _libc() -> Any:
    libc = ctypes.CDLL(None, use_errno=True)
    number, size, address = ctypes.c_int, ctypes.c_size_t, ctypes.c_void_p
    libc.mmap.argtypes, libc.mmap.restype = [address, size, number, number, number, ctypes.c_long], address
    libc.munmap.argtypes, libc.munmap.restype = [address, size], number
    return libc
