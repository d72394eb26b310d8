# SPDX-License-Identifier: GPL-3.0-or-later
"""The seam proof is clean where the music comes again exactly, and each figure rises with what it names."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.loops import score_region
from engine.values import Clip, FloatArray, LoopRegion, MusicFacts, SeamProof
from tests.engine.loops import material
from tests.engine.loops.anything import check_proof

RATE = 22_050
PERIOD = 4 * RATE
REGION = LoopRegion(PERIOD, 2 * PERIOD)
FACTS = MusicFacts(tempo_bpm=120.0, beats_per_bar=4)


@pytest.fixture(scope="module")
def exact() -> FloatArray:
    """Return two bars of a groove, four times the very same."""
    bars = material.groove(RATE, 120.0, n_bars=4, pattern_bars=2).samples[PERIOD : 2 * PERIOD]
    return np.concatenate([bars] * 4)


def _proof(samples: FloatArray, overlap_ms: float = 100.0, region: LoopRegion = REGION) -> SeamProof:
    return score_region(Clip(samples, RATE), region, FACTS, overlap_ms)[1]


@pytest.mark.parametrize("overlap_ms", [0.0, 0.04, 5.0, 120.0, 480.0, 3_999.0, 5_000.0])
def test_an_exact_repeat_is_proved_clean(exact: FloatArray, overlap_ms: float) -> None:
    proof = _proof(exact, overlap_ms)
    assert proof.step <= 1.0
    assert proof.slope <= 1.0
    assert proof.dip_db < 0.1
    assert proof.onset < 0.05
    assert proof.quieter_than > 0.95


@given(start=st.integers(0, 4 * PERIOD - 1), n=st.integers(1, 4 * PERIOD), overlap_ms=st.floats(0, 5_000))
@settings(max_examples=10, deadline=None)
def test_of_any_region_it_is_finite(exact: FloatArray, start: int, n: int, overlap_ms: float) -> None:
    check_proof(_proof(exact, overlap_ms, LoopRegion(start, min(start + n, len(exact)))))


@given(start=st.integers(0, 2 * PERIOD), gain=st.sampled_from([0.01, 0.3, 0.9]))
@settings(max_examples=4, deadline=None)
def test_gain_and_channel_swap_change_nothing(exact: FloatArray, start: int, gain: float) -> None:
    region = LoopRegion(start, start + PERIOD + 777)
    one = _proof(exact, 60.0, region)
    other = _proof(np.ascontiguousarray(exact[:, ::-1]) * np.float32(gain), 60.0, region)
    for name in ("step", "slope", "dip_db", "onset", "quieter_than"):
        assert getattr(other, name) == pytest.approx(getattr(one, name), rel=0.05, abs=0.02)


def _rises(values: list[float], least: float) -> None:
    """Check that values never fall by more than a little, and end at least so much above their start."""
    for before, after in itertools.pairwise(values):
        assert after >= before - 0.05 * max(before, 1.0)
    assert values[-1] >= values[0] + least


def test_a_step_at_the_joint_shows(exact: FloatArray) -> None:
    """A wave that has drifted away by the region's end jumps back: without a crossfade that is heard."""
    region = LoopRegion(REGION.loop_start + RATE // 3, REGION.loop_end + RATE // 3)
    steps, onsets = [], []
    for height in (0.0, 0.1, 0.3, 1.0):
        drifted = exact.copy()
        away = 0.5 - 0.5 * np.cos(np.linspace(0.0, 2 * np.pi, RATE // 4, dtype=np.float32))[:, None]
        drifted[region.loop_end - RATE // 8 :][: RATE // 4] += np.float32(height) * away
        proof = _proof(drifted, 0.0, region)
        steps.append(proof.step)
        onsets.append(proof.onset)
    _rises(steps, 0.5)
    assert steps[-1] > 1.0
    _rises(onsets, 0.2)


def test_a_hole_at_the_seam_shows() -> None:
    """The energy falls where two sides cancel as they cross, and the proof says how far."""
    t = np.arange(4 * PERIOD) / RATE
    tone = (0.3 * np.sin(2 * np.pi * 220.0 * t)).astype(np.float32)[:, None]
    dips = []
    for part_of_a_turn in (0.0, 0.25, 0.4, 0.5):
        end = REGION.loop_end + round(part_of_a_turn * RATE / 220.0)
        dips.append(_proof(tone, 200.0, LoopRegion(REGION.loop_start, end)).dip_db)
    assert dips[0] < 0.1
    _rises(dips, 3.0)


def test_another_level_after_the_seam_shows(exact: FloatArray) -> None:
    """A start louder than the end is an onset that the music does not have there."""
    rng = np.random.default_rng(3)
    noise = (0.1 * rng.standard_normal((4 * PERIOD, 1))).astype(np.float32)
    onsets = []
    for drop_db in (0.0, 6.0, 12.0, 24.0):
        quieter = noise.copy()
        quieter[REGION.loop_end - RATE :] *= np.float32(10 ** (-drop_db / 20))
        onsets.append(score_region(Clip(quieter, RATE), REGION, MusicFacts(), 5.0)[1].onset)
    assert onsets[-1] > onsets[0] + 0.5
    assert onsets == sorted(onsets)


def test_a_longer_crossfade_softens_a_bad_joint() -> None:
    clip = material.noise(RATE, 12.0)
    region = LoopRegion(2 * RATE, 7 * RATE + 123)
    samples = clip.samples.copy()
    samples[4 * RATE :] *= np.float32(0.1)
    hard, soft = (_proof(samples, overlap_ms, region) for overlap_ms in (0.0, 1_000.0))
    assert soft.onset < 0.5 * hard.onset
    assert soft.step <= 1.0


@pytest.mark.parametrize("n", [1, 2, 3, 10])
def test_loops_of_a_few_samples(exact: FloatArray, n: int) -> None:
    for start in (0, 1_000, len(exact) - n):
        for overlap_ms in (0.0, 480.0):
            check_proof(_proof(exact, overlap_ms, LoopRegion(start, start + n)))


def test_a_whole_clip_that_wraps_is_proved_clean(exact: FloatArray) -> None:
    wrapping = Clip(exact, RATE, wraps=True)
    for overlap_ms in (0.0, 480.0):
        proof = score_region(wrapping, LoopRegion(0, wrapping.n_samples), FACTS, overlap_ms)[1]
        assert proof.dip_db < 0.1
        assert proof.onset < 0.05
        assert proof.step <= 1.0
