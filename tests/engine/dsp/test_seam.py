# SPDX-License-Identifier: GPL-3.0-or-later
"""A baked loop keeps its length, its loudness and, where the seam needs nothing, every bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dsp.seam import KNEE, bake, correlation, crossfaded, cyclic, fade_gains, fit_rate, gain_law, soft_limit
from engine.units import amplitude_to_db, ms_to_samples
from engine.values import FadeCurve, LoopRegion, OverlapLimit
from tests.engine.playback.material import RATE, clip_of, largest_step, loop_of, noise, rms, tone


@given(rho=st.floats(0.0, 1.0), n=st.integers(1, 3000))
@settings(max_examples=25, deadline=None)
def test_gain_law_keeps_power_at_every_instant(rho: float, n: int) -> None:
    g_out, g_in = (g.astype(np.float64) for g in gain_law(rho, n))
    assert g_out.shape == g_in.shape == (n, 1)
    np.testing.assert_allclose(g_out**2 + g_in**2 + 2 * rho * g_out * g_in, 1.0, atol=1e-6)
    np.testing.assert_allclose(g_out, g_in[::-1], atol=1e-6)
    assert np.all(np.diff(g_in[:, 0]) > 0)


def test_gain_law_is_equal_gain_for_like_sides_and_equal_power_for_unlike_ones() -> None:
    g_out, g_in = gain_law(1.0, 500)
    np.testing.assert_allclose(g_out + g_in, 1.0, atol=1e-6)
    for rho in (0.0, -1.0):
        g_out, g_in = gain_law(rho, 500)
        np.testing.assert_allclose(g_out**2 + g_in**2, 1.0, atol=1e-6)


@given(curve=st.sampled_from(FadeCurve), rho=st.floats(-1.0, 1.0), n=st.integers(1, 3000))
@settings(max_examples=30, deadline=None)
def test_every_curve_rises_in_mirror_images(curve: FadeCurve, rho: float, n: int) -> None:
    g_out, g_in = fade_gains(curve, rho, n)
    assert g_out.shape == g_in.shape == (n, 1)
    np.testing.assert_allclose(g_out, g_in[::-1], atol=1e-6)
    assert g_in[0, 0] > 0.0
    assert g_in.max() <= 1.0
    assert np.all(np.diff(g_in[:, 0]) >= 0)
    kept = {FadeCurve.MATCHED: max(rho, 0.0), FadeCurve.EQUAL_GAIN: 1.0}.get(curve, 0.0)
    power = g_out.astype(np.float64) ** 2 + g_in.astype(np.float64) ** 2 + 2 * kept * g_out * g_in
    np.testing.assert_allclose(power, 1.0, atol=1e-6)


def test_a_smooth_curve_starts_and_ends_gently() -> None:
    n = 1000
    for smooth, plain in zip(
        fade_gains(FadeCurve.SMOOTH, 0.0, n), fade_gains(FadeCurve.EQUAL_POWER, 0.0, n), strict=True
    ):
        assert abs(np.diff(smooth[:20, 0])).max() < 0.2 * abs(np.diff(plain[:, 0])).max()
        assert abs(np.diff(smooth[-20:, 0])).max() < 0.2 * abs(np.diff(plain[:, 0])).max()


def test_correlation() -> None:
    a, b = noise(20_000, seed=1), noise(20_000, seed=2)
    assert correlation(a, a) == pytest.approx(1.0)
    assert correlation(a, -a) == pytest.approx(-1.0)
    assert abs(correlation(a, b)) < 0.03
    assert correlation(a, 0.25 * a) == pytest.approx(1.0)
    assert correlation(a, np.zeros_like(a)) == 0.0


@pytest.mark.parametrize("rho", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("after", [False, True])
def test_a_crossfade_keeps_the_loudness_of_noise(rho: float, after: bool) -> None:
    n = 44_100
    side, other = noise(n, seed=1), noise(n, seed=2)
    like = (rho * side + np.sqrt(1.0 - rho**2) * other).astype(np.float32)
    # Before the region lies `like`, and the region ends with `side`; or the mirror image after it.
    stretches = [like, noise(n, seed=3), side] if not after else [side, noise(n, seed=3), like]
    clip = clip_of(np.concatenate(stretches))
    region = LoopRegion(n, 3 * n) if not after else LoopRegion(0, 2 * n)
    baked = bake(clip, region, overlap_ms=1000.0)
    assert baked.n_samples == region.n_samples
    assert baked.overlap_samples == n
    assert baked.correlation == pytest.approx(rho, abs=0.03)
    fade = baked.samples[:n] if after else baked.samples[-n:]
    middle = fade[n // 4 : -n // 4]
    assert abs(amplitude_to_db(rms(fade)) - amplitude_to_db(rms(side))) < 0.3
    assert abs(amplitude_to_db(rms(middle)) - amplitude_to_db(rms(side))) < 0.3


@given(
    n=st.integers(1, 4000),
    bounds=st.tuples(st.integers(0, 4000), st.integers(0, 4000)),
    overlap_ms=st.floats(0.0, 200.0),
    wraps=st.booleans(),
)
@settings(max_examples=75, deadline=None)
def test_bake_keeps_the_length_and_touches_only_the_seam(
    n: int, bounds: tuple[int, int], overlap_ms: float, wraps: bool
) -> None:
    low, high = sorted(min(bound, n) for bound in bounds)
    region = LoopRegion(min(low, n - 1), max(high, min(low, n - 1) + 1))
    clip = clip_of(noise(n), wraps=wraps)
    baked = bake(clip, region, overlap_ms=overlap_ms)
    raw = clip.samples[region.loop_start : region.loop_end]
    overlap = baked.overlap_samples
    assert overlap <= region.n_samples
    assert baked.n_samples == region.n_samples
    if baked.limit is OverlapLimit.WHOLE:
        assert region.n_samples == n
        assert not wraps
        np.testing.assert_array_equal(baked.samples[overlap:], raw[overlap:])
        return
    before, after = (n, n) if wraps or region.n_samples == n else (region.loop_start, n - region.loop_end)
    asked = round(overlap_ms * RATE / 1000.0)
    assert overlap == min(asked, max(before, after), region.n_samples)
    assert (baked.limit is not None) == (overlap < asked)
    if overlap < asked:
        assert baked.limit is (OverlapLimit.LOOP if overlap == region.n_samples else OverlapLimit.MUSIC)
    untouched = slice(0, len(raw) - overlap) if before >= after else slice(overlap, None)
    np.testing.assert_array_equal(baked.samples[untouched], raw[untouched])


@pytest.mark.parametrize("n_channels", [1, 2, 6])
@pytest.mark.parametrize("overlap_ms", [0.0, 10.0, 480.0, 5000.0])
def test_a_file_that_loops_already_is_repeated_as_it_is(n_channels: int, overlap_ms: float) -> None:
    # Nothing says that it wraps: its end goes on in its start.
    samples = np.repeat(tone(2 * RATE, turns=437, level=0.8)[:, :1], n_channels, axis=1)
    for shift in (0, 1234, 50_001):
        rolled = np.roll(samples, shift, axis=0)
        baked = bake(clip_of(rolled), LoopRegion(0, 2 * RATE), overlap_ms=overlap_ms)
        np.testing.assert_array_equal(baked.samples, rolled)
        assert baked.limit is (OverlapLimit.LOOP if overlap_ms > 2000.0 else None)


def test_a_baked_loop_baked_again_is_the_same() -> None:
    music = noise(4 * RATE, seed=3)
    loop = bake(clip_of(music), LoopRegion(RATE, 3 * RATE), overlap_ms=480.0)
    for overlap_ms in (20.0, 480.0, 3000.0):
        again = bake(clip_of(loop.samples), LoopRegion(0, loop.n_samples), overlap_ms=overlap_ms)
        np.testing.assert_array_equal(again.samples, loop.samples)


def test_a_file_that_begins_with_an_attack_is_repeated_as_it_is() -> None:
    decay = np.exp(-np.arange(RATE) / 4000.0)[:, None].astype(np.float32)
    hit = decay * np.cos(np.arange(RATE) * 0.05)[:, None].astype(np.float32)
    baked = bake(clip_of(hit), LoopRegion(0, RATE), overlap_ms=480.0)
    np.testing.assert_array_equal(baked.samples, hit)


def test_a_file_that_jumps_from_its_end_to_its_start_keeps_its_length_and_does_not_click() -> None:
    samples = tone(12_000, turns=131.4)
    baked = bake(clip_of(samples), LoopRegion(0, 12_000), overlap_ms=480.0)
    assert baked.n_samples == 12_000
    assert baked.limit is OverlapLimit.WHOLE
    np.testing.assert_array_equal(baked.samples[baked.overlap_samples :], samples[baked.overlap_samples :])
    twice = np.concatenate([baked.samples, baked.samples])
    assert largest_step(samples[[-1, 0]]) > 2.0 * largest_step(samples)
    assert largest_step(twice) < 1.35 * largest_step(samples)


def test_a_channel_that_repeats_exactly_is_left_so_beside_one_that_does_not() -> None:
    n, exact, other = RATE, noise(RATE, seed=1)[:, :1], noise(3 * RATE, seed=2)[:, :1]
    loud = np.float32(1.0) * exact / np.abs(exact).max()  # full scale: bent by whatever bends the other channel
    clip = clip_of(np.concatenate([np.tile(loud, (3, 1)), other], axis=1))
    baked = bake(clip, LoopRegion(n, 2 * n), overlap_ms=500.0)
    np.testing.assert_array_equal(baked.samples[:, 0], clip.samples[n : 2 * n, 0])
    assert not np.array_equal(baked.samples[:, 1], clip.samples[n : 2 * n, 1])


@pytest.mark.parametrize("rhos", [(1.0, 0.0), (0.95, 0.3), (0.0, 0.0), (0.8, -0.6)])
def test_the_image_stands_still_where_the_channels_are_alike_in_different_measure(rhos: tuple[float, float]) -> None:
    n, sides = RATE, []
    for channel, rho in enumerate(rhos):
        out, other = noise(n, seed=2 * channel)[:, 0], noise(n, seed=2 * channel + 1)[:, 0]
        sides.append((out, rho * out + np.sqrt(1.0 - rho**2) * other))
    fading_out, fading_in = (np.stack(one, axis=1).astype(np.float32) for one in zip(*sides, strict=True))
    mixed, _ = crossfaded(fading_out, fading_in, RATE)
    n_part = n // 10
    for at in range(0, n, n_part):
        parts = [one[at : at + n_part].astype(np.float64) for one in (mixed, fading_out, fading_in)]
        balances = [10.0 * np.log10(np.mean(part[:, 0] ** 2) / np.mean(part[:, 1] ** 2)) for part in parts]
        assert min(balances[1:]) - 0.5 < balances[0] < max(balances[1:]) + 0.5


@given(n=st.integers(2, 3000), overlap_ms=st.floats(0.0, 100.0))
@settings(max_examples=20, deadline=None)
def test_a_whole_wrapping_clip_needs_no_fade(n: int, overlap_ms: float) -> None:
    clip = clip_of(np.clip(noise(n, level=0.6), -1.0, 1.0), wraps=True)
    baked = bake(clip, LoopRegion(0, n), overlap_ms=overlap_ms)
    assert baked.n_samples == n
    np.testing.assert_array_equal(baked.samples, clip.samples)


@pytest.mark.parametrize("region", [LoopRegion(3000, 9000), LoopRegion(1000, 9000), LoopRegion(0, 12_000)])
def test_a_seam_makes_no_step(region: LoopRegion) -> None:
    # A tone whose phase does not fit the region: without a crossfade the seam would jump.
    samples = tone(12_000, turns=131)
    baked = bake(clip_of(samples), region, overlap_ms=20.0)
    twice = np.concatenate([baked.samples, baked.samples])
    assert largest_step(twice) < 1.35 * largest_step(samples)


def test_an_overshooting_crossfade_is_limited_and_the_rest_left_alone() -> None:
    loud = np.sign(noise(30_000, seed=5)) * np.float32(0.97)
    baked = bake(clip_of(loud), LoopRegion(5000, 20_000), overlap_ms=100.0)
    assert KNEE < np.abs(baked.samples).max() <= 1.0
    after = 30_000 - 20_000
    assert after > 5000
    np.testing.assert_array_equal(baked.samples[4410:], loud[9410:20_000])


def test_a_clip_beyond_full_scale_is_not_bent() -> None:
    clip = clip_of(noise(5000, level=1.5))
    baked = bake(clip, LoopRegion(0, 4000), overlap_ms=5.0)
    overlap = baked.overlap_samples
    np.testing.assert_array_equal(baked.samples[overlap:], clip.samples[overlap:4000])
    assert np.abs(baked.samples).max() <= np.abs(clip.samples).max()


def test_soft_limit() -> None:
    x = np.linspace(-50.0, 50.0, 200_001).astype(np.float32)
    y = x.copy()
    soft_limit(y)
    inside = np.abs(x) <= KNEE
    np.testing.assert_array_equal(y[inside], x[inside])
    assert np.abs(y).max() <= 1.0
    assert np.all(np.diff(y) >= -1e-6)  # but for rounding
    np.testing.assert_array_equal(y, -y[::-1])


def test_bake_refuses_what_is_not_in_the_clip() -> None:
    clip = clip_of(noise(100))
    with pytest.raises(ValueError, match="ends after"):
        bake(clip, LoopRegion(0, 101), overlap_ms=1.0)
    with pytest.raises(ValueError, match="overlap"):
        bake(clip, LoopRegion(0, 50), overlap_ms=-1.0)


def test_cyclic_reads_round_both_ends() -> None:
    samples = np.arange(5, dtype=np.float32)[:, None]
    assert cyclic(samples, -2, 9)[:, 0].tolist() == [3, 4, 0, 1, 2, 3, 4, 0, 1]


@pytest.mark.parametrize("rate", [22_050, 32_000, 48_000])
def test_fit_rate_keeps_pitch_and_period(rate: int) -> None:
    loop = loop_of(tone(44_100, turns=440), loop_start=4410)
    fitted = fit_rate(loop, rate)
    assert fitted.sample_rate == rate
    assert fitted.n_samples == rate
    assert fitted.region == LoopRegion(rate // 10, rate // 10 + rate)
    np.testing.assert_allclose(fitted.samples, tone(rate, turns=440), atol=1e-4)
    assert fit_rate(loop, RATE) is loop


@pytest.mark.parametrize(("n_samples", "from_rate", "to_rate"), [(44_101, 44_100, 48_000), (20_011, 48_000, 44_100)])
def test_fit_rate_bends_no_seam_of_a_length_that_does_not_fit(n_samples: int, from_rate: int, to_rate: int) -> None:
    # Tones of whole periods whatever the length: periodic before, and so after.
    at = np.arange(n_samples) / n_samples
    samples = sum(np.sin(2 * np.pi * turns * at + turns) for turns in (3, 440, 7001)) / 4.0
    loop = loop_of(np.asarray(samples, np.float32)[:, None], sample_rate=from_rate)
    fitted = fit_rate(loop, to_rate)
    assert fitted.n_samples == round(n_samples * to_rate / from_rate)
    at = np.arange(fitted.n_samples) / fitted.n_samples
    same = sum(np.sin(2 * np.pi * turns * at + turns) for turns in (3, 440, 7001)) / 4.0
    np.testing.assert_allclose(fitted.samples[:, 0], same, atol=5e-4)
    # Uniformly late or early by a thousandth of a sample, if at all: nothing bends at the seam.
    error = fitted.samples[:, 0] - same
    assert np.abs(error[[0, 1, -2, -1]]).max() <= 1.1 * np.abs(error[100:-100]).max()


@given(n=st.integers(1, 5000), rates=st.permutations([8000, 22_050, 32_000, 44_100, 48_000, 96_000]))
@settings(max_examples=30, deadline=None)
def test_fit_rate_of_loops_shorter_than_a_filter(n: int, rates: list[int]) -> None:
    loop = loop_of(np.full((n, 2), 0.5, np.float32), sample_rate=rates[0])
    fitted = fit_rate(loop, rates[1])
    assert fitted.samples.shape == (max(1, round(n * rates[1] / rates[0])), 2)
    # What is constant stays so: each sample has all its neighbours, round the ends.
    np.testing.assert_allclose(fitted.samples, 0.5, atol=1e-4)


def test_fit_rate_leaves_a_loop_as_loud_as_its_gain_made_it() -> None:
    loud = loop_of(tone(44_100, turns=440, level=1.8))
    np.testing.assert_allclose(fit_rate(loud, 48_000).samples, tone(48_000, turns=440, level=1.8), atol=1e-4)


def test_fit_rate_bends_nothing_that_was_above_full_scale_between_two_samples() -> None:
    # A tone at a quarter of the rate, sampled beside its peaks, each of which is 1.41.
    at = np.arange(44_100) * (2 * np.pi / 4) + np.pi / 4
    between = loop_of((np.sqrt(2.0) * np.sin(at)).astype(np.float32)[:, None])
    assert np.abs(between.samples).max() == pytest.approx(1.0, abs=1e-5)
    same = np.sqrt(2.0) * np.sin(np.arange(48_000) * (2 * np.pi * 11_025 / 48_000) + np.pi / 4)
    np.testing.assert_allclose(fit_rate(between, 48_000).samples[:, 0], same, atol=2e-3)


@pytest.mark.parametrize("seed", range(3))
def test_a_crossfade_is_even_where_the_sides_are_alike_now_and_opposed_then(seed: int) -> None:
    # On the whole the sides are unlike: a law that knows no more dips by up to 5 dB wherever they are opposed.
    generator = np.random.default_rng(seed)
    n, n_energy = RATE, ms_to_samples(20.0, RATE)
    out, other = generator.uniform(-0.3, 0.3, (2, n, 2))
    likeness = 0.7 * np.sin(2.0 * np.pi * 3.0 * np.arange(n) / n)[:, None]
    into = likeness * out + np.sqrt(1.0 - likeness**2) * other
    mixed, rho = crossfaded(out.astype(np.float32), into.astype(np.float32), RATE)
    assert abs(rho) < 0.1
    power = np.convolve((mixed.astype(np.float64) ** 2).sum(axis=1), np.ones(n_energy) / n_energy, "valid")
    levels_db = 10.0 * np.log10(power / np.mean((out**2).sum(axis=1)))
    assert np.abs(levels_db).max() < 0.8


@pytest.mark.parametrize("overlap_ms", [1.0, 20.0, 480.0])
def test_a_crossfade_begins_and_ends_with_its_sides(overlap_ms: float) -> None:
    generator = np.random.default_rng(1)
    out, into = (generator.uniform(-0.3, 0.3, (2, ms_to_samples(overlap_ms, RATE), 2))).astype(np.float32)
    mixed, _ = crossfaded(out, into, RATE)
    # Mid-step, so that neither is heard alone: the first sample is half a step into the crossfade.
    nearly = 2.0 * np.pi / len(out)
    assert np.abs(mixed[0] - out[0]).max() < nearly
    assert np.abs(mixed[-1] - into[-1]).max() < nearly


def test_silence_is_crossfaded_into_itself_and_out_of_it() -> None:
    silence = np.zeros((5000, 2), np.float32)
    sound = np.full((5000, 2), 0.25, np.float32)
    assert not crossfaded(silence, silence.copy(), RATE)[0].any()
    rising, _ = crossfaded(silence, sound, RATE)
    np.testing.assert_allclose(rising, sound * gain_law(0.0, 5000)[1], atol=1e-6)
