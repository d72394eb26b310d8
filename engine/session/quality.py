# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a clip is worse than usual, and whether there is time to make it again."""

from __future__ import annotations

import statistics
from collections.abc import Iterable

from engine.values import LoopCandidate, MusicInHand, Recipe

FEWEST_TAKES, MOST_TAKES = 5, 50
"""How many takes of a generator tell what is usual, the newest of them."""
WORSE_BY = 0.15
"""How far a score lies below the usual one to be worse."""
TIMES_IN_HAND = 2.0
"""A clip is made again only while the music in hand lasts so many times as long as making a loop takes."""


def usual_score(recipes: Iterable[Recipe], generator: str) -> float | None:
    """The median score of the loops that this generator made last; None of too few.

    Parameters
    ----------
    recipes
        Newest first.
    """
    scores = [one.loop.score for one in recipes if one.generator == generator][:MOST_TAKES]
    return statistics.median(scores) if len(scores) >= FEWEST_TAKES else None


def is_worse(candidate: LoopCandidate, usual: float | None) -> bool:
    """Whether a clip's loop is worse than usual; while that is not known, whether it is weak."""
    return candidate.weak if usual is None else candidate.score < usual - WORSE_BY


def is_time_to_make_again(hand: MusicInHand) -> bool:
    """Whether the music in hand outlasts making a loop by so much that one more may be made for its quality alone."""
    return hand.making_s is not None and hand.prepared_s >= TIMES_IN_HAND * hand.making_s
