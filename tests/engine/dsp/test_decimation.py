# SPDX-License-Identifier: GPL-3.0-or-later
"""Decimated waves are each in their place, flat where they are heard, and free of folded frequencies."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dsp.banks import paired
from engine.dsp.decimation import REACH, decimated

RATE = 44_100


@given(n=st.integers(0, 4_000), divisor=st.integers(1, 9), n_pairs=st.integers(1, 2))
@settings(max_examples=20, deadline=None)
def test_each_sample_depends_on_its_surroundings_alone(n: int, divisor: int, n_pairs: int) -> None:
    samples = np.random.default_rng(n).standard_normal((n, 2 * n_pairs)).astype(np.float32)
    whole = decimated(paired(samples), divisor)
    assert whole.shape == (max(0, n // divisor - 2 * REACH + 1), n_pairs)
    later = decimated(paired(samples[7 * divisor :]), divisor)
    np.testing.assert_allclose(later, whole[7:], atol=1e-5)
    left = decimated(np.ascontiguousarray(samples[:, :1]), divisor)
    np.testing.assert_allclose(left[:, 0], whole[:, 0].real, atol=1e-5)


@pytest.mark.parametrize("divisor", [2, 4])
def test_what_is_heard_stays_and_what_would_be_folded_into_it_goes(divisor: int) -> None:
    nyquist_hz = RATE / divisor / 2
    seconds = np.arange(RATE // 4) / RATE

    def passed(share_of_nyquist: float) -> tuple[np.ndarray, np.ndarray]:
        tone = np.cos(2 * np.pi * share_of_nyquist * nyquist_hz * seconds)
        out = decimated(tone[:, None].astype(np.float32), divisor)[:, 0]
        return out, tone[::divisor][REACH : REACH + out.size]

    for share in (0.01, 0.5, 0.79):
        out, tone = passed(share)
        assert np.abs(out - tone).max() < 0.01
    for share in (1.07, 1.3, 1.9):
        out, _ = passed(share)
        assert 20 * np.log10(np.abs(out).max()) < -45
