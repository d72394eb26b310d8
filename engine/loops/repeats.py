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
        from scipy.fft import fft, ifft, irfft, next_fast_len
        from scipy.ndimage import uniform_filter1d

        self.divisor = listener.thin_divisor
        rate_hz = listener.sample_rate / self.divisor
        self._block = max(1, round(BLOCK_S * rate_hz))
        self.block_samples = self._block * self.divisor
        level = _levelled(listener.thin, max(1, round(_LEVEL_S * rate_hz)), listener.rms)
        self.n = n = level.shape[0]
        half = next_fast_len(n)  # even bins of a transform twice as long are those of one of this length
        n_fft = 2 * half
        spectra = [fft(np.asarray(level[:, pair], dtype=np.complex64), n_fft) for pair in range(level.shape[1])]
        power = sum((part.real**2 + part.imag**2 for part in spectra), start=np.zeros(n_fft, dtype=np.float32))
        power[1:] += power[:0:-1].copy()  # a complex wave's own asymmetry says nothing of repeats
        power = power[: half + 1]
        bin_hz = rate_hz / n_fft
        envelope = uniform_filter1d(power, max(3, round(_ENVELOPE_HZ / bin_hz)), mode="mirror")
        weight = 1.0 / np.maximum(envelope, np.float32(max(float(power.mean()) * 1e-6, 1e-20)))
        weight[: round(_LOW_HZ / bin_hz)] = 0.0
        raw = irfft(power * weight)[:n]
        self.strength: FloatArray = (raw / max(float(raw[0]), 1e-20)).astype(np.float32)
        gain = np.sqrt(weight[::2])
        gain = np.concatenate([gain, gain[half - gain.size : 0 : -1]])
        white = np.stack([ifft(part[::2] * gain)[:n] for part in spectra], axis=1)
        if listener.thin.dtype == np.float32:
            self._white = np.ascontiguousarray(white.real)
        else:
            self._white = np.ascontiguousarray(white).view(np.float32)
        energy = sum(white[:, pair].real ** 2 + white[:, pair].imag ** 2 for pair in range(white.shape[1]))
        self._energy = np.concatenate([[0.0], np.cumsum(energy, dtype=np.float64)])

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


def _levelled(waves: Waves, width: int, rms: float) -> Waves:
    """``waves`` with their slow changes of level divided out."""
    from scipy.ndimage import uniform_filter1d

    power = (waves.real**2 + waves.imag**2).sum(axis=1)
    level = np.sqrt(np.maximum(uniform_filter1d(power, width, mode="nearest"), (rms * _LEAST_LEVEL) ** 2))
    out: Waves = waves / level[:, None]
    return out
