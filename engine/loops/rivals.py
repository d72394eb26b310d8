# SPDX-License-Identifier: GPL-3.0-or-later
"""Which loops of one sound contradict one another.

Music that comes again after one time comes again after two, three, … such times, and after no other: of two lengths of
which neither is whole turns of the other, at most one is right. So what is said for a surer loop speaks against those
that are not whole turns of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

TOLERANCE_S = 0.020
"""A length this far from whole turns of another still is that: what is played anew is never quite in time, seconds."""

EXACT = 0.5
"""Coherence (``Evidence.exact``) from which on it is the waves that come again …"""

LIKEWISE = 0.5
"""… and so they do after several turns, at this part of it at least: noise is as alike after any time."""


@dataclass(frozen=True, slots=True)
class Claim:
    """That a sound comes again after ``length_s`` seconds: how likely that is, in [0, 1], and how exactly it does."""

    length_s: float
    score: float
    exact: float

    def agrees(self, surer: Claim) -> bool:
        """Whether this may be right where ``surer`` is: it is whole turns of it, and comes again as exactly."""
        n_turns = round(self.length_s / surer.length_s)
        if n_turns < 1 or abs(self.length_s - n_turns * surer.length_s) > TOLERANCE_S:
            return False
        return surer.exact < EXACT or self.exact >= LIKEWISE * surer.exact


def strongest(claim: Claim, others: Sequence[Claim], margin: float = 0.0) -> float:
    """Score of the surest claim that contradicts this one and is surer by more than ``margin``; 0 where none does."""
    return max(
        (other.score for other in others if other.score > claim.score + margin and not claim.agrees(other)), default=0.0
    )
