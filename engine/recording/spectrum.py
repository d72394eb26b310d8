# SPDX-License-Identifier: GPL-3.0-or-later
"""The live spectrum measures a stereo stream: third-octave bands, their long-term average, and a spectrum's curve.

Two windows look at once: a long one tells low bands apart, a short one follows what is quick above.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from engine.dsp.log_bank import row_bank
from engine.dsp.third_octaves import third_octave_weights
from engine.units import SILENCE_DB
from engine.values import FloatArray
from engine.values.live import BANDS, CURVE_HIGH_HZ, CURVE_LOW_HZ, CURVE_POINTS, band_centre_hz

LONG_S: Final = 0.6
"""Length of the long window at least, seconds: then the band at 25 Hz is four bins wide."""
SHORTER: Final = 8
"""Number of short windows in the long one."""
CROSSOVER_HZ: Final = 400.0
"""Frequency from which on the short window is looked at."""
LONG_EVERY: Final = 3
"""Number of readings of which one looks at the long window: what it sees changes slowly, and it costs the most."""
LEAST_POWER: Final = 1e-12
"""Power of a full-scale sine's share, below which it is silent: nothing is averaged then."""

Powers = npt.NDArray[np.float64]


class _Window:
    """A window of the stream, with the bands and the points of the curve that it tells."""

    def __init__(self, n_fft: int, sample_rate: int, is_long: bool) -> None:
        self.n_fft = n_fft
        places = np.array([place for place, _ in BANDS])
        centres_hz = np.array([band_centre_hz(int(place)) for place in places])
        edges_hz = np.geomspace(CURVE_LOW_HZ, CURVE_HIGH_HZ, CURVE_POINTS + 1)
        points_hz = np.sqrt(edges_hz[:-1] * edges_hz[1:])
        self.bands = np.flatnonzero((centres_hz < CROSSOVER_HZ) == is_long)
        self.points = np.flatnonzero((points_hz < CROSSOVER_HZ) == is_long)
        self._band_weights = third_octave_weights(places[self.bands], n_fft, sample_rate)
        own = edges_hz[self.points[0] : self.points[-1] + 2]
        self._point_weights, self._first_bin = row_bank(own, n_fft, sample_rate)
        taper = np.hanning(n_fft + 1)[:-1]
        self._taper = (taper * (2.0 / taper.sum())).astype(np.float32)

    def measure(self, stereo: npt.NDArray[np.complex64]) -> tuple[Powers, Powers]:
        """Return the power in its bands and at its points; left and right are the real and imaginary part."""
        spectrum = np.fft.fft(stereo[-self.n_fft :] * self._taper)
        power = spectrum.real**2 + spectrum.imag**2
        # Bin k and its mirror hold left and right together: this is the mean of both channels' power.
        mirrored = np.concatenate([power[:1], power[: self.n_fft // 2 - 1 : -1]])
        mean = (power[: self.n_fft // 2 + 1] + mirrored) * np.float32(0.25)
        seen = mean[self._first_bin : self._first_bin + self._point_weights.shape[1]]
        return (self._band_weights @ mean).astype(np.float64), (self._point_weights @ seen).astype(np.float64)


class LiveSpectrum:
    """A live spectrum takes a stream as it comes, and tells what its last moment holds."""

    def __init__(self, sample_rate: int) -> None:
        n_long = 1 << math.ceil(math.log2(LONG_S * sample_rate))
        self._long = _Window(n_long, sample_rate, is_long=True)
        self._short = _Window(n_long // SHORTER, sample_rate, is_long=False)
        self._heard = np.zeros(n_long, dtype=np.complex64)
        self._bands: Powers = np.zeros(len(BANDS))
        self._curve: Powers = np.zeros(CURVE_POINTS)
        self._sums: Powers = np.zeros(len(BANDS))
        self._counts: Powers = np.zeros(len(BANDS))
        self._n_readings = 0

    @property
    def n_window(self) -> int:
        """Return how many samples the longest window holds."""
        return len(self._heard)

    def add(self, samples: FloatArray) -> None:
        """Take the next samples, shape ``(n_samples, 2)``."""
        last = samples[-len(self._heard) :]
        if len(last):
            self._heard[: -len(last)] = self._heard[len(last) :]
            self._heard[-len(last) :].real, self._heard[-len(last) :].imag = last[:, 0], last[:, 1]

    def reset_average(self) -> None:
        """Begin the long-term average anew."""
        self._sums[:], self._counts[:] = 0.0, 0.0

    def read(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Measure the last moment; return bands, their average and the curve, dB (``LiveReading`` says how)."""
        windows = (self._short, self._long) if self._n_readings % LONG_EVERY == 0 else (self._short,)
        self._n_readings += 1
        for window in windows:
            bands, points = window.measure(self._heard)
            self._bands[window.bands], self._curve[window.points] = bands, points
            if float(bands.sum()) > LEAST_POWER:
                self._sums[window.bands] += bands
                self._counts[window.bands] += 1.0
        average = self._sums / np.maximum(self._counts, 1.0)
        return _db(self._bands), _db(average), _db(self._curve)


def _db(power: Powers) -> FloatArray:
    floor = 10.0 ** (SILENCE_DB / 10.0)
    out: FloatArray = (10.0 * np.log10(np.maximum(power, floor))).astype(np.float32)
    return out
