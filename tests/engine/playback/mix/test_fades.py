# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests check that gains are the same in whatever pieces they are asked for, and go where they are told."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dsp.seam import fade_gains
from engine.playback.mix.fades import CrossfadeSide, DeckFade, Ramp, Workspace, bass_swap
from engine.values import FadeCurve, FloatArray

WORK = Workspace(2)


def _all(fade: DeckFade, piece: int) -> FloatArray:
    parts = []
    while fade.left:
        n = min(piece, fade.left)
        parts.append(fade.gains(n, WORK).copy())
        fade.move_on(n)
    return np.concatenate(parts)


@given(rho=st.floats(-1.0, 1.0), n=st.integers(1, 5000), piece=st.integers(1, 4096), rises=st.booleans())
@settings(max_examples=20, deadline=None)
def test_a_side_has_the_gains_of_the_law(rho: float, n: int, piece: int, rises: bool) -> None:
    rising = fade_gains(FadeCurve.EQUAL_POWER, 0.0, n)[1][:, 0]
    gains = _all(CrossfadeSide(rising, rises=rises, correlation=rho), piece)
    np.testing.assert_allclose(gains, fade_gains(FadeCurve.MATCHED, rho, n)[rises][:, 0], atol=3e-7)
    np.testing.assert_array_equal(gains, _all(CrossfadeSide(rising, rises=rises, correlation=rho), 4096))


@given(n=st.integers(1, 5000), turn=st.integers(1, 5000), piece=st.integers(1, 4096), to=st.floats(0.0, 1.0))
@settings(max_examples=20, deadline=None)
def test_a_ramp_goes_on_from_where_it_is(n: int, turn: int, piece: int, to: float) -> None:
    ramp = Ramp(1.0)
    ramp.go_to(0.0, 5000)
    ramp.move_on(turn)
    before = ramp.value
    ramp.go_to(to, n)
    gains = _all(ramp, piece)
    assert len(gains) == n
    assert ramp.value == to
    assert abs(gains[-1] - to) < 1e-7
    assert np.all(gains >= min(before, to) - 1e-7)
    assert np.all(gains <= max(before, to) + 1e-7)
    again = Ramp(before)
    again.go_to(to, n)
    np.testing.assert_array_equal(_all(again, 4096), gains)


def test_an_hours_ramp_is_as_smooth_as_its_samples() -> None:
    ramp = Ramp(1.0)
    ramp.go_to(0.0, 3600 * 48_000)
    ramp.move_on(1800 * 48_000)
    middle = ramp.gains(4096, WORK)
    assert abs(middle[0] - 0.5) < 1e-6
    assert np.all(np.diff(middle) <= 0.0)


@given(n=st.integers(1, 5000), share=st.floats(0.0, 0.5))
@settings(max_examples=20, deadline=None)
def test_basses_are_swapped_by_the_middle_and_keep_their_power(n: int, share: float) -> None:
    n_swap = max(1, int(share * n))
    rising, falling = bass_swap(n, fade_gains(FadeCurve.EQUAL_POWER, 0.0, n_swap)[1][:, 0])
    assert np.all(np.diff(rising) >= 0.0)
    assert np.all(np.diff(falling) <= 0.0)
    np.testing.assert_allclose(rising**2 + falling**2, 1.0, atol=1e-6)
    middle = max(n // 2, n_swap)
    assert np.all(rising[middle:] == 1.0)
    assert np.all(falling[middle:] == 0.0)
    assert np.all(falling[: middle - n_swap] == 1.0)
