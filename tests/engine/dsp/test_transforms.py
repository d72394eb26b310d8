# SPDX-License-Identifier: GPL-3.0-or-later
"""A long transform as many short ones is the transform itself."""

from __future__ import annotations

import numpy as np
import pytest

from engine.dsp.transforms import LongTransform


@pytest.mark.parametrize("size", [1, 2, 7, 8, 12, 120, 1000, 2 * 3 * 5 * 7 * 11, 1 << 15])
def test_bins_and_those_between_are_as_the_definition_has_them(size: int) -> None:
    rng = np.random.default_rng(size)
    wave = (rng.standard_normal(size) + 1j * rng.standard_normal(size)).astype(np.complex64)
    before = wave.copy()
    transform = LongTransform(size)
    twice_as_long = np.fft.fft(wave.astype(np.complex128), 2 * size)
    least = 1e-5 * np.abs(twice_as_long).max()
    for between in (False, True):
        spectrum = transform.spectrum(wave, between=between)
        assert spectrum.shape == transform.shape
        assert spectrum.dtype == np.complex64
        np.testing.assert_allclose(transform.in_order(spectrum), twice_as_long[int(between) :: 2], atol=least)
    np.testing.assert_array_equal(wave, before)


@pytest.mark.parametrize("size", [1, 2, 7, 360, 1 << 15])
def test_back_again(size: int) -> None:
    rng = np.random.default_rng(size)
    wave = (rng.standard_normal(size) + 1j * rng.standard_normal(size)).astype(np.complex64)
    transform = LongTransform(size)
    np.testing.assert_allclose(transform.wave(transform.spectrum(wave)), wave, atol=1e-5)


def test_what_is_told_by_bins_has_its_place_in_a_spectrum() -> None:
    transform = LongTransform(60)
    bins = np.arange(60)
    placed = transform.placed(bins)
    assert placed.shape == transform.shape
    n_rows = transform.shape[0]
    assert all(placed[k % n_rows, k // n_rows] == k for k in bins)
    np.testing.assert_array_equal(transform.in_order(placed), bins)
