# SPDX-License-Identifier: GPL-3.0-or-later
"""Colour and space: third octaves, the sub, width, how timbre moves, and what a classifier hears."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tests.benchmarks.composerreport.levels import decibels
from tests.benchmarks.loopcases.cases import DoubleArray

THIRDS_HZ = 1000.0 * 2.0 ** (np.arange(-9, 13) / 3.0)
"""Centres of the third octaves from 125 Hz to 16 kHz, in Hz."""

_LOW_HZ = 120.0
_SUB_HZ = 60.0
_RATE = 22_050
_HOP = 512
_MOTION_S = 1.0
_MOTION_MELS = 40
_MOTION_FLOOR_DB = -60.0
_RECUR_S = tuple(np.geomspace(0.1, 2.4, 17))


@dataclass(frozen=True, slots=True)
class Colour:
    """The colour of a clip.

    Attributes
    ----------
    thirds_db
        Of each of ``THIRDS_HZ``, relative to all of them together.
    sub_db
        What lies below 60 Hz, relative to the whole.
    width_db, low_width_db
        The sides relative to the middle, of the whole and below 120 Hz.
    """

    thirds_db: tuple[float, ...]
    sub_db: float
    width_db: float
    low_width_db: float


def colour(samples: npt.NDArray[np.floating], rate: int) -> Colour:
    """Measure a clip, shape ``(n_samples, 2)``."""
    wave = np.asarray(samples, dtype=np.float64)
    middle, side = wave.mean(axis=1), 0.5 * (wave[:, 0] - wave[:, 1])
    hz = np.fft.rfftfreq(middle.size, 1.0 / rate)
    power_mid, power_side = (np.abs(np.fft.rfft(one)) ** 2 for one in (middle, side))
    power = power_mid + power_side
    edges = [(centre * 2 ** (-1 / 6), centre * 2 ** (1 / 6)) for centre in THIRDS_HZ]
    thirds = np.array([power[(hz >= low) & (hz < high)].sum() for low, high in edges])
    low = hz < _LOW_HZ
    return Colour(
        thirds_db=tuple(10.0 * np.log10(np.maximum(thirds, 1e-15) / max(thirds.sum(), 1e-15))),
        sub_db=_ratio_db(power[(hz > 10.0) & (hz < _SUB_HZ)].sum(), power[hz > 10.0].sum()),
        width_db=_ratio_db(power_side[1:].sum(), power_mid[1:].sum()),
        low_width_db=_ratio_db(power_side[1:][low[1:]].sum(), power_mid[1:][low[1:]].sum()),
    )


def octaves_off(thirds_db: DoubleArray, reference_db: DoubleArray) -> DoubleArray:
    """Return how far each octave's level is from the reference's, dB: third octaves, smoothed over three."""
    off = np.asarray(thirds_db) - np.asarray(reference_db)
    smooth = np.convolve(np.pad(off, 1, mode="edge"), np.ones(3) / 3.0, mode="valid")
    return np.asarray(smooth - np.median(smooth))


def timbre_motion(mono: npt.NDArray[np.floating]) -> float:
    """Return how far timbre moves slowly, dB, in audio at 22 050 Hz.

    The spread over time of each mel band's level, averaged over a second and relative to that second's mean level, in
    the mean over the bands: a wall of sound is near 0, a filter that opens, a break or another section is not.
    """
    mel = _mel(mono, _MOTION_MELS)
    n = round(_MOTION_S * _RATE / _HOP)
    starts = np.arange(0, mel.shape[1] - n, n // 2)
    if starts.size < 2:
        return 0.0
    total = np.cumsum(np.pad(mel, ((0, 0), (1, 0))), axis=1)
    means = (total[:, starts + n] - total[:, starts]) / n
    level = 10.0 * np.log10(np.maximum(means, 10.0 ** (_MOTION_FLOOR_DB / 10.0) * means.max()))
    level -= level.mean(axis=0, keepdims=True)
    return float(level.std(axis=1).mean())


def statistics(mono: npt.NDArray[np.floating]) -> DoubleArray:
    """Return what a classifier hears of audio at 22 050 Hz: statistics of mel bands and of rhythm.

    Of pairs of bands how loud they are and of groups of bands how strongly they rise, as percentiles; of the low,
    middle and high bands how their rises recur, at times that are spaced as tempos are heard. So 94 % of the first
    seventeen styles are named right, in the mean over six divisions of eight seeds.
    """
    mel_db = 10.0 * np.log10(np.maximum(_mel(mono, 48), 1e-8))
    pairs = mel_db.reshape(24, 2, -1).mean(axis=1) - mel_db.mean()
    rises = np.maximum(0.0, np.diff(mel_db, axis=1))
    groups = rises.reshape(12, 4, -1).mean(axis=1)
    thirds = rises.reshape(3, 16, -1).mean(axis=1)
    return np.concatenate(
        [
            np.percentile(pairs, [10, 50, 90], axis=1).ravel(),
            np.percentile(groups, [50, 90, 98], axis=1).ravel(),
            *(_recurrence(one) for one in thirds),
        ]
    )


def brightness_hz(mono: npt.NDArray[np.floating]) -> float:
    """Return the spectral centroid of audio at 22 050 Hz, in Hz, the mean over time."""
    import librosa

    return float(librosa.feature.spectral_centroid(y=np.asarray(mono, dtype=np.float32), sr=_RATE).mean())


def onset_rate(mono: npt.NDArray[np.floating]) -> float:
    """Return the onsets a second that librosa finds in audio at 22 050 Hz."""
    import librosa

    onsets = librosa.onset.onset_detect(y=np.asarray(mono, dtype=np.float32), sr=_RATE, units="time")
    return len(onsets) * _RATE / mono.size


def percussion_db(mono: npt.NDArray[np.floating]) -> float:
    """Return how much is struck above 3 kHz in audio at 22 050 Hz: its energy relative to the whole, dB."""
    import librosa

    spectrum = np.abs(librosa.stft(np.asarray(mono, dtype=np.float32), n_fft=1024, hop_length=256))
    _, struck = librosa.decompose.hpss(spectrum, margin=(1.0, 2.0))
    above = librosa.fft_frequencies(sr=_RATE, n_fft=1024) > 3000.0
    return _ratio_db(float((struck[above] ** 2).sum()), float((spectrum**2).sum()))


def _mel(mono: npt.NDArray[np.floating], n_mels: int) -> DoubleArray:
    import librosa

    wave = np.asarray(mono, dtype=np.float32)
    mel = librosa.feature.melspectrogram(y=wave, sr=_RATE, n_fft=2048, hop_length=_HOP, n_mels=n_mels)
    return np.asarray(mel, dtype=np.float64)


def _recurrence(flux: DoubleArray) -> DoubleArray:
    flux = flux - flux.mean()
    full = np.fft.irfft(np.abs(np.fft.rfft(flux, 2 * flux.size)) ** 2)[: flux.size] / max(float((flux**2).sum()), 1e-12)
    edges = np.round(np.array(_RECUR_S) * _RATE / _HOP).astype(int)
    return np.array([full[a : max(a + 1, b)].max() for a, b in itertools.pairwise(edges)])


def _ratio_db(one: float, other: float) -> float:
    return 0.5 * decibels(one / max(other, 1e-15)) if one > 0 else -120.0
