# SPDX-License-Identifier: GPL-3.0-or-later
"""A recording is a file that grows as it is played, and takes its place with its first sound (all formats share this).

What is written is the kernel's at once, whatever becomes of this process; a power cut costs ``SYNC_S``.
"""

from __future__ import annotations

import abc
import contextlib
import errno
import os
import time
from pathlib import Path
from typing import Generic, TypeVar

from engine.errors import CannotWrite, WrongEnding, cannot_write
from engine.library import atomic
from engine.recording.comment_room import ROOM_BYTES
from engine.units import samples_to_seconds

SYNC_S = 5.0
"""Seconds of sound, about, that a power cut costs at most."""
MOST_COMMENT_BYTES = ROOM_BYTES // 2 - 256
"""Number of bytes that comments may have, their names with them."""


class GrowingFile:
    """A growing file is what libsndfile writes to; each format says what of it is whole.

    An exception cannot cross C, so it is kept as ``error``; from then on nothing is written.

    Attributes
    ----------
    n_bytes
        Number of bytes of what is whole, with what comes before the sound; 0 before the first sound.
    n_samples
        Number of samples in it, at the file's rate.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("x+b", buffering=0)
        atomic.own(self._file.fileno())
        self.error: OSError | None = None
        self.n_bytes = self.n_samples = 0
        self._synced_s = time.monotonic()

    def sync(self) -> None:
        """Have the file reach the disk, now and then. Raises OSError."""
        if time.monotonic() - self._synced_s >= SYNC_S:
            atomic.sync(self._file.fileno())
            self._synced_s = time.monotonic()

    def close(self) -> None:
        """Close the file. Raises OSError."""
        try:
            atomic.sync(self._file.fileno())
        finally:
            self._file.close()


Sink = TypeVar("Sink", bound=GrowingFile)


class GrowingRecorder(abc.ABC, Generic[Sink]):
    """A growing recorder puts a growing file into its place, and that of one that was there, with its first sound.

    Attributes
    ----------
    sample_rate, n_samples
        Hz, of what is played, and how much of it was taken; until it is closed the file may hold a little less.

    Raises
    ------
    WrongEnding, CannotWrite
    """

    def __init__(self, path: str | os.PathLike[str], sample_rate: int, ending: str, kind: type[Sink]) -> None:
        if Path(path).suffix.lower() != ending:
            raise WrongEnding(path=str(path), choices=ending)
        self.path = str(path)
        self.sample_rate, self.n_samples = sample_rate, 0
        self._target = Path(os.path.realpath(path))
        self._temporary: Path | None = None
        try:
            _refuse_special(self._target)
            self._temporary = atomic.temporary_beside(self._target)
            self.sink = kind(self._temporary)
        except OSError as error:
            raise self._error(error) from error

    @property
    def duration_s(self) -> float:
        """Return the seconds that were recorded so far."""
        return samples_to_seconds(self.n_samples, self.sample_rate)

    @staticmethod
    def most_characters(name: str) -> int:
        """Return how long a comment of this name may be."""
        return MOST_COMMENT_BYTES - len(name)

    @abc.abstractmethod
    def _close_encoder(self) -> None:
        """Have the encoder hand on what it holds, and be there no longer."""

    @abc.abstractmethod
    def _n_whole(self) -> int:
        """Return how many samples, as they are played, the file holds."""

    def _taken(self, n_samples: int) -> None:
        """Count samples that the encoder took. Raises CannotWrite, once."""
        if self.sink.error is None:
            self.n_samples += n_samples
            try:
                self._take_place()
                self.sink.sync()
            except OSError as error:
                self.sink.error = error
        self._end_on_error()

    def _end_on_error(self) -> None:
        error = self.sink.error
        if error is None:
            return
        self._close_encoder()
        self.n_samples = self._n_whole()
        self._end()
        raise self._error(error) from error

    def _end(self) -> None:
        try:
            try:
                if self.n_samples:
                    self._take_place()
            finally:
                self.sink.close()
        except OSError as error:
            raise self._error(error) from error
        finally:
            if self._temporary is not None:
                with contextlib.suppress(OSError):
                    self._temporary.unlink()

    def _take_place(self) -> None:
        if self._temporary is not None and self.sink.n_bytes:
            self._temporary.replace(self._target)
            self._temporary = None

    def _error(self, error: OSError) -> CannotWrite:
        return cannot_write(self.path, error)


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of it. Raises OSError."""
    while data:
        data = data[os.write(descriptor, data) :]


def _refuse_special(target: Path) -> None:
    """Raise OSError where something is in the way that is no file."""
    if target.exists() and not target.is_file():
        raise OSError(errno.EINVAL, "it is not a regular file")
