# SPDX-License-Identifier: GPL-3.0-or-later
"""This module draws a log-frequency spectrogram as a picture: long windows for the bass, short ones for the treble."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from engine.dsp.peaks import mono_mix
from engine.values import ByteArray, Clip, FloatArray, SpectrogramImage

LOW_HZ = 40.0
HIGH_HZ = 16_000.0
FLOOR_DB = -80.0
DEFAULT_ROWS = 192
DEFAULT_COLUMNS_MAX = 1600

_WINDOWS_S = (0.186, 0.046, 0.0116)
"""Window lengths in seconds for bass, middle and treble: 8192, 2048 and 512 samples at 44.1 kHz."""

_CROSSOVERS_HZ = (350.0, 2800.0)
_CROSSOVER_OCTAVES = 1.0
"""Width in octaves over which one resolution gives way to the next, so that no line shows."""

_CHUNK_VALUES = 1 << 21
_FEWEST_SAMPLES_PER_COLUMN = 64


def spectrogram_image(
    clip: Clip, *, n_rows: int = DEFAULT_ROWS, n_columns_max: int = DEFAULT_COLUMNS_MAX
) -> SpectrogramImage:
    """Draw ``clip`` on a log-frequency scale from 40 Hz to 16 kHz (or to Nyquist, if that is lower).

    Column ``k`` covers the samples ``[k, k + 1) * n_samples / n_columns`` and shows the loudest moment within them, so
    that a click survives any zoom. Rows are log-spaced; three window lengths meet in soft crossovers, which is the
    constant-Q idea (Brown, "Calculation of a constant Q spectral transform", JASA 1991) at an FFT's price.

    Parameters
    ----------
    n_rows
        Rows of the picture.
    n_columns_max
        Columns of the picture, at most; a very short clip has fewer.
    """
    high_hz = min(HIGH_HZ, clip.sample_rate / 2)
    n_columns = max(1, min(n_columns_max, clip.n_samples // _FEWEST_SAMPLES_PER_COLUMN))
    edges_hz = np.geomspace(LOW_HZ, high_hz, n_rows + 1)
    centres_hz = np.sqrt(edges_hz[:-1] * edges_hz[1:])
    signal = _one_channel(clip)
    power = np.zeros((n_rows, n_columns), dtype=np.float32)
    for window_s, shares in zip(_WINDOWS_S, _shares(centres_hz), strict=True):
        rows = np.flatnonzero(shares > 0)
        if rows.size:
            n_fft = 1 << round(math.log2(window_s * clip.sample_rate))
            part = _band_power(signal, n_fft, edges_hz[rows[0] : rows[-1] + 2], clip.sample_rate, n_columns)
            power[rows] += shares[rows, None].astype(np.float32) * part
    return SpectrogramImage(
        levels=_levels(power),
        low_hz=LOW_HZ,
        high_hz=high_hz,
        floor_db=FLOOR_DB,
        n_samples=clip.n_samples,
        sample_rate=clip.sample_rate,
    )


def _one_channel(clip: Clip) -> FloatArray:
    """Return the mono mix, or half the difference of two channels that cancel each other in the mix."""
    mix = mono_mix(clip.samples)
    if clip.n_channels == 2:
        side = (clip.samples[:, 0] - clip.samples[:, 1]) * np.float32(0.5)
        if np.dot(side, side) > np.dot(mix, mix):
            return side
    return mix


def _shares(centres_hz: npt.NDArray[np.float64]) -> list[npt.NDArray[np.float64]]:
    """Return how much each window length counts in each row; the shares of a row add up to 1."""
    above = [
        np.clip(0.5 + np.log2(centres_hz / crossover_hz) / _CROSSOVER_OCTAVES, 0.0, 1.0)
        for crossover_hz in _CROSSOVERS_HZ
    ]
    return [1.0 - above[0], above[0] - above[1], above[1]]


def _band_power(
    signal: FloatArray, n_fft: int, edges_hz: npt.NDArray[np.float64], sample_rate: int, n_columns: int
) -> FloatArray:
    """Return the power for one window length, shape ``(len(edges_hz) - 1, n_columns)``; a full-scale sine has 1."""
    from scipy.fft import rfft

    column_samples = signal.size / n_columns
    per_column = max(1, math.ceil(column_samples / (n_fft / 2)))
    window = np.hanning(n_fft + 1)[:-1].astype(np.float32)
    window *= np.float32(2.0 / window.sum())
    bank, first_bin = _row_bank(edges_hz, n_fft, sample_rate)
    padded = np.pad(signal, n_fft)
    slide = np.lib.stride_tricks.sliding_window_view(padded, n_fft)
    # Frame j of column k is centred at (k + (j + 0.5) / per_column) columns.
    centres = (np.arange(n_columns * per_column) + 0.5) * (column_samples / per_column)
    starts = np.round(centres).astype(np.int64) + n_fft - n_fft // 2
    out = np.empty((edges_hz.size - 1, n_columns), dtype=np.float32)
    step = max(1, _CHUNK_VALUES // (n_fft * per_column))
    for first in range(0, n_columns, step):
        last = min(first + step, n_columns)
        spectra = rfft(slide[starts[first * per_column : last * per_column]] * window, axis=1)
        spectra = spectra[:, first_bin : first_bin + bank.shape[1]]
        power = spectra.real**2 + spectra.imag**2
        rows = power @ bank.T
        out[:, first:last] = rows.reshape(last - first, per_column, -1).max(axis=1).T
    return out


def _row_bank(edges_hz: npt.NDArray[np.float64], n_fft: int, sample_rate: int) -> tuple[FloatArray, int]:
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


def _levels(power: FloatArray) -> ByteArray:
    loudest = float(power.max())
    if loudest <= 0.0:
        return np.zeros(power.shape, dtype=np.uint8)
    db = 10.0 * np.log10(np.maximum(power / np.float32(loudest), np.float32(10.0 ** (FLOOR_DB / 10.0))))
    levels: ByteArray = np.round((db - FLOOR_DB) * (255.0 / -FLOOR_DB)).astype(np.uint8)
    return levels
