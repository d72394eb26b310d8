# SPDX-License-Identifier: GPL-3.0-or-later
"""This module judges whether a clip is worse than usual, and whether there is time to make it again."""

from __future__ import annotations

import statistics
from collections.abc import Iterable

from engine.values import LoopCandidate, MusicInHand, Recipe

FEWEST_TAKES, MOST_TAKES = 5, 50
"""Least and largest number of a generator's newest takes that tell what is usual."""
WORSE_BY = 0.15
"""Difference in score below the usual one from which on a clip is worse than usual."""
TIMES_IN_HAND = 2.0
"""A clip is made again only while the music in hand lasts this many times as long as making a loop takes."""


def usual_score(recipes: Iterable[Recipe], generator: str) -> float | None:
    """Return the median score of the loops that this generator made last; None where there are too few.

    Parameters
    ----------
    recipes
        Newest first.
    """
    scores = [one.loop.score for one in recipes if one.generator == generator][:MOST_TAKES]
    return statistics.median(scores) if len(scores) >= FEWEST_TAKES else None


def is_worse(candidate: LoopCandidate, usual: float | None) -> bool:
    """Return whether a clip's loop is worse than usual; while that is not known, whether it is weak."""
    return candidate.weak if usual is None else candidate.score < usual - WORSE_BY


def is_time_to_make_again(hand: MusicInHand) -> bool:
    """Return whether the music in hand lasts long enough to make one more loop for its quality alone."""
    return hand.making_s is not None and hand.prepared_s >= TIMES_IN_HAND * hand.making_s
