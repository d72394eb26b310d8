# SPDX-License-Identifier: GPL-3.0-or-later
"""The character of a loop: bright is above dark, busy above calm, whatever the level."""

from __future__ import annotations

import numpy as np
import pytest

from engine.dsp.character import character_of
from engine.values import FloatArray
from engine.values.jam import Character

RATE = 44_100


def strokes(hz: float, per_s: int, level: float = 0.5) -> FloatArray:
    """Return two seconds of tones that begin at once and die away."""
    at_s = np.arange(2 * RATE) / RATE
    sound = level * np.sin(2 * np.pi * hz * at_s) * np.exp(-30.0 * (at_s % (1.0 / per_s)))
    return np.stack([sound] * 2, axis=1).astype(np.float32)


@pytest.mark.parametrize("hz", [150.0, 600.0, 2400.0])
def test_the_middle_of_the_spectrum_is_about_the_tone(hz: float) -> None:
    assert abs(np.log2(character_of(strokes(hz, 4), RATE).centre_hz / hz)) < 0.5


@pytest.mark.parametrize("per_s", [1, 2, 4, 8])
def test_onsets_are_counted(per_s: int) -> None:
    assert character_of(strokes(500.0, per_s), RATE).onsets_per_s == pytest.approx(per_s, abs=0.6)


def test_level_and_rate_change_nothing() -> None:
    loud, soft = character_of(strokes(500.0, 4), RATE), character_of(strokes(500.0, 4, 0.01), RATE)
    assert loud.centre_hz == pytest.approx(soft.centre_hz, rel=0.01)
    assert loud.onsets_per_s == soft.onsets_per_s


@pytest.mark.parametrize("n_samples", [1, 500, 50_000])
def test_silence_has_none(n_samples: int) -> None:
    assert character_of(np.zeros((n_samples, 2), np.float32), RATE) == Character(0.0, 0.0)
