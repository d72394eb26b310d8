# SPDX-License-Identifier: GPL-3.0-or-later
"""This module finds tempo, beats and bars of a clip at a steady tempo, from its onset envelope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.dsp.features import Listener, rises
from engine.units import ms_to_samples
from engine.values import FloatArray, MusicFacts

DoubleArray = npt.NDArray[np.float64]

SLOWEST_BPM = 55.0
FASTEST_BPM = 210.0
PREFERRED_BPM = 118.0
PREFERRED_OCTAVES = 0.9
"""Spread in octaves of the log-normal preference for a beat near 118 bpm.

Source: Ellis, "Beat tracking by dynamic programming", 2007.
"""

LEAST_PULSE = 0.12
"""Autocorrelation of the onset envelope below which a clip has no pulse; noise stays under 0.1."""

DEFAULT_BEATS_PER_BAR = 4

GRID_TOLERANCE_MS = 20.0
"""Distance in ms from whole bars at which a length still counts as whole: what is played is never quite in time."""

_MISSING_TOOTH = 1.2
_RIVAL = 0.4  # combs that fit this well, beside the best, may be the beat
_PERIOD_BONUS = 0.7
_PERIOD_TOLERANCE_BEATS = 0.08
_THREE_MARGIN = 0.05
_GROUPS, _WIDE_GROUPS = 10, 8
_LOW_BANDS = 4  # mel bands of the kick drum and the bass
_THUMP_SHARE = 0.5  # what the lowest bands' amplitude counts, beside all bands' decibels, for where the beats lie


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A rhythm is a steady pulse: its tempo, beats and bars.

    Attributes
    ----------
    beat_samples
        Samples per beat, not whole.
    beats_per_bar
        Beats in a bar.
    first_downbeat
        Sample of the first downbeat, in ``[0, bar)``.
    known
        True when the tempo was told, False when it was estimated.
    """

    beat_samples: float
    beats_per_bar: int
    first_downbeat: float
    known: bool

    @property
    def bar_samples(self) -> float:
        return self.beat_samples * self.beats_per_bar

    def tempo_bpm(self, sample_rate: int) -> float:
        return float(60.0 * sample_rate / self.beat_samples)

    def fitted(self, n_samples: int) -> Rhythm:
        """Return the same pulse with whole beats within ``n_samples``; a tempo that was told is kept."""
        n_beats = max(1, round(n_samples / self.beat_samples))
        return self if self.known else replace(self, beat_samples=n_samples / n_beats)


def nearest_bars(length: float, rhythm: Rhythm | None, sample_rate: int) -> int | None:
    """Return the number of whole bars (at least one) that ``length`` samples last, within 20 ms, or None."""
    if rhythm is None:
        return None
    bars = round(length / rhythm.bar_samples)
    off = abs(length - bars * rhythm.bar_samples)
    return bars if bars > 0 and off <= ms_to_samples(GRID_TOLERANCE_MS, sample_rate) else None


class Pulse:
    """A pulse says how well the onsets of a sound line up with themselves after any time.

    Attributes
    ----------
    together
        Autocorrelation of the onset envelope, by frames; 1 at lag 0.
    by_band
        The same of ten groups of mel bands, summed: a kick and a snare are two things.
    rising
        By how much each mel band rises from the frame before, dB, shape ``(n_frames, N_MELS)``; 0 in the first frame.
    """

    def __init__(self, listener: Listener) -> None:
        self.hop_length = listener.hop_length
        self.frames_per_s = listener.sample_rate / listener.hop_length
        self.rising = np.zeros_like(listener.whole.mel_db)
        self.rising[1:] = rises(listener.whole.mel_db)
        self.onset: DoubleArray = listener.onset.astype(np.float64)
        self.together = _autocorrelation(self.onset[:, None], self.frames_per_s, wraps=listener.wraps)
        self.by_band = _autocorrelation(_grouped(self.rising, _GROUPS), self.frames_per_s, wraps=listener.wraps)

    def at(self, lag_samples: float) -> float:
        """Return ``by_band`` at a lag in samples, the best within a frame; 0 beyond the sound's end."""
        frame = round(lag_samples / self.hop_length)
        return float(self.by_band[max(0, frame - 1) : frame + 2].max(initial=0.0))

    def nearest_period(self, lag_samples: float, reach_samples: float) -> float:
        """Return the lag at most ``reach_samples`` from ``lag_samples`` at which the onsets line up best.

        Told between the frames by the parabola through the highest three values.
        """
        reach = max(1, round(reach_samples / self.hop_length))
        centre = round(lag_samples / self.hop_length)
        first, last = max(1, centre - reach), min(self.by_band.size - 2, centre + reach)
        if first > last:
            return lag_samples
        peak = first + int(self.by_band[first : last + 1].argmax())
        left, top, right = (float(value) for value in self.by_band[peak - 1 : peak + 2])
        bend = left - 2 * top + right
        offset = 0.5 * (left - right) / bend if bend < 0 else 0.0
        return (peak + min(max(offset, -0.5), 0.5)) * self.hop_length


def _grouped(bands: FloatArray, n_groups: int) -> FloatArray:
    """Return means over groups of neighbouring ``bands`` ``(n_frames, n_bands)``, shape ``(n_frames, n_groups)``."""
    width = bands.shape[1] // n_groups
    shares = np.repeat(np.eye(n_groups, dtype=np.float32), width, axis=0) / np.float32(width)
    out: FloatArray = bands @ shares
    return out


def find_rhythm(
    listener: Listener, pulse: Pulse, facts: MusicFacts, periods_samples: Sequence[float] = ()
) -> Rhythm | None:
    """Return the sound's rhythm, taking from ``facts`` what they know; None when there is no pulse.

    ``periods_samples`` are times after which the music comes again, the most exactly known first: most likely they last
    whole beats, which tells a tempo from two thirds of it, and its true value.
    """
    frames_per_s = pulse.frames_per_s
    if facts.tempo_bpm:
        beat = 60.0 * frames_per_s / facts.tempo_bpm
    else:
        periods = [period / pulse.hop_length for period in periods_samples]
        found = _beat_frames(pulse.together, frames_per_s, periods)
        if found is None:
            return None
        beat = found
        if listener.wraps:
            n_beats = max(1, round(listener.n_samples / (beat * listener.hop_length)))
            beat = listener.n_samples / (n_beats * listener.hop_length)
    beats_per_bar = facts.beats_per_bar or _beats_per_bar(listener, pulse, beat)
    # A clip that wraps is whole bars, written from the first beat on
    first = 0.0 if listener.wraps else _first_downbeat(listener, pulse.onset, beat, beats_per_bar)
    hop = listener.hop_length
    return Rhythm(beat * hop, beats_per_bar, first * hop, known=facts.tempo_bpm is not None)


def _autocorrelation(
    onsets: npt.NDArray[Any], frames_per_s: float, *, wraps: bool, most: float = np.inf
) -> DoubleArray:
    """Return the autocorrelation of envelopes ``(n_frames, n_bands)`` about their local means, summed; 1 at lag 0.

    Unbiased by how much of the clip overlaps itself. Lags up to ``most`` frames at least are told.
    """
    from scipy.fft import irfft, next_fast_len, rfft
    from scipy.ndimage import uniform_filter1d

    centred = onsets - uniform_filter1d(
        onsets, max(3, round(frames_per_s)), axis=0, mode="wrap" if wraps else "nearest"
    )
    n = centred.shape[0]
    n_lags = int(min(n, most + 2))
    n_fft = n if wraps else next_fast_len(n + n_lags, real=True)
    spectrum = rfft(centred, n_fft, axis=0)
    correlation: DoubleArray = irfft((spectrum.real**2 + spectrum.imag**2).sum(axis=1), n_fft)[:n_lags]
    if not wraps:
        correlation = correlation / np.maximum(np.arange(n, n - n_lags, -1), n // 8) * n
    return correlation / max(float(correlation[0]), 1e-12)


def _at(values: DoubleArray, positions: DoubleArray) -> DoubleArray:
    """Return ``values`` at fractional positions, 0 beyond their end."""
    inside = np.clip(positions, 0.0, values.size - 1.0)
    below = inside.astype(np.intp)
    inside -= below
    padded = np.append(values, 0.0)
    out: DoubleArray = padded[below]
    out += inside * (padded[below + 1] - out)
    out[positions > values.size - 1] = 0.0
    return out


def _beat_frames(correlation: DoubleArray, frames_per_s: float, periods: Sequence[float]) -> float | None:
    """Return the frames per beat: the comb of lags that fits best under the preference for likely tempi."""
    bpm = np.geomspace(SLOWEST_BPM, FASTEST_BPM, 400)
    beats = 60.0 * frames_per_s / bpm
    beats = beats[beats * 2 < correlation.size * 0.75]
    if beats.size == 0:
        return None
    bpm = 60.0 * frames_per_s / beats
    multiples = np.array([1.0, 2.0, 4.0, 8.0])
    weights = np.array([1.0, 1.0, 1.0, 0.5])
    lags = beats[:, None] * multiples
    heard = lags < correlation.size * 0.75
    # The comb's teeth are a frame or two wide: take the best within reach.
    teeth = np.max([_at(correlation, lags + shift) for shift in (-1.0, -0.5, 0.0, 0.5, 1.0)], axis=0)
    comb = (teeth * weights * heard).sum(axis=1) / (weights * heard).sum(axis=1)
    # A "beat" of one and a half beats agrees with the music every other time only: its first tooth is missing.
    strength = comb - _MISSING_TOOTH * np.maximum(0.0, comb - teeth[:, 0])
    preference = np.exp(-0.5 * (np.log2(bpm / PREFERRED_BPM) / PREFERRED_OCTAVES) ** 2)
    worth = strength * preference
    best = int(worth.argmax())
    if strength[best] < LEAST_PULSE:
        return None
    padded = np.pad(worth, 1, constant_values=-np.inf)
    rivals = np.flatnonzero((worth >= padded[:-2]) & (worth >= padded[2:]) & (worth > _RIVAL * worth[best]))
    sharp = np.array([_sharpened(correlation, float(beats[rival])) for rival in rivals])
    fits = worth[rivals]
    for period in periods:
        off = np.abs(period / sharp - np.round(period / sharp))
        fits = fits * (1.0 + _PERIOD_BONUS / len(periods) * np.exp(-0.5 * (off / _PERIOD_TOLERANCE_BEATS) ** 2))
    beat = float(sharp[fits.argmax()])
    for period in periods:
        n_beats = round(period / beat)
        if n_beats > 0 and abs(period / beat - n_beats) < _PERIOD_TOLERANCE_BEATS:
            return period / n_beats  # the longer of two measures is the finer one
    return beat


def _sharpened(correlation: DoubleArray, beat: float) -> float:
    """Return a beat's length refined over doubling spans: the error at n beats is divided by n."""
    n_beats = 1
    while n_beats * beat + 3 < correlation.size * 0.8:
        around = np.arange(round(n_beats * beat) - 2, round(n_beats * beat) + 3)
        peak = int(around[correlation[around].argmax()])
        left, top, right = correlation[peak - 1 : peak + 2]
        if top > LEAST_PULSE / 2 and top >= left and top >= right:
            bend = left - 2 * top + right
            offset = 0.5 * (left - right) / bend if bend < 0 else 0.0
            beat = (peak + offset) / n_beats
        n_beats *= 2
    return beat


def _beats_per_bar(listener: Listener, pulse: Pulse, beat: float) -> int:
    """Return 3 when the music repeats better after three and six beats than after four and eight, else 4.

    Judged band by band, since a kick and a snare are the same to the onset envelope, and by where the harmony changes.
    """
    frames_per_s = listener.sample_rate / listener.hop_length
    chroma = listener.whole.chroma
    apart = max(1, round(0.1 * frames_per_s))
    changes = np.zeros((chroma.shape[0], 1))
    changes[apart:-apart, 0] = np.abs(chroma[2 * apart :] - chroma[: -2 * apart]) @ np.ones(12, dtype=np.float32)
    agreed = 0.0
    for moving in (_grouped(pulse.rising, _WIDE_GROUPS), changes):
        lags = beat * np.array([3.0, 6.0, 4.0, 8.0])
        correlation = _autocorrelation(moving, frames_per_s, wraps=listener.wraps, most=float(lags.max()) + 1.0)
        three_1, three_2, four_1, four_2 = np.max([_at(correlation, lags + shift) for shift in (-1, 0, 1)], axis=0)
        agreed += three_1 + three_2 - four_1 - four_2
    return 3 if agreed > _THREE_MARGIN else DEFAULT_BEATS_PER_BAR


def _first_downbeat(listener: Listener, onset: DoubleArray, beat: float, beats_per_bar: int) -> float:
    """Return the first downbeat in frames: onsets tell the beats, bass and harmony the downbeats."""
    n_frames = onset.size
    low_db = listener.whole.mel_db[:, :_LOW_BANDS].astype(np.float64)
    phase = _phase(onset, _risen(10.0 ** (low_db / 20.0)), beat)
    beats = np.arange(phase, n_frames - 1, beat)
    low = _risen(low_db)
    kick = np.max([_at(low, beats + shift) for shift in (-1.0, 0.0, 1.0, 2.0)], axis=0)
    accent = _scaled(kick) + _scaled(_harmony_moves(listener.whole.chroma.astype(np.float64), beats, beat))
    strength = [
        float(accent[first::beats_per_bar].mean()) if beats.size > first else -9.0 for first in range(beats_per_bar)
    ]
    return float((phase + beat * int(np.argmax(strength))) % (beat * beats_per_bar))


def _phase(onset: DoubleArray, thump: DoubleArray, beat: float) -> float:
    """Return where in ``[0, beat)`` frames the beats lie: at the onsets, above all those of the kick.

    An open hat between the beats rises in more bands, and from a deeper silence, than the kick on them: decibels alone
    hear it as the beat. ``thump``, the onsets of the lowest bands in amplitude, hears the kick.
    """
    phases = np.arange(0.0, beat, 0.25)
    n_beats = max(1, int((onset.size - 1) / beat))
    grid = phases[:, None] + beat * np.arange(n_beats)
    worth = sum(
        share * _at(envelope, grid).mean(axis=1) / max(float(envelope.mean()), 1e-9)
        for share, envelope in ((1.0, onset), (_THUMP_SHARE, thump))
    )
    return float(phases[np.argmax(worth)])


def _risen(bands: DoubleArray) -> DoubleArray:
    """Return the mean rise of ``bands`` ``(n_frames, n_bands)`` from the frame before."""
    out = np.zeros(bands.shape[0])
    out[1:] = np.maximum(np.diff(bands, axis=0), 0.0).mean(axis=1)
    return out


def _harmony_moves(chroma: DoubleArray, beats: DoubleArray, beat: float) -> DoubleArray:
    """Return how much the chroma differs between the beat before and the beat after each of ``beats`` (frames)."""
    sums = np.vstack([np.zeros(12), np.cumsum(chroma, axis=0)])
    bounds = np.clip(np.round(np.stack([beats - beat, beats, beats + beat])).astype(int), 0, chroma.shape[0])
    before, after = sums[bounds[1]] - sums[bounds[0]], sums[bounds[2]] - sums[bounds[1]]
    lengths = np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
    moved: DoubleArray = np.where(lengths > 0, 1.0 - (before * after).sum(axis=1) / np.maximum(lengths, 1e-12), 0.0)
    return moved


def _scaled(values: DoubleArray) -> DoubleArray:
    spread = float(values.std()) if values.size else 0.0
    return (values - values.mean()) / spread if spread > 1e-9 else np.zeros_like(values)
