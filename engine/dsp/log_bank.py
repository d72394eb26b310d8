# SPDX-License-Identifier: GPL-3.0-or-later
"""A log bank gathers the bins of an FFT in rows that are log-spaced over frequency."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from engine.values import FloatArray


def row_bank(edges_hz: npt.NDArray[np.float64], n_fft: int, sample_rate: int) -> tuple[FloatArray, int]:
    """Return weights ``(n_rows, n_bins)`` of the FFT bins in each row, and the first bin that they stand for.

    A row wider than a bin adds its bins up, a narrower one interpolates between the two around it: a tone is equally
    bright in either.
    """
    lows, highs = edges_hz[:-1] * n_fft / sample_rate, edges_hz[1:] * n_fft / sample_rate
    first_bin = max(0, int(lows[0]) - 1)
    last_bin = min(n_fft // 2, math.ceil(highs[-1]) + 1)
    bins = np.arange(first_bin, last_bin + 1)
    half_width = np.maximum((highs - lows) / 2 + 0.5, 1.0)
    weights = np.clip(half_width[:, None] - np.abs(bins - (lows + highs)[:, None] / 2), 0.0, 1.0)
    wide = np.maximum(highs - lows, 1.0)[:, None]
    hann_noise_bandwidth_bins = 1.5  # a tone's power, added up over the bins it leaks into
    total = wide / np.minimum(wide, hann_noise_bandwidth_bins)
    weights *= total / np.maximum(weights.sum(axis=1, keepdims=True), 0.5)
    return weights.astype(np.float32), first_bin
