# SPDX-License-Identifier: GPL-3.0-or-later
"""Exact repeats: after which lags, and where, the waves themselves come again.

A repeat of the same samples is told from mere likeness by its whitened autocorrelation: every partial counts alike, so
that only the one true lag lines all of them up (the smoothed coherence transform of Knapp and Carter, "The generalized
correlation method for estimation of time delay", IEEE TASSP 24(4), 1976, with the spectrum's envelope as its weight).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.dsp.banks import Waves
from engine.dsp.features import Listener
from engine.values import FloatArray

BLOCK_S = 0.0928
"""Coherence is told for blocks of this length: eight hops of the features."""

_LEVEL_S = 0.5  # loud and soft passages count alike: the level over this long is divided out …
_LEAST_LEVEL = 10.0 ** (-45 / 20)  # … but not below this, re the RMS of the sound
_SILENT = 1e-3  # of the mean energy
_ENVELOPE_HZ = 20.0  # width over which the spectrum's envelope is taken
_LOW_HZ = 40.0


class Repeats:
    """The whitened waves of a sound, ready to be laid over themselves.

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

    def __init__(self, listener: Listener) -> None:
        from scipy.fft import fft, ifft, next_fast_len
        from scipy.ndimage import uniform_filter1d

        self.divisor = listener.thin_divisor
        rate_hz = listener.sample_rate / self.divisor
        self._block = max(1, round(BLOCK_S * rate_hz))
        self.block_samples = self._block * self.divisor
        level = _levelled(listener.thin, max(1, round(_LEVEL_S * rate_hz)), listener.rms)
        self.n = n = level.shape[0]
        size = next_fast_len(n)
        # Bins 0, 2, 4, … and 1, 3, 5, … of the transforms that are twice as long, so that nothing is folded round.
        angle = np.arange(n, dtype=np.float32) * np.float32(np.pi / size)
        turn = np.empty(n, dtype=np.complex64)
        turn.real, turn.imag = np.cos(angle), -np.sin(angle)
        waves = [np.asarray(level[:, pair], dtype=np.complex64) for pair in range(level.shape[1])]
        even = [fft(wave, size) for wave in waves]
        even_power, odd_power = _power(even), _power([fft(wave * turn, size, overwrite_x=True) for wave in waves])
        # A complex wave's own asymmetry says nothing of repeats.
        even_power[1:] += even_power[:0:-1].copy()
        odd_power += odd_power[::-1].copy()
        bin_hz = rate_hz / size
        width = max(3, round(_ENVELOPE_HZ / bin_hz)) | 1
        envelope = uniform_filter1d((even_power + odd_power) * np.float32(0.5), width, mode="wrap")
        weight = 1.0 / np.maximum(envelope, np.float32(max(float(even_power.mean()) * 1e-6, 1e-20)))
        n_low = round(_LOW_HZ / bin_hz)
        weight[:n_low] = weight[size - n_low + 1 :] = 0.0
        between = (weight + np.roll(weight, -1)) * np.float32(0.5)
        self.strength: FloatArray = autocorrelation(even_power * weight, odd_power * between, turn)
        gain = np.sqrt(weight)
        white = [ifft(part * gain, overwrite_x=True)[:n] for part in even]
        self._energy = np.zeros(n + 1)
        np.cumsum(_power(white), out=self._energy[1:])
        if listener.thin.dtype == np.float32:
            self._white: FloatArray = np.ascontiguousarray(white[0].real)[:, None]
        else:
            self._white = np.stack(white, axis=1).view(np.float32)

    def sounds(self, lag: int) -> npt.NDArray[np.bool_]:
        """Whether each block of ``coherence``, or what lies ``lag`` steps later, sounds: silence tells of no repeat."""
        n_blocks = max(0, (self.n - lag) // self._block) if lag >= 0 else 0
        edges = np.arange(n_blocks + 1) * self._block
        louder = np.maximum(np.diff(self._energy[edges]), np.diff(self._energy[edges + max(lag, 0)]))
        out: npt.NDArray[np.bool_] = louder > _SILENT * float(self._energy[-1]) * self._block / self.n
        return out

    def strength_at(self, lag: int) -> float:
        """``strength``, 0 beyond its ends."""
        return float(self.strength[lag]) if 0 <= lag < self.n else 0.0

    def coherence(self, lag: int) -> FloatArray:
        """How exactly each block comes again ``lag`` steps later: correlation in [-1, 1], shape ``(n_blocks,)``."""
        n_blocks = (self.n - lag) // self._block
        if lag < 0 or n_blocks <= 0:
            return np.zeros(0, dtype=np.float32)
        length = n_blocks * self._block
        shape = (n_blocks, self._block * self._white.shape[1])
        one, other = self._white[:length].reshape(shape), self._white[lag : lag + length].reshape(shape)
        edges = np.arange(n_blocks + 1) * self._block
        energies = np.diff(self._energy[edges]) * np.diff(self._energy[edges + lag])
        inner = np.vecdot(one, other)
        out: FloatArray = (inner / np.sqrt(np.maximum(energies, 1e-12))).astype(np.float32)
        return out


def _power(parts: list[npt.NDArray[np.complex64]]) -> FloatArray:
    """Of complex waves or spectra, each of shape ``(n,)``, added up."""
    out: FloatArray = np.square(parts[0].real)
    out += np.square(parts[0].imag)
    for part in parts[1:]:
        out += np.square(part.real)
        out += np.square(part.imag)
    return out


def autocorrelation(even: FloatArray, odd: FloatArray, turn: npt.NDArray[np.complex64]) -> FloatArray:
    """Lags ``[0, n)``, 1 at lag 0, of real waves of which a power spectrum is known.

    Parameters
    ----------
    even, odd
        Its bins 0, 2, 4, … and 1, 3, 5, …, each float32 of shape ``(size,)``, ``size`` at least ``n``.
    turn
        What a wave at minus bin 1 is at the lags, complex64, shape ``(n,)``: ``exp(-1j * pi * lag / size)``.
    """
    from scipy.fft import ifft

    n = turn.size
    # One transform gives both: real are those of the even bins, e, and turned back those of the odd ones, o. So its
    # lag l is e + i·o·turn; at size - l, where o has the other sign and e the same, it is e - i·o·conj(-turn).
    both = np.empty(even.size, dtype=np.complex64)
    both.real, both.imag = even, odd
    both = ifft(both, overwrite_x=True)
    one, across = np.ascontiguousarray(both.real[:n]), np.empty(n, dtype=np.float32)
    across[:1], across[1:] = one[:1], both.real[: even.size - n : -1]
    out: FloatArray = both.imag[:n] * turn.real
    out += (across - one) * turn.imag * np.float32(0.5)
    across += one
    across *= np.float32(0.5)
    out += across
    out /= max(float(out[0]), 1e-20)
    return out


def _levelled(waves: Waves, width: int, rms: float) -> Waves:
    """``waves`` with their slow changes of level divided out."""
    from scipy.ndimage import uniform_filter1d

    power = (waves.real**2 + waves.imag**2).sum(axis=1)
    level = np.sqrt(np.maximum(uniform_filter1d(power, width, mode="nearest"), (rms * _LEAST_LEVEL) ** 2))
    out: Waves = waves / level[:, None]
    return out
