# SPDX-License-Identifier: GPL-3.0-or-later
"""Linear filters of a cyclic bus are products with its spectrum, taken in overlapping blocks.

Several filters in a row cost as much as one, and are in their steady state from the first sample: what they take from
before the start is the end of the bus.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from engine.values import FloatArray

Response = npt.NDArray[np.complexfloating]
"""A filter's complex gain at each of ``N_BINS`` frequencies, or a real one."""

Spectra = npt.NDArray[np.complex64]
"""Spectra of blocks, ``(n_rows, n_blocks, N_BINS)``."""

_BLOCK_SAMPLES = 32768
_AT_ONCE = 4
_BEFORE, _AFTER = 4096, 1024
_STEP = _BLOCK_SAMPLES - _BEFORE - _AFTER
N_BINS = _BLOCK_SAMPLES // 2 + 1
"""Number of frequencies, from 0 to half the sample rate, of a response."""


class Blocks:
    """The blocks of a cyclic bus ``(n_rows, n_samples)``, a few at a time, so that they stay in the processor's cache.

    Filters may reach 93 ms back and 23 ms ahead at 44.1 kHz.
    """

    def __init__(self, bus: FloatArray) -> None:
        self.n_samples = n = bus.shape[1]
        n_blocks = -(-n // _STEP)
        behind = n_blocks * _STEP + _AFTER - n
        if n >= max(_BEFORE, behind):
            long = np.concatenate([bus[:, -_BEFORE:], bus, bus[:, :behind]], axis=1, dtype=np.float32)
        else:
            long = bus[:, np.arange(-_BEFORE, n + behind) % n].astype(np.float32)
        self._frames = np.lib.stride_tricks.sliding_window_view(long, _BLOCK_SAMPLES, axis=1)[:, ::_STEP]

    def __iter__(self) -> Iterator[tuple[slice, Spectra]]:
        """Yield samples of the bus, and their spectra ``(n_rows, n_blocks, N_BINS)``."""
        from scipy.fft import rfft

        for first in range(0, self._frames.shape[1], _AT_ONCE):
            spectra = np.asarray(rfft(self._frames[:, first : first + _AT_ONCE], axis=2))
            yield slice(first * _STEP, min(self.n_samples, (first + spectra.shape[1]) * _STEP)), spectra

    def through(self, response: Response | FloatArray | npt.NDArray[np.float64]) -> FloatArray:
        """Return the bus through a filter, ``(n_rows, n_samples)``."""
        response = single(response)
        out = np.empty((len(self._frames), self.n_samples), np.float32)
        for at, spectra in self:
            out[:, at] = sound(spectra * response, at)
        return out

    def powers(self) -> npt.NDArray[np.float64]:
        """Return the mean power at each frequency, ``(n_rows, N_BINS)``, as through Hann windows."""
        out = np.zeros((len(self._frames), N_BINS))
        for _at, spectra in self:
            # A Hann window of time is three neighbours of frequency.
            windowed = np.float32(0.5) * spectra
            windowed[:, :, 1:-1] -= np.float32(0.25) * (spectra[:, :, :-2] + spectra[:, :, 2:])
            out += (np.square(windowed.real) + np.square(windowed.imag)).sum(axis=1)
        return np.asarray(out / self._frames.shape[1])


def sound(spectra: Spectra, at: slice) -> FloatArray:
    """Return the samples ``at`` that place of a bus which has these spectra."""
    from scipy.fft import irfft

    waves = np.asarray(irfft(spectra, _BLOCK_SAMPLES, axis=2))[:, :, _BEFORE : _BEFORE + _STEP]
    return waves.reshape(len(waves), -1)[:, : at.stop - at.start]


def limited(response: Response | npt.NDArray[np.float64]) -> Response:
    """Return a response that rings no longer than a block reaches, so that neighbouring blocks meet without a step.

    What would ring on is faded out: a filter of the deepest bass gets a little wider.
    """
    impulse = np.fft.irfft(response, _BLOCK_SAMPLES)
    window = np.zeros(_BLOCK_SAMPLES)
    fade = 0.5 + 0.5 * np.cos(np.pi * np.arange(_BEFORE // 2) / (_BEFORE // 2))
    window[: _BEFORE // 2] = 1.0
    window[_BEFORE // 2 : _BEFORE] = fade
    window[-_AFTER:] = 0.5 - 0.5 * np.cos(np.pi * np.arange(_AFTER) / _AFTER)
    return np.fft.rfft(impulse * window)


def single(response: Response | FloatArray | npt.NDArray[np.float64]) -> Spectra | FloatArray:
    """Return a response as what it is multiplied with: complex64, or float32."""
    if np.iscomplexobj(response):
        return response.astype(np.complex64, copy=False)
    return np.asarray(response, dtype=np.float32)


def cyclic_filter(
    bus: FloatArray, sample_rate: int, *, low_pass_hz: float = 0.0, high_pass_hz: float = 0.0
) -> FloatArray:
    """Return a bus through second-order Butterworth filters; 0 is none."""
    response = butterworth(sample_rate, low_pass_hz=low_pass_hz, high_pass_hz=high_pass_hz)
    return bus if response is None else Blocks(bus).through(response)


@lru_cache(maxsize=64)
def butterworth(sample_rate: int, *, low_pass_hz: float = 0.0, high_pass_hz: float = 0.0) -> Response | None:
    """Return the response of second-order Butterworth filters; 0 is none, and None is neither."""
    out: Response | None = None
    warped = np.tan(np.minimum(0.4999, np.arange(N_BINS) / _BLOCK_SAMPLES) * np.pi)
    if 0 < low_pass_hz < 0.45 * sample_rate:
        x = warped / np.tan(np.pi * low_pass_hz / sample_rate)
        out = 1.0 / (1.0 - x * x + 1j * np.sqrt(2.0) * x)
    if high_pass_hz > 0:
        x = warped / np.tan(np.pi * high_pass_hz / sample_rate)
        high = -x * x / (1.0 - x * x + 1j * np.sqrt(2.0) * x)
        out = high if out is None else out * high
    return out


def frequencies_hz(sample_rate: int) -> npt.NDArray[np.float64]:
    """Return the frequencies of a response, Hz."""
    return np.arange(N_BINS, dtype=np.float64) * (sample_rate / _BLOCK_SAMPLES)


def minimum_phase(gain_db: npt.NDArray[np.float64]) -> Response:
    """Return a response with these gains, ``(N_BINS,)``, that rings after and not before (Oppenheim and Schafer)."""
    log_gain = gain_db * (np.log(10.0) / 20.0)
    cepstrum = np.fft.irfft(log_gain, _BLOCK_SAMPLES)
    cepstrum[1 : _BLOCK_SAMPLES // 2] *= 2.0
    cepstrum[_BLOCK_SAMPLES // 2 + 1 :] = 0.0
    return np.exp(np.fft.rfft(cepstrum))


@lru_cache(maxsize=4)
def k_weighting(sample_rate: int) -> Response:
    """Return BS.1770's high shelf and high-pass for any sample rate (coefficients after De Man, 2014)."""
    z = np.exp(-2j * np.pi * np.arange(N_BINS) / _BLOCK_SAMPLES)
    k = np.tan(np.pi * 1681.974450955533 / sample_rate)
    high = 10 ** (3.999843853973347 / 20)
    damped, lifted = k / 0.7071752369554196, high**0.4996667741545416 * k / 0.7071752369554196
    above = high + lifted + k * k + z * (2 * (k * k - high) + z * (high - lifted + k * k))
    below = 1 + damped + k * k + z * (2 * (k * k - 1) + z * (1 - damped + k * k))
    k = np.tan(np.pi * 38.13547087602444 / sample_rate)
    damped = k / 0.5003270373238773
    # As in the standard, the numerator is not divided by the denominator's first coefficient.
    rest = 1 + damped + k * k
    lows = 1 + z * (2 * (k * k - 1) + z * (1 - damped + k * k)) / rest
    return np.asarray(above / below * (1.0 - z) ** 2 / lows)
