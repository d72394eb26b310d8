# SPDX-License-Identifier: GPL-3.0-or-later
"""The evidence for a loop is found, and where along a length the waves come again."""

from __future__ import annotations

import math
from dataclasses import asdict
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dsp.features import Listener
from engine.dsp.rhythm import Pulse, find_rhythm
from engine.loops.evidence import Exactness, Hearing
from engine.loops.proposals import Bounds, propose
from engine.loops.repeats import Repeats
from engine.loops.similarity import Ear, seam_map
from engine.values import Clip, MusicFacts
from tests.engine.loops import material

RATE = 22_050
PERIOD = 3 * RATE
FIRST = 2 * RATE


@lru_cache(maxsize=2)
def _hearing(*, wraps: bool = False) -> Hearing:
    """Return three seconds, three times the same, between other sounds."""
    noise = material.noise(RATE, 8.0).samples * np.float32(0.1)
    music = material.babble(RATE, 8.0, 1).samples + noise
    samples = np.concatenate([music[:FIRST], *[music[FIRST : FIRST + PERIOD]] * 3, music[FIRST + PERIOD :]])
    listener = Listener(Clip(samples, RATE, wraps=wraps))
    ear, pulse = Ear.of(listener.whole), Pulse(listener)
    seams = seam_map(listener, ear, RATE, listener.n_samples)
    rhythm = find_rhythm(listener, pulse, MusicFacts())
    return Hearing(listener, ear, seams, Repeats.of(listener), pulse, rhythm, round_score=float(wraps))


@given(start=st.integers(0, 12 * RATE), length=st.integers(1, 14 * RATE), wraps=st.booleans())
@settings(max_examples=30, deadline=None)
def test_evidence_is_from_0_to_1(start: int, length: int, wraps: bool) -> None:
    hearing = _hearing(wraps=wraps)
    start = min(start, hearing.listener.n_samples - length) if length < hearing.listener.n_samples else 0
    for value in asdict(hearing.evidence(start, min(length, hearing.listener.n_samples))).values():
        assert -1e-6 <= value <= 1.0 + 1e-5
        assert math.isfinite(value)


def test_what_comes_again_has_evidence_and_what_does_not_has_none() -> None:
    hearing = _hearing()
    right = hearing.evidence(FIRST + RATE, PERIOD)
    assert right.exact > 0.7
    assert right.alike > 0.9
    assert right.foremost > 0.9
    wrong = hearing.evidence(FIRST + RATE, PERIOD + RATE // 3)
    assert wrong.exact < 0.1
    assert wrong.alike < right.alike - 0.3
    outside = hearing.evidence(0, PERIOD)
    assert outside.exact < right.exact - 0.3


def test_the_whole_of_what_wraps_has_all() -> None:
    hearing = _hearing(wraps=True)
    assert set(asdict(hearing.evidence(0, hearing.listener.n_samples)).values()) == {1.0}


def test_between_two_lag_steps_a_repeat_is_still_exact() -> None:
    hearing = _hearing()
    for off in range(-hearing.repeats.divisor // 2, hearing.repeats.divisor // 2 + 1):
        assert hearing.exactness(PERIOD + off).best > 0.9


def test_the_plateau_lies_within_the_repeats() -> None:
    first, last = _hearing().exactness(PERIOD).plateau()
    block = _hearing().repeats.block_samples
    assert FIRST - block <= first <= last <= FIRST + 2 * PERIOD + block
    assert last - first > PERIOD / 2


def test_the_period_or_two_are_proposed_first_and_to_a_lag_step() -> None:
    hearing = _hearing()
    n = hearing.listener.n_samples
    bounds = Bounds(2 * RATE, n, (0, n), (0, n + 1), whole_bars=False)
    proposals = propose(hearing, bounds)
    assert [one.promise for one in proposals] == sorted((one.promise for one in proposals), reverse=True)
    assert all(bounds.keeps(one.region) for one in proposals)
    best = proposals[0]
    assert best.exact
    assert min(abs(best.region.n_samples - times * PERIOD) for times in (1, 2)) <= hearing.repeats.divisor
    assert best.region.loop_start >= FIRST - 2_000


@given(
    around=st.lists(st.floats(0, 1, width=32), max_size=30), n_blocks=st.integers(1, 9), start=st.integers(-99, 9_999)
)
def test_exactness_of_any_blocks(around: list[float], n_blocks: int, start: int) -> None:
    exactness = Exactness(np.array(around, dtype=np.float32), n_blocks, 100)
    first, last = exactness.plateau()
    assert 0 <= first <= last
    value, run_s = exactness.at(start, 1_000)
    assert exactness.best == pytest.approx(max(around, default=0.0))
    assert 0.0 <= value <= exactness.best
    assert 0.0 <= run_s <= (len(around) + n_blocks) * 0.1
    if around:
        assert run_s >= n_blocks * 0.1 - 1e-9
