# SPDX-License-Identifier: GPL-3.0-or-later
"""Periods are found to the sample, and the joint is put where it is least heard, at crossings, the length kept."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dsp.features import Listener
from engine.loops.refine import exact_length, settle
from engine.values import Clip, LoopRegion
from tests.engine.loops import material

RATE = 22_050


def _repeated(period: int, *, wraps: bool = False, n_channels: int = 1) -> Clip:
    once = material.babble(RATE, 3.0).samples[:period]
    samples = np.concatenate([once, once, once])
    if n_channels == 2:
        samples = np.hstack([samples, -0.5 * samples])
    return Clip(samples, RATE, wraps=wraps)


@given(
    period=st.integers(20_000, 60_000),
    off=st.integers(-16, 16),
    start=st.integers(0, 40_000),
    wraps=st.booleans(),
    n_channels=st.integers(1, 2),
)
@settings(max_examples=10, deadline=None)
def test_exact_length_is_the_period(period: int, off: int, start: int, wraps: bool, n_channels: int) -> None:
    listener = Listener(_repeated(period, wraps=wraps, n_channels=n_channels))
    start = min(start, period)
    assert exact_length(listener, LoopRegion(start, start + period + off), 16) == period


def test_settling_keeps_the_length_and_finds_the_quiet_before_the_attack() -> None:
    clip = material.groove(RATE, 120.0, n_bars=8, n_channels=1)
    bar = 4 * RATE // 2
    region = LoopRegion(bar, bar * 5)
    settled = settle(Listener(clip), region, (0, clip.n_samples - region.n_samples))
    assert settled.n_samples == region.n_samples
    assert -0.031 * RATE <= settled.loop_start - region.loop_start <= 0.007 * RATE

    def step(r: LoopRegion) -> float:
        return float(abs(clip.samples[r.loop_start, 0] - clip.samples[r.loop_end - 1, 0]))

    usual = float(np.abs(np.diff(clip.samples[:, 0])).mean())
    assert step(settled) <= max(step(region), usual)


@given(start=st.integers(3_000, 30_000), level=st.floats(0.05, 1.0))
@settings(max_examples=7, deadline=None)
def test_ends_are_rising_zero_crossings_as_a_pair(start: int, level: float) -> None:
    """Both ends of exactly repeating music can be rising zero crossings."""
    clip = _repeated(40_000, n_channels=2)
    clip = Clip(clip.samples * np.float32(level), RATE)
    settled = settle(Listener(clip), LoopRegion(start, start + 40_000), (0, 80_000))
    mono = clip.samples.mean(axis=1)
    assert settled.n_samples == 40_000
    window = mono[max(0, start - 600) : start + 120]
    crossings = np.flatnonzero((window[:-1] < 0) & (window[1:] >= 0))
    if crossings.size:
        for end in (settled.loop_start, settled.loop_end):
            assert mono[end - 1] < 0.0 <= mono[end]


@given(start=st.integers(0, 400), n=st.integers(100, 20_000), wraps=st.booleans())
@settings(max_examples=12, deadline=None)
def test_settling_never_leaves_what_is_allowed(start: int, n: int, wraps: bool) -> None:
    clip = Clip(material.noise(RATE, 1.0).samples[: start + n + 5], RATE, wraps=wraps)
    settled = settle(Listener(clip), LoopRegion(start, start + n), (0, 5 + start))
    assert 0 <= settled.loop_start <= start + 5
    assert settled.loop_end <= clip.n_samples
    assert settled.n_samples == n
