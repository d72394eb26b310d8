# SPDX-License-Identifier: GPL-3.0-or-later
"""This module measures true peaks, what a wave reaches between its samples, of arrays and of streams (numpy alone).

Four times oversampled by a polyphase FIR as ITU-R BS.1770-4, annex 2 has it, with a longer, Kaiser-windowed sinc
(within 0.04 dB up to 0.45 of the sample rate), and a parabola through each top (J. O. Smith, "Spectral Audio Signal
Processing", on peak interpolation), which the annex lacks: without it a tone there reads up to 0.55 dB low.

What lies nearer to half the rate no FIR of that length sees: white noise reads up to 1.3 dB low. ``Unseen`` tells how
much of it there is, for whoever must stay below a ceiling whatever comes.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.values import FloatArray

DoubleArray = npt.NDArray[np.float64]

OVERSAMPLING = 4
BEFORE, AFTER = 15, 16
"""Numbers of samples before and after an interval between samples that the points in this interval depend on."""
UNSEEN_REACH = 29
"""Number of samples on either side that ``Unseen`` depends on."""
UNSEEN_SAMPLES = 128
"""Number of samples for which the unseen part of a wave may be as loud as it was."""
WORST_GAIN = 2.55
"""Highest ratio of a point to the loudest sample that it depends on."""
WORST_UNSEEN = 1.35
"""Highest ratio of the unseen part of a wave to its loudest sample."""
GRID_LOSS = 0.92
"""Share of a top's height that the highest of its points reaches at least (cos 22.5°)."""
UNSEEN_SHARES = np.sin(np.pi * np.arange(OVERSAMPLING) / OVERSAMPLING)
"""Shares of the unseen part that the points after a sample may lack; the point on the sample itself lacks nothing."""
MAX_AMPLITUDE = 1e4
"""Amplitude at which samples are cut off; what is not a number is taken as 0."""

GLANCE_ERROR = 1e-4
"""Highest error of a ``Glance``, as a share of the loudest sample: a few times what float32 can round by."""

_N_TAPS = BEFORE + 1 + AFTER
_STRIDE = 16
_BETA = 5.0
# Of the high-pass: 0.02 at 0.45 of the rate, where points are sure; above, at least 0.8 times what they lack.
_UNSEEN_FROM = 0.476
_UNSEEN_BETA = 3.4
_UNSEEN_GAIN = 1.25
# What the high-pass lets through of a wave that is all seen.
_UNSEEN_LEAST = 0.003
# Waves and taps are whole multiples of these: products and sums are exact in float64 (20 + 13.3 bits by 16 + 1.4), so
# that a point is the same wherever in a block it lies, whatever adds it up in whatever order.
_WAVE_STEP = 2.0**-20
_TAP_STEP = 2.0**-16


def _windowed_sinc(away: DoubleArray, width: float, beta: float, cutoff: float = 0.5) -> DoubleArray:
    """Return low-pass taps ``away`` samples from the middle, rows with a sum of 1; ``cutoff`` in cycles a sample."""
    taps = np.sinc(2.0 * cutoff * away) * np.i0(beta * np.sqrt(np.maximum(0.0, 1.0 - (2.0 * away / width) ** 2)))
    low_pass: DoubleArray = taps / taps.sum(axis=1, keepdims=True)
    return low_pass


@lru_cache(maxsize=2)
def _filtering(*, high_pass: bool) -> DoubleArray:
    """Return the matrix from ``_STRIDE`` samples and those around them to points or to the unseen part.

    Shape ``(_STRIDE + n_taps - 1, _STRIDE * n_values)``, for so many values a sample.
    """
    if high_pass:
        away = np.arange(-UNSEEN_REACH, UNSEEN_REACH + 1.0)[None]
        taps = (away == 0.0) - _windowed_sinc(away, away.size, _UNSEEN_BETA, _UNSEEN_FROM)
    else:
        away = np.arange(-BEFORE, AFTER + 1) - np.arange(OVERSAMPLING)[:, None] / OVERSAMPLING
        taps = _windowed_sinc(away, _N_TAPS, _BETA)
    taps = np.rint(taps / _TAP_STEP) * _TAP_STEP
    n_values, n_taps = taps.shape
    matrix = np.zeros((_STRIDE + n_taps - 1, _STRIDE * n_values))
    for row in range(_STRIDE):
        matrix[row : row + n_taps, n_values * row : n_values * (row + 1)] = taps.T
    return matrix


def make_finite(samples: FloatArray) -> None:
    """Clean samples in place: what is no finite number becomes 0, the rest is held within ``MAX_AMPLITUDE``."""
    np.nan_to_num(samples, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
    np.clip(samples, -MAX_AMPLITUDE, MAX_AMPLITUDE, out=samples)


class _Filters:
    """FIR filters over pieces of a wave, up to ``max_samples`` values at a time, in memory of their own.

    They are exact in float64, and quick in float32.
    """

    def __init__(self, matrix: DoubleArray, n_channels: int, max_samples: int, dtype: npt.DTypeLike) -> None:
        # The wave is counted in steps where it is to be exact.
        self._is_exact = dtype == np.float64
        self._matrix = (matrix * _WAVE_STEP if self._is_exact else matrix).astype(dtype)
        n_rows = -(-max_samples // _STRIDE)
        n_window, n_columns = matrix.shape
        self._n_values = n_columns // _STRIDE
        self._n_around = n_window - _STRIDE
        self._waves = np.zeros((n_channels, (n_rows - 1) * _STRIDE + n_window), dtype)
        by_channel, by_sample = self._waves.strides
        self._slide = np.lib.stride_tricks.as_strided(
            self._waves, (n_channels, n_rows, n_window), (by_channel, _STRIDE * by_sample, by_sample), writeable=False
        )
        self._windows = np.empty((n_channels, n_rows, n_window), dtype)
        self._rows = np.empty((n_channels, n_rows, n_columns), dtype)
        self._magnitudes = np.empty(self._rows.size, dtype)
        self._fit(self._n_around + 1)

    def _fit(self, n_samples: int) -> None:
        """Look at as much of the memory as so many samples need: pieces have mostly one length."""
        n_channels, self._n_samples = len(self._waves), n_samples
        n = n_samples - self._n_around
        n_rows, n_magnitudes = -(-n // _STRIDE), self._n_values * n
        self._wave = self._waves[:, :n_samples]
        self._slid, self._window = self._slide[:, :n_rows], self._windows[:, :n_rows]
        self._row = self._rows[:, :n_rows]
        self._row_values = self._rows.reshape(n_channels, -1)[:, :n_magnitudes]
        self._out = self._magnitudes[: n_channels * n_magnitudes].reshape(n_channels, n_magnitudes)

    def magnitudes(self, samples: FloatArray) -> npt.NDArray[Any]:
        """Return absolute values, shape ``(n_channels, n_values * n)``, C-contiguous, overwritten by the next call.

        ``samples`` are float32 of shape ``(n + n_taps - 1, n_channels)``, finite and within ``MAX_AMPLITUDE``.
        """
        if len(samples) != self._n_samples:
            self._fit(len(samples))
        if self._is_exact:
            np.multiply(samples.T, 1.0 / _WAVE_STEP, out=self._wave)
            np.rint(self._wave, out=self._wave)
        else:
            np.copyto(self._wave, samples.T)
        np.copyto(self._window, self._slid)
        np.matmul(self._window, self._matrix, out=self._row)
        return np.abs(self._row_values, out=self._out)


class Oversampler(_Filters):
    """An oversampler reads a wave at four times its rate, up to ``max_samples`` at a time, in memory of its own."""

    def __init__(self, n_channels: int, max_samples: int) -> None:
        super().__init__(_filtering(high_pass=False), n_channels, max_samples, np.float64)

    def points(self, samples: FloatArray) -> DoubleArray:
        """Return absolute values at four points a sample, ``(n_channels, OVERSAMPLING * n)``, C-contiguous.

        ``samples`` are float32 of shape ``(BEFORE + n + AFTER, n_channels)``, finite and within ``MAX_AMPLITUDE``;
        points begin at sample ``BEFORE``. The array returned is overwritten by the next call.
        """
        return self.magnitudes(samples)


class Unseen(_Filters):
    """This filter tells how much of a wave lies where points read too low, up to ``max_samples`` at a time."""

    def __init__(self, n_channels: int, max_samples: int) -> None:
        super().__init__(_filtering(high_pass=True), n_channels, max_samples, np.float64)

    def bounds(self, samples: FloatArray) -> DoubleArray:
        """Return the unseen part at each sample, of the loudest channel, shape ``(n,)``.

        The highest of the last ``UNSEEN_SAMPLES`` is what a point in the middle between two samples may lack, and
        ``UNSEEN_SHARES`` of it the others: what lies so close to half the rate changes its amplitude slowly.

        ``samples`` are float32 of shape ``(n + 2 * UNSEEN_REACH, n_channels)``, finite and within ``MAX_AMPLITUDE``.
        """
        bounds: DoubleArray = self.magnitudes(samples).max(axis=0)
        bounds *= _UNSEEN_GAIN
        bounds -= _UNSEEN_LEAST
        return np.maximum(bounds, 0.0, out=bounds)


class Glance:
    """A glance tells in float32, in half the time, how high a wave's points are and how much of it is unseen.

    Both are off by at most ``GLANCE_ERROR`` times the loudest sample.
    """

    def __init__(self, n_channels: int, max_samples: int) -> None:
        self._points = _Filters(_filtering(high_pass=False), n_channels, max_samples, np.float32)
        self._unseen = _Filters(_filtering(high_pass=True), n_channels, max_samples, np.float32)

    def highest(self, samples: FloatArray) -> float:
        """Return the highest of what ``Oversampler.points`` returns."""
        return float(self._points.magnitudes(samples).max())

    def most_unseen(self, samples: FloatArray) -> float:
        """Return the highest of what ``Unseen.bounds`` returns."""
        return max(0.0, _UNSEEN_GAIN * float(self._unseen.magnitudes(samples).max()) - _UNSEEN_LEAST)


def tops(points: DoubleArray, above: float) -> tuple[npt.NDArray[np.intp], DoubleArray]:
    """Return the places of the points above ``above``, and their values, tops as high as the parabola through them.

    ``points`` are in one row; the first and the last are only neighbours.
    """
    places = np.flatnonzero(points[1:-1] > above) + 1
    value = points[places]
    left_fall = value - points[places - 1]
    right_fall = value - points[places + 1]
    # Of a top both falls are at least 0, one of them above; elsewhere the smaller fall is below 0, or both are 0.
    is_top = np.minimum(left_fall, right_fall) >= 0.0
    fall = left_fall + right_fall
    is_top &= fall > 0.0
    fall[~is_top] = np.inf
    left_fall -= right_fall
    left_fall *= left_fall
    fall *= 8.0
    left_fall /= fall
    value += left_fall
    return places, value


class TruePeak:
    """A meter of the true peak of a stream.

    Parameters
    ----------
    n_channels
        Of the samples that it will be fed.
    """

    _PIECE_SAMPLES = 1024

    def __init__(self, n_channels: int) -> None:
        self._oversampler = Oversampler(n_channels, self._PIECE_SAMPLES + 2)
        # Of what was fed: the sample whose points are next, the one before it (a neighbour), and what those depend on.
        self._kept = np.zeros((BEFORE + 1 + AFTER, n_channels), dtype=np.float32)

    def feed(self, samples: FloatArray) -> FloatArray:
        """Take the next samples, ``(n_samples, n_channels)``; return the highest amplitude of each channel since.

        Linear, float32, shape ``(n_channels,)``, never below the highest sample. Points that need samples to come are
        told by the next call. Samples that are no numbers count as 0.
        """
        peaks = np.zeros(samples.shape[1], dtype=np.float32)
        for start in range(0, len(samples), self._PIECE_SAMPLES):
            wave = np.concatenate([self._kept, samples[start : start + self._PIECE_SAMPLES]], dtype=np.float32)
            new = wave[len(self._kept) :]
            if not np.abs(new).max() <= MAX_AMPLITUDE:
                make_finite(new)
            np.maximum(peaks, np.abs(new).max(axis=0), out=peaks)
            points = self._oversampler.points(wave)
            for channel, highest in enumerate(points.max(axis=1)):
                if highest > 0.0:
                    _, values = tops(points[channel], GRID_LOSS * highest)
                    peaks[channel] = max(peaks[channel], values.max(initial=0.0))
            self._kept = wave[len(new) :]
        return peaks


def true_peak(samples: FloatArray) -> FloatArray:
    """Return the true peak of each channel of a sound that comes out of silence and ends in it.

    ``samples`` are float32, shape ``(n_samples, n_channels)``; the result is linear, float32, shape ``(n_channels,)``.
    """
    meter = TruePeak(samples.shape[1])
    rest = np.zeros((_N_TAPS, samples.shape[1]), dtype=np.float32)
    peaks: FloatArray = np.maximum(meter.feed(samples), meter.feed(rest))
    return peaks
