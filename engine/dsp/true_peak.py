# SPDX-License-Identifier: GPL-3.0-or-later
"""True peaks: what a wave reaches between its samples, of whole arrays and of streams (numpy alone).

Four times oversampled by a polyphase FIR as ITU-R BS.1770-4, annex 2 has it, with a longer, Kaiser-windowed sinc
(within 0.04 dB up to 0.45 of the sample rate), and a parabola through each top (J. O. Smith, "Spectral Audio Signal
Processing", on peak interpolation), which the annex lacks: without it a tone there reads up to 0.55 dB low.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from engine.values import FloatArray

DoubleArray = npt.NDArray[np.float64]

OVERSAMPLING = 4
BEFORE, AFTER = 15, 16
"""Samples that the points from one sample to the next depend on: so many before the former, so many after it."""
WORST_GAIN = 2.55
"""No point is higher than this times the highest sample that it depends on."""
GRID_LOSS = 0.92
"""Of a top, what the highest of its points reaches at least (cos 22.5°)."""
MAX_AMPLITUDE = 1e4
"""Samples beyond this are taken as this; what is not a number, as 0."""

_N_TAPS = BEFORE + 1 + AFTER
_STRIDE = 16
_BETA = 5.0
# Waves and taps are whole multiples of these: products and sums are exact in float64 (20 + 13.3 bits by 16 + 1.4), so
# that a point is the same wherever in a block it lies, whatever adds it up in whatever order.
_WAVE_STEP = 2.0**-20
_TAP_STEP = 2.0**-16


@lru_cache(maxsize=1)
def _interpolation() -> DoubleArray:
    """What turns ``_STRIDE + _N_TAPS - 1`` samples, in wave steps, into ``_STRIDE * OVERSAMPLING`` points."""
    offsets = np.arange(-BEFORE, AFTER + 1)
    matrix = np.zeros((_STRIDE + _N_TAPS - 1, _STRIDE * OVERSAMPLING))
    for phase in range(OVERSAMPLING):
        away = offsets - phase / OVERSAMPLING
        window = np.i0(_BETA * np.sqrt(np.maximum(0.0, 1.0 - (away / (_N_TAPS / 2)) ** 2)))
        taps = np.sinc(away) * window
        taps = np.rint(taps / taps.sum() / _TAP_STEP) * (_TAP_STEP * _WAVE_STEP)
        for row in range(_STRIDE):
            matrix[row : row + _N_TAPS, OVERSAMPLING * row + phase] = taps
    return matrix


def make_finite(samples: FloatArray) -> None:
    """In place: what is not a number or infinite becomes 0, what is beyond ``MAX_AMPLITUDE`` becomes that."""
    np.nan_to_num(samples, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
    np.clip(samples, -MAX_AMPLITUDE, MAX_AMPLITUDE, out=samples)


class Oversampler:
    """Reads a wave at four times its rate, up to ``max_samples`` at a time, in memory of its own."""

    def __init__(self, n_channels: int, max_samples: int) -> None:
        self._matrix = _interpolation()
        n_rows = -(-max_samples // _STRIDE)
        n_window = len(self._matrix)
        self._waves = np.zeros((n_channels, (n_rows - 1) * _STRIDE + n_window))
        by_channel, by_sample = self._waves.strides
        self._slide = np.lib.stride_tricks.as_strided(
            self._waves, (n_channels, n_rows, n_window), (by_channel, _STRIDE * by_sample, by_sample), writeable=False
        )
        self._windows = np.empty((n_channels, n_rows, n_window))
        self._rows = np.empty((n_channels, n_rows, _STRIDE * OVERSAMPLING))
        self._points = np.empty(self._rows.size)

    def points(self, samples: FloatArray) -> DoubleArray:
        """Absolute values at four points a sample, shape ``(n_channels, OVERSAMPLING * n)``, C-contiguous.

        ``samples`` are float32 of shape ``(BEFORE + n + AFTER, n_channels)``, finite and within ``MAX_AMPLITUDE``;
        points begin at sample ``BEFORE``. The array returned is overwritten by the next call.
        """
        n = len(samples) - BEFORE - AFTER
        n_rows = -(-n // _STRIDE)
        waves = self._waves[:, : len(samples)]
        np.multiply(samples.T, 1.0 / _WAVE_STEP, out=waves)
        np.rint(waves, out=waves)
        windows = self._windows[:, :n_rows]
        np.copyto(windows, self._slide[:, :n_rows])
        np.matmul(windows, self._matrix, out=self._rows[:, :n_rows])
        n_channels, n_points = len(waves), OVERSAMPLING * n
        points = self._points[: n_channels * n_points].reshape(n_channels, n_points)
        return np.abs(self._rows.reshape(n_channels, -1)[:, :n_points], out=points)


def tops(points: DoubleArray, above: float) -> tuple[npt.NDArray[np.intp], DoubleArray]:
    """Places of the points above ``above``, and their values, tops as high as the parabola through them.

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
    """The true peak of a stream.

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
        """Take the next samples, shape ``(n_samples, n_channels)``; tell the highest amplitude of each channel since.

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
    """The true peak of each channel of a sound that comes out of silence and ends in it.

    ``samples`` are float32, shape ``(n_samples, n_channels)``; the result is linear, float32, shape ``(n_channels,)``.
    """
    meter = TruePeak(samples.shape[1])
    rest = np.zeros((_N_TAPS, samples.shape[1]), dtype=np.float32)
    peaks: FloatArray = np.maximum(meter.feed(samples), meter.feed(rest))
    return peaks
