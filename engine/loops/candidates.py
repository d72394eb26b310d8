# SPDX-License-Identifier: GPL-3.0-or-later
"""This module measures regions in full, lowers those that surer ones contradict, and lists candidates best first."""

from __future__ import annotations

from dataclasses import replace

from engine.loops.confidence import WEAK_CONFIDENCE, confidence, contradicted, measures
from engine.loops.evidence import Hearing
from engine.loops.metrics import Judge, is_weak
from engine.loops.proposals import Bounds
from engine.loops.rivals import Claim, strongest
from engine.loops.through import played_through
from engine.loops.worth import THROUGH, Ranking
from engine.units import ms_to_samples, samples_to_seconds
from engine.values import Algorithm, LoopCandidate, LoopOrigin, LoopRegion, LoopSearch

LEAST_THROUGH = 0.5
"""Share of the clip that a region must keep to count as the clip played through (bounds may cut it shorter)."""

_SAME_LENGTH = 2  # candidates of one length, while there are others
_DISTINCT_MS = 250.0  # two candidates whose ends are both this close are the same


def candidate_of(hearing: Hearing, region: LoopRegion, algorithm: Algorithm) -> LoopCandidate:
    """Measure ``region`` in full, by itself, and return it as a candidate."""
    judge = Judge(hearing.listener_of(region.n_samples), hearing.ear, hearing.rhythm)
    metrics, bars = judge.metrics(region), judge.bars(region)
    score, weak = metrics.spectral, is_weak(metrics)
    if algorithm is Algorithm.ADVANCED:
        evidence = hearing.evidence(region.loop_start, region.n_samples)
        length_s = samples_to_seconds(region.n_samples, judge.sample_rate)
        score = confidence(measures(evidence, metrics, judge.join(region), length_s))
        weak = weak or score < WEAK_CONFIDENCE
    if hearing.is_round(region.n_samples):
        # What follows the end of the whole is its own start, and likeness to itself tells nothing.
        score = min(score, hearing.round_score)
    return LoopCandidate(region, score, metrics, bars, weak, _tempo_of(hearing, region))


def believed(hearing: Hearing, candidates: list[LoopCandidate]) -> list[LoopCandidate]:
    """Return the candidates with their scores lowered by the surer ones that contradict them."""
    claims = _claims(hearing, candidates)
    left = [contradicted(claim.score, strongest(claim, claims)) if claim.score > 0.0 else 0.0 for claim in claims]
    return [
        replace(candidate, score=score, weak=candidate.weak or score < WEAK_CONFIDENCE)
        for candidate, score in zip(candidates, left, strict=True)
    ]


def listed(
    hearing: Hearing, bounds: Bounds, search: LoopSearch, candidates: list[LoopCandidate]
) -> list[LoopCandidate]:
    """Return at most ``search.top`` distinct candidates, best first; the clip played through where it gives the most.

    A loop that costs a listener more than it gives is weak.
    """
    listener = hearing.listener
    claims: tuple[Claim, ...] = ()
    if search.algorithm is Algorithm.ADVANCED:
        candidates = believed(hearing, candidates)
        claims = tuple(_claims(hearing, candidates))
    ranking = Ranking(
        listener.n_samples, listener.sample_rate, hearing.rhythm, search.algorithm, claims, turns=hearing.turns
    )
    gives = [ranking.gives(candidate) for candidate in candidates]
    candidates = [
        replace(candidate, weak=candidate.weak or given <= 0.0)
        for candidate, given in zip(candidates, gives, strict=True)
    ]
    if max(gives) < THROUGH:
        through = _through(hearing, bounds, search)
        if through is not None and ranking.gives(through) > max(gives):
            ranking = replace(ranking, through=ranking.gives(through))
            candidates.append(through)
    return _varied(candidates, ranking, max(1, search.top))


def _claims(hearing: Hearing, candidates: list[LoopCandidate]) -> list[Claim]:
    rate, rhythm = hearing.listener.sample_rate, hearing.rhythm
    claims = []
    for candidate in candidates:
        region = candidate.region
        whole = hearing.is_round(region.n_samples)
        claims.append(
            Claim(
                samples_to_seconds(region.n_samples, rate),
                candidate.score,
                hearing.evidence(region.loop_start, region.n_samples).exact,
                rhythm.beat_samples / rate if whole and rhythm is not None else None,
                in_bars=candidate.bars is not None,
                told=whole and candidate.origin is LoopOrigin.TAG,
            )
        )
    return claims


def _through(hearing: Hearing, bounds: Bounds, search: LoopSearch) -> LoopCandidate | None:
    """Return the clip played through, if it fits within the bounds."""
    found = played_through(hearing, bounds, search.overlap_ms)
    if found is None:
        return None
    region, overlap_ms = found
    candidate = candidate_of(hearing, region, search.algorithm)
    most = region.n_samples >= LEAST_THROUGH * hearing.listener.n_samples
    return replace(candidate, weak=True, played_through=most, overlap_ms=overlap_ms)


def _tempo_of(hearing: Hearing, region: LoopRegion) -> float | None:
    """Return the tempo at which ``region`` lasts whole beats."""
    rhythm = hearing.rhythm
    if rhythm is None:
        return None
    n_beats = max(1, round(region.n_samples / rhythm.beat_samples))
    return 60.0 * n_beats * hearing.listener.sample_rate / region.n_samples


def same(one: LoopRegion, other: LoopRegion, sample_rate: int) -> bool:
    """Return whether two regions are one to a listener: both their ends lie within a quarter of a second."""
    apart = ms_to_samples(_DISTINCT_MS, sample_rate)
    return abs(one.loop_start - other.loop_start) < apart and abs(one.loop_end - other.loop_end) < apart


def _varied(candidates: list[LoopCandidate], ranking: Ranking, top: int) -> list[LoopCandidate]:
    """Return the first ``top`` that differ, best first; further starts of one length give way to other lengths.

    What somebody tagged is kept, however low its score, beside the best.
    """
    rate = ranking.sample_rate
    apart = ms_to_samples(_DISTINCT_MS, rate)
    kept: list[LoopCandidate] = []
    spare: list[LoopCandidate] = []
    for candidate in sorted(candidates, key=ranking.place, reverse=True):
        region = candidate.region
        if candidate.origin is LoopOrigin.FOUND and any(same(region, other.region, rate) for other in kept):
            continue
        n_alike = sum(abs(region.n_samples - other.region.n_samples) < apart for other in kept)
        (kept if n_alike < _SAME_LENGTH or candidate.origin is not LoopOrigin.FOUND else spare).append(candidate)
    for candidate in spare[: max(0, top - len(kept))]:
        if not any(same(candidate.region, other.region, rate) for other in kept):
            kept.append(candidate)
    kept[1:] = sorted(kept[1:], key=lambda c: c.origin is not LoopOrigin.FOUND, reverse=True)
    return sorted(kept[:top], key=ranking.place, reverse=True)
