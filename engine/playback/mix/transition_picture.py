# SPDX-License-Identifier: GPL-3.0-or-later
"""This module draws a transition before it is heard: what either loop plays, and the gains that the mixer applies."""

from __future__ import annotations

import math

import numpy as np

from engine.dsp.bands import REACH_MS, low_band
from engine.dsp.peaks import peak_pyramid
from engine.dsp.seam import correlation, cyclic
from engine.playback.mix.crossfade import Crossfade
from engine.playback.mix.fades import MOST_SAMPLES, CrossfadeSide, Workspace
from engine.playback.mix.takeover import COMPARED_S
from engine.playback.plan.bars import begin_at_once
from engine.units import ms_to_samples, seconds_to_samples
from engine.values import (
    PLACE_HOP_SAMPLES,
    BakedLoop,
    BarGrid,
    Clip,
    FloatArray,
    IntArray,
    PeakPyramid,
    TransitionExcerpt,
    TransitionPicture,
    TransitionPlan,
)

BEFORE_S, MOST_BEFORE_S = 8.0, 24.0
"""Seconds that are drawn before the entry: at least, and at most where that is four bars or the crossfade's length."""
BEFORE_BARS = 4
AFTER_S = 6.0
"""Seconds that are drawn after the entry at least; there are more where the crossfade or the lead-in lasts longer."""
AFTER_FADE = 1.25
"""Length drawn after the entry at least, as a multiple of the crossfade's."""
MOST_AFTER_S = 48.0
"""Seconds after the entry beyond the crossfade's end that are drawn at most."""
N_GAINS = 512
"""Number of points of a gain curve, and as many again within a bass swap."""
SPEED_HOPS = 12
"""Hops of ``PLACE_HOP_SAMPLES`` over which a speed is taken: whole samples tell it to a hundredth of a percent."""
LEAST_STRETCH = 1e-4
"""Difference of a speed from 1 below which a loop counts as played at its own."""


def transition_excerpt(
    lead: BakedLoop,
    incoming: BakedLoop,
    plan: TransitionPlan,
    place: int,
    *,
    ids: tuple[int, int],
    grids: tuple[BarGrid | None, BarGrid | None],
) -> TransitionExcerpt:
    """Cut out of two loops what is drawn of a planned transition. Takes a few milliseconds, whatever their lengths.

    Parameters
    ----------
    place
        Where in the leading loop it begins: one of the plan's entries, or anywhere for a plan without.
    ids, grids
        Of the leading and the incoming loop.
    """
    rate = lead.sample_rate
    before_s = max(BEFORE_S, plan.n_samples / rate)
    if grids[0] is not None:
        before_s = max(before_s, BEFORE_BARS * grids[0].bar_samples / rate)
    before = seconds_to_samples(min(before_s, MOST_BEFORE_S), rate)
    begun = np.zeros((0, incoming.samples.shape[1]), np.float32) if plan.lead_in is None else plan.lead_in
    at, start_at = 0, plan.start_at
    if plan.bars is not None and not plan.entries:
        at = begin_at_once(plan.bars, place, has_lead_in=len(begun) > 0)
        if not len(begun):
            start_at = at % incoming.n_samples
    n_begun = max(len(begun) - at, 0)
    after = max(seconds_to_samples(AFTER_S, rate), round(AFTER_FADE * plan.n_samples), n_begun)
    after = max(min(after, plan.n_samples + seconds_to_samples(MOST_AFTER_S, rate)), plan.n_samples + 1)
    n_own = max(after - n_begun, 0)
    played = np.concatenate([begun[at : at + after], cyclic(incoming.samples, start_at, n_own)])
    crossfade = Crossfade(plan, rate, swaps_bass=False)
    rho = crossfade.correlation_at(place, at_once=math.nan)
    has_begun_bass = plan.lead_in_bass is not None or not len(begun)
    return TransitionExcerpt(
        lead_id=ids[0],
        incoming_id=ids[1],
        lead=cyclic(lead.samples, place - before, before + plan.n_samples),
        incoming=played,
        before_samples=before,
        place=place,
        fade_samples=plan.n_samples,
        curve=plan.curve,
        correlation=None if math.isnan(rho) else rho,
        swaps_bass=plan.bass is not None and plan.lead_bass is not None and has_begun_bass,
        incoming_places=_places(plan, incoming.n_samples, at, start_at, len(played)),
        grids=grids,
        tempos_bpm=plan.tempos_bpm,
        sample_rate=rate,
    )


def _places(plan: TransitionPlan, loop_samples: int, at: int, start_at: int, n_samples: int) -> FloatArray:
    """Return the incoming loop's place at every hop from row ``at`` of its lead-in on, on over its turns."""
    n_begun = 0 if plan.lead_in is None else len(plan.lead_in)
    end = float(start_at)
    known_at, known = np.zeros(0), np.zeros(0)
    if n_begun and plan.lead_in_places is not None:
        known = np.unwrap(plan.lead_in_places.astype(np.float64), period=float(loop_samples))
        known_at = np.arange(len(known), dtype=np.float64) * PLACE_HOP_SAMPLES
        # Where the loop itself goes on, a whole number of turns from where its place is told.
        expected = known[-1] + n_begun - known_at[-1]
        end = start_at + loop_samples * round((expected - start_at) / loop_samples)
    rows = at + np.arange(0, n_samples, PLACE_HOP_SAMPLES, dtype=np.float64)
    after = end + np.maximum(rows - n_begun, 0.0)
    within = np.interp(rows, np.append(known_at, n_begun), np.append(known, end))
    places: FloatArray = np.where(rows < n_begun, within, after)
    return places


class HeardSides:
    """The sides of a transition as they are heard, by the crossfade that the mixer plays by.

    Attributes
    ----------
    correlation
        Of both sides, as they are blended.
    swap_samples
        Length of the exchange of the low bands, which ends with the crossfade's middle; 0 for none.
    gains
        Of the leading and the incoming loop for each sample of the crossfade; each with that of its low band, or None
        where that goes with the rest.
    lead, incoming
        ``TransitionExcerpt.lead`` and ``incoming``, as they are heard.
    """

    def __init__(self, excerpt: TransitionExcerpt) -> None:
        rate, n, first = excerpt.sample_rate, excerpt.fade_samples, excerpt.before_samples
        low: tuple[FloatArray | None, FloatArray | None] = (None, None)
        leaving, entering = excerpt.lead[first:], excerpt.incoming[:n]
        if excerpt.swaps_bass:
            context = min(first, ms_to_samples(REACH_MS, rate))
            before = low_band(excerpt.lead[first - context :], rate, cyclic=False)[context:]
            low = before, low_band(excerpt.incoming[: n + context], rate, cyclic=False)[:n]
        rho = excerpt.correlation
        self.correlation = _measured(leaving, entering, low, rate) if rho is None else rho
        plan = TransitionPlan(n, excerpt.curve, entries=(), correlations=())
        crossfade = Crossfade(plan, rate, swaps_bass=excerpt.swaps_bass)
        self.swap_samples = crossfade.swap_samples
        sides = (crossfade.side(rises=rises, correlation=self.correlation, bass=True) for rises in (False, True))
        self.gains = tuple(_gains(side) for side in sides)
        self.lead, self.incoming = excerpt.lead.copy(), excerpt.incoming.copy()
        self.lead[first:] = _applied(leaving, low[0], *self.gains[0])
        self.incoming[:n] = _applied(entering, low[1], *self.gains[1])


def _applied(samples: FloatArray, low: FloatArray | None, gain: FloatArray, bass_gain: FloatArray | None) -> FloatArray:
    """Return samples at a gain, with their low band at one of its own where that is given."""
    out: FloatArray = samples * gain[:, None]
    if low is not None and bass_gain is not None:
        out += low * (bass_gain - gain)[:, None]
    return out


def transition_picture(excerpt: TransitionExcerpt) -> TransitionPicture:
    """Return the picture of a transition: see ``TransitionPicture``."""
    rate, n_fade, before = excerpt.sample_rate, excerpt.fade_samples, excerpt.before_samples
    heard = HeardSides(excerpt)
    at = _points(n_fade, heard.swap_samples)
    (lead_gain, lead_bass), (incoming_gain, incoming_bass) = heard.gains
    swap = None
    if heard.swap_samples:
        middle = max(n_fade // 2, heard.swap_samples)
        swap = middle - heard.swap_samples, middle
    n_samples = before + len(excerpt.incoming)
    lead_grid, grid = excerpt.grids
    speeds_at, speeds = _speeds(excerpt)

    def peaks(samples: FloatArray, first: int) -> PeakPyramid:
        whole = np.zeros((n_samples, samples.shape[1]), np.float32)
        whole[first : first + len(samples)] = samples
        return peak_pyramid(Clip(whole, rate))

    return TransitionPicture(
        lead_id=excerpt.lead_id,
        incoming_id=excerpt.incoming_id,
        place=excerpt.place,
        fade_samples=n_fade,
        before_samples=before,
        lead=peaks(excerpt.lead, 0),
        incoming=peaks(excerpt.incoming, before),
        lead_heard=peaks(heard.lead, 0),
        incoming_heard=peaks(heard.incoming, before),
        gains_at=at,
        lead_gain=lead_gain[at],
        incoming_gain=incoming_gain[at],
        lead_bass_gain=None if lead_bass is None else lead_bass[at],
        incoming_bass_gain=None if incoming_bass is None else incoming_bass[at],
        bass_swap=swap,
        lead_bars=_lead_bars(lead_grid, excerpt.place - before, len(excerpt.lead)),
        incoming_bars=_incoming_bars(grid, excerpt) + before,
        speeds_at=speeds_at,
        speeds=speeds,
        tempos_bpm=excerpt.tempos_bpm,
        correlation=heard.correlation,
        sample_rate=rate,
    )


def _measured(
    leaving: FloatArray, entering: FloatArray, low: tuple[FloatArray | None, FloatArray | None], sample_rate: int
) -> float:
    """Return the correlation of what overlaps first, as a takeover that begins at once measures it."""
    n = seconds_to_samples(COMPARED_S, sample_rate)
    sides = (
        one[:n] if bass is None else one[:n] - bass[:n] for one, bass in zip((leaving, entering), low, strict=True)
    )
    return correlation(*np.broadcast_arrays(*sides))


def _points(n_fade: int, swap_samples: int) -> IntArray:
    """Return samples of a crossfade at which its gains tell all: evenly, and more densely within a bass swap."""
    points = np.linspace(0, n_fade - 1, min(n_fade, N_GAINS))
    if swap_samples:
        middle = max(n_fade // 2, swap_samples)
        dense = np.linspace(middle - swap_samples - 1, middle, min(swap_samples + 2, N_GAINS))
        points = np.concatenate([points, np.clip(dense, 0, n_fade - 1)])
    return np.unique(points.astype(np.int64))


def _gains(side: CrossfadeSide) -> tuple[FloatArray, FloatArray | None]:
    """Return a side's gain for each sample, and that of its low band where it has its own."""
    work = Workspace(1)
    n = side.left
    gains = np.empty(n, np.float32)
    bass = np.empty(n, np.float32) if side.has_bass else None
    for first in range(0, n, MOST_SAMPLES):
        n_here = min(MOST_SAMPLES, n - first)
        here = slice(first, first + n_here)
        if bass is not None:
            bass[here] = side.bass_ratios(n_here, work)
        gains[here] = side.gains(n_here, work)
        side.move_on(n_here)
    return gains, None if bass is None else bass * gains


def _lead_bars(grid: BarGrid | None, first: int, n_samples: int) -> IntArray:
    """Return the rows of ``n_samples`` from place ``first`` on, rounds of a loop, at which bars begin."""
    if grid is None:
        return np.zeros(0, np.int64)
    numbers = np.arange(
        math.ceil((first - grid.first_samples) / grid.bar_samples),
        math.floor((first + n_samples - 1 - grid.first_samples) / grid.bar_samples) + 1,
    )
    rows: IntArray = np.round(grid.first_samples + numbers * grid.bar_samples - first).astype(np.int64)
    return rows[(rows >= 0) & (rows < n_samples)]


def _incoming_bars(grid: BarGrid | None, excerpt: TransitionExcerpt) -> IntArray:
    """Return the rows of ``excerpt.incoming`` at which its bars begin, as it is stretched."""
    places = excerpt.incoming_places
    if grid is None or len(places) < 2:
        return np.zeros(0, np.int64)
    rows = np.arange(len(places), dtype=np.float64) * PLACE_HOP_SAMPLES
    # A bar that begins with the entry, but for rounding, is one.
    slack = 0.5 * PLACE_HOP_SAMPLES
    numbers = np.arange(
        math.ceil((places[0] - slack - grid.first_samples) / grid.bar_samples),
        math.floor((places[-1] - grid.first_samples) / grid.bar_samples) + 1,
    )
    return np.round(np.interp(grid.first_samples + numbers * grid.bar_samples, places, rows)).astype(np.int64)


def _speeds(excerpt: TransitionExcerpt) -> tuple[IntArray, FloatArray]:
    """Return samples after the entry, and the incoming loop's speed there; nothing where it is always its own."""
    places = excerpt.incoming_places
    n = (len(places) - 1) // SPEED_HOPS
    if excerpt.tempos_bpm is None or n < 1:
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    every = np.arange(n + 1) * SPEED_HOPS
    speeds = np.diff(places[every]) / (SPEED_HOPS * PLACE_HOP_SAMPLES)
    if np.abs(speeds - 1.0).max() < LEAST_STRETCH:
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    middles = ((every[:-1] + every[1:]) * (PLACE_HOP_SAMPLES // 2)).astype(np.int64)
    return middles, speeds.astype(np.float32)
