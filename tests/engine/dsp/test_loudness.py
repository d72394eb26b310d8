# SPDX-License-Identifier: GPL-3.0-or-later
"""Loudness: what the recommendation says of known signals, and what one gain can promise."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dsp.loudness import GATING_BLOCK_S, integrated_lufs, match_loudness, true_peak_db
from engine.units import db_to_amplitude
from engine.values import Clip

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
@settings(max_examples=25, deadline=None)
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
