# SPDX-License-Identifier: GPL-3.0-or-later
"""This module tells whether a clip is too dull to be played for long, and in which way: not whether it is good music.

What it measures is unchanged by gain. The bounds lie between dull sounds that were made for the purpose and music: the
48 styles of the composer, 15 s each. ``tests/engine/dsp/test_dullness.py`` measures both again.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.dsp.features import Listener
from engine.values import Clip, Dullness

DoubleArray = npt.NDArray[np.float64]

AUDIBLE_DB = -45.0
"""Level of a moment against the loudest one of its clip, dB, from which on it is heard."""
LEAST_AUDIBLE = 0.1
"""Share of a clip's moments that are heard, below which it is as good as silent; music has 0.98 or more."""
LEAST_MOVEMENT_DB = 1.8
"""Movement of the spectrum, dB, below which nothing changes; tones and hiss have 1.1 at most, music 2.7 or more."""
MOMENT_S = 0.25
"""Length of the moments, seconds, whose spectra are held against each other: over so long hiss is steady."""
TONAL = 0.9
"""Share of the power in a hundredth of the spectrum from which on a sound that stands still is a tone, not a noise."""
MOST_FLAT = 0.2
"""Share of samples near the ceiling from which on waves are cut off flat; music has 0.01, at 20 dB too much 0.35."""
NEAR_CEILING = 0.8
"""Share of the ceiling that is near it: a wave that was cut off and resampled ripples by as much as a tenth."""
BELOW_CEILING = 0.999
"""Share of a clip's samples that lie below its ceiling."""
LEAST_UNEVEN = 0.06
"""Spread of the times between onsets, of their mean, below which they are a metronome's; music has 0.2 or more."""
LEAST_CHANGE_DB = 1.2
"""Difference between beats, dB, below which each is like the others; a metronome has 0.2, music 2.3 or more."""
FEWEST_ONSETS = 6
"""Number of onsets that must be heard before they can be told to be regular."""
STRONG = 0.4
"""Strength of an onset, of the strongest, from which on it counts."""

_APART_S = 0.08
_HEARD_BAND_DB = -42.0


def dullness_of(clip: Clip) -> Dullness | None:
    """Return in which way a clip is too dull to play, or None where it is not.

    Raises BadClip, NonFiniteClip for samples that cannot be measured.
    """
    listener = Listener(clip)
    mel = listener.whole.mel_db.astype(np.float64)
    level = 10.0 * np.log10(listener.level.astype(np.float64) + 1e-30)
    if float((level > level.max() + AUDIBLE_DB).mean()) < LEAST_AUDIBLE:
        return Dullness.SILENT
    frames_per_s = listener.sample_rate / listener.hop_length
    if movement_db(mel, frames_per_s) < LEAST_MOVEMENT_DB:
        return Dullness.TONE if tonality(clip) >= TONAL else Dullness.UNCHANGING
    if flatness(clip) >= MOST_FLAT:
        return Dullness.CLIPPED
    uneven, change_db = beats(listener.onset.astype(np.float64), mel, frames_per_s)
    return Dullness.METRONOME if uneven < LEAST_UNEVEN and change_db < LEAST_CHANGE_DB else None


def movement_db(mel_db: DoubleArray, frames_per_s: float) -> float:
    """Return how much a clip's spectrum changes from moment to moment, dB, of frames ``(n_frames, n_bands)``."""
    n = max(1, round(MOMENT_S * frames_per_s))
    moments = len(mel_db) // n
    if not moments:
        return 0.0
    return _spread_db(10.0 ** (mel_db[: moments * n] / 10.0).reshape(moments, n, -1))


def _spread_db(powers: DoubleArray) -> float:
    """Return how far the mean spectra of moments ``(n_moments, n_frames, n_bands)`` lie apart, dB."""
    spectra = 10.0 * np.log10(powers.mean(axis=1))
    heard = spectra.max(axis=0) > _HEARD_BAND_DB
    return float(spectra[:, heard].std(axis=0).mean())


def tonality(clip: Clip) -> float:
    """Return the share of a clip's power that lies in the strongest hundredth of its spectrum."""
    from scipy.fft import next_fast_len, rfft

    wave = clip.samples[:, 0] * np.hanning(clip.n_samples).astype(np.float32)
    power = np.sort(np.abs(rfft(wave, next_fast_len(wave.size, real=True))) ** 2)
    return float(power[-max(1, power.size // 100) :].sum() / max(float(power.sum()), 1e-30))


def flatness(clip: Clip) -> float:
    """Return the share of a clip's samples that lie near its ceiling."""
    wave = np.abs(clip.samples.mean(axis=1))
    return float((wave > NEAR_CEILING * np.quantile(wave, BELOW_CEILING)).mean())


def beats(onset: DoubleArray, mel_db: DoubleArray, frames_per_s: float) -> tuple[float, float]:
    """Return how uneven the times between a clip's strong onsets are, of their mean, and how unlike the beats are, dB.

    Both are infinite where there are too few onsets.
    """
    from scipy.signal import find_peaks

    places, _ = find_peaks(onset, height=STRONG * float(onset.max()), distance=max(1, round(_APART_S * frames_per_s)))
    apart = np.diff(places)
    if places.size < FEWEST_ONSETS:
        return np.inf, np.inf
    # From just before an onset to just before the next.
    n = max(1, int(apart.min()) - 1)
    powers = np.array([10.0 ** (mel_db[at : at + n] / 10.0) for at in places - 1 if at >= 0 and at + n <= len(mel_db)])
    return float(apart.std() / apart.mean()), _spread_db(powers)
