# SPDX-License-Identifier: GPL-3.0-or-later
"""This module makes transitions for panels to show."""

from __future__ import annotations

from functools import cache

from engine.dsp.seam import bake
from engine.playback.mix.transition_picture import transition_excerpt, transition_picture
from engine.playback.plan.transitions import plan_transition
from engine.values import (
    BarGrid,
    ComingTransition,
    Entry,
    LoopRegion,
    TransitionPicture,
    TransitionPlan,
    TransitionWish,
)
from tests.widgets.pictures import a_clip

RATE = 8000
BAR = 2 * RATE
"""Length of a bar of the loop that plays, samples."""
TURN = 4 * BAR


BY_BARS = TransitionWish(Entry.NEXT_BAR, bars=2)


@cache
def a_plan(wish: TransitionWish = BY_BARS) -> TransitionPlan:
    """Return the plan from a loop of four bars to one whose tempo is 3 % faster."""
    lead, incoming = (bake(a_clip(9.0, RATE), LoopRegion(0, n), overlap_ms=50.0) for n in (TURN, 62_060))
    return plan_transition(lead, BarGrid(0.0, BAR, 4), incoming, BarGrid(0.0, 15_515.0, 4), wish)


@cache
def a_picture(place: int = 2 * BAR, wish: TransitionWish = BY_BARS) -> TransitionPicture:
    """Return the picture of that plan, from a place in the loop that plays."""
    lead, incoming = (bake(a_clip(9.0, RATE), LoopRegion(0, n), overlap_ms=50.0) for n in (TURN, 62_060))
    grids = (BarGrid(0.0, BAR, 4), BarGrid(0.0, 15_515.0, 4))
    return transition_picture(transition_excerpt(lead, incoming, a_plan(wish), place, ids=(1, 2), grids=grids))


def a_coming() -> ComingTransition:
    """Return what is told of that transition, two bars into the second turn."""
    plan = a_plan()
    return ComingTransition(
        lead_id=1,
        incoming_id=2,
        lead_title="Rain",
        incoming_title="Snow",
        entry=Entry.NEXT_BAR,
        entry_samples=TURN + 2 * BAR,
        places=(0, BAR, 2 * BAR, 3 * BAR),
        turn_samples=TURN,
        fade_samples=plan.n_samples,
        bars=2,
        sample_rate=RATE,
        lead_grid=BarGrid(0.0, BAR, 4),
        tempos_bpm=plan.tempos_bpm,
        swaps_bass=plan.bass is not None,
    )
