# SPDX-License-Identifier: GPL-3.0-or-later
"""This module measures how bright a loop is, and how many notes and strokes it has, in a few milliseconds."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from scipy.fft import rfft

from engine.values import FloatArray
from engine.values.jam import Character

N_WINDOW, N_HOP, LEAST_RATE = 1024, 512, 16_000
"""Lengths of the windows and of the steps between them, samples, and the lowest rate at which they are taken, Hz."""
_LOW_HZ, _HIGH_HZ, _N_BANDS = 60.0, 8_000.0, 24
_FLOOR_DB = -60.0
"""Level of a band against the loudest moment of any, dB, below which it is not heard."""
_STRONG = 0.3
"""Strength of an onset, of the strongest, from which on it counts."""
_LEAST_RISE_DB = 1.0
"""Mean rise of the bands, dB, below which nothing begins."""
_APART_S = 0.07
"""Seconds between two onsets, at least."""


def character_of(samples: FloatArray, sample_rate: int) -> Character:
    """Return the character of a loop, float, shape ``(n_samples, n_channels)``; that of silence is all zero."""
    n_mean = max(1, sample_rate // LEAST_RATE)
    n_samples = len(samples) // n_mean * n_mean
    # A product with equal weights is a mean along short rows, and takes a tenth of its time.
    mono = _mean_of_rows(_mean_of_rows(np.asarray(samples[:n_samples], dtype=np.float32)).reshape(-1, n_mean))
    if len(mono) < N_WINDOW or not np.any(mono):
        return Character(0.0, 0.0)
    rate = sample_rate / n_mean
    # A loop goes round: its first stroke rises from its end.
    rounded = np.concatenate([mono[-N_WINDOW:], mono])
    frames = np.lib.stride_tricks.sliding_window_view(rounded, N_WINDOW)[::N_HOP]
    power = np.abs(rfft(frames * np.hanning(N_WINDOW).astype(np.float32), axis=1)) ** 2
    hz = np.fft.rfftfreq(N_WINDOW, 1.0 / rate)
    edges = np.searchsorted(hz, np.geomspace(_LOW_HZ, _HIGH_HZ, _N_BANDS + 1))
    bands = np.stack([power[:, low : max(high, low + 1)].sum(axis=1) for low, high in pairwise(edges)], axis=1)
    level_db = np.maximum(10.0 * np.log10(bands / max(float(bands.max()), 1e-30) + 1e-12), _FLOOR_DB)
    return Character(_centre_hz(bands), _n_onsets(level_db, round(_APART_S * rate / N_HOP)) * rate / len(mono))


def _mean_of_rows(rows: FloatArray) -> FloatArray:
    return rows @ np.full(rows.shape[1], 1.0 / rows.shape[1], dtype=np.float32)


def _centre_hz(bands: FloatArray) -> float:
    """Return the middle of the spectrum on a scale of octaves, by amplitude."""
    amplitude = np.sqrt(bands.mean(axis=0))
    centres = np.geomspace(_LOW_HZ, _HIGH_HZ, 2 * _N_BANDS + 1)[1::2]
    return float(np.exp2((amplitude * np.log2(centres)).sum() / max(float(amplitude.sum()), 1e-30)))


def _n_onsets(level_db: FloatArray, apart: int) -> int:
    """Return how often the level of the bands rises as it does where notes begin, ``apart`` frames or more apart."""
    rise = np.maximum(np.diff(level_db, axis=0), 0.0).mean(axis=1)
    strongest = float(rise.max(initial=0.0))
    n_onsets, last = 0, -apart
    for at in np.flatnonzero(rise >= max(_STRONG * strongest, _LEAST_RISE_DB)):
        if at - last >= apart:
            n_onsets, last = n_onsets + 1, int(at)
    return n_onsets
