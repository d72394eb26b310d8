# SPDX-License-Identifier: GPL-3.0-or-later
"""A transition holds everything that a takeover needs to be ready for the mixer, worked out before it is wanted."""

from __future__ import annotations

import numpy as np

from engine.dsp.bands import low_band
from engine.dsp.seam import correlation, cyclic
from engine.playback.plan.bars import aligned_start, entries_of, match
from engine.playback.plan.beatmatch import EASE_BARS, LeadIn, lead_in
from engine.units import ms_to_samples, seconds_to_samples
from engine.values import BakedLoop, BarGrid, FloatArray, TransitionPlan, TransitionWish

BASS_SWAP_LEAST_S = 1.0
"""Shortest crossfade in seconds with a bass swap: a shorter one is over before two basses are heard."""

_CORRELATION_SAMPLES = 1 << 15


def plan_transition(
    lead: BakedLoop, lead_grid: BarGrid | None, incoming: BakedLoop, grid: BarGrid | None, wish: TransitionWish
) -> TransitionPlan:
    """Plan how ``incoming`` takes over from ``lead``, ready for the mixer.

    Parameters
    ----------
    lead, incoming
        Both at the mixer's rate.
    lead_grid, grid
        Their bars, or None for music in free time: then it enters at the loop's end (or at once), over the overlap,
        unmatched.

    Returns
    -------
    TransitionPlan
        Where both have bars the incoming loop begins at the phase of its bar that the leading loop has there, whether
        or not it is stretched. ``Entry.NOW`` can begin anywhere: what it needs for that is in ``bars``.

    Raises
    ------
    ValueError
        The loops' rates differ.
    """
    if lead.sample_rate != incoming.sample_rate:
        raise ValueError(f"loops of {lead.sample_rate} and {incoming.sample_rate} Hz cannot be mixed")
    rate = lead.sample_rate
    n_fade = max(1, ms_to_samples(wish.overlap_ms, rate))
    if wish.bars and lead_grid is not None:
        n_fade = max(1, round(wish.bars * lead_grid.bar_samples))
    entries = entries_of(wish, lead.n_samples, lead_grid)
    start, begun, tempos, bars = 0, None, None, None
    if lead_grid is not None and grid is not None:
        way, lead_bar = match(lead_grid, grid), round(lead_grid.bar_samples)
        hold = n_fade + lead_bar
        if not entries:
            # It is entered up to a bar later.
            bars, hold = (lead_grid, grid), hold + lead_bar
        place = aligned_start(lead_grid, entries[0] if entries else lead_grid.first_samples, grid)
        start = round(place) % incoming.n_samples
        if wish.beat_match and way.within(wish.reach):
            own = grid.tempo_bpm(rate)
            tempos = (own * way.speed, own)
            if not way.same_tempo:
                begun = lead_in(
                    incoming,
                    start=place,
                    speed=way.speed,
                    hold_samples=hold,
                    ease_samples=round(EASE_BARS * grid.bar_samples),
                )
                start = begun.start_at
    bass = lead_bass = begun_bass = None
    if wish.bass_swap and n_fade >= seconds_to_samples(BASS_SWAP_LEAST_S, rate):
        bass, lead_bass = low_band(incoming.samples, rate), low_band(lead.samples, rate)
        begun_bass = None if begun is None else _lead_in_bass(begun, incoming)
    # A lead-in outlasts its crossfade.
    entering = cyclic(_rest(incoming.samples, bass), start, n_fade)
    if begun is not None:
        entering = _rest(begun.samples, begun_bass)[:n_fade]
    return TransitionPlan(
        n_samples=n_fade,
        curve=wish.curve,
        entries=entries,
        correlations=_correlations(_rest(lead.samples, lead_bass), entries, entering),
        bars=bars,
        lead_in=None if begun is None else begun.samples,
        lead_in_places=None if begun is None else begun.places,
        start_at=start,
        bass=bass,
        lead_in_bass=begun_bass,
        lead_bass=lead_bass,
        tempos_bpm=tempos,
    )


def _lead_in_bass(begun: LeadIn, loop: BakedLoop) -> FloatArray:
    """Return the low band of a lead-in that goes on into the loop's without a joint: it ends with the loop's."""
    n_before, n = len(begun.before), len(begun.samples)
    after = cyclic(loop.samples, begun.start_at, n_before)
    stream = np.concatenate([begun.before, begun.samples, after])
    return low_band(stream, loop.sample_rate, cyclic=False)[n_before : n_before + n]


def _correlations(leaving: FloatArray, entries: tuple[int, ...], entering: FloatArray) -> tuple[float, ...]:
    """Return correlations of what overlaps from each entry on, as long as ``entering``; long ones at sparse samples."""
    at = np.linspace(0, len(entering) - 1, min(len(entering), _CORRELATION_SAMPLES)).astype(np.int64)
    shape = (len(at), max(leaving.shape[1], entering.shape[1]))
    second = np.broadcast_to(entering[at], shape)
    firsts = (leaving.take(entry + at, axis=0, mode="wrap") for entry in entries)
    return tuple(correlation(np.broadcast_to(first, shape), second) for first in firsts)


def _rest(samples: FloatArray, bass: FloatArray | None) -> FloatArray:
    """Return the part that is blended: all of it, or what a bass swap leaves."""
    return samples if bass is None else samples - bass
