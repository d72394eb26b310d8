# SPDX-License-Identifier: GPL-3.0-or-later
"""A history has the last seconds that went through a strip, for what repeats them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.values import FloatArray

HISTORY_SAMPLES = 1 << 18
"""Length of a history in samples: 5.9 s at 44.1 kHz."""
HOP_SAMPLES = 64
"""Samples of which each power of a history is."""

_N_HOPS = HISTORY_SAMPLES // HOP_SAMPLES
_N_UNMEASURED = 8192


class History:
    """A history is a ring of samples; places in it are counted from the first sample that it ever took.

    Attributes
    ----------
    end
        The place after the last sample.
    """

    def __init__(self, n_channels: int) -> None:
        self._ring: FloatArray = np.empty((HISTORY_SAMPLES, n_channels), dtype=np.float32)
        # Its pages are made here, not in the callback.
        self._ring.fill(0.0)
        self._hops = self._ring.reshape(_N_HOPS, -1)
        self._powers: NDArray[np.float32] = np.zeros(_N_HOPS, dtype=np.float32)
        self._n_measured = 0
        self.end = 0

    @property
    def begin(self) -> int:
        """Return the oldest place that is still there."""
        return max(0, self.end - HISTORY_SAMPLES)

    def write(self, samples: FloatArray) -> None:
        """Take these samples, shape ``(n_samples, n_channels)``, at most ``HISTORY_SAMPLES``."""
        at = self.end % HISTORY_SAMPLES
        n = min(len(samples), HISTORY_SAMPLES - at)
        self._ring[at : at + n] = samples[:n]
        if n < len(samples):
            self._ring[: len(samples) - n] = samples[n:]
        self.end += len(samples)
        if self.end - self._n_measured * HOP_SAMPLES >= _N_UNMEASURED:
            self._measure()

    def read(self, first: int, n_samples: int) -> FloatArray:
        """Return ``n_samples`` from a place on, valid until the next ``write``; what is not there is silence."""
        if n_samples and self.begin <= first and first + n_samples <= self.end:
            at = first % HISTORY_SAMPLES
            n = min(n_samples, HISTORY_SAMPLES - at)
            if n == n_samples:
                return self._ring[at : at + n]
            return np.concatenate([self._ring[at:], self._ring[: n_samples - n]])
        there = max(self.begin, first), min(self.end, first + n_samples)
        out = np.zeros((n_samples, self._ring.shape[1]), dtype=np.float32)
        if there[0] < there[1]:
            out[there[0] - first : there[1] - first] = self.read(there[0], there[1] - there[0])
        return out

    def powers(self, first: int, until: int) -> tuple[int, NDArray[np.float32]]:
        """Return the sums of squares of the whole hops between two places that are there, and the first one's place."""
        self._measure()
        hops = np.arange(-(-first // HOP_SAMPLES), until // HOP_SAMPLES)
        return -(-first // HOP_SAMPLES) * HOP_SAMPLES, self._powers[hops % _N_HOPS]

    def _measure(self) -> None:
        """Take the powers of hops that are whole by now: seconds at once would hold up a block."""
        until = self.end // HOP_SAMPLES
        at = max(self._n_measured, until - _N_HOPS) % _N_HOPS
        n = min(until - self._n_measured, _N_HOPS)
        for part in (slice(at, min(at + n, _N_HOPS)), slice(0, max(0, at + n - _N_HOPS))):
            np.einsum("ij,ij->i", self._hops[part], self._hops[part], out=self._powers[part])
        self._n_measured = until
