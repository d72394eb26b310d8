# SPDX-License-Identifier: GPL-3.0-or-later
"""This module ranks candidates anew by how much each metric counts for the person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple

from engine.loops.metrics import WEIGHTS
from engine.values import LoopCandidate, MetricWeights


def ranking(candidates: Sequence[LoopCandidate], weights: MetricWeights) -> tuple[int, ...]:
    """Return the indices of candidates, which come in the finder's own order, best first by these weights.

    Equal weights leave the order as it is. The further the weights are apart, the less a candidate's place in that
    order counts and the more the mean of its metrics by the weights does; where a metric counts for nothing, that mean
    alone decides. A clip played through stays where it is, as no weight makes a loop of music in which nothing loops.
    """
    if weights.are_equal:
        return tuple(range(len(candidates)))
    counts = astuple(weights)
    share = 1.0 - min(counts) / max(counts)
    loops = [index for index, one in enumerate(candidates) if not one.played_through]
    worth, place = {}, 1.0
    for index in loops:
        # Scores need not descend in the finder's own order: what it puts lower is worth no more here.
        place = min(place, candidates[index].score)
        worth[index] = (1.0 - share) * place + share * weights.mean_of(candidates[index].metrics, WEIGHTS)
    best_first = iter(sorted(loops, key=lambda index: -worth[index]))
    return tuple(index if one.played_through else next(best_first) for index, one in enumerate(candidates))


def ranked(candidates: Sequence[LoopCandidate], weights: MetricWeights) -> tuple[LoopCandidate, ...]:
    """Return candidates, which come in the finder's own order, best first by these weights: see ``ranking``."""
    return tuple(candidates[index] for index in ranking(candidates, weights))
