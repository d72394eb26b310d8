# SPDX-License-Identifier: GPL-3.0-or-later
"""The meters show true peak (ITU-R BS.1770-4, annex 2) and short-term loudness (EBU Tech 3341) of what is heard."""

from __future__ import annotations

import math
from collections import deque

import numpy as np
import numpy.typing as npt

from engine.dsp.true_peak import TruePeak
from engine.units import SILENCE_DB, amplitude_to_db, seconds_to_samples
from engine.values import FloatArray, Meters

WINDOW_S = 3.0
"""Seconds in the window of short-term loudness."""
STEP_S = 0.1
"""Seconds by which the window moves on (EBU Tech 3341: at least ten readings a second)."""

_OFFSET_DB = -0.691
# The weighting's high-pass (38 Hz, critically damped) has died away to -180 dB by then.
_RINGING_S = 0.1
# BS.1770's two filters, as (gain in dB, Q, Hz).
_SHELF = (4.0, math.sqrt(0.5), 1500.0)
_HIGH_PASS = (0.5, 38.0)


class KWeighting:
    """The frequency weighting of BS.1770 for a stream, whatever its pieces' sizes.

    By FFT, as the filters' response dies away so soon: what would take SciPy takes NumPy. The filters are pyloudnorm's.
    """

    def __init__(self, sample_rate: int, n_channels: int) -> None:
        self._n_ringing = seconds_to_samples(_RINGING_S, sample_rate)
        # Pieces of up to a second at once; rounded up to what is fast.
        self._n_fft = 1 << (self._n_ringing + sample_rate).bit_length()
        self._response = _k_response(self._n_fft, sample_rate)
        self._before: npt.NDArray[np.float64] = np.zeros((self._n_ringing, n_channels))

    def weigh(self, samples: FloatArray) -> npt.NDArray[np.float64]:
        """Return the stream's next samples weighted: the same shape, ``(n_samples, n_channels)``."""
        longest = self._n_fft - self._n_ringing
        parts = [self._part(samples[start : start + longest]) for start in range(0, len(samples), longest)]
        return np.concatenate(parts) if parts else np.zeros(samples.shape)

    def _part(self, samples: FloatArray) -> npt.NDArray[np.float64]:
        joined = np.concatenate([self._before, samples])
        # A short piece needs no long transform: every n-th line of the response is that of a shorter one.
        n_fft = self._n_fft
        while n_fft // 2 >= max(len(joined), 2 * self._n_ringing):
            n_fft //= 2
        response = self._response[:: self._n_fft // n_fft, None]
        weighted: npt.NDArray[np.float64] = np.fft.irfft(np.fft.rfft(joined, n_fft, axis=0) * response, n_fft, axis=0)
        self._before = joined[len(samples) :]
        return weighted[self._n_ringing : len(joined)]


def _k_response(n_fft: int, sample_rate: int) -> npt.NDArray[np.complex128]:
    """Return the weighting at the lines of a real FFT, by R. Bristow-Johnson's cookbook formulae for biquads."""
    z = np.exp(-2j * np.pi * np.arange(n_fft // 2 + 1) / n_fft)

    gain_db, q, corner_hz = _SHELF
    a, w = 10.0 ** (gain_db / 40.0), 2.0 * math.pi * corner_hz / sample_rate
    cos, alpha = math.cos(w), 2.0 * math.sqrt(a) * math.sin(w) / (2.0 * q)
    up = (a * (a + 1 + (a - 1) * cos + alpha), -2 * a * (a - 1 + (a + 1) * cos), a * (a + 1 + (a - 1) * cos - alpha))
    down = (a + 1 - (a - 1) * cos + alpha, 2 * (a - 1 - (a + 1) * cos), a + 1 - (a - 1) * cos - alpha)
    shelf = (up[0] + up[1] * z + up[2] * z**2) / (down[0] + down[1] * z + down[2] * z**2)

    q, corner_hz = _HIGH_PASS
    w = 2.0 * math.pi * corner_hz / sample_rate
    cos, alpha = math.cos(w), math.sin(w) / (2.0 * q)
    high_pass = (1 + cos) / 2 * (1 - z) ** 2 / (1 + alpha - 2 * cos * z + (1 - alpha) * z**2)
    response: npt.NDArray[np.complex128] = shelf * high_pass
    return response


class LoudnessMeter:
    """A meter of a stream's short-term loudness: the last 3 s, ungated, up to two channels."""

    def __init__(self, sample_rate: int, n_channels: int) -> None:
        self._weighting = KWeighting(sample_rate, n_channels)
        self._n_step = seconds_to_samples(STEP_S, sample_rate)
        n_steps = round(WINDOW_S / STEP_S)
        self._energies = deque([0.0] * n_steps, maxlen=n_steps)
        self._energy = 0.0
        self._n_in_step = 0

    def add(self, samples: FloatArray) -> None:
        """Take the next samples, shape ``(n_samples, n_channels)``."""
        power = (self._weighting.weigh(samples) ** 2).sum(axis=1)
        while len(power):
            part = power[: self._n_step - self._n_in_step]
            self._energy += float(part.sum())
            self._n_in_step += len(part)
            if self._n_in_step == self._n_step:
                self._energies.append(self._energy)
                self._energy, self._n_in_step = 0.0, 0
            power = power[len(part) :]

    @property
    def lufs(self) -> float:
        """Return the loudness of the last 3 s, to the tenth of a second; ``SILENCE_DB`` is silence."""
        mean = math.fsum(self._energies) / (self._n_step * len(self._energies))
        return SILENCE_DB if mean <= 0.0 else max(SILENCE_DB, _OFFSET_DB + 10.0 * math.log10(mean))


class OutputMeters:
    """The output meters hold both meters of a stream."""

    def __init__(self, sample_rate: int, n_channels: int) -> None:
        self._sample_rate, self._n_channels = sample_rate, n_channels
        self._loudness = LoudnessMeter(sample_rate, n_channels)
        self._true_peak = TruePeak(n_channels)
        self._peak = 0.0

    def begin_anew(self, before: FloatArray) -> None:
        """Forget what was measured; ``before`` is what was heard just before the next samples, and is not shown.

        Between samples that do not follow one another there is a step, and that would be a peak.
        """
        self._loudness = LoudnessMeter(self._sample_rate, self._n_channels)
        self._true_peak = TruePeak(self._n_channels)
        self.add(before)
        self._peak = 0.0

    def add(self, samples: FloatArray) -> None:
        """Take the next samples, shape ``(n_samples, n_channels)``."""
        if len(samples):
            self._loudness.add(samples)
            self._peak = max(self._peak, float(self._true_peak.feed(samples).max()))

    def read(self) -> Meters:
        """Return what the meters show now; the true peak is that since the last reading."""
        peak, self._peak = self._peak, 0.0
        return Meters(amplitude_to_db(peak), self._loudness.lufs)
