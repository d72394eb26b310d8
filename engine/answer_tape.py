# SPDX-License-Identifier: GPL-3.0-or-later
"""The answer tape holds what another process has decided to play, by the frames of the output's tape.

Who plays along plans ahead: it lays samples at frames that are still to come, and lays others in their place when it
has heard more. The audio process takes each frame once. What is laid where frames are taken already is left out, as the
player of GigMate does: the rest is played at once, and nothing of what is late as a whole.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.shared import SharedBlock
from engine.units import seconds_to_samples
from engine.values import FloatArray

ANSWER_S = 24.0
"""Seconds ahead of what is heard up to which answers can be laid."""
ANSWER_CHANNELS = 2
CROSS_S = 0.01
"""Seconds within which a later plan comes in over an earlier one."""

_HEADER_BYTES = 64
_TAKEN, _RATE, _GAIN = 0, 1, 2  # of the header's numbers
_UNIT_GAIN = 1 << 20


class Laid(NamedTuple):
    """This many frames of what was to be laid are on the tape, and so many were late."""

    n_laid: int
    n_late: int


def answer_block(sample_rate: int) -> SharedBlock:
    """Return memory for an answer tape at ``sample_rate`` Hz."""
    block = SharedBlock(_HEADER_BYTES + 4 * ANSWER_CHANNELS * seconds_to_samples(ANSWER_S, sample_rate))
    header = _header(block)
    header[_RATE], header[_GAIN] = sample_rate, _UNIT_GAIN
    return block


def _header(block: SharedBlock) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the header: the next frame to be taken; the sample rate in Hz; the gain, in ``_UNIT_GAIN``."""
    return np.frombuffer(block.memory, dtype=np.int64, count=3)


def _frames(block: SharedBlock) -> FloatArray:
    flat: FloatArray = np.frombuffer(block.memory, dtype=np.float32, offset=_HEADER_BYTES)
    n_frames = len(flat) // ANSWER_CHANNELS
    return flat[: n_frames * ANSWER_CHANNELS].reshape(n_frames, ANSWER_CHANNELS)


class AnswerWriter:
    """The writer is the end of who plays along; there is one at a time."""

    def __init__(self, block: SharedBlock) -> None:
        self._block = block
        self._header = _header(block)
        self._ring = _frames(block)
        self.sample_rate = int(self._header[_RATE])
        self._end = 0

    @property
    def taken(self) -> int:
        """Return the next frame that is taken: what is laid before it is late."""
        return int(self._header[_TAKEN])

    def set_gain(self, gain: float) -> None:
        """Have what is laid be played louder or softer, by a linear gain in [0, 4]."""
        self._header[_GAIN] = round(min(max(gain, 0.0), 4.0) * _UNIT_GAIN)

    def lay(self, first: int, samples: FloatArray, *, margin: int = 0) -> Laid:
        """Lay samples ``(n_frames, 2)`` at a frame on, in the place of all that was laid from there on.

        They come in within ``CROSS_S`` over what was laid before. ``margin`` is how many frames beyond the next one to
        be taken count as late: those that may be taken meanwhile.
        """
        n = len(samples)
        begin = max(first, self.taken + margin)
        n_late = min(n, begin - first)
        end = min(first + n, self.taken + len(self._ring) - self.sample_rate)
        if begin >= end:
            if begin < self._end and n_late < n:
                self._clear(max(begin, first), self._end)
            return Laid(0, n_late)
        new = samples[begin - first : end - first]
        n_cross = min(len(new), seconds_to_samples(CROSS_S, self.sample_rate))
        places = np.arange(begin, begin + n_cross) % len(self._ring)
        rising = ((np.arange(n_cross) + 0.5) / max(1, n_cross)).astype(np.float32)[:, None]
        self._ring[places] = self._ring[places] * (1.0 - rising) + new[:n_cross] * rising
        self._put(begin + n_cross, new[n_cross:])
        if end < self._end:
            self._clear(end, self._end)
        self._end = end
        return Laid(end - begin, n_late)

    def end(self, *, fade_s: float, margin: int = 0) -> None:
        """Have what is laid fade out from now on, and end."""
        begin, n = self.taken + margin, seconds_to_samples(fade_s, self.sample_rate)
        n = max(0, min(n, self._end - begin))
        places = np.arange(begin, begin + n) % len(self._ring)
        falling = np.cos((np.arange(n) + 0.5) * (np.pi / 2.0 / max(1, n))).astype(np.float32)[:, None]
        self._ring[places] *= falling
        self._clear(begin + n, self._end)
        self._end = min(self._end, begin + n)

    def _put(self, first: int, samples: FloatArray) -> None:
        done, n_ring = 0, len(self._ring)
        while done < len(samples):
            at = (first + done) % n_ring
            n = min(len(samples) - done, n_ring - at)
            self._ring[at : at + n] = samples[done : done + n]
            done += n

    def _clear(self, first: int, end: int) -> None:
        if first < end:
            self._ring[np.arange(first, end) % len(self._ring)] = 0.0


class AnswerReader:
    """The reader is the audio process's end, in the callback: it copies, clears and counts."""

    def __init__(self, block: SharedBlock) -> None:
        self._block = block
        self._header = _header(block)
        self._ring = _frames(block)
        self.sample_rate = int(self._header[_RATE])
        self._gain = np.float32(int(self._header[_GAIN]) / _UNIT_GAIN)

    def add_to(self, out: FloatArray, first: int, work: FloatArray) -> None:
        """Add the frames from ``first`` on to ``out``, ``(n_frames, 2)``, by way of ``work``, which is as large."""
        header, ring = self._header, self._ring
        n, n_ring, n_taken = len(out), len(ring), int(header[_TAKEN])
        if first != n_taken:
            # A process before this one, or a stream, left frames out: they are not to come round again.
            self._clear_between(n_taken, first)
        before, self._gain = self._gain, np.float32(int(header[_GAIN]) / _UNIT_GAIN)
        done = 0
        while done < n:
            at = (first + done) % n_ring
            m = min(n - done, n_ring - at)
            np.copyto(work[done : done + m], ring[at : at + m])
            ring[at : at + m] = 0.0
            done += m
        header[_TAKEN] = first + n
        if before != self._gain:
            work[:n] *= np.linspace(before, self._gain, n, dtype=np.float32)[:, None]
        elif self._gain != 1.0:
            np.multiply(work[:n], self._gain, out=work[:n])
        np.add(out, work[:n], out=out)

    def _clear_between(self, taken: int, first: int) -> None:
        n_ring = len(self._ring)
        if not 0 < first - taken < n_ring:
            if first > taken:
                self._ring.fill(0.0)
            return
        at, n = taken % n_ring, first - taken
        head = min(n, n_ring - at)
        self._ring[at : at + head] = 0.0
        self._ring[: n - head] = 0.0
