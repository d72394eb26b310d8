# SPDX-License-Identifier: GPL-3.0-or-later
"""This module finds exact repeats: after which lags, and where, the waves themselves come again.

A repeat of the same samples is told from mere likeness by its whitened autocorrelation: every partial counts alike, so
that only the one true lag lines all of them up (the smoothed coherence transform of Knapp and Carter, "The generalized
correlation method for estimation of time delay", IEEE TASSP 24(4), 1976, with the spectrum's envelope as its weight).
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.dsp.banks import Waves
from engine.dsp.features import Listener
from engine.dsp.transforms import ComplexArray, LongTransform
from engine.values import FloatArray

BLOCK_S = 0.0928
"""Seconds in a block of which coherence is told: eight hops of the features."""

_LEVEL_S = 0.5  # loud and soft passages count alike: the level over this long is divided out …
_LEAST_LEVEL = 10.0 ** (-45 / 20)  # … but not below this, re the RMS of the sound
_SILENT = 1e-3  # of the mean energy
_ENVELOPE_HZ = 20.0  # width over which the spectrum's envelope is taken
_LOW_HZ = 40.0
_HALVINGS = 16  # divides the transforms' size, so that their cosines can be had by halves, down to
_SHORT = 1 << 14  # … so many
_LEVEL_STEP = 16  # samples that share a level: 3 ms
_STEPS = 1 << 12  # … of which so many are multiplied at a time


@dataclass(frozen=True, eq=False, slots=True)
class Spectra:
    """A sound's waves, their level evened out, as spectra from which ``Repeats`` are told.

    Attributes
    ----------
    even, odd
        Their power at bins 0 … size / 2, and half a bin above each but the last, with that at their mirror images: the
        bins 0, 2, 4, … and 1, 3, 5, … of transforms that are twice as long, so that nothing is folded round.
    """

    transform: LongTransform
    of_pairs: list[ComplexArray]
    even: FloatArray
    odd: FloatArray

    @classmethod
    def of(cls, listener: Listener) -> Spectra:
        from scipy.fft import next_fast_len

        size = _HALVINGS * int(next_fast_len(-(-listener.thin.shape[0] // _HALVINGS)))
        width = max(1, round(_LEVEL_S * listener.sample_rate / listener.thin_divisor / _LEVEL_STEP))
        waves = _levelled(listener.thin, size, width, listener.rms)
        transform = LongTransform(size)
        odd = _odd_power(transform, waves)
        spectra = [transform.spectrum(wave) for wave in waves]
        return cls(transform, spectra, _even_power(transform, spectra), odd)


class Repeats:
    """The whitened waves of a sound, ready to be compared with themselves at any lag.

    Parameters
    ----------
    spectra
        The sound's, which are used up.
    beside
        Computes one half, while this thread computes the other.

    Attributes
    ----------
    divisor
        Samples of the sound per lag step.
    block_samples
        Samples of the sound per block of ``coherence``.
    strength
        Whitened autocorrelation at lags of 0, 1, … steps, shape ``(n,)``: of the overlap's energy, the share that
        comes again after that lag, nearly. 1 at lag 0.
    """

    def __init__(self, listener: Listener, spectra: Spectra, beside: Executor) -> None:
        from scipy.ndimage import uniform_filter1d

        self.divisor = listener.thin_divisor
        rate_hz = listener.sample_rate / self.divisor
        self._block = max(1, round(BLOCK_S * rate_hz))
        self.block_samples = self._block * self.divisor
        self.n = n = listener.thin.shape[0]
        transform, even, odd = spectra.transform, spectra.even, spectra.odd
        bin_hz = rate_hz / transform.size
        envelope = even.copy()
        envelope[:-1] += odd
        envelope[-1] += odd[-1]
        envelope *= np.float32(0.5)
        weight = uniform_filter1d(envelope, max(3, round(_ENVELOPE_HZ / bin_hz)) | 1, mode="mirror")
        np.maximum(weight, np.float32(max(float(even.mean()) * 1e-6, 1e-20)), out=weight)
        np.divide(np.float32(1.0), weight, out=weight)
        weight[: round(_LOW_HZ / bin_hz)] = 0.0
        whitening = beside.submit(_whitened, transform, spectra.of_pairs, np.sqrt(weight))
        even *= weight
        odd *= (weight[1:] + weight[:-1]) * np.float32(0.5)
        self.strength: FloatArray = autocorrelation(even, odd, n)
        white = [wave[:n] for wave in whitening.result()]
        if listener.thin.dtype == np.float32:
            self._white: FloatArray = np.ascontiguousarray(white[0].real)[:, None]
        elif len(white) == 1:
            self._white = white[0].view(np.float32).reshape(n, 2)
        else:
            self._white = np.stack(white, axis=1).view(np.float32)
        self._known: dict[int, tuple[FloatArray, FloatArray]] = {}
        self._energy = self._compared(0)[1]

    @classmethod
    def of(cls, listener: Listener) -> Repeats:
        """Compute all of the repeats of a sound, on several threads."""
        with ThreadPoolExecutor(1) as beside:
            return cls(listener, Spectra.of(listener), beside)

    def sounds(self, lag: int) -> npt.NDArray[np.bool_]:
        """Return whether each block of ``coherence``, or the block ``lag`` steps later, sounds."""
        later = self._compared(lag)[1]
        out: npt.NDArray[np.bool_] = np.maximum(self._energy[: later.size], later) > _SILENT * float(
            self._energy.mean()
        )
        return out

    def strength_at(self, lag: int) -> float:
        """Return ``strength`` at a lag, 0 beyond its ends."""
        return float(self.strength[lag]) if 0 <= lag < self.n else 0.0

    def coherence(self, lag: int) -> FloatArray:
        """Return how exactly each block comes again ``lag`` steps later: correlation in [-1, 1], ``(n_blocks,)``."""
        inner, later = self._compared(lag)
        out: FloatArray = inner / np.sqrt(np.maximum(self._energy[: later.size] * later, np.float32(1e-12)))
        return out

    def _compared(self, lag: int) -> tuple[FloatArray, FloatArray]:
        """Return each block's inner product with the waves ``lag`` steps later, and the energy of those."""
        if lag in self._known:
            return self._known[lag]
        length = max(0, self.n - lag) // self._block * self._block if lag >= 0 else 0
        blocks = (length // self._block, self._block * self._white.shape[1])
        one, other = self._white[:length].reshape(blocks), self._white[max(lag, 0) :][:length].reshape(blocks)
        inner, later = np.vecdot(one, other), np.vecdot(other, other)
        self._known[lag] = inner, later
        return inner, later


def _power(parts: Sequence[ComplexArray]) -> FloatArray:
    """Return the power of complex spectra of one shape, added up."""
    out: FloatArray = np.square(parts[0].real)
    out += np.square(parts[0].imag)
    for part in parts[1:]:
        out += np.square(part.real)
        out += np.square(part.imag)
    return out


def _even_power(transform: LongTransform, spectra: Sequence[ComplexArray]) -> FloatArray:
    """Return the power at bins 0 … size / 2, mirror images added: a complex wave's own asymmetry shows no repeat."""
    power = transform.in_order(_power(spectra))
    half = transform.size // 2
    out: FloatArray = power[: half + 1].copy()
    out[:1] += power[:1]
    out[1:] += power[: half - 1 : -1]
    return out


def _odd_power(transform: LongTransform, waves: Sequence[ComplexArray]) -> FloatArray:
    """Return the power at bins ½, 1½, … below size / 2, mirror images added."""
    power = transform.in_order(_power([transform.spectrum(wave, between=True) for wave in waves]))
    half = transform.size // 2
    out: FloatArray = power[:half] + power[: half - 1 : -1]
    return out


def _whitened(transform: LongTransform, spectra: Sequence[ComplexArray], gain: FloatArray) -> list[ComplexArray]:
    """Return the waves of ``spectra``, which are used up, with ``gain`` at bins 0 … size / 2 and their mirrors."""
    # numpy is quickest where both are complex.
    both = transform.placed(np.concatenate([gain, gain[-2:0:-1]])).astype(np.complex64)
    return [transform.wave(np.multiply(spectrum, both, out=spectrum)) for spectrum in spectra]


def autocorrelation(even: FloatArray, odd: FloatArray, n: int) -> FloatArray:
    """Return the autocorrelation at lags ``[0, n)``, 1 at lag 0, of real waves with this power spectrum.

    Parameters
    ----------
    even, odd
        Its bins 0, 2, 4, … and 1, 3, 5, … up to half its size, which is at least ``2 * n`` and divisible by four:
        float32, ``odd`` of one bin less.
    """
    from scipy.fft import dct

    out = _joined(_cosines(even), dct(odd, type=2), n)
    out /= max(float(out[0]), 1e-20)
    return out


def _cosines(bins: FloatArray) -> FloatArray:
    """Return the cosine transform (type 1) of ``bins``, by halves: two take half the time of a single long one."""
    from scipy.fft import dct

    if bins.size <= _SHORT or bins.size % 2 == 0:
        out: FloatArray = dct(bins, type=1)
        return out
    return _joined(_cosines(bins[::2]), dct(bins[1::2], type=2), bins.size)


def _joined(of_even: FloatArray, of_odd: FloatArray, n: int) -> FloatArray:
    """Return the first ``n`` values of a cosine transform (type 1), from those of its even and of its odd bins.

    Round value ``of_odd.size`` the even bins' part is symmetric and the odd ones' antisymmetric.
    """
    half = of_odd.size
    out = np.empty(n, dtype=np.float32)
    near = min(n, half)
    np.add(of_even[:near], of_odd[:near], out=out[:near])
    if n > half:
        out[half] = of_even[half]
        first = 2 * half - n + 1
        np.subtract(of_even[first:half], of_odd[first:], out=out[:half:-1])
    return out


def _levelled(thin: Waves, size: int, width: int, rms: float) -> list[ComplexArray]:
    """Return each pair's wave with its slow changes of level divided out, silence after it, shape ``(size,)``."""
    from scipy.ndimage import uniform_filter1d

    n = thin.shape[0]
    flat = thin.view(np.float32)
    whole = flat[: n - n % _LEVEL_STEP].reshape(n // _LEVEL_STEP, -1)
    power = np.append(np.vecdot(whole, whole), np.square(flat[n - n % _LEVEL_STEP :]).sum())
    power /= np.float32(_LEVEL_STEP)
    power[-1] = power[-2] if power.size > 1 else power[-1]
    level = uniform_filter1d(power, width, mode="nearest")
    gain = 1.0 / np.sqrt(np.maximum(level, np.float32((rms * _LEAST_LEVEL) ** 2)))
    waves = [np.zeros(size, dtype=np.complex64) for _ in range(thin.shape[1])]
    for first in range(0, n, _LEVEL_STEP * _STEPS):
        last = min(first + _LEVEL_STEP * _STEPS, n)
        steps = slice(first // _LEVEL_STEP, -(-last // _LEVEL_STEP))
        # numpy is quickest where both are complex.
        gains = np.repeat(gain[steps], _LEVEL_STEP).astype(np.complex64)[: last - first]
        for pair, wave in enumerate(waves):
            np.multiply(thin[first:last, pair], gains, out=wave[first:last])
    return waves
