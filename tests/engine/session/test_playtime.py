# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests check how long a loop plays at least: its time, less if weak, once or twice if played through."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.session.playtime import WEAK_SHARE, least_play_s, may_yield, turns_through
from engine.values import LoopCandidate, LoopMetrics, LoopRegion

GOOD = LoopCandidate(LoopRegion(0, 100), 0.9, LoopMetrics(0.9, 0.9, 0.9, 0.9), 4, weak=False)
WEAK = replace(GOOD, score=0.05, bars=None, weak=True)
THROUGH = replace(WEAK, played_through=True, overlap_ms=2400.0)

turns = st.floats(0.5, 300.0)
times = st.floats(5.0, 300.0)


def test_a_weak_loop_yields_sooner() -> None:
    assert least_play_s(GOOD, 8.0, 30.0) == 30.0
    assert least_play_s(WEAK, 8.0, 30.0) == 30.0 * WEAK_SHARE < 30.0


@pytest.mark.parametrize(
    ("turn_s", "min_play_s", "n_turns"),
    [(18.0, 30.0, 1), (14.0, 30.0, 2), (15.0, 30.0, 2), (40.0, 30.0, 1), (9.0, 300.0, 2)],
)
def test_a_clip_is_played_through_once_or_twice(turn_s: float, min_play_s: float, n_turns: int) -> None:
    assert turns_through(turn_s, min_play_s) == n_turns
    assert least_play_s(THROUGH, turn_s, min_play_s) == n_turns * turn_s


@given(turns, times, st.floats(0.0, 1000.0))
def test_a_clip_that_is_played_through_waits_for_its_end_in_its_last_turn(
    turn_s: float, min_play_s: float, played_s: float
) -> None:
    end_s = least_play_s(THROUGH, turn_s, min_play_s)
    yields = may_yield(THROUGH, turn_s, min_play_s, played_s)
    if played_s >= end_s:
        assert yields
    if played_s < end_s - turn_s:
        assert not yields, "it has a whole turn to go"


@given(turns, times, st.floats(0.0, 1000.0))
def test_no_loop_plays_longer_because_it_is_worse(turn_s: float, min_play_s: float, played_s: float) -> None:
    if may_yield(GOOD, turn_s, min_play_s, played_s):
        assert may_yield(WEAK, turn_s, min_play_s, played_s)
