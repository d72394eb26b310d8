# SPDX-License-Identifier: GPL-3.0-or-later
"""True peaks are right for tones with a known peak, for streams in any chunks, and for broken samples."""

from __future__ import annotations

import math
from itertools import cycle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dsp.true_peak import (
    AFTER,
    BEFORE,
    GLANCE_ERROR,
    OVERSAMPLING,
    UNSEEN_REACH,
    WORST_GAIN,
    WORST_UNSEEN,
    Glance,
    Oversampler,
    TruePeak,
    Unseen,
    true_peak,
)
from engine.units import amplitude_to_db
from engine.values import FloatArray


def _tone(cycles: float, phase: float, n_samples: int = 2000) -> FloatArray:
    """Return a sine of amplitude 1, ``cycles`` of it a sample, faded in and out so that its ends are no peaks."""
    wave = np.sin(2.0 * np.pi * cycles * np.arange(n_samples) + phase)
    ramp = np.minimum(1.0, np.arange(n_samples) / 200.0)
    out: FloatArray = (wave * ramp * ramp[::-1]).astype(np.float32)[:, None]
    return out


@given(cycles=st.floats(0.005, 0.45), phase=st.floats(0.0, math.pi))
@settings(deadline=None)
def test_a_tone_peaks_at_its_amplitude_wherever_its_samples_lie(cycles: float, phase: float) -> None:
    assert amplitude_to_db(float(true_peak(_tone(cycles, phase))[0])) == pytest.approx(0.0, abs=0.1)


@pytest.mark.parametrize("cycles", [1 / 4, 1 / 3, 3 / 8, 0.4, 0.45])
@pytest.mark.parametrize("degrees", range(0, 180, 15))
def test_tones_that_meet_the_grid_at_the_same_places_for_ever(cycles: float, degrees: int) -> None:
    tone = _tone(cycles, math.radians(degrees))
    assert amplitude_to_db(float(true_peak(tone)[0])) == pytest.approx(0.0, abs=0.1)
    assert true_peak(tone)[0] >= np.abs(tone).max()


def test_a_quarter_of_the_rate_at_45_degrees_is_3_db_above_its_samples() -> None:
    tone = _tone(0.25, math.pi / 4)
    assert amplitude_to_db(float(np.abs(tone).max())) == pytest.approx(-3.01, abs=0.01)
    assert amplitude_to_db(float(true_peak(tone)[0])) == pytest.approx(0.0, abs=0.1)


@given(chunks=st.lists(st.sampled_from([1, 3, 31, 32, 33, 512, 5000]), min_size=1, max_size=6))
@settings(deadline=None, max_examples=20)
def test_a_stream_peaks_as_high_as_the_whole_whatever_the_chunks(chunks: list[int]) -> None:
    noise = np.random.default_rng(sum(chunks)).standard_normal((6000, 2)).astype(np.float32)
    whole = true_peak(noise)
    meter, peaks, at = TruePeak(2), np.zeros(2, dtype=np.float32), 0
    for n in cycle(chunks):
        if at >= len(noise):
            break
        peaks = np.maximum(peaks, meter.feed(noise[at : at + n]))
        at += n
    peaks = np.maximum(peaks, meter.feed(np.zeros((40, 2), dtype=np.float32)))
    np.testing.assert_array_equal(peaks, whole)


def test_channels_are_told_apart_and_what_was_told_is_not_told_again() -> None:
    meter = TruePeak(2)
    sound = np.concatenate([_tone(0.01, 0.0), 0.1 * _tone(0.01, 0.0)], axis=1)
    left, right = meter.feed(sound)
    assert left == pytest.approx(1.0, rel=0.01)
    assert right == pytest.approx(0.1, rel=0.01)
    meter.feed(np.zeros((64, 2), dtype=np.float32))
    assert not meter.feed(np.zeros((64, 2), dtype=np.float32)).any()
    assert not meter.feed(np.zeros((0, 2), dtype=np.float32)).any()


def test_samples_that_are_no_numbers_count_as_silence_and_poison_nothing() -> None:
    meter = TruePeak(1)
    broken = np.full((100, 1), np.nan, dtype=np.float32)
    broken[::3], broken[1::3] = np.inf, -np.inf
    assert meter.feed(broken)[0] == 0.0
    assert meter.feed(_tone(0.01, 0.0))[0] == pytest.approx(1.0, rel=0.01)


@given(shift=st.integers(0, 40), level=st.floats(1e-6, 1e4))
@settings(deadline=None)
def test_points_are_the_same_to_the_bit_wherever_they_lie_in_a_block(shift: int, level: float) -> None:
    oversampler = Oversampler(2, 300)
    wave = (np.random.default_rng(shift).uniform(-level, level, (250, 2))).astype(np.float32)
    whole = oversampler.points(wave).copy()
    part = oversampler.points(wave[shift : shift + 150])
    n_points = OVERSAMPLING * (150 - BEFORE - AFTER)
    np.testing.assert_array_equal(part, whole[:, OVERSAMPLING * shift : OVERSAMPLING * shift + n_points])
    assert whole.max() <= WORST_GAIN * np.abs(wave).max()


def test_no_wave_has_points_beyond_the_worst_gain() -> None:
    # The sinc's own signs make up the worst wave for the point in the middle between two samples.
    n = BEFORE + 1 + AFTER
    worst = np.sign(np.sinc(np.arange(n) - BEFORE - 0.5)).astype(np.float32)[:, None]
    assert 2.4 < Oversampler(1, 1).points(worst).max() <= WORST_GAIN


@pytest.mark.parametrize("cycles", [0.01, 0.3, 0.44])
def test_of_what_points_see_nothing_is_unseen(cycles: float) -> None:
    assert Unseen(1, 2000).bounds(_tone(cycles, 1.0)).max() < 0.01


@pytest.mark.parametrize("cycles", [0.47, 0.48, 0.49, 0.498])
def test_what_points_lack_of_a_tone_is_told_as_unseen(cycles: float) -> None:
    tone = _tone(cycles, 0.5, 6000)
    points = Oversampler(1, 6000).points(tone)
    # In the middle between two samples: there they lack most.
    lacking = 1.0 - points[0, 2::OVERSAMPLING][1000:-1000].max()
    unseen = Unseen(1, 6000).bounds(tone)[1000:-1000].max()
    assert 0.9 * lacking <= unseen <= 2.0 * lacking + 0.2


@given(shift=st.integers(0, 40), level=st.floats(1e-6, 1e4))
@settings(deadline=None)
def test_what_is_unseen_is_the_same_to_the_bit_wherever_it_lies_in_a_block(shift: int, level: float) -> None:
    unseen = Unseen(2, 300)
    wave = (np.random.default_rng(shift).uniform(-level, level, (250, 2))).astype(np.float32)
    whole = unseen.bounds(wave).copy()
    part = unseen.bounds(wave[shift : shift + 150])
    np.testing.assert_array_equal(part, whole[shift : shift + 150 - 2 * UNSEEN_REACH])
    assert whole.max() <= WORST_UNSEEN * np.abs(wave).max()


@given(seed=st.integers(0, 1000), level=st.floats(0.2, 1e4), is_harsh=st.booleans())
@settings(deadline=None)
def test_a_glance_is_never_further_off_than_it_says(seed: int, level: float, is_harsh: bool) -> None:
    wave = np.random.default_rng(seed).uniform(-level, level, (400, 2)).astype(np.float32)
    wave = np.float32(level) * np.sign(wave) if is_harsh else wave
    glance, error = Glance(2, 400), GLANCE_ERROR * float(np.abs(wave).max())
    assert glance.highest(wave) == pytest.approx(float(Oversampler(2, 400).points(wave).max()), abs=error)
    assert glance.most_unseen(wave) == pytest.approx(float(Unseen(2, 400).bounds(wave).max()), abs=error)


def test_no_wave_has_more_unseen_than_the_worst() -> None:
    # The sinc's own signs make up the worst wave for the high-pass, which is a sample less the low-pass around it.
    away = np.arange(-UNSEEN_REACH, UNSEEN_REACH + 1)
    worst = np.where(away == 0, 1.0, -np.sign(np.sinc(2.0 * 0.476 * away))).astype(np.float32)[:, None]
    assert 1.33 < Unseen(1, 1).bounds(worst)[0] <= WORST_UNSEEN
