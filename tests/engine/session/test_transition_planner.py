# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests check what a transition is without preparation."""

from __future__ import annotations

import pytest

from engine.playback.plan.transitions import plan_transition
from engine.session.baking import Part, PartKey
from engine.session.transition_planner import Transition, plain_plan
from engine.values import BarGrid, Entry, FadeCurve, TransitionWish
from tests.engine.playback.material import loop_of, noise


def part(loop_id: int, n_samples: int, grid: BarGrid | None) -> Part:
    baked = loop_of(noise(n_samples, seed=loop_id))
    return Part(PartKey(loop_id, baked.region, 0.0, 1.0, grid is not None), baked, grid)


@pytest.mark.parametrize("entry", Entry)
@pytest.mark.parametrize("bars", [0, 1])
@pytest.mark.parametrize("lead_grid", [None, BarGrid(3000.0, 10_000.0, 4)])
@pytest.mark.parametrize("grid", [None, BarGrid(500.0, 7000.5, 3)])
def test_it_begins_as_a_prepared_one_of_no_stretch(
    entry: Entry, bars: int, lead_grid: BarGrid | None, grid: BarGrid | None
) -> None:
    lead, incoming = part(1, 40_000, lead_grid), part(2, 21_000, grid)
    wish = TransitionWish(entry, 300.0, bars, FadeCurve.SMOOTH, beat_match=False, bass_swap=False)
    plain = plain_plan(Transition(lead, incoming, wish))
    prepared = plan_transition(lead.baked, lead_grid, incoming.baked, grid, wish)
    for name in ("n_samples", "curve", "entries", "bars", "start_at"):
        assert getattr(plain, name) == getattr(prepared, name)
    assert len(plain.correlations) == len(plain.entries)
