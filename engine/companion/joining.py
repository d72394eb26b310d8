# SPDX-License-Identifier: GPL-3.0-or-later
"""This module joins a recording and new music: as loud as each other, crossfaded into the beat on which they meet."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

import numpy as np

from engine.dsp.character import character_of
from engine.dsp.loudness import integrated_lufs
from engine.dsp.seam import crossfade_gains
from engine.units import db_to_amplitude, seconds_to_samples
from engine.values import Clip, FloatArray
from engine.values.play_along import Join

LEVEL_S = 8.0
"""Seconds on either side of a join whose loudness is compared."""
FADE_S = 0.12
"""Length of the longest crossfade, seconds; it is half a beat where that is shorter."""
END_FADE_S = 0.5
"""Length of the fade with which new music ends that nothing comes after."""
CEILING = 10.0 ** (-0.3 / 20.0)
"""Highest sample of what is written, of full scale."""
LIMITING_S = 0.02
"""Seconds in which the gain goes down before a peak of new music that is too high, and up after it."""
_HAIR = 1.0 + 1e-6
MOST_GAIN_DB = 18.0
"""By how much new music is made louder at most; a recording may be as soft as it likes."""


def fade_samples(beat_s: float, sample_rate: int) -> int:
    """Return the length of a crossfade into a beat of so many seconds."""
    return max(1, seconds_to_samples(min(FADE_S, beat_s / 2.0), sample_rate))


def loudness(samples: FloatArray, sample_rate: int) -> float | None:
    """Return the loudness of a stretch in LUFS; None where it is silent."""
    lufs = integrated_lufs(Clip(np.ascontiguousarray(samples), sample_rate)) if len(samples) else -math.inf
    return lufs if math.isfinite(lufs) else None


def gain_to(samples: FloatArray, sample_rate: int, target_lufs: float | None) -> float:
    """Return the linear gain that makes a stretch as loud as that; 1 beside silence."""
    lufs = loudness(samples, sample_rate)
    if lufs is None or target_lufs is None:
        return 1.0
    return db_to_amplitude(min(target_lufs - lufs, MOST_GAIN_DB))


@dataclass(frozen=True, eq=False, slots=True)
class Blend:
    """A blend is a recording, faded where new music is heard in its place, and the gain of the new music.

    Both have the shape of what is joined, ``(n_samples, n_channels)``.
    """

    old: FloatArray
    gain: FloatArray

    @classmethod
    def of(cls, old: FloatArray, first: int, end: int, gain: float, last_gain: float | None = None) -> Self:
        """Return the blend with a recording of new music, which is heard from one sample to another.

        Its gain goes evenly, by decibels, to the last one.
        """
        gains = np.zeros_like(old)
        gains[first:end] = np.geomspace(gain, gain if last_gain is None else last_gain, end - first)[:, None]
        return cls(old.copy(), gains)

    def cross_in(self, raw: FloatArray, first: int, end: int, sample_rate: int) -> None:
        """Go over from the recording to the new music, ``raw``, between two samples; there is no recording after."""
        if first < end:
            coming = raw[first:end] * self.gain[first:end]
            g_out, g_in = crossfade_gains(self.old[first:end], coming, sample_rate)
            self.old[first:end] *= g_out
            self.gain[first:end] *= g_in

    def cross_out(self, raw: FloatArray, first: int, end: int, sample_rate: int) -> None:
        """Go back from the new music, ``raw``, to the recording, between two samples."""
        if first < end:
            going = raw[first:end] * self.gain[first:end]
            g_out, g_in = crossfade_gains(going, self.old[first:end], sample_rate)
            self.old[first:end] *= g_in
            self.gain[first:end] *= g_out

    def hold(self, raw: FloatArray, ceiling: float, sample_rate: int) -> None:
        """Hold the new music, ``raw``, below a ceiling where its peaks are above."""
        self.gain[:] *= limiting(raw * self.gain, ceiling, sample_rate)

    def fade_out(self, end: int, n_fade: int) -> None:
        """Let the new music end softly at a sample."""
        first = max(0, end - n_fade)
        curve = np.cos((np.arange(end - first) + 0.5) * (np.pi / 2.0 / max(1, end - first)))
        self.gain[first:end] *= curve.astype(np.float32)[:, None]
        self.gain[end:] = 0.0


def join_of(
    before: FloatArray, after: FloatArray, sample_rate: int, at_s: float, n_fade: int, *, near: int | None = None
) -> Join:
    """Return what is told of a join between these two sides, each without its crossfade.

    ``near`` is how many samples of each are compared; None is those of ``LEVEL_S``.
    """
    n = max(1, seconds_to_samples(LEVEL_S, sample_rate) if near is None else near)
    old, new = before[-n:], after[:n]
    one, other = loudness(old, sample_rate), loudness(new, sample_rate)
    step = None if one is None or other is None else other - one
    centres = (character_of(old, sample_rate).centre_hz, character_of(new, sample_rate).centre_hz)
    return Join(at_s, 1000.0 * n_fade / sample_rate, step, centres)


def limiting(samples: FloatArray, ceiling: float, sample_rate: int) -> FloatArray:
    """Return the gain at each sample, ``(n_samples, 1)``, that holds peaks below a ceiling: it moves in ``LIMITING_S``.

    The least gain around each sample, evened out over as long a time, is never above what its peak allows.
    """
    from scipy.ndimage import minimum_filter1d, uniform_filter1d

    peaks = np.abs(samples).max(axis=1, initial=0.0)
    wanted = np.minimum(1.0, ceiling / np.maximum(peaks, 1e-9))
    n = 2 * max(1, seconds_to_samples(LIMITING_S / 2.0, sample_rate)) + 1
    gains = uniform_filter1d(minimum_filter1d(wanted, n, mode="nearest"), n, mode="nearest")
    return np.asarray(gains[:, None], dtype=np.float32)


def ceiling_of(recording: FloatArray) -> float:
    """Return what nothing may exceed that is joined with a recording: it need not be below what that has itself."""
    return max(CEILING, float(np.abs(recording).max(initial=0.0)))


def held_down(samples: FloatArray, ceiling: float) -> float:
    """Return the linear gain that keeps samples below a ceiling: 1 where they are."""
    peak = float(np.abs(samples).max(initial=0.0))
    return 1.0 if peak <= ceiling * _HAIR else ceiling / peak
