# SPDX-License-Identifier: GPL-3.0-or-later
"""Beats are put where what the network heard is best explained, by tempi that change little from beat to beat."""

from __future__ import annotations

import numpy as np
import pytest

from engine.listening.bars import bars_of, downbeat_odds, is_ternary
from engine.listening.beats import beat_places, beat_times

RATE = 86.0
"""Frames a second."""


def odds_of(times_s: np.ndarray, n_frames: int, *, seed: int = 0, missing: float = 0.0) -> np.ndarray:
    """Return log odds in which beats stand out of noise; some are missing."""
    rng = np.random.default_rng(seed)
    odds = (-4.0 + 0.5 * rng.standard_normal(n_frames)).astype(np.float32)
    at = np.arange(n_frames)
    for one in times_s * RATE:
        if rng.random() >= missing:
            odds += 6.0 * np.exp(-0.5 * ((at - one) / 1.1) ** 2)
    return odds.astype(np.float32)


@pytest.mark.parametrize("bpm", [62.0, 97.3, 128.0, 176.0])
def test_steady_beats_are_found_within_milliseconds(bpm: float) -> None:
    true_s = np.arange(0.4, 20.0, 60.0 / bpm)
    odds = odds_of(true_s, round(20.0 * RATE))
    found_s = beat_times(beat_places(odds, RATE), odds) / RATE
    assert len(found_s) == len(true_s)
    assert np.abs(found_s - true_s).max() < 0.006


@pytest.mark.parametrize("sway", [0.05, 0.12])
def test_beats_are_followed_through_a_swaying_tempo_with_one_in_six_unheard(sway: float) -> None:
    lengths = 0.5 * (1.0 + sway * np.sin(np.arange(60) / 6.0))
    true_s = 0.3 + np.concatenate([[0.0], np.cumsum(lengths)])
    odds = odds_of(true_s, round((true_s[-1] + 1.0) * RATE), missing=1.0 / 6.0, seed=3)
    found_s = beat_times(beat_places(odds, RATE), odds) / RATE
    # The last ones are left out where some of them are not heard.
    inside = true_s[(true_s > found_s[0] - 0.1) & (true_s < found_s[-1] + 0.1)]
    assert len(found_s) == len(inside) >= 50
    assert np.abs(found_s - inside).max() < 0.03


def test_silence_before_and_after_has_no_beats() -> None:
    true_s = np.arange(5.0, 15.0, 0.5)
    found_s = beat_places(odds_of(true_s, round(20.0 * RATE)), RATE) / RATE
    assert found_s[0] == pytest.approx(true_s[0], abs=0.03)
    assert found_s[-1] == pytest.approx(true_s[-1], abs=0.03)


@pytest.mark.parametrize("n_frames", [0, 1, 2, 50])
def test_what_is_short_or_without_beats_is_no_error(n_frames: int) -> None:
    odds = np.full(n_frames, -5.0, dtype=np.float32)
    assert len(beat_places(odds, RATE)) <= 1


@pytest.mark.parametrize(("per_bar", "first"), [(4, 0), (4, 3), (3, 1), (3, 2), (5, 0)])
def test_bars_are_told_by_their_downbeats(per_bar: int, first: int) -> None:
    rng = np.random.default_rng(per_bar)
    downbeats = -1.5 + rng.standard_normal(42)
    downbeats[first::per_bar] += 4.0
    metre, firsts = bars_of(downbeats)
    assert metre == per_bar
    assert firsts == tuple(range(first, 42, per_bar))


def test_a_bar_that_is_cut_short_is_followed() -> None:
    downbeats = np.full(40, -3.0)
    downbeats[[0, 4, 8, 12, 16, 18, 22, 26, 30, 34, 38]] = 3.0
    assert bars_of(downbeats) == (4, (0, 4, 8, 12, 16, 18, 22, 26, 30, 34, 38))


def test_downbeat_odds_are_those_near_each_beat() -> None:
    odds = np.full(50, -3.0, dtype=np.float32)
    odds[11] = 2.0
    assert downbeat_odds(odds, np.array([10, 30])).tolist() == [2.0, -3.0]


def test_beats_of_three_parts_are_told_from_beats_of_two() -> None:
    beats = np.arange(0.0, 600.0, 60.0)
    for parts in (2, 3):
        onset = np.zeros(620, dtype=np.float32)
        onset[np.round(np.arange(0.0, 600.0, 60.0 / parts)).astype(int)] = 1.0
        assert is_ternary(onset, beats) == (parts == 3)
