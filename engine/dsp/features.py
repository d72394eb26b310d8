# SPDX-License-Identifier: GPL-3.0-or-later
"""What is heard at an instant: log-mel bands and chroma of a clip, anywhere in it, to the sample.

Everything here is unchanged by gain and by swapping channels, and nearly so by a constant offset: levels are relative
to the clip's loudest band, and channels are added as power.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from engine.values import Clip, FloatArray

IntArray = npt.NDArray[np.int64]

HOP_S = 0.0116
MEL_WINDOW_S = 0.046
CHROMA_WINDOW_S = 0.186
"""512, 2048 and 8192 samples at 44.1 kHz; the nearest power of two at other rates."""

N_MELS = 40
MEL_LOW_HZ = 40.0
MEL_HIGH_HZ = 14_000.0
FLOOR_DB = -50.0
"""Bands this far below the clip's loudest one count as silent, dB."""

CHROMA_LOW_HZ = 60.0
CHROMA_HIGH_HZ = 2_500.0
_CHUNK_VALUES = 1 << 21


def power_of_two(seconds: float, sample_rate: int) -> int:
    """The power of two nearest to ``seconds``, in samples."""
    return 1 << max(4, round(math.log2(seconds * sample_rate)))


@dataclass(frozen=True, eq=False, slots=True)
class Frames:
    """Features of frames centred at given samples.

    Attributes
    ----------
    centres
        Sample at the middle of each frame, shape ``(n_frames,)``.
    mel_db
        Log-mel bands, shape ``(n_frames, N_MELS)``, dB re the clip's loudest band, in [FLOOR_DB, 0].
    chroma
        Strength of the twelve pitch classes from C, shape ``(n_frames, 12)``, unit length (zero where silent).
    inside
        Whether the mel window lies wholly within the clip, shape ``(n_frames,)``.
    """

    centres: IntArray
    mel_db: FloatArray
    chroma: FloatArray
    inside: npt.NDArray[np.bool_]

    @property
    def onset(self) -> FloatArray:
        """Onset envelope: mean rise over the mel bands from the frame before, dB, shape ``(n_frames,)``.

        Spectral flux on log-mel bands (Böck and Widmer, "Maximum filter vibrato suppression for onset detection",
        DAFx 2013, without the maximum filter).
        """
        return onset_envelope(self.mel_db)


def onset_envelope(mel_db: FloatArray) -> FloatArray:
    """Mean positive change per frame of ``mel_db`` ``(n_frames, n_bands)``, dB; the first frame has 0."""
    envelope = np.zeros(mel_db.shape[0], dtype=np.float32)
    envelope[1:] = np.maximum(np.diff(mel_db, axis=0), 0.0).mean(axis=1)
    return envelope


class Listener:
    """Hears a clip: computes features of frames at any sample, on one scale for the whole clip.

    Parameters
    ----------
    clip
        Must be finite and not silent. A clip that wraps is heard round its end.
    """

    def __init__(self, clip: Clip) -> None:
        self.sample_rate = clip.sample_rate
        self.n_samples = clip.n_samples
        self.wraps = clip.wraps
        self.hop_length = power_of_two(HOP_S, clip.sample_rate)
        self._n_mel = power_of_two(MEL_WINDOW_S, clip.sample_rate)
        self._n_chroma = power_of_two(CHROMA_WINDOW_S, clip.sample_rate)
        self._margin = self._n_chroma
        # Channels one after the other, each contiguous, with a margin so that any frame can be cut out of them.
        self._channels = [self._padded(clip.samples[:, channel]) for channel in range(clip.n_channels)]
        self._mel_bank = mel_bank(self._n_mel, clip.sample_rate)
        self._chroma_bank = chroma_bank(self._n_chroma, clip.sample_rate)
        n_frames = max(1, clip.n_samples // self.hop_length)
        centres = np.arange(n_frames, dtype=np.int64) * self.hop_length
        mel = self._mel_power(centres)
        self._loudest = max(float(mel.max()), 1e-30)
        self.whole = self._frames(centres, mel)
        """Features of the whole clip: frame ``k`` is centred at sample ``k * hop_length``."""

    def frames(self, centres: IntArray) -> Frames:
        """Features of frames centred at ``centres`` (samples; folded round if the clip wraps, else within it)."""
        if self.wraps:
            centres = centres % self.n_samples
        return self._frames(centres, self._mel_power(centres))

    def _frames(self, centres: IntArray, mel: FloatArray) -> Frames:
        floor = np.float32(10.0 ** (FLOOR_DB / 10.0))
        mel_db = 10.0 * np.log10(np.maximum(mel / np.float32(self._loudest), floor))
        half = self._n_mel // 2
        inside = (centres >= half) & (centres + half <= self.n_samples)
        if self.wraps:
            inside[:] = True
        return Frames(centres, mel_db.astype(np.float32), self._chroma(centres), inside)

    def _padded(self, channel: FloatArray) -> FloatArray:
        if self.wraps:
            return np.pad(channel, self._margin, mode="wrap")
        channel = channel - channel.mean(dtype=np.float64).astype(np.float32)
        return np.pad(channel, self._margin)

    def _mel_power(self, centres: IntArray) -> FloatArray:
        return self._banded(centres, self._n_mel, self._mel_bank)

    def _chroma(self, centres: IntArray) -> FloatArray:
        # A long window moves slowly: every second frame is enough, and the others take their neighbour's.
        some = np.arange(0, centres.size, 2)
        strength = np.sqrt(self._banded(centres[some], self._n_chroma, self._chroma_bank))
        length = np.sqrt((strength**2).sum(axis=1, keepdims=True))
        audible = length > math.sqrt(self._loudest) * 10.0 ** (FLOOR_DB / 20.0)
        chroma = np.where(audible, strength / np.where(audible, length, 1.0), 0.0).astype(np.float32)
        return np.repeat(chroma, 2, axis=0)[: centres.size]

    def _banded(self, centres: IntArray, n_fft: int, bank: tuple[FloatArray, int]) -> FloatArray:
        """Power in the bank's bands, all channels added, shape ``(n_frames, n_bands)``."""
        from scipy.fft import rfft

        weights, first_bin = bank
        window = np.hanning(n_fft + 1)[:-1].astype(np.float32)
        starts = centres + self._margin - n_fft // 2
        out = np.zeros((centres.size, weights.shape[0]), dtype=np.float32)
        step = max(1, _CHUNK_VALUES // n_fft)
        for channel in self._channels:
            slide = np.lib.stride_tricks.sliding_window_view(channel, n_fft)
            for first in range(0, centres.size, step):
                spectra = rfft(slide[starts[first : first + step]] * window, axis=1)
                spectra = spectra[:, first_bin : first_bin + weights.shape[1]]
                out[first : first + step] += (spectra.real**2 + spectra.imag**2) @ weights.T
        return out


@lru_cache(maxsize=8)
def mel_bank(n_fft: int, sample_rate: int) -> tuple[FloatArray, int]:
    """Triangular mel weights ``(N_MELS, n_bins)`` and the first FFT bin they stand for.

    The mel scale of O'Shaughnessy ("Speech Communication", 1987), 40 Hz to 14 kHz or Nyquist. Written out here because
    importing librosa's costs a fresh worker more than a second. A band narrower than a bin interpolates.
    """
    bin_hz = sample_rate / n_fft
    high_hz = min(MEL_HIGH_HZ, sample_rate / 2)
    low_mel, high_mel = (2595.0 * math.log10(1.0 + hz / 700.0) for hz in (MEL_LOW_HZ, high_hz))
    mels = np.linspace(low_mel, high_mel, N_MELS + 2)
    edges = (700.0 * (10.0 ** (mels / 2595.0) - 1.0)) / bin_hz
    centres = edges[1:-1, None]
    bins = np.arange(1, n_fft // 2 + 1)  # without DC
    rising = (bins - edges[:-2, None]) / np.maximum(edges[1:-1] - edges[:-2], 1.0)[:, None]
    falling = (edges[2:, None] - bins) / np.maximum(edges[2:] - edges[1:-1], 1.0)[:, None]
    near = 1.0 - np.abs(bins - centres)
    weights = np.maximum(np.minimum(rising, falling), near)
    return np.maximum(weights, 0.0).astype(np.float32), 1


@lru_cache(maxsize=8)
def chroma_bank(n_fft: int, sample_rate: int) -> tuple[FloatArray, int]:
    """Weights ``(12, n_bins)`` that fold FFT bins into pitch classes from C (A = 440 Hz), and their first bin.

    Each bin belongs to its nearest pitch class with a Gaussian of half a semitone, as in Bartsch and Wakefield,
    "To catch a chorus" (WASPAA 2001); the outer octaves count less.
    """
    bin_hz = sample_rate / n_fft
    first_bin = max(1, int(CHROMA_LOW_HZ / bin_hz))
    last_bin = min(n_fft // 2, int(CHROMA_HIGH_HZ / bin_hz))
    hz = np.arange(first_bin, last_bin + 1) * bin_hz
    pitch = 69.0 + 12.0 * np.log2(hz / 440.0)
    away = (pitch[None, :] - np.arange(12)[:, None] + 6.0) % 12.0 - 6.0
    octave_weight = np.exp(-0.5 * (np.log2(hz / 350.0) / 1.3) ** 2)
    return (np.exp(-0.5 * (away / 0.4) ** 2) * octave_weight).astype(np.float32), first_bin
