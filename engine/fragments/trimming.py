# SPDX-License-Identifier: GPL-3.0-or-later
"""This module turns what a generator delivers into what lies in a slot: two channels, trimmed, faded, never clipped."""

from __future__ import annotations

import numpy as np

from engine.dsp.loudness import peak_amplitude
from engine.dsp.mixdown import two_channels
from engine.errors import NonFiniteClip, SilentClip
from engine.library.importing import SILENT_DB
from engine.units import amplitude_to_db, db_to_amplitude, ms_to_samples
from engine.values import Clip, FloatArray
from engine.values.fragments import PEAK_BINS

TRIM_DB = -40.0
"""Level below the peak, dB, under which both ends of a sound are cut off."""
FADE_MS = 10.0
"""Length of the linear fade at each end, milliseconds."""
FULL = 1.0 - 2.0**-15
"""Highest sample that 16 bits hold, of full scale."""


def refuse_silence(clip: Clip) -> None:
    """Refuse a clip in which nothing is heard, or which holds what is no number.

    Raises
    ------
    NonFiniteClip
    SilentClip
        Nothing in it moves by ``SILENT_DB`` of full scale: a constant is as silent as zero.
    """
    n_bad = int(clip.samples.size - np.count_nonzero(np.isfinite(clip.samples)))
    if n_bad:
        raise NonFiniteClip(n_bad=n_bad)
    swing = max(float(one.max()) - float(one.min()) for one in clip.samples.T) / 2.0
    if (swing_db := amplitude_to_db(swing)) < SILENT_DB:
        raise SilentClip(peak_db=swing_db)


def fragment_of(clip: Clip, sample_rate: int) -> FloatArray:
    """Return a clip as a slot holds it: at ``sample_rate`` Hz in two channels, trimmed, with a fade at each end.

    float32, shape ``(n_samples, 2)``, as loud as it was; only what is above full scale is turned down as a whole.
    """
    samples = two_channels(clip.samples)
    if clip.sample_rate != sample_rate:
        import soxr

        samples = soxr.resample(samples, clip.sample_rate, sample_rate, quality="HQ")
    first, end = sounding(samples)
    return within_full_scale(faded(samples[first:end], sample_rate))


def sounding(samples: FloatArray) -> tuple[int, int]:
    """Return the first sample at which any channel reaches ``TRIM_DB`` of the peak of all, and the last one plus 1."""
    levels = np.abs(samples).max(axis=1)
    loud = np.flatnonzero(levels >= levels.max() * db_to_amplitude(TRIM_DB))
    return int(loud[0]), int(loud[-1]) + 1


def faded(samples: FloatArray, sample_rate: int) -> FloatArray:
    """Return samples that rise from 0 and fall to 0, linearly, within ``FADE_MS``, or half of a shorter sound each."""
    n = min(ms_to_samples(FADE_MS, sample_rate), len(samples) // 2)
    out: FloatArray = samples.copy()
    rising = (np.arange(n, dtype=np.float32) / np.float32(max(n, 1)))[:, None]
    out[:n] *= rising
    out[len(out) - n :] *= rising[::-1]
    return out


def within_full_scale(samples: FloatArray) -> FloatArray:
    """Return samples turned down as a whole where one is above what 16 bits hold; the same ones elsewhere."""
    peak = peak_amplitude(samples)
    if peak <= FULL:
        return samples
    turned: FloatArray = samples * np.float32(FULL / peak)
    return turned


def peaks_of(samples: FloatArray) -> tuple[float, ...]:
    """Return the highest samples, over all channels, of ``PEAK_BINS`` equal parts of a sound, to three places."""
    levels = np.abs(samples).max(axis=1)
    edges = np.linspace(0, len(levels), PEAK_BINS, endpoint=False).astype(np.intp)
    # Parts of a sound that has fewer samples than there are of them hold one each.
    return tuple(round(min(1.0, float(one)), 3) for one in np.maximum.reduceat(levels, edges))
