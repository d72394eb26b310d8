# SPDX-License-Identifier: GPL-3.0-or-later
"""The tape holds the last half minute played, in memory that the audio process writes and its parent reads."""

from __future__ import annotations

import numpy as np

from engine.shared import SharedBlock
from engine.units import seconds_to_samples
from engine.values import FloatArray

TAPE_S = 30.0
"""Seconds by which a reader may fall behind before it misses anything."""
TAPE_CHANNELS = 2

_HEADER_BYTES = 64


def tape_block(sample_rate: int) -> SharedBlock:
    """Return memory for a tape of ``TAPE_S`` seconds at ``sample_rate`` Hz."""
    n_frames = seconds_to_samples(TAPE_S, sample_rate)
    block = SharedBlock(_HEADER_BYTES + 4 * TAPE_CHANNELS * n_frames)
    _header(block)[1] = sample_rate
    return block


def _header(block: SharedBlock) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the tape's header: frames written so far; sample rate in Hz."""
    return np.frombuffer(block.memory, dtype=np.int64, count=2)


def _frames(block: SharedBlock) -> FloatArray:
    flat: FloatArray = np.frombuffer(block.memory, dtype=np.float32, offset=_HEADER_BYTES)
    n_frames = len(flat) // TAPE_CHANNELS
    return flat[: n_frames * TAPE_CHANNELS].reshape(n_frames, TAPE_CHANNELS)


class TapeWriter:
    """The tape writer is the audio process's end; a new process goes on where the last one ended."""

    def __init__(self, block: SharedBlock) -> None:
        self._block = block
        self._header = _header(block)
        self._ring = _frames(block)
        self.sample_rate = int(self._header[1])

    @property
    def n_written(self) -> int:
        """Return the number of frames written since the tape began."""
        return int(self._header[0])

    def write(self, samples: FloatArray) -> None:
        """Append float32 samples ``(n_samples, 1 or 2)``, fewer than the tape holds, without allocating."""
        written, n_ring, n = int(self._header[0]), len(self._ring), len(samples)
        at = written % n_ring
        first = min(n, n_ring - at)
        np.copyto(self._ring[at : at + first], samples[:first])
        if first < n:
            np.copyto(self._ring[: n - first], samples[first:])
        # Last: what the count covers is there.
        self._header[0] = written + n


class TapeReader:
    """The tape reader is the parent's end, and takes what came since the last time.

    Attributes
    ----------
    position
        The next frame to be read.
    n_missed
        Frames that were overwritten before they were read.
    """

    def __init__(self, block: SharedBlock) -> None:
        self._block = block
        self._header = _header(block)
        self._ring = _frames(block)
        self.sample_rate = int(self._header[1])
        self.position = int(self._header[0])
        self.n_missed = 0

    @property
    def n_written(self) -> int:
        """Return the number of frames written since the tape began."""
        return int(self._header[0])

    def skip_to(self, frame: int) -> None:
        """Leave out what comes before ``frame``; that is not missed. Does nothing where the reader is past it."""
        self.position = max(self.position, min(frame, self.n_written))

    def go_back(self, n_frames: int) -> None:
        """Read so many frames again, as far as they are there."""
        self.position = max(0, self.position - n_frames)

    def copy(self, first: int, out: FloatArray) -> None:
        """Fill ``out``, ``(n_frames, 2)``, with the frames from ``first`` on, which are there; without allocating."""
        n_ring, done = len(self._ring), 0
        while done < len(out):
            at = (first + done) % n_ring
            n = min(len(out) - done, n_ring - at)
            np.copyto(out[done : done + n], self._ring[at : at + n])
            done += n

    def read(self, until: int | None = None) -> FloatArray:
        """Return what was written since the last call (before frame ``until``), ``(n_frames, 2)``: a new array."""
        n_ring = len(self._ring)
        end = self.n_written if until is None else min(until, self.n_written)
        # The writer may be overwriting the oldest second.
        oldest = self.n_written - n_ring + self.sample_rate
        if self.position < oldest:
            self.n_missed += oldest - self.position
            self.position = oldest
        if end <= self.position:
            return np.zeros((0, TAPE_CHANNELS), dtype=np.float32)
        places = np.arange(self.position, end) % n_ring
        taken: FloatArray = self._ring[places]
        self.position = end
        return taken
