# SPDX-License-Identifier: GPL-3.0-or-later
"""This module draws a log-frequency spectrogram as a picture: long windows for the bass, short ones for the treble."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from engine.dsp.log_bank import row_bank
from engine.dsp.peaks import mono_mix
from engine.values import ByteArray, Clip, FloatArray, SpectrogramImage, SpectrogramWindow

LOW_HZ = 40.0
HIGH_HZ = 16_000.0
FLOOR_DB = -120.0
DEFAULT_ROWS = 288
DEFAULT_COLUMNS_MAX = 32_768
"""Columns of a long clip's picture: ten minutes then take 19 MB with their pyramid, and a column lasts 18 ms."""
COARSEST_COLUMNS = 1024
"""Number of columns from which on no coarser level is made."""

_WINDOWS_S = (0.186, 0.046, 0.0116)
"""Window lengths in seconds for bass, middle and treble: 8192, 2048 and 512 samples at 44.1 kHz."""
_LENGTHS = {SpectrogramWindow.SHORT: 0.25, SpectrogramWindow.MEDIUM: 1.0, SpectrogramWindow.LONG: 4.0}
"""Factor of the three window lengths for each choice: a step either way is seen at once."""

_CROSSOVERS_HZ = (350.0, 2800.0)
_CROSSOVER_OCTAVES = 1.0
"""Width in octaves over which one resolution gives way to the next, so that no line shows."""

_CHUNK_VALUES = 1 << 21
_FEWEST_SAMPLES_PER_COLUMN = 64
_FRAMES_PER_COLUMN_WIDTH = 2
"""Number of columns in the shortest window: finer ones would show the window and nothing else."""
_FRAMES_PER_WINDOW = 4
"""Number of frames in a window's length where columns are narrower: Hann's power then hardly ripples between them."""


def spectrogram_image(
    clip: Clip,
    *,
    window: SpectrogramWindow = SpectrogramWindow.MEDIUM,
    n_rows: int = DEFAULT_ROWS,
    n_columns_max: int = DEFAULT_COLUMNS_MAX,
) -> SpectrogramImage:
    """Draw ``clip`` on a log-frequency scale from 40 Hz to 16 kHz (or to Nyquist, if that is lower).

    Column ``k`` covers the samples ``[k, k + 1) * n_samples / n_columns`` and shows the loudest moment within them, so
    that a click survives any zoom. Rows are log-spaced; three window lengths meet in soft crossovers, which is the
    constant-Q idea (Brown, "Calculation of a constant Q spectral transform", JASA 1991) at an FFT's price.

    Parameters
    ----------
    window
        Whether its windows are short (sharp in time), medium or long (sharp in pitch).
    n_rows
        Rows of the picture.
    n_columns_max
        Columns of the picture, at most; a short clip has fewer, as many as its shortest window tells apart.
    """
    high_hz = min(HIGH_HZ, clip.sample_rate / 2)
    windows = [1 << round(math.log2(one * _LENGTHS[window] * clip.sample_rate)) for one in _WINDOWS_S]
    fewest = max(_FEWEST_SAMPLES_PER_COLUMN, windows[-1] // _FRAMES_PER_COLUMN_WIDTH)
    n_columns = max(1, min(n_columns_max, clip.n_samples // fewest))
    edges_hz = np.geomspace(LOW_HZ, high_hz, n_rows + 1)
    centres_hz = np.sqrt(edges_hz[:-1] * edges_hz[1:])
    signal = _one_channel(clip)
    power = np.zeros((n_rows, n_columns), dtype=np.float32)
    for n_fft, shares in zip(windows, _shares(centres_hz), strict=True):
        rows = np.flatnonzero(shares > 0)
        if rows.size:
            part = _band_power(signal, n_fft, edges_hz[rows[0] : rows[-1] + 2], clip.sample_rate, n_columns)
            power[rows] += shares[rows, None].astype(np.float32) * part
    loudest = float(power.max())
    levels = _levels(power, loudest)
    return SpectrogramImage(
        levels=levels,
        low_hz=LOW_HZ,
        high_hz=high_hz,
        floor_db=FLOOR_DB,
        n_samples=clip.n_samples,
        sample_rate=clip.sample_rate,
        coarser=_pyramid(levels),
        loudest_db=10.0 * math.log10(max(loudest, 1e-30)),
        window=window,
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
    bank = row_bank(edges_hz, n_fft, sample_rate)
    column_samples, hop = signal.size / n_columns, n_fft / _FRAMES_PER_WINDOW
    if column_samples >= hop:
        per_column = max(1, math.ceil(column_samples / (n_fft / 2)))
        # Frame j of column k is centred at (k + (j + 0.5) / per_column) columns.
        centres = (np.arange(n_columns * per_column, dtype=np.float64) + 0.5) * (column_samples / per_column)
        return _frame_power(signal, n_fft, bank, centres, per_column)
    # Columns are narrower than what the window tells apart: fewer frames, and columns between them.
    centres = np.arange(math.ceil(signal.size / hop) + 1, dtype=np.float64) * hop
    frames = _frame_power(signal, n_fft, bank, centres, 1)
    at = (np.arange(n_columns) + 0.5) * (column_samples / hop)
    before = np.minimum(at.astype(np.int64), len(centres) - 2)
    after = (at - before).astype(np.float32)
    out: FloatArray = frames[:, before] * (1.0 - after)
    out += frames[:, before + 1] * after
    return out


def _frame_power(
    signal: FloatArray,
    n_fft: int,
    bank: tuple[FloatArray, int],
    centres: npt.NDArray[np.float64],
    n_together: int,
) -> FloatArray:
    """Return the loudest power of each ``n_together`` frames about these samples, ``(n_rows, n_columns)``.

    ``bank`` is what ``row_bank`` gave.
    """
    from scipy.fft import rfft

    weights, first_bin = bank
    taper = np.hanning(n_fft + 1)[:-1].astype(np.float32)
    taper *= np.float32(2.0 / taper.sum())
    slide = np.lib.stride_tricks.sliding_window_view(np.pad(signal, n_fft), n_fft)
    starts = np.round(centres).astype(np.int64) + n_fft - n_fft // 2
    n_columns = len(centres) // n_together
    out = np.empty((len(weights), n_columns), dtype=np.float32)
    step = max(1, _CHUNK_VALUES // (n_fft * n_together))
    for first in range(0, n_columns, step):
        last = min(first + step, n_columns)
        spectra = rfft(slide[starts[first * n_together : last * n_together]] * taper, axis=1)
        spectra = spectra[:, first_bin : first_bin + weights.shape[1]]
        power = spectra.real**2 + spectra.imag**2
        rows = power @ weights.T
        out[:, first:last] = rows.reshape(last - first, n_together, -1).max(axis=1).T
    return out


def _levels(power: FloatArray, loudest: float) -> ByteArray:
    if loudest <= 0.0:
        return np.zeros(power.shape, dtype=np.uint8)
    db = 10.0 * np.log10(np.maximum(power / np.float32(loudest), np.float32(10.0 ** (FLOOR_DB / 10.0))))
    levels: ByteArray = np.round((db - FLOOR_DB) * (255.0 / -FLOOR_DB)).astype(np.uint8)
    return levels


def _pyramid(levels: ByteArray) -> tuple[ByteArray, ...]:
    """Return ever coarser levels, without the finest."""
    out: list[ByteArray] = []
    while levels.shape[1] > COARSEST_COLUMNS:
        levels = halve_columns(levels)
        out.append(levels)
    return tuple(out)


def halve_columns(levels: ByteArray) -> ByteArray:
    """Return half as many columns, each the louder of two: a short sound does not vanish when zoomed out."""
    if levels.shape[1] % 2:
        levels = np.concatenate([levels, levels[:, -1:]], axis=1)
    return np.maximum(levels[:, 0::2], levels[:, 1::2])
