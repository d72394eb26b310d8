# SPDX-License-Identifier: GPL-3.0-or-later
"""The stem tape holds what each layer of a jam played of late, by the tape's frames, while its stems are recorded.

The audio process writes it as it mixes, ahead of the tape by what the output holds back; its parent reads it as far as
the tape is written: what lies before that is there for every layer.
"""

from __future__ import annotations

import numpy as np

from engine.shared import SharedBlock
from engine.tape import TAPE_CHANNELS, TAPE_S
from engine.units import seconds_to_samples
from engine.values import FloatArray
from engine.values.jam import LayerName

_FIRST, _N = min(one.channel for one in LayerName), len(LayerName)


def stem_block(sample_rate: int, seconds: float = TAPE_S) -> SharedBlock:
    """Return memory for a stem tape of so many seconds at ``sample_rate`` Hz: 11 MB for each layer."""
    return SharedBlock(4 * _N * TAPE_CHANNELS * seconds_to_samples(seconds, sample_rate))


class StemTape:
    """A stem tape is a view of its memory, for both of its ends.

    Parameters
    ----------
    offset
        What the writer adds to an output sample of the mixer's for its frame on the tape.
    """

    def __init__(self, block: SharedBlock, offset: int = 0) -> None:
        self._block = block
        self._offset = offset
        flat: FloatArray = np.frombuffer(block.memory, dtype=np.float32)
        self._rings = flat.reshape(_N, -1, TAPE_CHANNELS)

    def write(self, channel: int, sample: int, samples: FloatArray) -> None:
        """Put down what a channel played from an output sample on, without allocating; other channels are none.

        float32, ``(n_samples, 1 or 2)``, fewer than the tape holds.
        """
        if not _FIRST <= channel < _FIRST + _N:
            return
        ring, n = self._rings[channel - _FIRST], len(samples)
        at = (sample + self._offset) % len(ring)
        first = min(n, len(ring) - at)
        np.copyto(ring[at : at + first], samples[:first])
        if first < n:
            np.copyto(ring[: n - first], samples[first:])

    def rest(self, channel: int, sample: int, n_samples: int) -> None:
        """Put down that a channel was silent from an output sample on; other channels are none."""
        if not _FIRST <= channel < _FIRST + _N:
            return
        ring = self._rings[channel - _FIRST]
        at = (sample + self._offset) % len(ring)
        first = min(n_samples, len(ring) - at)
        ring[at : at + first] = 0.0
        if first < n_samples:
            ring[: n_samples - first] = 0.0

    def read(self, layer: LayerName, first: int, end: int) -> FloatArray:
        """Return what a layer played in frames ``[first, end)`` of the tape, ``(end - first, 2)``: a new array."""
        ring = self._rings[layer.channel - _FIRST]
        taken: FloatArray = ring[np.arange(first, end) % len(ring)]
        return taken
