# SPDX-License-Identifier: GPL-3.0-or-later
"""This module tells which loops of one sound contradict one another.

Music that comes again after one time comes again after two, three, … such times, and after no other: of two lengths of
which neither is whole turns of the other, nor both of a third, at most one is right. So what is said for a surer loop
speaks against those that are not whole turns of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

TOLERANCE_S = 0.020
"""Seconds by which a length may be off whole turns of another: what is played anew is never quite in time."""

EXACT = 0.5
"""Coherence (``Evidence.exact``) from which on the waves themselves come again."""

LIKEWISE = 0.5
"""Share of that coherence which must hold after several turns as well: noise is as alike after any time."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim says that a sound comes again after ``length_s`` seconds.

    Attributes
    ----------
    score, exact
        How likely that is, and how exactly it does (``Evidence.exact``), both in [0, 1].
    beat_s
        Of the whole of a sound that is heard to go round: its beat. Whatever lasts whole beats has a place in its form.
    in_bars
        Whether it lasts whole bars of the music.
    told
        Whether somebody said so: then nothing that is heard contradicts it.
    """

    length_s: float
    score: float
    exact: float
    beat_s: float | None = None
    in_bars: bool = False
    told: bool = False

    def agrees(self, surer: Claim) -> bool:
        """Return whether this claim may be right where ``surer`` is: whole turns of it, and as exact a repeat."""
        if self.told or (self.beat_s is not None and _is_turns(surer.length_s, self.beat_s)):
            return True
        if not _is_turns(self.length_s, surer.length_s):
            return False
        return surer.exact < EXACT or self.exact >= LIKEWISE * surer.exact


def strongest(claim: Claim, others: Sequence[Claim], margin: float = 0.0) -> float:
    """Return the score of the surest claim that contradicts this one and is surer by more than ``margin``; 0 for none.

    Within the margin, too, where the waves come again after its length and not after this one's, which is no whole
    bars: of music that is made of a few recorded sounds every beat comes again in part, its true repeats as a whole.
    Two that are whole turns of a third, surer than this one, do not contradict one another: six bars and eight of music
    that comes again after every two.
    """
    surer = [other for other in others if other.score > claim.score]
    turns = [other for other in surer if claim.agrees(other)]
    return max(
        (
            other.score
            for other in surer
            if (other.score > claim.score + margin or (other.exact >= EXACT > claim.exact and not claim.in_bars))
            and other not in turns
            and not any(other.agrees(turn) for turn in turns)
        ),
        default=0.0,
    )


def _is_turns(length_s: float, turn_s: float) -> bool:
    n_turns = round(length_s / turn_s)
    return n_turns >= 1 and abs(length_s - n_turns * turn_s) <= TOLERANCE_S
