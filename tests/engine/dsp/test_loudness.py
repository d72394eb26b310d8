# SPDX-License-Identifier: GPL-3.0-or-later
"""Loudness is what the recommendation says of known signals, and one gain keeps its promise."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dsp.loudness import (
    GATING_BLOCK_S,
    MOST_BOOST_DB,
    integrated_lufs,
    loop_loudness,
    loudness_gain,
    match_loudness,
    true_peak_db,
)
from engine.dsp.seam import bake
from engine.units import amplitude_to_db, db_to_amplitude
from engine.values import Clip, LoopRegion

SAMPLE_RATE = 48_000


def sine(frequency_hz: float, duration_s: float, amplitude: float, *, phase: float = 0.0, channels: int = 2) -> Clip:
    t = np.arange(round(duration_s * SAMPLE_RATE)) / SAMPLE_RATE
    wave = amplitude * np.sin(2 * np.pi * frequency_hz * t + phase)
    return Clip(np.repeat(wave[:, None], channels, axis=1).astype(np.float32), SAMPLE_RATE)


def test_full_scale_tone_in_one_channel_reads_as_the_recommendation_says() -> None:
    # BS.1770: a 0 dBFS 997 Hz sine in one front channel reads -3.01 LKFS; in two, 3.01 dB more.
    assert integrated_lufs(sine(997, 5, 1.0, channels=1)) == pytest.approx(-3.01, abs=0.05)
    assert integrated_lufs(sine(997, 5, 1.0, channels=2)) == pytest.approx(0.0, abs=0.05)


@pytest.mark.parametrize("duration_s", [0.01, 0.1, 0.399])
def test_short_clips_are_measured_as_repeated(duration_s: float) -> None:
    assert integrated_lufs(sine(1000, duration_s, 0.5)) == pytest.approx(integrated_lufs(sine(1000, 2, 0.5)), abs=0.3)


def test_silence_has_no_loudness() -> None:
    assert integrated_lufs(Clip(np.zeros((SAMPLE_RATE, 2), np.float32), SAMPLE_RATE)) == -math.inf


def test_true_peak_sees_between_the_samples() -> None:
    # A quarter of the sample rate at 45 degrees: samples at 0.707, the wave itself reaches 1.
    clip = sine(SAMPLE_RATE / 4, 1, 1.0, phase=np.pi / 4)
    assert np.abs(clip.samples).max() == pytest.approx(np.sqrt(0.5), abs=1e-3)
    assert true_peak_db(Clip(clip.samples, SAMPLE_RATE, wraps=True)) == pytest.approx(0.0, abs=0.1)


@given(
    seed=st.integers(0, 2**32 - 1),
    n_samples=st.integers(1, 3 * SAMPLE_RATE),
    level_db=st.floats(-90, 40),
    channels=st.integers(1, 2),
    wraps=st.booleans(),
)
@settings(max_examples=12, deadline=None)
def test_one_gain_reaches_the_loudness_or_the_peak(
    seed: int, n_samples: int, level_db: float, channels: int, wraps: bool
) -> None:
    rng = np.random.default_rng(seed)
    noise = db_to_amplitude(level_db) * rng.standard_normal((n_samples, channels)) * rng.uniform(0, 1, (n_samples, 1))
    clip = Clip(noise.astype(np.float32), SAMPLE_RATE, wraps=wraps)
    out = match_loudness(clip, target_lufs=-16.0, peak_db=-1.0)

    assert (out.n_samples, out.sample_rate, out.wraps) == (clip.n_samples, clip.sample_rate, wraps)
    loudest = np.unravel_index(np.abs(clip.samples).argmax(), clip.samples.shape)
    gain = out.samples[loudest] / clip.samples[loudest]
    np.testing.assert_allclose(out.samples, clip.samples * gain, rtol=1e-5, atol=1e-7)
    lufs, peak_db = integrated_lufs(out), true_peak_db(out)
    assert lufs <= -16.0 + 0.01 or not math.isfinite(integrated_lufs(clip))
    assert peak_db <= -1.0 + 0.01
    # Less than a gating block is repeated to be measured; of a few samples that is a tone at the gate, up or down.
    if n_samples >= GATING_BLOCK_S * SAMPLE_RATE:
        assert lufs == pytest.approx(-16.0, abs=0.01) or peak_db == pytest.approx(-1.0, abs=0.01)


def test_sparse_music_without_loudness_is_set_by_its_peak() -> None:
    samples = np.zeros((2 * SAMPLE_RATE, 2), np.float32)
    samples[SAMPLE_RATE, :] = 0.001
    clip = Clip(samples, SAMPLE_RATE)
    assert integrated_lufs(clip) == -math.inf
    assert true_peak_db(match_loudness(clip, target_lufs=-16.0, peak_db=-1.0)) == pytest.approx(-1.0, abs=0.01)


def test_silence_stays_silence() -> None:
    clip = Clip(np.zeros((100, 2), np.float32), SAMPLE_RATE)
    assert not match_loudness(clip, target_lufs=-16.0, peak_db=-1.0).samples.any()


def beats(n_samples: int, *, every: int = 12_000) -> Clip:
    """Return decaying beats of noise, loud and soft in turn."""
    rng, at = np.random.default_rng(3), np.arange(n_samples)
    level = 0.5 * np.exp(-(at % every) / 3000.0) * (1.0 - 0.5 * (at // every % 2))
    return Clip((level[:, None] * rng.uniform(-1, 1, (n_samples, 2))).astype(np.float32), SAMPLE_RATE)


@given(n_samples=st.integers(4000, 6 * SAMPLE_RATE), shift=st.integers(0, 6 * SAMPLE_RATE), turns=st.integers(2, 5))
@settings(max_examples=7, deadline=None)
def test_a_loop_is_as_loud_wherever_it_begins_and_however_often_it_is_written_down(
    n_samples: int, shift: int, turns: int
) -> None:
    samples = beats(n_samples).samples
    lufs = loop_loudness(samples, SAMPLE_RATE)
    assert loop_loudness(np.roll(samples, shift, axis=0), SAMPLE_RATE) == pytest.approx(lufs, abs=0.25)
    assert loop_loudness(np.tile(samples, (turns, 1)), SAMPLE_RATE) == pytest.approx(lufs, abs=0.25)
    # As the recommendation measures a minute of it.
    heard = Clip(np.resize(samples, (20 * SAMPLE_RATE, 2)), SAMPLE_RATE)
    assert integrated_lufs(heard) == pytest.approx(lufs, abs=0.25)


def test_one_channel_is_heard_from_both_speakers() -> None:
    both = sine(997, 2, 0.5).samples
    assert loop_loudness(both[:, :1], SAMPLE_RATE) == loop_loudness(both, SAMPLE_RATE)


@pytest.mark.parametrize(("level_db", "reached"), [(-35.0, False), (-8.0, True), (-1.0, True)])
def test_baking_brings_loops_to_one_loudness(level_db: float, reached: bool) -> None:
    quiet = beats(4 * SAMPLE_RATE)
    clip = Clip(db_to_amplitude(level_db) * quiet.samples, SAMPLE_RATE)
    region = LoopRegion(0, 3 * SAMPLE_RATE)
    plain = bake(clip, region, overlap_ms=50.0)
    lufs = loop_loudness(plain.samples, SAMPLE_RATE)
    gain = loudness_gain(lufs, -16.0)
    loop = bake(clip, region, overlap_ms=50.0, gain=gain)
    np.testing.assert_allclose(loop.samples, plain.samples * np.float32(gain))
    assert (loop.overlap_samples, loop.correlation) == (plain.overlap_samples, plain.correlation)
    after = loop_loudness(loop.samples, SAMPLE_RATE)
    assert after == pytest.approx(-16.0 if reached else lufs + MOST_BOOST_DB, abs=0.05)


def test_silence_is_left_alone() -> None:
    silence = np.zeros((1000, 2), np.float32)
    assert loop_loudness(silence, SAMPLE_RATE) == -math.inf
    assert loudness_gain(-math.inf, -16.0) == 1.0
    assert amplitude_to_db(loudness_gain(-60.0, -16.0)) == pytest.approx(MOST_BOOST_DB)
    assert amplitude_to_db(loudness_gain(-6.0, -16.0)) == pytest.approx(-10.0)
