# SPDX-License-Identifier: GPL-3.0-or-later
"""Tones lie in their row, clicks in their column, at any rate, length and zoom."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dsp.spectrogram import DEFAULT_ROWS, spectrogram_image
from engine.values import Clip, SpectrogramImage


def _row_of(image: SpectrogramImage, hz: float) -> float:
    octaves = np.log2(image.high_hz / image.low_hz)
    return float(image.levels.shape[0] * np.log2(hz / image.low_hz) / octaves)


def _tone(hz: float, sample_rate: int, duration_s: float = 2.0) -> Clip:
    t = np.arange(round(duration_s * sample_rate)) / sample_rate
    return Clip((0.5 * np.sin(2 * np.pi * hz * t)).astype(np.float32)[:, None], sample_rate)


@pytest.mark.parametrize("sample_rate", [22_050, 32_000, 44_100, 48_000])
@pytest.mark.parametrize("hz", [55.0, 440.0, 1_000.0, 2_600.0, 7_040.0])
def test_tone_lies_in_its_row(sample_rate: int, hz: float) -> None:
    image = spectrogram_image(_tone(hz, sample_rate))
    column = image.levels[:, image.levels.shape[1] // 2].astype(float)
    loudest = np.flatnonzero(column == column.max()).mean() + 0.5
    assert abs(loudest - _row_of(image, hz)) <= (4.0 if hz < 100 else 2.0)
    assert column.max() > 245
    far = np.abs(np.arange(column.size) - loudest) > image.levels.shape[0] / np.log2(image.high_hz / image.low_hz)
    assert column[far].max() < 120  # an octave away there is nothing: at least 40 dB less


@given(place=st.floats(0.0, 0.999), n=st.integers(2_000, 120_000), n_columns_max=st.integers(3, 400))
@settings(max_examples=12, deadline=None)
def test_click_lies_in_its_column(place: float, n: int, n_columns_max: int) -> None:
    samples = np.zeros((n, 1), dtype=np.float32)
    at = int(place * n)
    samples[at] = 1.0
    image = spectrogram_image(Clip(samples, 44_100), n_columns_max=n_columns_max)
    n_columns = image.levels.shape[1]
    treble = image.levels[-20:].astype(int).sum(axis=0)
    # The treble's window is 12 ms: narrower columns show the click in the ones beside it, too.
    reach = 1 + int(256 / (n / n_columns))
    assert abs(int(treble.argmax()) - at * n_columns // n) <= reach
    assert treble.max() > 0


def test_click_is_seen_in_a_long_clip() -> None:
    samples = np.zeros((44_100 * 120, 2), dtype=np.float32)
    at = 44_100 * 77 + 5_000
    samples[at] = 1.0
    image = spectrogram_image(Clip(samples, 44_100), n_columns_max=500)
    lit = np.flatnonzero(image.levels[-20:].max(axis=0) > 200)
    assert list(lit) == [at * 500 // samples.shape[0]]


def test_high_edge_is_nyquist_where_that_is_lower() -> None:
    assert spectrogram_image(_tone(440.0, 22_050)).high_hz == 11_025.0
    assert spectrogram_image(_tone(440.0, 48_000)).high_hz == 16_000.0


def test_gain_changes_nothing() -> None:
    clip = _tone(440.0, 44_100)
    quiet = Clip(clip.samples * np.float32(0.01), clip.sample_rate)
    difference = spectrogram_image(clip).levels.astype(int) - spectrogram_image(quiet).levels.astype(int)
    assert np.abs(difference).max() <= 1


def test_anti_phase_stereo_is_seen() -> None:
    tone = _tone(440.0, 44_100).samples
    image = spectrogram_image(Clip(np.hstack([tone, -tone]), 44_100))
    assert abs(int(image.levels[:, 100].argmax()) - _row_of(image, 440.0)) <= 2


def test_silence_is_black() -> None:
    assert spectrogram_image(Clip(np.zeros((5_000, 2), dtype=np.float32), 44_100)).levels.max() == 0


@given(n=st.integers(1, 3_000))
@settings(max_examples=7, deadline=None)
def test_any_length_is_drawn(n: int) -> None:
    samples = np.random.default_rng(n).uniform(-1, 1, (n, 1)).astype(np.float32)
    image = spectrogram_image(Clip(samples, 44_100))
    assert image.levels.shape[0] == DEFAULT_ROWS
    assert image.levels.shape[1] >= 1
