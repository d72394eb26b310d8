# SPDX-License-Identifier: GPL-3.0-or-later
"""The disk ring keeps the last ten minutes of everything played, in a file of fixed size that is overwritten.

The file is a page of header and then packed 24-bit samples: tape frame ``f`` lies at ``f % n_ring``. It is longer than
what is kept, so that a reader of the oldest frames has some time before they are overwritten; and the header says which
frames are being overwritten before they are, so that a reader, in any process, knows whether what it read was whole.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import struct
from pathlib import Path
from typing import NamedTuple, Self

from engine.dsp.pcm import PCM24_BYTES, pack_pcm24, unpack_pcm24
from engine.errors import CannotRead, CannotWrite, cannot_write
from engine.tape import TAPE_CHANNELS
from engine.units import seconds_to_samples
from engine.values import FloatArray

KEPT_S = 600.0
MARGIN_S = 30.0
"""Seconds by which the file is longer than what is kept."""

_NAME = "heard-{}.ring"
_MAGIC = b"ILRING1\0"
_HEADER = struct.Struct("<8s5q")
_HEADER_BYTES = 4096
_FRAME_BYTES = TAPE_CHANNELS * PCM24_BYTES


class _Header(NamedTuple):
    """The header of a ring's file; its frames are the tape's.

    Attributes
    ----------
    begun
        The first frame since the ring began or frames were missed.
    claimed
        Frames before this one are there or being written.
    end
        Frames before this one are there.
    """

    sample_rate: int
    n_ring: int
    begun: int
    claimed: int
    end: int

    @property
    def oldest(self) -> int:
        """Return the first frame that is not being overwritten."""
        return max(self.begun, self.claimed - self.n_ring)


class DiskRing:
    """The disk ring is the writing end, for one thread; it removes files that killed studios left in the folder.

    Parameters
    ----------
    folder
        For the file; made if it is not there.
    sample_rate
        Hz, of the tape.
    kept_s
        How long a frame is kept, at least.

    Raises
    ------
    CannotWrite
        No such place, or too little space: all of it is taken at once.
    """

    def __init__(self, folder: Path, sample_rate: int, *, kept_s: float = KEPT_S) -> None:
        self._n_kept = seconds_to_samples(kept_s, sample_rate)
        self._state = _Header(sample_rate, self._n_kept + seconds_to_samples(MARGIN_S, sample_rate), 0, 0, 0)
        self.path = folder / _NAME.format(secrets.token_hex(8))
        self._descriptor = -1
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _remove_left_behind(folder)
            self._descriptor = _new_locked(self.path)
            self._reserve()
            self._tell(self._state)
        except OSError as error:
            self.close()
            raise self._error(error) from error

    @property
    def span(self) -> tuple[int, int]:
        """Return the tape frames that are kept, half open; empty before the first."""
        state = self._state
        return max(state.oldest, state.end - self._n_kept), state.end

    def write(self, frame: int, samples: FloatArray) -> None:
        """Keep samples ``(n_samples, 2)`` in [-1, 1], of which the first is tape frame ``frame``.

        Where that is not the frame after the last, what was kept is forgotten. Raises CannotWrite.
        """
        state = self._state
        if frame != state.end:
            state = state._replace(begun=frame, claimed=frame, end=frame)
        end = frame + len(samples)
        samples = samples[-state.n_ring :]
        try:
            self._tell(state._replace(claimed=end))
            at = (end - len(samples)) % state.n_ring
            first = state.n_ring - at
            _write_at(self._descriptor, _place(at), pack_pcm24(samples[:first]).tobytes())
            _write_at(self._descriptor, _place(0), pack_pcm24(samples[first:]).tobytes())
            self._tell(state._replace(claimed=end, end=end))
        except OSError as error:
            raise self._error(error) from error

    def close(self) -> None:
        """Remove the file. Closing twice does no harm; readers that have it open read on."""
        if self._descriptor >= 0:
            # A disk that fails, or is read-only by now, keeps it.
            with contextlib.suppress(OSError):
                self.path.unlink()
            os.close(self._descriptor)
            self._descriptor = -1

    def _reserve(self) -> None:
        n_bytes = _place(self._state.n_ring)
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(self._descriptor, 0, n_bytes)
        else:
            os.ftruncate(self._descriptor, n_bytes)

    def _tell(self, state: _Header) -> None:
        _write_at(self._descriptor, 0, _HEADER.pack(_MAGIC, *state))
        self._state = state

    def _error(self, error: OSError) -> CannotWrite:
        return cannot_write(self.path, error)


class RingReader:
    """The ring's reading end, in any process, while the ring goes on being written.

    Raises
    ------
    CannotRead
        There is no ring at ``path``.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._descriptor = os.open(path, os.O_RDONLY)
        except OSError as error:
            raise CannotRead(path=str(path), detail=error.strerror or str(error)) from error
        try:
            self.sample_rate = self._header().sample_rate
        except CannotRead:
            os.close(self._descriptor)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        os.close(self._descriptor)

    @property
    def oldest(self) -> int:
        """Return the oldest tape frame that can still be read."""
        return self._header().oldest

    def read(self, first: int, end: int) -> FloatArray:
        """Return tape frames ``[first, end)``: float32, ``(end - first, 2)``, as they were played, in 24 bits.

        Raises CannotRead where they are not there, or were overwritten meanwhile.
        """
        n_ring = self._header().n_ring
        at, n = first % n_ring, end - first
        n_first = min(n, n_ring - at)
        packed = os.pread(self._descriptor, n_first * _FRAME_BYTES, _place(at))
        packed += os.pread(self._descriptor, (n - n_first) * _FRAME_BYTES, _place(0))
        # Looked at only now: what was whole after it was read was whole as it was read.
        header = self._header()
        if not header.oldest <= first <= end <= header.end or len(packed) != n * _FRAME_BYTES:
            raise CannotRead(path=str(self._path), detail="what was heard then is overwritten")
        return unpack_pcm24(packed, TAPE_CHANNELS)

    def _header(self) -> _Header:
        before = b""
        # Two looks alike: a header that is just being written is seen as half old, half new.
        while (now := os.pread(self._descriptor, _HEADER.size, 0)) != before:
            before = now
        if len(now) < _HEADER.size or not now.startswith(_MAGIC):
            raise CannotRead(path=str(self._path), detail="it is no recording of what was heard")
        return _Header(*_HEADER.unpack(now)[1:])


def _place(frame: int) -> int:
    return _HEADER_BYTES + frame * _FRAME_BYTES


def _write_at(descriptor: int, offset: int, data: bytes) -> None:
    while data:
        n_written = os.pwrite(descriptor, data, offset)
        data, offset = data[n_written:], offset + n_written


def _new_locked(path: Path) -> int:
    """Return a new file, locked for as long as it is open, which marks a ring in use."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(path.stat(), os.fstat(descriptor)):
                return descriptor
        # Another studio, tidying up, removed it before it was locked.
        os.close(descriptor)


def _remove_left_behind(folder: Path) -> None:
    for path in folder.glob(_NAME.format("*")):
        with contextlib.suppress(OSError):  # another studio removes it, too
            descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()
            except BlockingIOError:
                pass  # in use
            finally:
                os.close(descriptor)
