# SPDX-License-Identifier: GPL-3.0-or-later
"""Beat matching finds the bars of a loop, and makes a loop start at another one's tempo."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.dsp.rhythm import DEFAULT_BEATS_PER_BAR
from engine.dsp.seam import correlation, cyclic, gain_law
from engine.dsp.stretch import UNITY_S, Stretched, TempoEase, stretch_loop
from engine.playback.plan.bars import SNAP
from engine.units import ms_to_samples, seconds_to_samples
from engine.values import (
    PLACE_HOP_SAMPLES,
    BakedLoop,
    BarGrid,
    BeatGrid,
    FloatArray,
    IntArray,
    LoopCandidate,
    MusicFacts,
)

EASE_BARS = 4
"""Number of bars of the incoming loop over which it glides to its own tempo."""

JOIN_MS = 40.0
"""Milliseconds of the crossfade from the stretched loop to the loop itself."""
JOIN_REACH_MS = 10.0
"""Milliseconds by which that crossfade may move the loop to meet what it joins."""

CONTEXT_MS = 60.0
"""Milliseconds of the loop itself at the end of a lead-in, so that a filter's memory of the stretched part is over."""


def bar_grid(loop: BakedLoop, facts: MusicFacts, candidate: LoopCandidate, grid: BeatGrid | None) -> BarGrid | None:
    """Return where the bars of a baked loop are, in its own samples (at whichever rate it was baked or fitted to).

    Bars are those of the candidate, or last as long as its tempo, or the music's, says; the first downbeat is the
    (circular) median of those of ``grid``, which like the candidate counts the clip's samples. Where no grid is known
    the loop starts with a bar. None for music in free time.
    """
    scale = loop.region.n_samples / candidate.region.n_samples
    tempo_bpm = candidate.tempo_bpm or facts.tempo_bpm
    beats = facts.beats_per_bar
    if candidate.bars:
        # A region with nothing on either side gives up its end to the seam: its bars keep their length.
        bar = loop.region.n_samples / candidate.bars
        if beats is None and tempo_bpm:
            beats = max(1, round(bar * tempo_bpm / (60.0 * loop.sample_rate)))
        beats = beats or DEFAULT_BEATS_PER_BAR
    elif tempo_bpm:
        beats = beats or DEFAULT_BEATS_PER_BAR
        bar = 60.0 * beats * loop.sample_rate / tempo_bpm
    else:
        return None
    return BarGrid(_first_downbeat(grid, candidate, scale, bar), bar, beats)


def _first_downbeat(grid: BeatGrid | None, candidate: LoopCandidate, scale: float, bar: float) -> float:
    if grid is None or not len(grid.downbeats):
        return 0.0
    region = candidate.region
    downbeats = grid.downbeats
    within = downbeats[(downbeats >= region.loop_start) & (downbeats < region.loop_end)]
    phases = ((within if len(within) else downbeats) - region.loop_start) * scale / bar
    # The median of what lies around the mean direction: one bar's wrong downbeat moves nothing.
    centre = np.angle(np.exp(2j * np.pi * phases).sum()) / (2.0 * np.pi)
    median = centre + np.median((phases - centre + 0.5) % 1.0 - 0.5)
    first = float(median % 1.0) * bar
    # The grid is told in whole samples: a hair before or after the loop's start is its start.
    return 0.0 if min(first, bar - first) < SNAP * bar else first


@dataclass(frozen=True, eq=False, slots=True)
class LeadIn:
    """A lead-in is what an incoming loop plays before its own samples.

    Attributes
    ----------
    samples
        float32, shape ``(n_samples, n_channels)``.
    before
        What the stretched loop would have played before, for filters: shape ``(n_before_samples, n_channels)``.
    places
        The loop's place at every ``PLACE_HOP_SAMPLES``-th sample, unwrapped, ascending, not below 0.
    start_at
        The loop's place right after it, in ``[0, n_loop_samples)``.
    """

    samples: FloatArray
    before: FloatArray
    places: IntArray
    start_at: int


def lead_in(loop: BakedLoop, *, start: float, speed: float, hold_samples: int, ease_samples: int) -> LeadIn:
    """Return a loop from its place ``start`` at ``speed``, kept for ``hold_samples``, eased to 1, then the loop itself.

    The joint to the loop is laid where both are the same but for rounding: after half a second at speed 1.
    """
    rate = loop.sample_rate
    ease = TempoEase(speed, hold_samples, ease_samples)
    joint = ease.n_samples + seconds_to_samples(UNITY_S, rate)
    fade, context = ms_to_samples(JOIN_MS, rate), ms_to_samples(CONTEXT_MS, rate)
    stretched = stretch_loop(loop.samples, rate, start=start, ease=ease, n_samples=joint + fade, n_before=context)
    played, places = stretched.samples[context:], stretched.places[context:]
    meeting = _meeting(stretched, context + joint, fade, loop)
    tail = cyclic(loop.samples, meeting, fade + context)
    leaving, entering = played[joint:], tail[:fade]
    g_out, g_in = gain_law(correlation(leaving, entering), fade)
    samples = np.concatenate([played[:joint], leaving * g_out + entering * g_in, tail[fade:]])
    all_places = np.concatenate([places[:joint], meeting + np.arange(fade + context)])
    shown = np.maximum.accumulate(np.round(all_places[::PLACE_HOP_SAMPLES])).astype(np.int64)
    if shown[0] < 0:
        shown = shown + loop.n_samples
    return LeadIn(samples, stretched.samples[:context], shown, (meeting + fade + context) % loop.n_samples)


def _meeting(stretched: Stretched, at: int, n_samples: int, loop: BakedLoop) -> int:
    """Return the loop's place, unwrapped, that is most like sample ``at`` of the stretched one; the nearest if tied."""
    expected = round(float(stretched.places[at]))
    reach = ms_to_samples(JOIN_REACH_MS, loop.sample_rate)
    wanted = stretched.samples[at : at + n_samples].mean(axis=1, dtype=np.float64)
    around = cyclic(loop.samples, expected - reach, n_samples + 2 * reach).mean(axis=1, dtype=np.float64)
    power = np.convolve(around**2, np.ones(n_samples), mode="valid")
    likeness = np.correlate(around, wanted, mode="valid") / np.sqrt(np.maximum(power * (wanted @ wanted), 1e-20))
    # A tone is like itself a period on: a hair of preference for where the map says it is.
    shifts = np.arange(-reach, reach + 1)
    return expected + int(shifts[np.argmax(likeness - 0.02 * np.abs(shifts) / reach)])
