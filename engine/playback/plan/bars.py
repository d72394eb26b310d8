# SPDX-License-Identifier: GPL-3.0-or-later
"""This module lays bars against bars: where a takeover may begin, and where the incoming loop is then."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.values import BarGrid, Entry, TransitionPlan, TransitionWish

SAME_TEMPO = 0.0005
"""Relative difference of tempos that count as one: 8 ms in 16 s."""

SNAP = 0.0005
"""Share of a bar before its end from which on a place counts as its end."""


@dataclass(frozen=True, slots=True)
class Match:
    """A match says how an incoming loop's beats meet the leading one's.

    Attributes
    ----------
    beats
        Beats of the incoming loop per beat of the leading one: 1, or 2 or 1/2 for tempos an octave apart.
    speed
        At which the incoming loop has the leading one's tempo, 1 being its own.
    """

    beats: float
    speed: float

    def within(self, reach: float) -> bool:
        """Return whether the tempos lie no farther apart than that share of the leading one's."""
        return abs(1.0 / self.speed - 1.0) <= reach + 1e-9

    @property
    def same_tempo(self) -> bool:
        return abs(self.speed - 1.0) <= SAME_TEMPO


def match(lead: BarGrid, incoming: BarGrid) -> Match:
    """Return the match at the nearest tempo at which the beats of both fall together, the same, half or double."""
    lead_beat, beat = lead.bar_samples / lead.beats_per_bar, incoming.bar_samples / incoming.beats_per_bar
    ways = [Match(beats, beats * beat / lead_beat) for beats in (1.0, 0.5, 2.0)]
    return min(ways, key=lambda way: abs(math.log(way.speed)))


def aligned_start(lead: BarGrid, entry: float, incoming: BarGrid) -> float:
    """Return the incoming loop's first place whose phase in its bar is that of the leading loop at ``entry``.

    Bars of other lengths meet at their beats. Less than a bar; a hair before the bar's end is a hair before 0.
    """
    bar = incoming.bar_samples
    beats = lead.phase_at(entry) * lead.beats_per_bar * match(lead, incoming).beats % incoming.beats_per_bar
    start = (incoming.first_samples + beats * bar / incoming.beats_per_bar) % bar
    return start - bar if start > bar * (1.0 - SNAP) else start


def entry_places(n_samples: int, grid: BarGrid | None, entry: Entry) -> tuple[int, ...]:
    """Return where in a leading loop of ``n_samples`` a takeover may begin, ascending; empty is anywhere."""
    if entry is Entry.NOW:
        return ()
    if entry is Entry.LOOP_END or grid is None or grid.first_samples >= n_samples:
        return (0,)
    n_bars = math.ceil((n_samples - grid.first_samples) / grid.bar_samples)
    starts = (grid.first_samples + index * grid.bar_samples for index in range(n_bars))
    return tuple(sorted({round(start) % n_samples for start in starts}))


def entries_of(wish: TransitionWish, n_samples: int, grid: BarGrid | None) -> tuple[int, ...]:
    """Return where in a leading loop of ``n_samples`` a takeover may begin: at one place, or by its rule."""
    if wish.at_samples is not None:
        return (wish.at_samples % n_samples,)
    return entry_places(n_samples, grid, wish.entry)


def next_place(places: Sequence[int], n_samples: int, after: int) -> int:
    """Return the first place at or after ``after``, both counted on from turn to turn of a loop of ``n_samples``.

    ``places`` are in one turn, ascending; where there are none, any place is one.
    """
    if not places:
        return after
    turns, position = divmod(after, n_samples)
    at = bisect_left(places, position)
    return (turns + 1) * n_samples + places[0] if at == len(places) else turns * n_samples + places[at]


def begin_at_once(bars: tuple[BarGrid, BarGrid], place: float, *, has_lead_in: bool) -> int:
    """Return which sample of its lead-in, or else of itself, a loop begins with where the leading one is at ``place``.

    ``bars`` are those of a plan that begins at once.
    """
    lead, incoming = bars
    if has_lead_in:
        return round(lead.phase_at(place) * lead.bar_samples)
    return round(aligned_start(lead, place, incoming))


def at_once(plan: TransitionPlan, lead: BarGrid | None, incoming: BarGrid | None) -> TransitionPlan:
    """Return a plan that was made for entries as one that begins at once, with nothing computed anew.

    Its lead-in keeps the leading tempo a bar longer than the crossfade, so that it may be entered up to a bar later.
    """
    bars = None
    if lead is not None and incoming is not None:
        first = lead.first_samples if plan.lead_in is None else plan.entries[0] % lead.bar_samples
        bars = (replace(lead, first_samples=first), incoming)
    return replace(plan, entries=(), correlations=(), bars=bars)
