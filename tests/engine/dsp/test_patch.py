# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests check how a part that was painted anew is laid into a sound."""

from __future__ import annotations

import numpy as np
import pytest

from engine.dsp.patch import patched
from engine.values import FloatArray


def noise(seed: int, n: int = 4000) -> FloatArray:
    return np.random.default_rng(seed).normal(0.0, 0.2, (n, 2)).astype(np.float32)


def test_all_but_the_part_is_the_sound_itself_and_its_middle_is_the_painting() -> None:
    sound, painted = noise(1), noise(2)
    painted[:1000], painted[2000:] = sound[:1000], sound[2000:]
    out = patched(sound, painted, 1000, 2000, 100)
    np.testing.assert_array_equal(out[:1000], sound[:1000])
    np.testing.assert_array_equal(out[2000:], sound[2000:])
    np.testing.assert_allclose(out[1100:1900], painted[1100:1900], atol=1e-6)
    np.testing.assert_array_equal(noise(1), sound, "what it is laid into is not touched")


def test_a_painting_of_another_level_is_fitted_to_what_surrounds_it() -> None:
    sound = noise(1)
    for gain in (0.5, 2.0):
        np.testing.assert_allclose(patched(sound, gain * sound, 1000, 2000, 100), sound, atol=1e-5)
    silent = np.zeros_like(sound)
    np.testing.assert_allclose(patched(silent, sound, 0, 4000, 100), sound, err_msg="nothing to fit it to")


def test_the_same_music_in_both_is_not_changed_by_the_fade() -> None:
    sound = noise(3)
    np.testing.assert_allclose(patched(sound, sound.copy(), 500, 3500, 400), sound, atol=1e-6)


def test_a_part_at_an_end_has_no_fade_there() -> None:
    sound, painted = noise(1), noise(2)
    painted[2000:] = sound[2000:]
    np.testing.assert_allclose(patched(sound, painted, 0, 2000, 100)[0], painted[0], atol=1e-2)
    assert patched(sound, painted, 0, 50, 1000).shape == sound.shape, "a fade is at most half of the part"
    with pytest.raises(ValueError, match="does not fit"):
        patched(sound, painted, 2000, 4001, 10)
