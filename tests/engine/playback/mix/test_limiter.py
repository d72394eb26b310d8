# SPDX-License-Identifier: GPL-3.0-or-later
"""The limiter holds its ceiling, leaves alone what is below it, and forgets: chunks and turns make no difference."""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle

import numpy as np
import pytest
import soxr
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.playback.mix.limiter import ATTACK_MS, HOLD_MS, RELEASE_MS, Limiter, limited_loop
from engine.units import amplitude_to_db, db_to_amplitude, ms_to_samples
from engine.values import FloatArray
from tests.engine.playback.material import RATE, noise, tone
from tests.sampling import some

CHUNKS = (1, 64, 513, 4096, 20_000)
CEILING = db_to_amplitude(-1.0)


def limited(samples: FloatArray, chunk: int = 1024, sample_rate: int = RATE) -> FloatArray:
    """Return the limiter's output beside its input: the latency is taken off, and its end is waited for."""
    limiter = Limiter(sample_rate, samples.shape[1])
    rest = np.zeros((limiter.latency_samples, samples.shape[1]), dtype=np.float32)
    out = np.concatenate([samples, rest])
    for start in range(0, len(out), chunk):
        limiter.process(out[start : start + chunk])
    return out[limiter.latency_samples :]


def measured_db(samples: FloatArray, sample_rate: int = RATE) -> float:
    """Return the true peak as another measures it: soxr at eight times the rate."""
    edge = np.zeros((2000, samples.shape[1]), dtype=np.float32)
    oversampled = soxr.resample(np.concatenate([edge, samples, edge]), sample_rate, 8 * sample_rate, "VHQ")
    return amplitude_to_db(max(float(np.abs(oversampled).max()), float(np.abs(samples).max())))


def music(n_samples: int, *, seed: int = 0, level: float = 1.0, sample_rate: int = RATE) -> FloatArray:
    """Return struck tones, a bass and hiss up to 20 kHz, which swell and fade within seconds; stereo."""
    generator = np.random.default_rng(seed)
    t = np.arange(n_samples) / sample_rate
    hiss = soxr.resample(generator.standard_normal((n_samples + 4000, 2)), sample_rate, 40_000, "VHQ")
    hiss = soxr.resample(hiss, 40_000, sample_rate, "VHQ")[1000 : 1000 + n_samples]
    struck = np.sin(2 * np.pi * generator.uniform(110, 2000) * t) * np.exp(-8.0 * (t % generator.uniform(0.1, 0.5)))
    bass = 0.5 * np.sin(2 * np.pi * generator.uniform(40, 90) * t)
    swell = 1.0 + np.sin(2 * np.pi * generator.uniform(0.5, 5.0) * t)
    edge = np.minimum(1.0, np.minimum(np.arange(n_samples), np.arange(n_samples)[::-1]) / 500.0)
    mix = (struck + bass)[:, None] + 0.2 * swell[:, None] * hiss
    out: FloatArray = (level * edge[:, None] * mix).astype(np.float32)
    return out


# --- the ceiling ---


@given(seed=st.integers(0, 10_000), level=st.floats(0.3, 100.0), sample_rate=st.sampled_from([44_100, 48_000]))
@settings(deadline=None, max_examples=12)
def test_music_however_loud_stays_below_the_ceiling(seed: int, level: float, sample_rate: int) -> None:
    out = limited(music(40_000, seed=seed, level=level, sample_rate=sample_rate), sample_rate=sample_rate)
    assert measured_db(out, sample_rate) <= -1.0 + 0.15


def _clicks(n_samples: int) -> FloatArray:
    samples = np.zeros((n_samples, 2), dtype=np.float32)
    samples[1000::5003] = 100.0
    return samples


def _square(n_samples: int) -> FloatArray:
    """Return a square wave, edge after edge; its ends are soft, as those are not the limiter's doing."""
    out: FloatArray = np.sign(tone(n_samples, turns=50)) * np.float32(3.0) * _bell(n_samples)
    return out


def _bell(n_samples: int) -> FloatArray:
    ramp = np.minimum(1.0, np.arange(n_samples, dtype=np.float32) / 4000.0)
    bell: FloatArray = (ramp * ramp[::-1])[:, None]
    return bell


PATHOLOGICAL: dict[str, Callable[[int], FloatArray]] = {
    "clicks of 40 dB": _clicks,
    "square": _square,
    "constant": lambda n: 2.0 * np.ones((n, 2), dtype=np.float32) * _bell(n),
    "quarter of the rate at 45 degrees": lambda n: (
        np.sin(np.pi / 2 * np.arange(n) + np.pi / 4)[:, None] * 1.2 * _bell(n) * [[1.0, 0.3]]
    ).astype(np.float32),
    "bass": lambda n: tone(n, turns=round(40 * n / RATE), level=4.0) * _bell(n),
    "music at 40 dB": lambda n: music(n, level=100.0),
}


@pytest.mark.parametrize("kind", PATHOLOGICAL)
def test_the_ceiling_holds_whatever_comes(kind: str) -> None:
    out = limited(PATHOLOGICAL[kind](60_000))
    assert np.isfinite(out).all()
    assert measured_db(out) <= -1.0 + 0.15
    assert measured_db(out) >= -1.5


def _white(generator: np.random.Generator) -> FloatArray:
    return (generator.uniform(0.3, 8.0) * generator.standard_normal((_N_FULL_BAND, 2))).astype(np.float32)


def _uniform(generator: np.random.Generator) -> FloatArray:
    return generator.uniform(-3.0, 3.0, (_N_FULL_BAND, 2)).astype(np.float32)


def _bits(generator: np.random.Generator) -> FloatArray:
    """Return the noise with the highest peaks between its samples: 8 dB above them."""
    return np.sign(generator.standard_normal((_N_FULL_BAND, 2))).astype(np.float32)


def _bursts(generator: np.random.Generator) -> FloatArray:
    period = generator.integers(500, 9000)
    gate = np.sin(2.0 * np.pi * np.arange(_N_FULL_BAND) / period) > 0.7
    return _white(generator) * gate[:, None].astype(np.float32)


def _clipped(generator: np.random.Generator) -> FloatArray:
    return np.clip(_white(generator), -1.2, 1.2)


def _high_tones(generator: np.random.Generator) -> FloatArray:
    phases = 2.0 * np.pi * np.outer(np.arange(_N_FULL_BAND), generator.uniform(0.4, 0.4985, 5))
    out: FloatArray = np.cos(phases + generator.uniform(0.0, 6.0, 5)).sum(axis=1, keepdims=True).astype(np.float32)
    return np.broadcast_to(out, (_N_FULL_BAND, 2)).copy()


_N_FULL_BAND = 1 << 15
FULL_BAND = (_white, _uniform, _bits, _bursts, _clipped, _high_tones)


def full_band_db(samples: FloatArray) -> float:
    """Return the true peak with all there is up to half the rate: sixteen times by Fourier, the ends faded away."""
    n, n_fade = len(samples), 2000
    fade = np.clip((0.5 + np.arange(n)) / n_fade, 0.0, 1.0)
    lines = np.fft.rfft(samples.astype(np.float64) * (fade * fade[::-1])[:, None], axis=0)
    lines[-1] *= 0.5
    wave = 16.0 * np.fft.irfft(lines, 16 * n, axis=0)[16 * n_fade : -16 * n_fade]
    return amplitude_to_db(float(np.abs(wave).max()))


@pytest.mark.parametrize("kind", FULL_BAND)
@pytest.mark.parametrize("seed", some(range(4), every=2))
def test_the_ceiling_holds_for_all_up_to_half_the_rate(
    kind: Callable[[np.random.Generator], FloatArray], seed: int
) -> None:
    out = limited(kind(np.random.default_rng(seed)))
    assert full_band_db(out) <= -1.0 + 0.1
    # Nor is it made needlessly quiet: a filter as long as others' (soxr's) sees nearly all of it.
    assert measured_db(out) >= -5.5


@given(seed=st.integers(0, 1000), level=st.floats(1.0, 1e6), n_broken=st.integers(0, 30))
@settings(deadline=None, max_examples=10)
def test_no_sample_ever_passes_the_ceiling_nor_is_other_than_a_number(seed: int, level: float, n_broken: int) -> None:
    samples = noise(20_000, seed=seed, level=level)
    generator = np.random.default_rng(seed)
    at = generator.integers(0, samples.size, n_broken)
    samples.ravel()[at] = generator.choice([np.nan, np.inf, -np.inf, 3e38, -3e38], n_broken)
    out = limited(samples)
    assert np.isfinite(out).all()
    assert np.abs(out).max() <= CEILING * (1.0 + 1e-6)


def test_broken_samples_become_silence_and_touch_no_other() -> None:
    samples = noise(9000, level=0.1)
    whole = samples.copy()
    samples[4000], samples[4001, 0], samples[4100, 1] = np.nan, np.inf, -np.inf
    whole[4000], whole[4001, 0], whole[4100, 1] = 0.0, 0.0, 0.0
    np.testing.assert_array_equal(limited(samples), whole)


# --- what it does to the sound ---


@given(n_samples=st.integers(1, 9000), chunk=st.sampled_from(CHUNKS), level=st.floats(0.0, 0.2))
@settings(deadline=None, max_examples=15)
def test_what_does_not_reach_the_ceiling_passes_bit_for_bit(n_samples: int, chunk: int, level: float) -> None:
    samples = np.clip(noise(n_samples, level=level), -0.34, 0.34)
    np.testing.assert_array_equal(limited(samples, chunk), samples)


def test_loud_music_just_below_the_ceiling_passes_bit_for_bit() -> None:
    samples = music(60_000)
    samples *= np.float32(db_to_amplitude(-1.05 - measured_db(samples)))
    assert np.abs(samples).max() > 0.7
    np.testing.assert_array_equal(limited(samples), samples)


def test_the_output_is_the_input_times_one_gain_that_moves_gently_and_comes_back() -> None:
    samples = music(150_000, level=0.1)
    samples[60_000:60_100] *= 60.0
    out = limited(samples)
    heard = np.abs(samples) > 1e-3
    both = heard.all(axis=1)
    gains = out[both].astype(np.float64) / samples[both]
    np.testing.assert_allclose(gains[:, 0], gains[:, 1], rtol=1e-5)
    gain = np.interp(np.arange(len(samples)), np.flatnonzero(both), gains[:, 0])
    assert gain.min() < 0.5
    assert (gain <= 1.0 + 1e-6).all()
    # The attack is S-shaped: nowhere steeper than twice its mean.
    assert np.abs(np.diff(gain)).max() <= 2.0 / ms_to_samples(ATTACK_MS, RATE)
    first, last = 60_000 - 300, 60_100 + ms_to_samples(HOLD_MS + RELEASE_MS + 2 * ATTACK_MS, RATE) + 100
    np.testing.assert_array_equal(out[:first], samples[:first])
    np.testing.assert_array_equal(out[last:], samples[last:])


@pytest.mark.parametrize("hertz", [25, 40, 100, 1000])
def test_a_steady_tone_keeps_its_shape(hertz: int) -> None:
    n = 2 * RATE
    samples = tone(n, turns=2 * hertz, level=2.0)
    out = limited(samples)[RATE // 2 : -RATE // 2].astype(np.float64)
    shape = samples[RATE // 2 : -RATE // 2].astype(np.float64)
    gain = (out * shape).sum() / (shape * shape).sum()
    distortion = np.sqrt(np.mean((out - gain * shape) ** 2) / np.mean(out**2))
    assert amplitude_to_db(float(distortion)) < -80.0


# --- the same whatever the chunks and the turn ---


@pytest.mark.parametrize(("level", "n_channels"), some([(0.3, 2), (1.0, 1), (30.0, 2)], every=2))
def test_the_same_samples_whatever_the_chunks(level: float, n_channels: int) -> None:
    samples = music(15_000, level=level)[:, :n_channels]
    samples[5_000:10_000] = 0.0
    whole = limited(samples, len(samples) * 2)
    for chunk in CHUNKS:
        np.testing.assert_array_equal(limited(samples, chunk), whole)


@given(
    chunks=st.lists(st.integers(1, 4000), min_size=1, max_size=6),
    level=st.floats(0.1, 5.0),
    burst=st.sampled_from([0.0, 1.0, 50.0]),
)
@settings(deadline=None, max_examples=10)
def test_the_same_samples_in_chunks_of_every_kind(chunks: list[int], level: float, burst: float) -> None:
    samples = noise(12_000, seed=len(chunks), level=level)
    samples[4000:5000] *= burst
    whole = samples.copy()
    Limiter(RATE, 2).process(whole)
    limiter, at = Limiter(RATE, 2), 0
    for n in cycle(chunks):
        if at >= len(samples):
            break
        limiter.process(samples[at : at + n])
        at += n
    np.testing.assert_array_equal(samples, whole)


@given(shift=st.integers(1, 700))
@settings(deadline=None, max_examples=10)
def test_a_shifted_input_is_a_shifted_output(shift: int) -> None:
    samples = music(9000, level=2.0)
    shifted = np.concatenate([np.zeros((shift, 2), dtype=np.float32), samples])
    np.testing.assert_array_equal(limited(shifted)[shift:], limited(samples))


@given(n_loop=st.integers(1, 12_000), level=st.floats(0.3, 20.0))
@settings(deadline=None, max_examples=10)
def test_a_saved_loop_is_what_is_heard_turn_for_turn(n_loop: int, level: float) -> None:
    loop = music(12_000, level=level)[:n_loop]
    saved = limited_loop(loop, RATE)
    assert saved.shape == loop.shape
    limiter = Limiter(RATE, 2)
    n_settling = -(-limiter.memory_samples // n_loop)
    n_over = -(-limiter.latency_samples // n_loop)
    heard = np.tile(loop, (n_settling + 3 + n_over, 1))
    limiter.process(heard)
    for turn in range(n_settling, n_settling + 3):
        start = turn * n_loop + limiter.latency_samples
        np.testing.assert_array_equal(heard[start : start + n_loop], saved)


@pytest.mark.parametrize("level", [0.5, 1.0, 3.0])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_saved_loop_passes_again_bit_for_bit(seed: int, level: float) -> None:
    saved = limited_loop(music(50_000, seed=seed, level=level), RATE)
    assert amplitude_to_db(float(np.abs(saved).max())) > -4.0
    again = np.tile(saved, (3, 1))
    np.testing.assert_array_equal(limited(again), again)


def test_reset_forgets() -> None:
    limiter = Limiter(RATE, 2)
    first = music(30_000, level=5.0)
    samples = first.copy()
    limiter.process(samples)
    limiter.reset()
    again = first.copy()
    limiter.process(again)
    np.testing.assert_array_equal(again, samples)
    limiter.process(np.zeros((0, 2), dtype=np.float32))


def test_the_latency_is_below_7_ms() -> None:
    for sample_rate in (22_050, 44_100, 48_000, 96_000):
        assert Limiter(sample_rate, 2).latency_samples <= 0.007 * sample_rate
