# SPDX-License-Identifier: GPL-3.0-or-later
"""The low band is cut where it should be, does not move in time, and wraps round the loop's end."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dsp.bands import CROSSOVER_HZ, REACH_MS, low_band
from engine.units import amplitude_to_db, ms_to_samples
from tests.engine.playback.material import RATE, noise, rms, tone


def test_tones_below_are_in_it_and_tones_above_in_the_rest() -> None:
    for frequency, gain_db, tolerance in ((30, 0.0, 0.05), (60, 0.0, 0.1), (CROSSOVER_HZ, -6.0, 0.1)):
        samples = tone(RATE, turns=round(frequency))
        low = low_band(samples, RATE)
        assert amplitude_to_db(rms(low) / rms(samples)) == pytest.approx(gain_db, abs=tolerance)
    samples = tone(RATE, turns=round(2 * CROSSOVER_HZ))
    assert amplitude_to_db(rms(low_band(samples, RATE)) / rms(samples)) < -80.0
    # Zero-phase: the tone and its low band never part.
    samples = tone(RATE, turns=50)
    np.testing.assert_allclose(low_band(samples, RATE), samples, atol=0.01)


@given(n=st.integers(1, 30_000), shift=st.integers(-40_000, 40_000), n_channels=st.integers(1, 2))
@settings(max_examples=15, deadline=None)
def test_a_loop_is_a_ring(n: int, shift: int, n_channels: int) -> None:
    samples = noise(n, n_channels=n_channels)
    low = low_band(samples, RATE)
    assert low.shape == samples.shape
    assert low.dtype == np.float32
    np.testing.assert_allclose(low_band(np.roll(samples, shift, axis=0), RATE), np.roll(low, shift, axis=0), atol=2e-5)
    np.testing.assert_allclose(low_band(np.tile(samples, (2, 1)), RATE)[:n], low, atol=2e-5)


def test_it_looks_no_farther_than_it_says() -> None:
    samples = noise(20_000)
    changed = samples.copy()
    changed[10_000:10_100] += 0.5
    moved = np.abs(low_band(changed, RATE) - low_band(samples, RATE)).max(axis=1)
    reach = ms_to_samples(REACH_MS, RATE)
    assert moved[10_050] > 0.01
    assert max(moved[: 10_000 - reach].max(), moved[10_100 + reach :].max()) < 1e-4


def test_a_stretch_that_does_not_repeat_knows_nothing_of_its_other_end() -> None:
    samples = np.zeros((20_000, 2), np.float32)
    samples[-500:] = 0.5
    low = low_band(samples, RATE, cyclic=False)
    assert np.abs(low[:1000]).max() < 1e-6
    assert np.abs(low_band(samples, RATE)[:1000]).max() > 0.05
