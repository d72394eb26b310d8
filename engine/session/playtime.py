# SPDX-License-Identifier: GPL-3.0-or-later
"""This module says how long a loop plays before the next one may lead: one that loops well plays longer."""

from __future__ import annotations

from engine.values import LoopCandidate

MOST_TURNS_THROUGH = 2
"""Number of times that a clip that is played through plays at most, where another one is ready."""
WEAK_SHARE = 0.5
"""Share of the minimum play time after which a weak loop makes way."""
BEFORE_END = 0.5
"""Share of its last turn after which a clip that is played through lets the next one wait for its end."""


def turns_through(turn_s: float, min_play_s: float) -> int:
    """Return how many whole turns a clip that is played through makes: as the minimum play time holds, once or twice.

    Parameters
    ----------
    turn_s
        How long one turn is, seconds.
    """
    return min(max(int(min_play_s / turn_s + 1e-9), 1), MOST_TURNS_THROUGH)


def least_play_s(candidate: LoopCandidate, turn_s: float, min_play_s: float) -> float:
    """Return for how many seconds a loop plays at least.

    Parameters
    ----------
    turn_s
        How long one turn of it is, seconds.
    min_play_s
        The minimum play time of a loop that loops well, seconds.
    """
    if candidate.played_through:
        return turns_through(turn_s, min_play_s) * turn_s
    return min_play_s * WEAK_SHARE if candidate.weak else min_play_s


def yields_after_s(candidate: LoopCandidate, turn_s: float, min_play_s: float) -> float:
    """Return after how many seconds the next loop may be told to take over, at the place that the person's rule says.

    A clip that is played through gives way at its end, for which the next one waits from the middle of the last turn.
    """
    least_s = least_play_s(candidate, turn_s, min_play_s)
    return least_s - BEFORE_END * turn_s if candidate.played_through else least_s


def may_yield(candidate: LoopCandidate, turn_s: float, min_play_s: float, played_s: float) -> bool:
    """Return whether that time is over."""
    return played_s >= yields_after_s(candidate, turn_s, min_play_s)
