# SPDX-License-Identifier: GPL-3.0-or-later
"""Weights order candidates anew, and equal ones leave them as the finder has them."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st

from engine.loops.finder import find_loops
from engine.loops.weighted import ranked, ranking
from engine.values import LoopCandidate, LoopMetrics, LoopRegion, LoopSearch, MetricWeights
from tests.engine.loops import material

SHARES = st.floats(0.0, 1.0)
WEIGHTS = st.builds(MetricWeights, *[st.floats(0.0, 2.0)] * 4)
CANDIDATES = st.lists(st.tuples(SHARES, st.builds(LoopMetrics, SHARES, SHARES, SHARES, SHARES)), max_size=6)


def _candidates(drawn: list[tuple[float, LoopMetrics]]) -> list[LoopCandidate]:
    return [
        LoopCandidate(LoopRegion(at, at + 10), score, metrics, None, False) for at, (score, metrics) in enumerate(drawn)
    ]


@given(drawn=CANDIDATES, weight=st.floats(0.0, 2.0))
def test_equal_weights_leave_the_finders_order(drawn: list[tuple[float, LoopMetrics]], weight: float) -> None:
    candidates = _candidates(drawn)
    assert ranked(candidates, MetricWeights(weight, weight, weight, weight)) == tuple(candidates)


@given(drawn=CANDIDATES, weights=WEIGHTS)
@example(drawn=[(0.5, LoopMetrics(0.0, 0.0, 0.0, 0.0))], weights=MetricWeights(0.0, 0.0, 0.0, 5e-324))
def test_every_candidate_has_one_place(drawn: list[tuple[float, LoopMetrics]], weights: MetricWeights) -> None:
    candidates = _candidates(drawn)
    assert sorted(ranking(candidates, weights)) == list(range(len(candidates)))


@given(drawn=CANDIDATES)
def test_one_metric_alone_orders_by_it(drawn: list[tuple[float, LoopMetrics]]) -> None:
    beats = [one.metrics.beat for one in ranked(_candidates(drawn), MetricWeights(0.0, 0.0, 1.0, 0.0))]
    assert beats == sorted(beats, reverse=True)


def test_a_little_more_weight_changes_little() -> None:
    sure, unsure = LoopMetrics(0.9, 0.9, 0.5, 0.9), LoopMetrics(0.2, 0.2, 0.6, 0.2)
    candidates = _candidates([(0.9, sure), (0.2, unsure)])
    assert ranking(candidates, MetricWeights(beat=1.1)) == (0, 1)
    assert ranking(candidates, MetricWeights(0.0, 0.0, 1.0, 0.0)) == (1, 0)


def test_a_clip_played_through_stays_where_it_is() -> None:
    low, high = LoopMetrics(0.1, 0.1, 0.1, 0.1), LoopMetrics(0.9, 0.9, 0.9, 0.9)
    through, *loops = _candidates([(0.1, low), (0.2, low), (0.1, high)])
    through = replace(through, played_through=True)
    assert ranked([through, *loops], MetricWeights(beat=0.0)) == (through, loops[1], loops[0])


def test_the_finder_puts_what_the_weights_ask_for_first_and_remembers_its_own_order() -> None:
    clip = material.groove(22_050, 100.0, n_bars=5, pattern_bars=2, seed=3)
    usual = find_loops(clip, LoopSearch(min_loop_s=1.0))
    assert usual.in_own_order == usual.candidates
    weights = MetricWeights(0.0, 0.0, 0.0, 2.0)
    other = find_loops(clip, LoopSearch(min_loop_s=1.0, weights=weights))
    regions = [one.region for one in other.in_own_order]
    assert regions == [one.region for one in usual.candidates]
    assert [one.region for one in other.candidates] == [one.region for one in ranked(usual.candidates, weights)]
    assert other.best.metrics.phase == max(one.metrics.phase for one in usual.candidates)
