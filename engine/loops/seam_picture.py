# SPDX-License-Identifier: GPL-3.0-or-later
"""This module draws a seam at sample level: both sides, the gains, the rendered result, and the spectrum of each."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import numpy.typing as npt

from engine.dsp.seam import Seam, crossfade_gains, read_round
from engine.units import SILENCE_DB, ms_to_samples, seconds_to_samples
from engine.values import (
    BeatGrid,
    FloatArray,
    IntArray,
    LoopRegion,
    MusicFacts,
    OverlapLimit,
    SeamPicture,
    SeamSpectra,
    SnapPlaces,
    Sound,
    read_only,
)

HALF_S = 1.0
"""Seconds of the picture to either side of the joint."""
SPECTRUM_MS = 186.0
"""Length in milliseconds, about, of what a spectrum is taken of: its bands below 60 Hz are wider than they show."""
BANDS_PER_OCTAVE = 6
_LOWEST_HZ, _HIGHEST_HZ = 40.0, 16_000.0
_MOST_OF_RATE = 0.45

DoubleArray = npt.NDArray[np.float64]


def seam_picture(sound: Sound, region: LoopRegion, *, overlap_ms: float, beats: BeatGrid | None = None) -> SeamPicture:
    """Return the picture of a region's seam as ``engine.dsp.seam.bake`` renders it: see ``SeamPicture``.

    Parameters
    ----------
    overlap_ms
        Length of the crossfade, at least 0; shortened as ``Seam`` shortens it.
    beats
        Where the clip's beats are, to snap to.

    Raises
    ------
    ValueError
        The region ends after the sound, or the overlap is negative.
    """
    seam = Seam(sound, region, overlap_ms=overlap_ms)
    half = max(1, seconds_to_samples(HALF_S, sound.sample_rate))
    first = 0 if seam.at_head else -seam.overlap_samples
    goes_round = sound.wraps or region.n_samples == sound.n_samples
    before, after = (_around(sound, edge, half, goes_round) for edge in (region.loop_end, region.loop_start))
    rendered = read_round(seam, -half, 2 * half)
    before_gain, after_gain = _gains(seam, first, half)
    middle = half + first + seam.overlap_samples // 2
    none = np.zeros(0, dtype=np.int64)
    return SeamPicture(
        region=region,
        overlap_ms=overlap_ms,
        before=read_only(before),
        after=read_only(after),
        rendered=read_only(rendered),
        before_gain=read_only(before_gain),
        after_gain=read_only(after_gain),
        crossfade_at=first,
        overlap_samples=seam.overlap_samples,
        limit=seam.limit,
        spectra=_spectra(before, after, rendered, min(max(middle, 0), 2 * half), sound.sample_rate),
        places=SnapPlaces(
            _crossings_near(sound, region, half),
            none if beats is None else beats.beats,
            none if beats is None else beats.downbeats,
        ),
        n_samples=sound.n_samples,
        sample_rate=sound.sample_rate,
    )


def beats_of(
    grid: BeatGrid | None, facts: MusicFacts, first_beat: int, n_samples: int, sample_rate: int
) -> BeatGrid | None:
    """Return where a clip's beats are: as they were heard, else as its tempo says; None for music in free time.

    Parameters
    ----------
    first_beat
        A sample with a downbeat, from which the tempo counts both ways.
    """
    if grid is not None and grid.beats.size:
        return grid
    if not facts.tempo_bpm:
        return None
    beat = 60.0 * sample_rate / facts.tempo_bpm
    numbers = np.arange(math.ceil(-first_beat / beat), math.floor((n_samples - first_beat) / beat) + 1)
    beats = np.round(first_beat + numbers * beat).astype(np.int64)
    return BeatGrid(beats, beats[numbers % (facts.beats_per_bar or 4) == 0])


def rising_crossings(mono: FloatArray | DoubleArray) -> IntArray:
    """Return where a wave comes up through zero: each index of a sample at or above zero after one below it."""
    below = mono < 0.0
    out: IntArray = np.flatnonzero(below[:-1] & ~below[1:]).astype(np.int64) + 1
    return out


def _around(sound: Sound, edge: int, half: int, goes_round: bool) -> FloatArray:
    """Return ``half`` samples to either side of an edge, NaN where the sound has none and does not go round."""
    if goes_round:
        return read_round(sound, edge - half, 2 * half)
    out = np.full((2 * half, sound.n_channels), np.nan, dtype=np.float32)
    low, high = max(edge - half, 0), min(edge + half, sound.n_samples)
    out[low - edge + half : high - edge + half] = sound.read(low, high - low)
    return out


def _gains(seam: Seam, first: int, half: int) -> tuple[FloatArray, FloatArray]:
    """Return the gains of both sides from ``half`` samples before the joint on, with the crossfade at ``first``."""
    sound, region, n = seam.sound, seam.region, seam.overlap_samples
    before_gain = np.zeros((2 * half, sound.n_channels), dtype=np.float32)
    before_gain[: max(half + first, 0)] = 1.0
    after_gain = 1.0 - before_gain
    if n and seam.limit is not OverlapLimit.WHOLE:
        fading_out, fading_in = (read_round(sound, at + first, n) for at in (region.loop_end, region.loop_start))
        low, high = max(first, -half), min(first + n, half)
        applied = crossfade_gains(fading_out, fading_in, sound.sample_rate, mixed=seam.crossfade)
        for out, gains in zip((before_gain, after_gain), applied, strict=True):
            out[low + half : high + half] = gains[low - first : high - first]
    return before_gain, after_gain


def _crossings_near(sound: Sound, region: LoopRegion, half: int) -> IntArray:
    """Return the upward zero crossings of the mono mix within ``half`` samples of either edge."""
    edges = (region.loop_start, region.loop_end)
    spans = [(max(edge - half, 0), min(edge + half, sound.n_samples)) for edge in edges]
    if spans[1][0] <= spans[0][1]:
        spans = [(spans[0][0], spans[1][1])]
    found = [low + rising_crossings(np.einsum("nc->n", sound.read(low, high - low))) for low, high in spans]
    return np.concatenate(found)


def _spectra(before: FloatArray, after: FloatArray, rendered: FloatArray, middle: int, sample_rate: int) -> SeamSpectra:
    highest_hz = min(_HIGHEST_HZ, _MOST_OF_RATE * sample_rate)
    n_bands = 1 + math.floor(BANDS_PER_OCTAVE * math.log2(highest_hz / _LOWEST_HZ))
    hz = _LOWEST_HZ * 2.0 ** (np.arange(n_bands) / BANDS_PER_OCTAVE)
    n_window = 2 ** round(math.log2(max(ms_to_samples(SPECTRUM_MS, sample_rate), 2)))
    levels = (band_levels(_stretch(side, middle, n_window), sample_rate, hz) for side in (before, after, rendered))
    return SeamSpectra(read_only(hz.astype(np.float32)), *(read_only(one) for one in levels))


def _stretch(side: FloatArray, middle: int, n_samples: int) -> FloatArray:
    """Return at most ``n_samples`` around a row, moved to where the side has music."""
    there = np.flatnonzero(~np.isnan(side[:, 0]))
    low, high = (int(there[0]), int(there[-1]) + 1) if there.size else (0, 0)
    first = max(low, min(middle - n_samples // 2, high - n_samples))
    return side[first : min(first + n_samples, high)]


@cache
def _window(n_samples: int) -> DoubleArray:
    window: DoubleArray = np.hanning(n_samples + 2)[1:-1]
    return window


def band_levels(samples: FloatArray, sample_rate: int, hz: DoubleArray) -> FloatArray:
    """Return the level of each band around ``hz``, in dB: a sine at full scale has 0, silence ``SILENCE_DB``.

    By a Hann window over all of ``samples`` ``(n_samples, n_channels)``; bands are a sixth of an octave wide.
    """
    if not len(samples):
        return np.full(len(hz), SILENCE_DB, dtype=np.float32)
    window = _window(len(samples))
    spectrum = np.fft.rfft(samples.T * window)
    power = (spectrum.real**2 + spectrum.imag**2).mean(axis=0)
    power *= 4.0 / (len(samples) * np.square(window).sum())
    # Power below each bin's upper edge: between two, a bin's power is spread evenly over its width.
    edges = (np.arange(len(power) + 1) - 0.5) * (sample_rate / len(samples))
    total = np.concatenate([[0.0], np.cumsum(power)])
    half_band = 2.0 ** (0.5 / BANDS_PER_OCTAVE)
    bands = np.interp(hz * half_band, edges, total) - np.interp(hz / half_band, edges, total)
    levels: FloatArray = (10.0 * np.log10(np.maximum(bands, 10.0 ** (SILENCE_DB / 10.0)))).astype(np.float32)
    return levels
