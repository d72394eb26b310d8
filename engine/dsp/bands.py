# SPDX-License-Identifier: GPL-3.0-or-later
"""This module cuts the low band out of a loop without moving it in time, for a bass swap."""

from __future__ import annotations

import numpy as np

from engine.dsp.seam import cyclic as read_cyclic
from engine.units import ms_to_samples
from engine.values import FloatArray

CROSSOVER_HZ = 190.0
"""Frequency in Hz at which a sine has half its amplitude in the low band, and half in the rest."""

REACH_MS = 30.0
"""Reach of the filter in milliseconds: what lies farther from a sample moves its low band by less than -90 dB."""

_STEEPNESS = 4


def low_band(samples: FloatArray, sample_rate: int, *, cyclic: bool = True) -> FloatArray:
    """Return what lies below ``CROSSOVER_HZ``, zero-phase; ``samples`` less the result is the rest, to the bit.

    The gain is ``2 ** -(f / CROSSOVER_HZ) ** 4``: flat below (−0.05 dB at 60 Hz), −6 dB at the crossover, −96 dB an
    octave above, and so smooth that it rings for a few milliseconds only.

    Parameters
    ----------
    samples
        Shape ``(n_samples, n_channels)``.
    cyclic
        Whether the end is followed by the start; if not, both are surrounded by silence.

    Returns
    -------
    float32 of the same shape
    """
    from scipy.fft import irfft, next_fast_len, rfft

    n, reach = len(samples), ms_to_samples(REACH_MS, sample_rate)
    padded = read_cyclic(samples, -reach, n + 2 * reach) if cyclic else np.pad(samples, ((reach, reach), (0, 0)))
    n_fft = next_fast_len(len(padded), real=True)
    frequencies = np.fft.rfftfreq(n_fft, 1.0 / sample_rate)
    gain = np.exp2(-((np.minimum(frequencies, 8.0 * CROSSOVER_HZ) / CROSSOVER_HZ) ** _STEEPNESS)).astype(np.float32)
    low = irfft(rfft(padded, n_fft, axis=0) * gain[:, None], n_fft, axis=0, overwrite_x=True)
    return np.ascontiguousarray(low[reach : reach + n], dtype=np.float32)
