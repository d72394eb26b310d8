# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests check that what a generator delivers becomes a studio clip, or an error that says what is wrong."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dsp.loudness import integrated_lufs, true_peak_db
from engine.errors import GeneratorOutputBad
from engine.generators.conform import MAX_DURATION_SHARE, MAX_SURPLUS_S, MIN_DURATION_SHARE, conform
from engine.library.importing import PEAK_DB, TARGET_LUFS
from engine.units import db_to_amplitude
from engine.values import Clip
from engine.values.audio import STUDIO_SAMPLE_RATE

RATES = st.sampled_from([8_000, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000])


@given(
    seed=st.integers(0, 2**32 - 1),
    sample_rate=RATES,
    n_samples=st.integers(50, 100_000),
    channels=st.integers(1, 2),
    level_db=st.floats(-40, 60),
    offset=st.floats(-2, 2),
    wraps=st.booleans(),
)
@settings(max_examples=30, deadline=None)
def test_every_sound_clip_becomes_a_studio_clip(
    *, seed: int, sample_rate: int, n_samples: int, channels: int, level_db: float, offset: float, wraps: bool
) -> None:
    noise = np.random.default_rng(seed).standard_normal((n_samples, channels)) + offset
    clip = Clip((db_to_amplitude(level_db) * noise).astype(np.float32), sample_rate, wraps=wraps)
    out = conform(clip, generator="Test", requested_s=clip.duration_s)

    assert out.sample_rate == STUDIO_SAMPLE_RATE
    assert out.n_channels == 2
    assert out.wraps == wraps
    assert out.duration_s == pytest.approx(clip.duration_s, abs=1.0 / STUDIO_SAMPLE_RATE)
    assert np.isfinite(out.samples).all()
    assert true_peak_db(out) <= PEAK_DB + 0.01
    lufs = integrated_lufs(out)
    assert lufs <= TARGET_LUFS + 0.01
    assert lufs == pytest.approx(TARGET_LUFS, abs=0.01) or true_peak_db(out) == pytest.approx(PEAK_DB, abs=0.01)
    if channels == 1:
        np.testing.assert_array_equal(out.samples[:, 0], out.samples[:, 1])


@given(sample_rate=RATES, n_samples=st.integers(4_000, 60_000), cycles=st.integers(1, 300))
@settings(max_examples=25, deadline=None)
def test_a_period_stays_a_period(sample_rate: int, n_samples: int, cycles: int) -> None:
    """A tone with whole cycles in the clip keeps them, from the first sample to the last, at any rate."""
    turn = 2 * np.pi * cycles * np.arange(n_samples) / n_samples
    clip = Clip(np.sin(turn)[:, None].astype(np.float32), sample_rate, wraps=True)
    out = conform(clip, generator="T", requested_s=clip.duration_s)
    expected = np.sin(2 * np.pi * cycles * np.arange(out.n_samples) / out.n_samples)
    got = out.samples[:, 0].astype(np.float64)
    gain = (got @ expected) / (expected @ expected)
    np.testing.assert_allclose(got, gain * expected, atol=1e-4)


def test_a_studio_clip_is_changed_by_one_gain_only() -> None:
    noise = 0.1 * np.random.default_rng(1).standard_normal((STUDIO_SAMPLE_RATE, 2)).astype(np.float32)
    out = conform(Clip(noise, STUDIO_SAMPLE_RATE), generator="T", requested_s=1.0)
    gain = out.samples[0, 0] / noise[0, 0]
    np.testing.assert_allclose(out.samples, gain * noise, rtol=1e-4, atol=1e-6)


def test_a_tone_keeps_its_pitch_and_its_evenness() -> None:
    t = np.arange(32_000 * 2) / 32_000
    out = conform(Clip(np.sin(2 * np.pi * 440 * t)[:, None].astype(np.float32), 32_000), generator="T", requested_s=2)
    spectrum = np.abs(np.fft.rfft(out.samples[:, 0] * np.hanning(out.n_samples)))
    assert spectrum.argmax() * STUDIO_SAMPLE_RATE / out.n_samples == pytest.approx(440, abs=0.5)
    spectrum[[*range(spectrum.argmax() - 8, spectrum.argmax() + 9)]] = 0
    assert spectrum.max() < 1e-4 * np.abs(out.samples[:, 0]).sum()


def test_notable_dc_is_taken_off() -> None:
    noise = 0.1 * np.random.default_rng(2).standard_normal((44_100, 2)) + [0.2, 0.0]
    out = conform(Clip(noise.astype(np.float32), 44_100), generator="T", requested_s=1.0)
    assert np.abs(out.samples.mean(axis=0)).max() < 1e-3


def bad(samples: np.ndarray[tuple[int, ...], np.dtype[np.float32]], requested_s: float = 1.0) -> str:
    with pytest.raises(GeneratorOutputBad) as caught:
        conform(Clip(samples, 44_100), generator="Robot", requested_s=requested_s)
    sentence = str(caught.value)
    assert sentence.startswith("Robot made a clip that cannot be used: ")
    return sentence


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_samples_that_are_no_numbers_are_refused(value: float) -> None:
    samples = np.full((44_100, 1), 0.1, np.float32)
    samples[7:10] = value
    assert "3 samples are not numbers" in bad(samples)


@pytest.mark.parametrize("level", [0.0, 5e-4, -5e-4])
def test_silence_is_refused(level: float) -> None:
    samples = np.full((44_100, 2), level, np.float32)
    samples[::2] *= 0.5
    assert "silent" in bad(samples)


def test_a_constant_is_silence_too() -> None:
    assert "silent" in bad(np.full((44_100, 2), 0.5, np.float32))


def test_a_clip_shorter_than_half_of_what_was_asked_names_both() -> None:
    noise = 0.1 * np.random.default_rng(3).standard_normal((44_100, 1)).astype(np.float32)
    sentence = bad(noise, requested_s=10.0)
    assert "1.0 s" in sentence
    assert "10 s" in sentence
    conform(Clip(noise, 44_100), generator="T", requested_s=1.0 / MIN_DURATION_SHARE)


def test_a_clip_far_longer_than_was_asked_names_both() -> None:
    noise = 0.1 * np.random.default_rng(3).standard_normal((9 * 8_000, 1)).astype(np.float32)
    with pytest.raises(GeneratorOutputBad, match=r"it lasts 9\.0 s where 4 s were asked for"):
        conform(Clip(noise, 8_000), generator="T", requested_s=4.0)
    conform(Clip(noise, 8_000), generator="T", requested_s=(9.0 - MAX_SURPLUS_S) / MAX_DURATION_SHARE)


def test_three_channels_are_refused() -> None:
    assert "3 channels" in bad(np.random.default_rng(4).standard_normal((44_100, 3)).astype(np.float32))
