# SPDX-License-Identifier: GPL-3.0-or-later
"""Periods are found to the sample, and the joint is put where it is least heard."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.loops.refine import Ruler
from engine.values import Clip, LoopRegion
from tests.engine.loops import material

RATE = 22_050


def _repeated(period: int, *, wraps: bool = False) -> Clip:
    once = material.babble(RATE, 3.0).samples[:period]
    return Clip(np.concatenate([once, once, once]), RATE, wraps=wraps)


@given(
    period=st.integers(20_000, 60_000), off=st.integers(-400, 400), start=st.integers(0, 40_000), wraps=st.booleans()
)
@settings(max_examples=15, deadline=None)
def test_exact_length_is_the_period(period: int, off: int, start: int, wraps: bool) -> None:
    clip = _repeated(period, wraps=wraps)
    start = min(start, period)
    assert Ruler(clip).exact_length(LoopRegion(start, start + period + off), 500) == period


def test_noise_has_no_exact_length() -> None:
    ruler = Ruler(material.noise(RATE, 8.0))
    assert ruler.exact_length(LoopRegion(30_000, 90_000), 800) is None


@given(off=st.integers(-600, 600))
@settings(max_examples=8, deadline=None)
def test_attacks_line_up_where_waves_do_not(off: int) -> None:
    """The second time round, every stroke has another noise: only its attack is the same."""
    rng = np.random.default_rng(5)
    samples = rng.standard_normal((9 * RATE, 1)).astype(np.float32) * 0.001
    strokes = np.cumsum(rng.integers(2_000, 7_000, 14))
    period = 4 * RATE
    for at in (*strokes, *(strokes + period)):
        if at + 1_500 < samples.shape[0]:
            samples[at : at + 1_500, 0] += rng.standard_normal(1_500) * np.exp(-np.arange(1_500) / 300)
    ruler = Ruler(Clip(samples, RATE))
    region = LoopRegion(RATE * 2, RATE * 2 + period + off)
    assert ruler.exact_length(region, 800) is None
    length, sure = ruler.attack_length(region, 800)
    assert abs(length - period) <= RATE * 0.001
    assert sure > 0.5


def test_settling_keeps_the_length_and_finds_the_quiet_before_the_attack() -> None:
    clip = material.groove(RATE, 120.0, n_bars=8, n_channels=1)
    bar = 4 * RATE // 2
    region = LoopRegion(bar, bar * 5)
    settled = Ruler(clip).settle(region)
    assert settled.n_samples == region.n_samples
    assert -0.031 * RATE <= settled.loop_start - region.loop_start <= 0.007 * RATE

    def step(r: LoopRegion) -> float:
        return float(abs(clip.samples[r.loop_start, 0] - clip.samples[r.loop_end - 1, 0]))

    usual = float(np.abs(np.diff(clip.samples[:, 0])).mean())
    assert step(settled) <= max(step(region), usual)


@given(start=st.integers(0, 400), n=st.integers(100, 20_000), wraps=st.booleans())
@settings(max_examples=25, deadline=None)
def test_settling_never_leaves_the_clip(start: int, n: int, wraps: bool) -> None:
    clip = Clip(material.noise(RATE, 1.0).samples[: start + n + 5], RATE, wraps=wraps)
    settled = Ruler(clip).settle(LoopRegion(start, start + n))
    assert 0 <= settled.loop_start < settled.loop_end <= clip.n_samples
    assert settled.n_samples == n
