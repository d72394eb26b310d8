# SPDX-License-Identifier: GPL-3.0-or-later
"""A phrase that was played is cut to whole bars where its seam is best, and still begins with its first beat."""

from __future__ import annotations

import numpy as np

from engine.dsp.seam import bake
from engine.errors import NothingLoops
from engine.loops.finder import find_loops
from engine.units import seconds_to_samples
from engine.values import Clip, FloatArray, LoopRegion, LoopSearch, MusicFacts

ASIDE_S, LEAST_ASIDE_S = 0.12, 0.035
"""Seconds by which the cut lies before the bar lines, at most and at least: the first stroke is whole, if early."""
OVERLAP_MS = 60.0
"""Length of the seam's crossfade where the finder asks for no other one, milliseconds."""


def looped_phrase(clip: Clip, first: int, n_samples: int, facts: MusicFacts) -> FloatArray:
    """Return a loop of ``n_samples`` whose first one is that with which the phrase began, ``(n_samples, n_channels)``.

    The phrase comes round at any of its places: the loop finder chooses where before the bar lines it does so unheard,
    and all is turned back by as much.

    Parameters
    ----------
    clip
        The phrase with what was played before it and after it, up to ``ASIDE_S`` and the crossfade.
    first
        The clip's sample with which the phrase begins.

    Raises
    ------
    BadClip
        Nothing is heard in it, or its samples are no numbers.
    """
    exact = LoopRegion(first, first + n_samples)
    length_s = n_samples / clip.sample_rate
    aside = seconds_to_samples((ASIDE_S + LEAST_ASIDE_S) / 2.0, clip.sample_rate)
    before = LoopRegion(exact.loop_start - aside, exact.loop_end - aside)
    search = LoopSearch(
        min_loop_s=length_s,
        max_loop_s=length_s,
        top=1,
        facts=facts,
        near=before,
        near_s=(ASIDE_S - LEAST_ASIDE_S) / 2.0,
        overlap_ms=OVERLAP_MS,
    )
    try:
        best = find_loops(clip, search).best
        region, overlap_ms = best.region, best.overlap_for(OVERLAP_MS)
    except NothingLoops:
        region, overlap_ms = before, OVERLAP_MS
    if region.n_samples != n_samples:
        region = before
    baked = bake(clip, region, overlap_ms=overlap_ms)
    turned: FloatArray = np.roll(baked.samples, region.loop_start - first, axis=0)
    return turned
