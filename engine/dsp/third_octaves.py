# SPDX-License-Identifier: GPL-3.0-or-later
"""This module gathers the bins of an FFT in third-octave bands (IEC 61260-1)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.values import FloatArray
from engine.values.live import band_edges_hz

HANN_NOISE_BANDWIDTH = 1.5
"""Equivalent noise bandwidth of Hann's window, bins: over so many a tone's power is spread."""


def third_octave_weights(places: npt.NDArray[np.int64], n_fft: int, sample_rate: int) -> FloatArray:
    """Return weights ``(n_bands, n_fft // 2 + 1)`` of the power of Hann-windowed bins, where a sine's peak bin has 1.

    A bin at the edge of two bands counts in each for its share: bands add up to the power of the whole.

    Parameters
    ----------
    places
        The bands, counted from that of 1 kHz.
    """
    bins = np.arange(n_fft // 2 + 1)
    edges = np.array([band_edges_hz(int(place)) for place in places]).reshape(-1, 2) * (n_fft / sample_rate)
    upper = np.minimum(edges[:, 1, None], bins + 0.5)
    lower = np.maximum(edges[:, 0, None], bins - 0.5)
    weights: FloatArray = (np.clip(upper - lower, 0.0, 1.0) / HANN_NOISE_BANDWIDTH).astype(np.float32)
    return weights
