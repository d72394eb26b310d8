# SPDX-License-Identifier: GPL-3.0-or-later
"""The howl guard tells feedback from music."""

from __future__ import annotations

import numpy as np
import pytest

from engine.playback.device.howl import BACK_SAMPLES, LOOK_S, LOOK_SAMPLES, HowlGuard
from engine.values import FloatArray
from tests.engine.companion.pieces import piece

RATE = 44_100
N_LOOK = round(LOOK_S * RATE)
NEAR = 1500


def closes(sound: FloatArray) -> bool:
    """Return whether the guard closes the monitor somewhere within a sound."""
    guard = HowlGuard(NEAR)
    ends = range(LOOK_SAMPLES, len(sound), N_LOOK)
    return any(guard.howls(sound[end - LOOK_SAMPLES : end]) for end in ends)


def tone(rise_db_per_s: float, seconds: float = 3.0) -> FloatArray:
    times = np.arange(round(seconds * RATE)) / RATE
    level = np.minimum(0.9, 10.0 ** ((-60.0 + rise_db_per_s * times) / 20.0))
    wave = (level * np.sin(2.0 * np.pi * 1234.0 * times)).astype(np.float32)
    return np.repeat(wave[:, None], 2, axis=1)


def test_a_tone_that_grows_by_itself_is_a_howl() -> None:
    assert closes(tone(40.0))


def test_steady_tones_and_music_are_none() -> None:
    assert not closes(tone(0.0))
    assert not closes(piece().samples)
    assert not closes(0.9 * piece().samples / np.abs(piece().samples).max())


def test_what_is_as_loud_as_can_be_for_a_second_is_one() -> None:
    rng = np.random.default_rng(0)
    noise = np.clip(rng.normal(0.0, 1.0, (3 * RATE, 2)), -1.0, 1.0).astype(np.float32)
    assert closes(noise)
    assert not closes(0.5 * noise)


def comes_back(heard: FloatArray, played: FloatArray) -> bool:
    guard = HowlGuard(NEAR)
    ends = range(BACK_SAMPLES, len(heard), N_LOOK)
    return any(guard.comes_back(heard[end - BACK_SAMPLES : end], played[end - BACK_SAMPLES : end]) for end in ends)


@pytest.mark.parametrize("off", [-900, 0, 1200])
def test_what_is_played_and_comes_in_again_is_told(off: int) -> None:
    own = piece().samples
    rng = np.random.default_rng(1)
    room = 0.5 * np.roll(own, off, axis=0) + rng.normal(0.0, 0.01, own.shape).astype(np.float32)
    assert comes_back(room, own)


def test_who_plays_comes_in_before_being_heard() -> None:
    own = piece().samples
    assert not comes_back(own, np.roll(own, 6000, axis=0))
    assert not comes_back(own, np.roll(own[::-1], 999, axis=0))
    assert not comes_back(np.zeros_like(own), own)
