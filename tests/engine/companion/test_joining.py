# SPDX-License-Identifier: GPL-3.0-or-later
"""New music is held below a ceiling without a step, and a crossfade loses neither side."""

from __future__ import annotations

import numpy as np
import pytest

from engine.companion import joining
from engine.values import FloatArray

RATE = 44_100


def tone(hz: float, level: float, n_samples: int = RATE) -> FloatArray:
    return (level * np.sin(2.0 * np.pi * hz * np.arange(n_samples) / RATE))[:, None].astype(np.float32)


def test_peaks_are_held_below_the_ceiling_and_all_else_is_left_alone() -> None:
    samples = tone(200.0, 0.4, 2 * RATE)
    samples[RATE : RATE + 2000] *= 4.0
    gains = joining.limiting(samples, 0.9, RATE)
    assert np.abs(samples * gains).max() <= 0.9 * (1.0 + 1e-6)
    assert (gains[: RATE - 2000] == 1.0).all()
    assert (gains[RATE + 4000 :] == 1.0).all()
    assert np.abs(np.diff(gains[:, 0])).max() < 0.002


def test_what_is_below_the_ceiling_has_no_gain() -> None:
    assert (joining.limiting(tone(100.0, 0.5), 0.9, RATE) == 1.0).all()
    assert joining.held_down(tone(100.0, 0.5), 0.9) == 1.0
    assert joining.held_down(tone(1000.0, 2.0), 1.0) == pytest.approx(0.5, rel=1e-3)


def test_a_recording_at_full_scale_is_its_own_ceiling() -> None:
    assert joining.ceiling_of(tone(1000.0, 1.0)) == pytest.approx(1.0, abs=1e-3)
    assert joining.ceiling_of(tone(1000.0, 0.1)) == joining.CEILING


def test_a_crossfade_into_the_beat_keeps_the_level_of_unlike_sides() -> None:
    rng = np.random.default_rng(1)
    old, raw = (0.2 * rng.standard_normal((RATE, 2)).astype(np.float32) for _ in range(2))
    at, n_fade = RATE // 2, 4_000
    kept = old.copy()
    kept[at:] = 0.0
    blend = joining.Blend.of(kept, at - n_fade, RATE, 1.0)
    blend.cross_in(raw, at - n_fade, at, RATE)
    joined = blend.old + raw * blend.gain
    np.testing.assert_array_equal(joined[: at - n_fade], old[: at - n_fade])
    np.testing.assert_array_equal(joined[at:], raw[at:])
    power = np.sqrt(np.square(joined[at - n_fade : at]).reshape(8, -1).mean(axis=1))
    assert np.abs(power / 0.2 - 1.0).max() < 0.1


def test_the_gain_goes_evenly_from_one_side_of_a_gap_to_the_other() -> None:
    blend = joining.Blend.of(np.zeros((1000, 1), dtype=np.float32), 100, 900, 1.0, 0.25)
    assert blend.gain[100, 0] == pytest.approx(1.0)
    assert blend.gain[499, 0] == pytest.approx(0.5, rel=0.01)
    assert blend.gain[899, 0] == pytest.approx(0.25)
    assert not blend.gain[:100].any()


def test_silence_beside_a_join_has_no_step_and_no_gain() -> None:
    silent = np.zeros((RATE, 1), dtype=np.float32)
    assert joining.join_of(silent, tone(300.0, 0.3), RATE, 1.0, 100).step_lu is None
    assert joining.gain_to(silent, RATE, -16.0) == 1.0
    assert joining.gain_to(tone(300.0, 0.3), RATE, None) == 1.0
    assert pytest.approx(joining.gain_to(tone(300.0, 1e-3), RATE, -6.0)) == 10.0 ** (joining.MOST_GAIN_DB / 20.0)
