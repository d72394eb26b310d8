# SPDX-License-Identifier: GPL-3.0-or-later
"""The peak pyramid is exact at every level and every length."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dsp.peaks import BASE_BIN_SAMPLES, FEWEST_BINS, peak_pyramid
from engine.values import Clip


@given(n=st.integers(1, 40_000), n_channels=st.integers(1, 3), seed=st.integers(0, 99))
@settings(max_examples=15, deadline=None)
def test_every_bin_holds_its_extremes(n: int, n_channels: int, seed: int) -> None:
    samples = np.random.default_rng(seed).uniform(-1, 1, (n, n_channels)).astype(np.float32)
    pyramid = peak_pyramid(Clip(samples, 44_100))
    mono = samples.astype(np.float64).mean(axis=1)
    assert pyramid.n_samples == n
    assert pyramid.base_bin_samples == BASE_BIN_SAMPLES
    for k, level in enumerate(pyramid.levels):
        starts = np.arange(0, n, BASE_BIN_SAMPLES * 2**k)
        assert level.shape == (starts.size, 2)
        assert level.dtype == np.float32
        assert not level.flags.writeable
        np.testing.assert_allclose(level[:, 0], np.minimum.reduceat(mono, starts), atol=1e-6)
        np.testing.assert_allclose(level[:, 1], np.maximum.reduceat(mono, starts), atol=1e-6)
    assert pyramid.levels[-1].shape[0] <= max(FEWEST_BINS, 1)


def test_chunks_join_without_a_gap() -> None:
    n = BASE_BIN_SAMPLES * 8_192 * 2 + 17
    samples = np.zeros((n, 1), dtype=np.float32)
    places = [0, BASE_BIN_SAMPLES * 8_192 - 1, BASE_BIN_SAMPLES * 8_192, n - 1]
    samples[places] = 1.0
    level = peak_pyramid(Clip(samples, 44_100)).levels[0]
    assert set(np.flatnonzero(level[:, 1])) == {place // BASE_BIN_SAMPLES for place in places}
