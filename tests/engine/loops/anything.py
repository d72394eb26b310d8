# SPDX-License-Identifier: GPL-3.0-or-later
"""Hypothesis draws any sound and any search for the loop finder; this module checks what its answer must hold to."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from engine.values import (
    Algorithm,
    Clip,
    FloatArray,
    LoopCandidate,
    LoopFindings,
    LoopOrigin,
    LoopRegion,
    LoopSearch,
    MusicFacts,
    SeamProof,
)
from tests.engine.loops import material

MOST_NUMBERS = 240_000
"""Number of samples times channels of a sound: longer ones, beyond 0.6 s, are cut, so that many can be tried."""

RATES = (1_000, 8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 88_200, 96_000, 176_400, 192_000, 768_000)

DoubleArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Kind:
    """A kind is a way to make ``n_samples`` of one channel; ``name`` is what a failing example shows."""

    name: str

    def make(self, n: int, sample_rate: int, rng: np.random.Generator) -> DoubleArray:
        t = np.arange(n) / sample_rate
        made: DoubleArray
        if self.name == "silence":
            made = np.zeros(n)
        elif self.name == "click":
            made = np.zeros(n)
            made[rng.integers(n)] = 1.0
        elif self.name == "clicks":
            made = np.zeros(n)
            made[:: max(1, int(rng.integers(1, n + 1)))] = 1.0
        elif self.name == "constant":
            made = np.full(n, rng.choice([-1.0, 0.3, 1.0]))
        elif self.name == "noise":
            made = rng.standard_normal(n) * 0.2
        elif self.name == "noise that repeats":
            made = np.resize(rng.standard_normal(int(rng.integers(1, n + 1))), n) * 0.2
        elif self.name == "sine":
            made = np.sin(2 * np.pi * rng.uniform(0.1, sample_rate / 2) * t)
        elif self.name == "square":
            made = np.sign(np.sin(2 * np.pi * rng.uniform(1, 500) * t))
        elif self.name == "alternating":
            made = np.where(np.arange(n) % 2, 1.0, -1.0)
        elif self.name == "step":
            made = np.where(np.arange(n) < rng.integers(n + 1), -1.0, 1.0)
        elif self.name == "offset":
            made = 0.9 + 1e-3 * rng.standard_normal(n)
        elif self.name == "islands":
            made = np.where(np.sin(2 * np.pi * rng.uniform(0.2, 8) * t) > 0.7, rng.standard_normal(n) * 0.3, 0.0)
        elif self.name == "fading":
            made = rng.standard_normal(n) * np.exp(-t * rng.uniform(1, 200))
        elif self.name == "denormal":
            made = rng.uniform(-1, 1, n) * 1e-40
        elif self.name == "bits":  # any number a float can be, but for those that are none
            words = rng.integers(0, 2**32, n, dtype=np.uint32)
            made = np.nan_to_num(words.view(np.float32), nan=0.0, posinf=0.0, neginf=0.0).astype(np.float64)
        elif self.name == "music":
            made = np.resize(_music(), n)
        else:
            assert self.name == "music that repeats"
            made = np.resize(_music()[: max(1, int(rng.integers(1, n + 1)))], n)
        return made


KINDS = (
    *("noise", "noise that repeats", "click", "clicks", "silence", "constant", "sine", "square", "alternating"),
    *("step", "offset", "islands", "fading", "denormal", "bits", "music", "music", "music that repeats"),
)


@lru_cache(maxsize=1)
def _music() -> DoubleArray:
    out: DoubleArray = material.groove(16_000, 125.0, n_bars=5, n_channels=1).samples[:, 0].astype(np.float64)
    return out


@dataclass(frozen=True)
class Case:
    """A case is a sound to be made and what is asked of it; small to print, and made the same again."""

    kinds: tuple[str, ...]
    alike: str
    sample_rate: int
    n_samples: int
    gain: float
    bad: float | None
    wraps: bool
    seed: int
    search: LoopSearch

    def clip(self) -> Clip:
        rng = np.random.default_rng(self.seed)
        waves = [Kind(name).make(self.n_samples, self.sample_rate, rng) for name in self.kinds]
        if self.alike == "same":
            waves = [waves[0]] * len(waves)
        elif self.alike == "opposite":
            waves = [waves[0] * (-1.0) ** channel for channel in range(len(waves))]
        with np.errstate(over="ignore", under="ignore"):
            samples: FloatArray = (np.stack(waves, axis=1) * self.gain).astype(np.float32)
        if "bits" in self.kinds:
            samples = np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0)
        if self.bad is not None:
            for _ in range(int(rng.integers(1, 4))):
                samples[rng.integers(self.n_samples), rng.integers(len(waves))] = self.bad
        return Clip(samples, self.sample_rate, wraps=self.wraps)


@st.composite
def searches(draw: st.DrawFn, duration_s: float, n_samples: int) -> LoopSearch:
    """Draw searches that a sound may or may not be able to satisfy."""
    lengths = st.sampled_from([0.0, 1e-9, 0.001, 0.02, 0.2, 0.5, 1.5, duration_s, 2 * duration_s, 1e9]) | st.floats(
        0.0, 1.1 * duration_s
    )
    places = st.integers(0, n_samples + 10) | st.integers(0, 10 * n_samples)

    def region() -> LoopRegion:
        start, other = sorted((draw(places), draw(places)))
        return LoopRegion(start, max(other, start + 1))

    facts = MusicFacts(
        tempo_bpm=draw(st.none() | st.sampled_from([1.0, 20.0, 125.0, 400.0, 2_000.0]) | st.floats(1.0, 2_000.0)),
        beats_per_bar=draw(st.none() | st.sampled_from([1, 3, 16, 64])),
        bars=draw(st.none() | st.sampled_from([0, 1, 1_000])),
        key=draw(st.none() | st.just("H major")),
    )
    return LoopSearch(
        algorithm=draw(st.sampled_from(Algorithm)),
        min_loop_s=draw(st.none() | st.floats(0.0, 0.6 * duration_s) | lengths),
        max_loop_s=draw(st.none() | st.floats(0.5 * duration_s, duration_s) | lengths),
        top=draw(st.sampled_from([1, 2, 10, 100])),
        facts=facts if draw(st.booleans()) else MusicFacts(),
        whole_bars=draw(st.sampled_from([False, False, True])),
        near=region() if draw(st.integers(0, 4)) == 0 else None,
        near_s=draw(st.sampled_from([0.0, 1e-6, 0.02, 0.5, 10.0, 1e9])),
        tagged=tuple(region() for _ in range(draw(st.sampled_from([0, 0, 1, 3])))),
        overlap_ms=draw(st.sampled_from([0.0, 0.01, 1.0, 120.0, 480.0, 5_000.0, 1e9]) | st.floats(0.0, 5_000.0)),
        map_size=draw(st.sampled_from([0, 0, 0, 1, 2, 50, 2_000])),
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw any sound, mostly of one kind in all its channels, and any search."""
    n_channels = draw(st.sampled_from([1, 1, 2, 2, 3, 8]))
    sample_rate = draw(st.sampled_from(RATES) | st.integers(1_000, 200_000))
    duration_s = draw(st.sampled_from([0.5, 0.51, 1.0]) | st.floats(0.4, 3.0) | st.floats(0.5, 20.0))
    n_samples = draw(st.sampled_from([1, 2, 100])) if draw(st.integers(0, 30)) == 0 else round(duration_s * sample_rate)
    n_samples = max(1, min(n_samples, max(MOST_NUMBERS // n_channels, round(0.6 * sample_rate))))
    one_kind = draw(st.sampled_from(KINDS))
    kinds = (one_kind,) * n_channels
    if draw(st.integers(0, 3)) == 0:
        kinds = draw(st.tuples(*[st.sampled_from(KINDS)] * n_channels))
    return Case(
        kinds=kinds,
        alike=draw(st.sampled_from(["", "", "same", "opposite"])),
        sample_rate=sample_rate,
        n_samples=n_samples,
        gain=draw(st.sampled_from([1.0] * 16 + [1e-6, 1e-3, 0.1, 30.0, 1e3, 1e10, 1e30])),
        bad=draw(st.sampled_from([np.nan, np.inf, -np.inf])) if draw(st.integers(0, 20)) == 0 else None,
        wraps=draw(st.booleans()),
        seed=draw(st.integers(0, 10_000)),
        search=draw(searches(n_samples / sample_rate, n_samples)),
    )


def check_findings(clip: Clip, search: LoopSearch, findings: LoopFindings) -> None:
    """Check that an answer is whole, in order, within what was asked, and free of numbers that are none."""
    assert 1 <= len(findings.candidates) <= max(search.top, 1)
    assert findings.algorithm is search.algorithm
    check_order(findings.candidates)
    found = [candidate for candidate in findings.candidates if candidate.region not in search.tagged]
    for candidate in findings.candidates:
        check_candidate(clip, candidate)
    for candidate in found:
        check_bounds(clip, search, candidate)
    assert findings.proof is not None
    check_proof(findings.proof)
    if findings.facts.tempo_bpm is not None:
        assert math.isfinite(findings.facts.tempo_bpm)
        assert findings.facts.tempo_bpm > 0.0
    for known in ("tempo_bpm", "beats_per_bar", "key"):
        told = getattr(search.facts, known)
        assert told is None or getattr(findings.facts, known) == told
    if findings.grid is not None:
        for places in (findings.grid.beats, findings.grid.downbeats):
            assert places.dtype == np.int64
            assert (np.diff(places) >= 0).all()
            assert places.size == 0 or 0 <= places[0] <= places[-1] < clip.n_samples
        assert np.isin(findings.grid.downbeats, findings.grid.beats).all()
    assert (findings.score_map is not None) == (search.map_size > 0)
    if findings.score_map is not None:
        scores_of = findings.score_map.scores
        assert scores_of.dtype == np.float32
        assert 1 <= min(scores_of.shape) <= max(scores_of.shape) <= search.map_size
        known_scores = scores_of[~np.isnan(scores_of)]
        assert ((known_scores >= 0.0) & (known_scores <= 1.0)).all()
        for candidate in findings.candidates:
            row, column = findings.score_map.cell(candidate.region)
            assert 0 <= row < scores_of.shape[0]
            assert 0 <= column < scores_of.shape[1]


def check_order(candidates: Sequence[LoopCandidate]) -> None:
    """Check that no loop leads which is much less sure than the surest and no longer, and one at most plays through.

    The surest is the one that nothing contradicts.
    """
    assert sum(candidate.played_through for candidate in candidates) <= 1
    found = [one for one in candidates if one.origin is LoopOrigin.FOUND]
    if found and found[0] is candidates[0] and candidates[0].overlap_ms is None:
        surest = max(found, key=lambda one: one.score)
        assert found[0].score >= 0.6 * surest.score or found[0].region.n_samples > surest.region.n_samples


def check_candidate(clip: Clip, candidate: LoopCandidate) -> None:
    assert candidate.region.loop_end <= clip.n_samples
    for value in (candidate.score, *candidate.metrics.as_dict().values()):
        assert 0.0 <= value <= 1.0
    assert candidate.bars is None or candidate.bars >= 1
    assert candidate.weak or not candidate.played_through
    assert candidate.overlap_ms is None or 0.0 <= candidate.overlap_ms < math.inf
    assert candidate.tempo_bpm is None or 0.0 < candidate.tempo_bpm < math.inf


def check_bounds(clip: Clip, search: LoopSearch, candidate: LoopCandidate) -> None:
    region, rate = candidate.region, clip.sample_rate
    if search.min_loop_s is not None:
        assert region.n_samples >= search.min_loop_s * rate - 0.5
    if search.max_loop_s is not None:
        assert region.n_samples <= search.max_loop_s * rate + 0.5
    if search.near is not None:
        reach = max(1.0, search.near_s * rate + 0.5)
        assert abs(region.loop_start - search.near.loop_start) <= reach
        assert abs(region.loop_end - search.near.loop_end) <= reach
    assert not search.whole_bars or candidate.bars is not None


def check_proof(proof: SeamProof) -> None:
    for value in (proof.step, proof.slope, proof.dip_db, proof.onset):
        assert 0.0 <= value < math.inf
    assert 0.0 <= proof.quieter_than <= 1.0
