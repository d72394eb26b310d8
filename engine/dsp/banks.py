# SPDX-License-Identifier: GPL-3.0-or-later
"""This module turns the spectra of many frames at once into band powers, mel and chroma, of one or many channels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.values import FloatArray

Waves = npt.NDArray[Any]
"""Channel pairs as complex64 waves left + i·right, shape ``(n_samples, n_pairs)``; a single channel is float32.

Products of such waves join both channels, and their power spectra add up.
"""

N_MELS = 40
MEL_LOW_HZ = 40.0
MEL_HIGH_HZ = 10_000.0

CHROMA_LOW_HZ = 50.0
CHROMA_HIGH_HZ = 2_500.0

_LEAST_WEIGHT = 1e-9
_CHUNK_SAMPLES = 1 << 17  # transformed at a time: what fits in a core's cache
_GROUP_BANDS = 16  # bands that share their bins: few, as each has few bins, but as many as a processor adds up at once


def paired(samples: FloatArray) -> Waves:
    """Return each pair of channels as one complex wave, left + i·right, ``(n_samples, n_pairs)``; mono stays real."""
    n_channels = samples.shape[1]
    if n_channels == 1:
        return samples
    if n_channels % 2:
        samples = np.pad(samples, ((0, 0), (0, 1)))
    return np.ascontiguousarray(samples).view(np.complex64)


@dataclass(frozen=True, eq=False, slots=True)
class Group:
    """A group holds neighbouring bands of a bank, and the bins that count in any of them.

    Attributes
    ----------
    first_band, first_bin
        Where they begin.
    weights, mirrored
        Shape ``(2 * n_bins, n_bands)``, from ``first_bin`` on, and backwards from its mirror image's end; each weight
        stands twice, for the squares of the real and the imaginary part.
    """

    first_band: int
    first_bin: int
    weights: FloatArray
    mirrored: FloatArray


@dataclass(frozen=True, eq=False, slots=True)
class Bank:
    """A bank computes bands over the power spectrum of windowed frames; ``window`` is Hann, shape ``(n_fft,)``."""

    n_fft: int
    n_bands: int
    window: FloatArray
    groups: tuple[Group, ...]

    @classmethod
    def of(cls, weights: npt.NDArray[np.float64]) -> Bank:
        """Make a bank from weights of shape ``(n_bands, n_fft // 2 + 1)``; bins that count nowhere are left out."""
        n_fft = 2 * (weights.shape[1] - 1)
        window = np.hanning(n_fft + 1)[:-1].astype(np.float32)
        groups = []
        for first in range(0, weights.shape[0], _GROUP_BANDS):
            bands = weights[first : first + _GROUP_BANDS]
            used = np.flatnonzero(bands.any(axis=0))
            if used.size:
                doubled = np.repeat(bands[:, used[0] : used[-1] + 1], 2, axis=1).T.astype(np.float32)
                both = np.ascontiguousarray(doubled), np.ascontiguousarray(doubled[::-1])
                groups.append(Group(first, int(used[0]), *both))
        return cls(n_fft, weights.shape[0], window, tuple(groups))


def banded(waves: Waves, first: int, hop: int, n_frames: int, bank: Bank) -> FloatArray:
    """Return the power in each band, channels added, ``(n_frames, n_bands)``; frame 0 is centred at ``first``."""
    from scipy.fft import fft, rfft

    n_fft = bank.n_fft
    one_sided = waves.dtype == np.float32
    out = np.zeros((n_frames, bank.n_bands), dtype=np.float32)
    step = max(1, min(n_frames, _CHUNK_SAMPLES // n_fft))
    framed = np.empty((step, n_fft), dtype=waves.dtype)
    for pair in range(waves.shape[1]):
        wave = waves[:, pair]
        for row in range(0, n_frames, step):
            n = min(step, n_frames - row)
            slide = np.lib.stride_tricks.as_strided(
                wave[first + row * hop - n_fft // 2 :],
                (n, n_fft),
                (wave.strides[0] * hop, wave.strides[0]),
                writeable=False,
            )
            windowed = np.multiply(slide, bank.window, out=framed[:n])
            spectra = rfft(windowed, axis=1) if one_sided else fft(windowed, axis=1, overwrite_x=True)
            squares = spectra.view(np.float32)
            np.multiply(squares, squares, out=squares)
            for group in bank.groups:
                low, high = group.first_bin, group.first_bin + group.weights.shape[0] // 2
                power = squares[:, 2 * low : 2 * high] @ group.weights
                if not one_sided:
                    # Of a complex wave the power at f and at -f together is twice that of its two channels.
                    power += squares[:, 2 * (n_fft - high + 1) : 2 * (n_fft - low + 1)] @ group.mirrored
                out[row : row + n, group.first_band : group.first_band + power.shape[1]] += power
    if not one_sided:
        out *= np.float32(0.5)
    return out


@lru_cache(maxsize=8)
def mel_bank(n_fft: int, sample_rate: float) -> Bank:
    """Return a bank of triangular mel bands.

    The mel scale of O'Shaughnessy ("Speech Communication", 1987), 40 Hz to 10 kHz or Nyquist. Written out here because
    importing librosa's costs a fresh worker more than a second. A band narrower than a bin interpolates.
    """
    bin_hz = sample_rate / n_fft
    high_hz = min(MEL_HIGH_HZ, sample_rate / 2)
    low_mel, high_mel = (2595.0 * math.log10(1.0 + hz / 700.0) for hz in (MEL_LOW_HZ, high_hz))
    mels = np.linspace(low_mel, high_mel, N_MELS + 2)
    edges = (700.0 * (10.0 ** (mels / 2595.0) - 1.0)) / bin_hz
    centres = edges[1:-1, None]
    bins = np.arange(n_fft // 2 + 1)
    rising = (bins - edges[:-2, None]) / np.maximum(edges[1:-1] - edges[:-2], 1.0)[:, None]
    falling = (edges[2:, None] - bins) / np.maximum(edges[2:] - edges[1:-1], 1.0)[:, None]
    weights = np.maximum(np.maximum(np.minimum(rising, falling), 1.0 - np.abs(bins - centres)), 0.0)
    weights[:, [0, -1]] = 0.0  # without DC and Nyquist
    return Bank.of(weights)


@lru_cache(maxsize=8)
def chroma_bank(n_fft: int, sample_rate: float) -> Bank:
    """Return a bank that folds FFT bins into the twelve pitch classes from C (A = 440 Hz).

    Each bin belongs to its nearest pitch class with a Gaussian of half a semitone, as in Bartsch and Wakefield,
    "To catch a chorus" (WASPAA 2001); the outer octaves count less.
    """
    bin_hz = sample_rate / n_fft
    hz = np.maximum(np.arange(n_fft // 2 + 1) * bin_hz, 1e-3)
    pitch = 69.0 + 12.0 * np.log2(hz / 440.0)
    away = (pitch[None, :] - np.arange(12)[:, None] + 6.0) % 12.0 - 6.0
    octave_weight = np.exp(-0.5 * (np.log2(hz / 350.0) / 1.3) ** 2)
    weights = np.exp(-0.5 * (away / 0.4) ** 2) * octave_weight
    weights[:, (hz < CHROMA_LOW_HZ) | (hz > min(CHROMA_HIGH_HZ, 0.49 * sample_rate))] = 0.0
    # The far end of the bell is nothing to hear, but numbers so small that a processor takes a hundred times as long.
    weights[weights < _LEAST_WEIGHT] = 0.0
    return Bank.of(weights)
