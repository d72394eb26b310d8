# SPDX-License-Identifier: GPL-3.0-or-later
"""A spool keeps decoded samples, in memory or, where they are many, in an unnamed temporary file."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable
from typing import BinaryIO

import numpy as np

from engine.errors import CannotRead, NotAudio
from engine.values import FloatArray

_FLOAT_BYTES = 4


class Spool(contextlib.AbstractContextManager["Spool"]):
    """A spool holds decoded samples, in memory or, from ``memory_bytes`` on, in an unnamed temporary file.

    The file is read, not mapped: mapped pages would count as memory of this process.
    """

    def __init__(self, n_channels: int, path: str | os.PathLike[str], memory_bytes: int) -> None:
        self._n_channels = n_channels
        self._memory_bytes = memory_bytes
        self._path = path
        self._parts: list[FloatArray] = []
        self._file: BinaryIO | None = None
        self.n_samples = 0

    def __exit__(self, *_: object) -> None:
        self._parts.clear()
        if self._file is not None:
            self._file.close()

    def append(self, part: FloatArray) -> None:
        self.n_samples += len(part)
        if self._file is None:
            self._parts.append(part)
            if self.n_samples * self._n_channels * _FLOAT_BYTES > self._memory_bytes:
                self._move_to_disk()
        else:
            self._write(part)

    def finished(self) -> Callable[[int, int], FloatArray]:
        """Return a reader of what was appended."""
        if self._file is not None:
            self._flush()
            return self._from_disk
        samples = np.concatenate(self._parts) if self._parts else np.zeros((0, self._n_channels), np.float32)
        samples.flags.writeable = False
        self._parts.clear()
        return lambda first, n_samples: samples[first : first + n_samples]

    def _move_to_disk(self) -> None:
        # /tmp may lie in memory; /var/tmp, by the Filesystem Hierarchy Standard, does not.
        folder = "/var/tmp" if os.access("/var/tmp", os.W_OK | os.X_OK) else None
        try:
            self._file = tempfile.TemporaryFile(dir=folder, prefix="infiniloop-")  # noqa: SIM115 - closed in __exit__
        except OSError as error:
            raise self._no_room(error) from error
        for part in self._parts:
            self._write(part)
        self._parts.clear()

    def _write(self, part: FloatArray) -> None:
        assert self._file is not None
        try:
            self._file.write(np.ascontiguousarray(part).data)
        except OSError as error:
            raise self._no_room(error) from error

    def _flush(self) -> None:
        assert self._file is not None
        try:
            self._file.flush()
        except OSError as error:
            raise self._no_room(error) from error

    def _no_room(self, error: OSError) -> CannotRead:
        return CannotRead(path=str(self._path), detail=f"no room to decode it into: {error.strerror or error}")

    def _from_disk(self, first: int, n_samples: int) -> FloatArray:
        assert self._file is not None
        samples: FloatArray = np.empty((n_samples, self._n_channels), np.float32)
        view = samples.data.cast("B")
        place = first * self._n_channels * _FLOAT_BYTES
        while len(view):
            n_read = os.preadv(self._file.fileno(), [view], place)
            if n_read == 0:
                raise NotAudio(path=str(self._path), detail="its decoded samples are gone")
            view, place = view[n_read:], place + n_read
        return samples
