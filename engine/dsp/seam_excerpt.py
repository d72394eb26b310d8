# SPDX-License-Identifier: GPL-3.0-or-later
"""This module renders the neighbourhood of a seam, to be heard by itself: no more is rendered than is heard."""

from __future__ import annotations

import numpy as np

from engine.dsp.seam import Seam, cyclic, read_round
from engine.units import ms_to_samples, seconds_to_samples
from engine.values import FloatArray, LoopRegion, Sound

EDGE_MS = 8.0
"""Length in milliseconds of the fades in which an excerpt begins and ends."""
AROUND_MS = 20.0
"""Least length in milliseconds of what is heard before a crossfade begins, and after it has ended."""

_FILTER_SAMPLES = 1024
"""Number of samples at each end that soxr's filter may look at: more than it does."""


def seam_excerpt(
    sound: Sound, region: LoopRegion, *, overlap_ms: float, side_s: float, sample_rate: int, gain: float = 1.0
) -> FloatArray:
    """Return what is heard around a region's seam when it repeats, sample for sample as ``bake`` has it.

    From ``side_s`` before the joint to ``side_s`` after it; where the crossfade reaches further, so much more on its
    side that it is heard whole. A loop that is shorter than that is heard several times. A second of crossfade costs
    about 3 ms, the rest next to nothing, however long the sound is.

    Parameters
    ----------
    overlap_ms
        Length of the crossfade: see ``engine.dsp.seam.Seam``.
    sample_rate
        Hz, of the result; where the sound has another, the excerpt is resampled by soxr.
    gain
        Linear, of the whole.

    Returns
    -------
    float32, shape ``(n_samples, n_channels)``, faded in and out within ``EDGE_MS``; peaks above full scale are left
    to the limiter.

    Raises
    ------
    ValueError
        The region ends after the sound, or the overlap is negative.
    """
    seam = Seam(sound, region, overlap_ms=overlap_ms)
    rate = sound.sample_rate
    before = after = max(1, seconds_to_samples(side_s, rate))
    whole = seam.overlap_samples + ms_to_samples(AROUND_MS, rate)
    if seam.at_head:
        after = max(after, whole)
    else:
        before = max(before, whole)
    margin = 0 if rate == sample_rate else _FILTER_SAMPLES
    out = _round_the_joint(seam, before + margin, after + margin)
    if rate != sample_rate:
        out = _resampled(out, margin, before + after, rate, sample_rate)
    if gain != 1.0:
        out *= np.float32(gain)
    _fade_ends(out, ms_to_samples(EDGE_MS, sample_rate))
    return out


def _round_the_joint(seam: Seam, before: int, after: int) -> FloatArray:
    """Return so many samples before and after the joint of a loop that repeats: an array of its own."""
    n = before + after
    if seam.n_samples > n:
        return read_round(seam, -before, n)
    return cyclic(seam.read(0, seam.n_samples), -before, n)


def _resampled(samples: FloatArray, margin: int, n_inner: int, rate: int, sample_rate: int) -> FloatArray:
    """Return what lies within the margins, at another rate: no filter looks beyond them."""
    # Imported here: most sounds have the rate already.
    import soxr

    ratio = sample_rate / rate
    first, n = round(margin * ratio), max(1, round(n_inner * ratio))
    resampled = soxr.resample(samples, rate, sample_rate, quality="HQ")
    return np.array(resampled[first : first + n], dtype=np.float32)


def _fade_ends(samples: FloatArray, n_edge: int) -> None:
    """Fade ``samples`` in and out in place, within ``n_edge`` each, or half of them where they are short."""
    n_edge = min(n_edge, len(samples) // 2)
    if n_edge:
        rising = np.square(np.sin((np.arange(n_edge) + 0.5) * (0.5 * np.pi / n_edge))).astype(np.float32)[:, None]
        samples[:n_edge] *= rising
        samples[-n_edge:] *= rising[::-1]
