# SPDX-License-Identifier: GPL-3.0-or-later
"""A fragment begins and ends where its sound does, to the sample, with fades, in two channels, unclipped."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import NonFiniteClip, SilentClip
from engine.fragments.trimming import FULL, faded, fragment_of, peaks_of, refuse_silence, sounding
from engine.units import amplitude_to_db
from engine.values import Clip, FloatArray
from engine.values.fragments import PEAK_BINS

RATE = 8_000
FADE = 80  # ten milliseconds


def pulse(n_before: int, n_within: int, n_after: int, *, quiet: float = 0.0, peak: float = 0.5) -> FloatArray:
    """Return a sound that is loud on one channel only, between two quiet stretches."""
    samples = np.full((n_before + n_within + n_after, 2), quiet, dtype=np.float32)
    samples[n_before : n_before + n_within, 1] = peak
    return samples


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 500), st.integers(1, 3000), st.integers(0, 500), st.floats(0.001, 4.0))
def test_it_begins_and_ends_where_the_sound_does(n_before: int, n_within: int, n_after: int, peak: float) -> None:
    samples = pulse(n_before, n_within, n_after, quiet=0.0099 * peak, peak=peak)
    assert sounding(samples) == (n_before, n_before + n_within)
    cut = fragment_of(Clip(samples, RATE), RATE)
    assert cut.shape == (n_within, 2)
    assert np.abs(cut).max() <= FULL + 1e-6


def test_what_reaches_the_threshold_belongs_to_it() -> None:
    samples = pulse(10, 100, 10)
    samples[3, 0] = -0.005
    samples[115, 0] = 0.00499
    assert sounding(samples) == (3, 110)


def test_fades_are_linear_and_begin_and_end_at_nothing() -> None:
    out = faded(np.ones((1000, 2), dtype=np.float32), RATE)
    np.testing.assert_allclose(out[:FADE, 0], np.arange(FADE) / FADE, atol=1e-7)
    np.testing.assert_array_equal(out, out[::-1])
    assert (out[FADE : 1000 - FADE] == 1.0).all()
    short = faded(np.ones((5, 1), dtype=np.float32), RATE)
    np.testing.assert_allclose(short[:, 0], [0.0, 0.5, 1.0, 0.5, 0.0])
    assert faded(np.ones((1, 1), dtype=np.float32), RATE).tolist() == [[1.0]]


def test_one_channel_becomes_two_and_the_rate_is_the_one_asked_for() -> None:
    t = np.arange(RATE) / RATE
    tone = (0.5 * np.sin(2.0 * np.pi * 440.0 * t)).astype(np.float32)[:, None]
    out = fragment_of(Clip(tone, RATE), 44_100)
    assert out.shape[1] == 2
    assert len(out) == pytest.approx(44_100, abs=60)  # less than a period is below -40 dB at each end
    np.testing.assert_array_equal(out[:, 0], out[:, 1])
    spectrum = np.abs(np.fft.rfft(out[:, 0]))
    assert spectrum.argmax() * 44_100 / len(out) == pytest.approx(440.0, abs=1.0)


def test_what_is_beyond_full_scale_is_turned_down_as_a_whole() -> None:
    samples = pulse(0, 500, 0, peak=2.0)
    samples[100:200, 0] = 1.0
    out = fragment_of(Clip(samples, RATE), RATE)
    assert float(out.max()) == pytest.approx(FULL)
    assert out[150, 0] == pytest.approx(FULL / 2.0)


@pytest.mark.parametrize("level", [0.0, 0.3, 0.0005])
def test_silence_is_refused(level: float) -> None:
    constant = np.full((100, 2), level, dtype=np.float32)
    with pytest.raises(SilentClip):
        refuse_silence(Clip(constant, RATE))


def test_what_is_no_number_is_refused() -> None:
    samples = np.ones((100, 2), dtype=np.float32)
    samples[7, 1] = np.nan
    with pytest.raises(NonFiniteClip):
        refuse_silence(Clip(samples, RATE))


@given(st.integers(1, 500))
def test_there_are_as_many_peaks_whatever_the_length(n_samples: int) -> None:
    samples = np.linspace(-1.0, 0.25, n_samples, dtype=np.float32)[:, None]
    peaks = peaks_of(samples)
    assert len(peaks) == PEAK_BINS
    assert peaks[0] == 1.0
    assert amplitude_to_db(max(peaks)) == 0.0
