# SPDX-License-Identifier: GPL-3.0-or-later
"""Exact repeats are found to the sample, at any period and rate, wherever they lie."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dsp.features import Listener
from engine.loops import find_loops
from engine.loops.repeats import Repeats, autocorrelation
from engine.values import Clip, FloatArray, LoopSearch, MusicFacts
from tests.engine.loops import material

RATES = (8_000, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000)
WIDTHS = ("mono", "stereo", "anti-phase", "five")


@lru_cache(maxsize=4)
def _speech(seed: int) -> FloatArray:
    """Return half a minute of speech in a room, at 22.05 kHz, that never repeats, shape ``(n_samples,)``."""
    room = 0.1 * material.noise(22_050, 30.0, seed).samples[:, 0]
    return material.babble(22_050, 30.0, seed).samples[:, 0] + room


def _never_repeating(n_samples: int, sample_rate: int, seed: int) -> FloatArray:
    """Return a never repeating sound that lasts, at another rate, as long as it is used."""
    speech = _speech(seed)
    stretch = np.arange(n_samples) * (22_050 / sample_rate)
    out: FloatArray = np.interp(stretch % (speech.size - 1), np.arange(speech.size), speech).astype(np.float32)
    return out


def _wide(mono: FloatArray, width: str, seed: int) -> FloatArray:
    if width == "mono":
        return mono[:, None]
    if width == "anti-phase":
        return np.stack([mono, -mono], axis=1)
    n = 2 if width == "stereo" else 5
    gains = np.random.default_rng(seed).choice([-1.0, -0.5, 0.3, 1.0], n).astype(np.float32)
    return np.stack([gain * np.roll(mono, 7 * channel) for channel, gain in enumerate(gains)], axis=1)


def planted(period: int, n_times: int, sample_rate: int, width: str, seed: int) -> tuple[Clip, int]:
    """Return a period repeated between other sounds, and where the first one starts."""
    before, after = round(2.3 * sample_rate), round(2.9 * sample_rate)
    piece = _wide(_never_repeating(period, sample_rate, seed % 3), width, seed)
    first = _wide(_never_repeating(before, sample_rate, 3), width, seed)
    last = _wide(_never_repeating(after, sample_rate, 3)[::-1], width, seed)
    return Clip(np.concatenate([first, *[piece] * n_times, last]), sample_rate), before


@given(
    sample_rate=st.sampled_from(RATES),
    # One that is shorter gives a listener less than the clip played through, however sure it is.
    period_s=st.floats(2.0, 5.0),
    odd=st.integers(0, 50),
    n_times=st.integers(2, 4),
    width=st.sampled_from(WIDTHS),
    seed=st.integers(0, 50),
    gain=st.sampled_from([0.01, 0.5, 1.0, 20.0]),
)
@settings(max_examples=12, deadline=None)
def test_an_exact_repeat_is_found_to_the_sample(
    *, sample_rate: int, period_s: float, odd: int, n_times: int, width: str, seed: int, gain: float
) -> None:
    period = round(period_s * sample_rate) + odd
    clip, first = planted(period, n_times, sample_rate, width, seed)
    best = find_loops(Clip(clip.samples * np.float32(gain), sample_rate)).best
    assert best.region.n_samples % period == 0
    # What is left of the repeats on either side of the seam is as it would be.
    assert best.region.loop_start >= first - sample_rate // 50
    assert best.region.loop_end <= first + n_times * period + sample_rate // 50
    assert best.score > 0.5
    assert not best.weak


@given(shift_s=st.floats(0.0, 6.0), kind=st.sampled_from(["silence", "noise", "speech"]), seed=st.integers(0, 20))
@settings(max_examples=5, deadline=None)
def test_what_is_put_before_moves_the_loop_along(shift_s: float, kind: str, seed: int) -> None:
    rate = 22_050
    clip, first = planted(3 * rate + seed, 3, rate, "stereo", seed)
    n = round(shift_s * rate)
    before = np.zeros((n, 2), dtype=np.float32)
    if kind == "noise":
        before = material.noise(rate, 7.0, seed).samples[:n]
    elif kind == "speech":
        before = _wide(_never_repeating(n, rate, 1)[::-1], "stereo", seed)
    search = LoopSearch(min_loop_s=2.0)
    one = find_loops(clip, search).best
    other = find_loops(Clip(np.concatenate([before, clip.samples]), rate), search).best
    assert other.region.n_samples % (3 * rate + seed) == 0
    assert one.region.n_samples % (3 * rate + seed) == 0
    assert n + first - rate // 50 <= other.region.loop_start
    assert other.region.loop_end <= n + first + 3 * (3 * rate + seed) + rate // 50


@pytest.mark.parametrize("shift_hops", [64, 301])
def test_silence_before_a_groove_moves_its_loop_along(shift_hops: int) -> None:
    """Silence before music that is played anew moves its loop along by as much, but for whole bars."""
    clip = material.groove(22_050, 120.0, n_bars=9)
    shift = shift_hops * Listener(clip).hop_length
    later = Clip(np.concatenate([np.zeros((shift, 2), dtype=np.float32), clip.samples]), 22_050)
    # Shorter than the whole by so much that a loop may start wherever it is best.
    search = LoopSearch(min_loop_s=4.0, max_loop_s=8.0, facts=MusicFacts(tempo_bpm=120.0))
    one, other = find_loops(clip, search).best, find_loops(later, search).best
    assert abs(other.region.n_samples - one.region.n_samples) <= 2
    bars = (other.region.loop_start - shift - one.region.loop_start) / 44_100
    assert abs(bars - round(bars)) * 2.0 < 0.05
    assert other.score == pytest.approx(one.score, abs=0.05)


def test_exact_ends_are_rising_zero_crossings_as_a_pair() -> None:
    for seed in range(4):
        clip, _ = planted(60_000 + seed, 3, 22_050, "stereo", seed)
        region = find_loops(clip).best.region
        mono = clip.samples.mean(axis=1)
        for end in (region.loop_start, region.loop_end):
            assert mono[end - 1] < 0.0 <= mono[end] or abs(mono[end]) < 1e-3 * np.abs(mono).max()


# --- the whitened autocorrelation itself ------------------------------------------------------------------------------


@given(
    sample_rate=st.sampled_from(RATES),
    period_s=st.floats(0.5, 3.0),
    width=st.sampled_from(WIDTHS),
    seed=st.integers(0, 9),
)
@settings(max_examples=7, deadline=None)
def test_strength_peaks_at_the_period(sample_rate: int, period_s: float, width: str, seed: int) -> None:
    period = round(period_s * sample_rate)
    clip, _ = planted(period, 3, sample_rate, width, seed)
    repeats = Repeats.of(Listener(clip))
    assert repeats.strength[0] == pytest.approx(1.0, abs=1e-3)
    assert np.abs(repeats.strength).max() <= 1.0 + 1e-3
    least = round(0.3 * sample_rate / repeats.divisor)
    peak = least + int(repeats.strength[least:].argmax())
    assert abs(peak * repeats.divisor - period) <= repeats.divisor
    assert repeats.strength_at(-1) == repeats.strength_at(repeats.n) == 0.0


@given(period=st.integers(20_000, 60_000), seed=st.integers(0, 9), width=st.sampled_from(WIDTHS))
@settings(max_examples=5, deadline=None)
def test_coherence_says_where_it_comes_again(period: int, seed: int, width: str) -> None:
    rate = 22_050
    repeats = Repeats.of(Listener(material.noise(rate, 1.0)))
    period -= period % repeats.divisor
    clip, first = planted(period, 2, rate, width, seed)
    repeats = Repeats.of(Listener(clip))
    blocks = repeats.coherence(period // repeats.divisor)
    assert np.abs(blocks).max() <= 1.0 + 1e-3
    inside = slice(first // repeats.block_samples + 2, (first + period) // repeats.block_samples - 2)
    assert np.quantile(blocks[inside], 0.7) > 0.9  # some lie in gaps
    outside = np.concatenate([blocks[: inside.start - 4], blocks[inside.stop + 4 :]])
    assert np.median(outside) < 0.3


@given(lag=st.integers(-10, 30_000))
@settings(max_examples=10, deadline=None)
def test_coherence_at_any_lag(lag: int) -> None:
    repeats = Repeats.of(Listener(material.noise(22_050, 2.0)))
    blocks = repeats.coherence(lag)
    assert blocks.shape == (max(0, (repeats.n - lag) // (repeats.block_samples // repeats.divisor)) if lag >= 0 else 0,)
    assert np.isfinite(blocks).all()


@pytest.mark.parametrize(("n", "size"), [(1, 2), (2, 2), (7, 8), (7, 12), (7, 30), (100, 100), (99, 108)])
def test_even_and_odd_bins_give_the_autocorrelation_of_what_is_not_folded_round(n: int, size: int) -> None:
    wave = np.random.default_rng(n).standard_normal(n)
    power = (np.abs(np.fft.fft(wave, 2 * size)) ** 2).astype(np.float32)[: size + 1]
    direct = np.correlate(wave, wave, mode="full")[n - 1 :]
    even, odd = power[::2].copy(), power[1::2].copy()
    np.testing.assert_allclose(autocorrelation(even, odd, n), direct / direct[0], atol=1e-5)
