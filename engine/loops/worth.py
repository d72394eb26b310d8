# SPDX-License-Identifier: GPL-3.0-or-later
"""Musical worth is what a listener gets of a loop that holds; the ranking joins it with how sure the loop is.

A confidence says whether a region loops, not whether anybody wants to hear it for long: a bar and the phrase of four
such bars loop equally surely. ``LoopCandidate.score`` stays the confidence; candidates are listed by what a listener
gains of them on average, and the clip played through is weighed on the same scale.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from engine.dsp.rhythm import DEFAULT_BEATS_PER_BAR, GRID_TOLERANCE_MS, Rhythm
from engine.loops.metrics import total
from engine.loops.rivals import EXACT, TOLERANCE_S, Claim, strongest
from engine.loops.turns import Turns
from engine.units import ms_to_samples
from engine.values import Algorithm, LoopCandidate, LoopOrigin, LoopRegion

TIRES_S = 8.0
"""Length in seconds of a loop that tires a listener a third as soon as one of no length would."""

LEAST_FACTOR = 0.8
"""Factor on a proposal's promise where its loop is worth nothing; it is 1 where the loop is all of the music."""

COST_IF_WRONG, COST_FADES_S = 2.0, 4.0
"""Cost of a wrong loop of no length, over what all of the music is worth, and seconds until it falls to a third.

The longer a wrong loop is, the more seldom it jumps.
"""

SURER_IF_HEARD = 0.1
"""Confidence taken from a loop whose seam will be noticed."""

ABOUT = 0.05
"""Difference of scores within which two loops are about equally sure."""

CONTRADICTED = 0.9
"""Share that a sure loop takes, in the order, from a less sure one that it contradicts."""

HALF_WAY = 0.5
"""Share taken, in the order, from a loop that ends half way between two turns and is not exact to the wave.

Half a phrase may be nearly like the other half: the two moments that the seam joins do not tell, all turns do.
"""

THROUGH = 0.56
"""Gain of the clip played through, over that of a sure loop worth as much.

Its music jumps at the seam, but the crossfade hides it, and it is worth as much more as it jumps less.
"""

NO_JOIN, GOOD_JOIN = 0.2, 0.6
"""Totals of the metrics from which on a clip played through is worth anything, and worth all of it."""

CLASSIC_UNSURE, CLASSIC_SURE = 0.6, 0.95
"""Spectral similarities that stand for no confidence and for full confidence in the classic algorithm.

In most music that does not loop there is one of two thirds.
"""

_LASTS, _KEEPS, _PHRASES = 0.65, 0.15, 0.20
_PHRASE_BARS = 4
_SHORT_PHRASES = {1: 1.0, 2: 1.0, 3: 0.4, 6: 0.4}
_LESS_USUAL, _NO_BARS = 0.9, 0.2


def promising(promise: float, worth: float) -> float:
    """Return a proposal's promise, in [0, 1], weighed with the worth of what it promises."""
    return promise * (LEAST_FACTOR + (1.0 - LEAST_FACTOR) * worth)


def gain(score: float, worth: float, length_s: float) -> float:
    """Return a listener's average gain, at most 1, from loops of this score, worth and length; below 0 it is a loss.

    So of loops about equally sure the one of greater worth comes first, and of very unequal ones the surer.
    """
    return score * worth - (1.0 - score) * COST_IF_WRONG * math.exp(-length_s / COST_FADES_S)


@dataclass(frozen=True, slots=True)
class Ranking:
    """A ranking orders the candidates of one clip.

    Attributes
    ----------
    n_samples, sample_rate
        Of the clip.
    rhythm
        Its pulse, or None.
    claims
        What is said for all the loops that are ranked, in any order: a sure one speaks against those it contradicts.
    through
        What the clip played through gives, if it is weighed at all: loops that give less come after it.
    turns
        After what time all of the clip comes again, or None.
    """

    n_samples: int
    sample_rate: int
    rhythm: Rhythm | None
    algorithm: Algorithm = Algorithm.ADVANCED
    claims: tuple[Claim, ...] = ()
    through: float = -math.inf
    turns: Turns | None = None

    def worth(self, region: LoopRegion) -> float:
        """Return what a loop is worth to a listener if it holds, in [0, 1].

        Most of it is how long it lasts, for the shorter it is the sooner it tires; some, what part of the clip it
        keeps; and whether it is a phrase. Phrases are 1, 2, 4, 8, 16, … bars, or three or five of four bars, or 1, 2,
        4, … turns of all that comes again, however many bars these are heard as; other whole bars or beats are parts of
        phrases. What lasts no whole beats is judged by its length alone.
        """
        length_s = region.n_samples / self.sample_rate
        lasts, keeps = -math.expm1(-length_s / TIRES_S), region.n_samples / self.n_samples
        return _LASTS * lasts + _KEEPS * keeps + _PHRASES * self._phrase(region)

    def _phrase(self, region: LoopRegion) -> float:
        rhythm, turns = self.rhythm, self.turns
        if rhythm is None:
            return 1.0
        tolerance = ms_to_samples(GRID_TOLERANCE_MS, self.sample_rate)
        n_beats = round(region.n_samples / rhythm.beat_samples)
        if n_beats == 0 or abs(region.n_samples - n_beats * rhythm.beat_samples) > tolerance:
            return 1.0
        # A metre that is not the usual one may be misheard: phrases of the usual one count too.
        of_beats = max(_phrase_of(n_beats, metre) for metre in {rhythm.beats_per_bar, DEFAULT_BEATS_PER_BAR})
        if turns is None or turns.off(region.n_samples) > tolerance:
            return of_beats
        n_turns = round(region.n_samples / turns.period)
        return max(of_beats, _LESS_USUAL) if n_turns & (n_turns - 1) == 0 else of_beats

    def gives(self, candidate: LoopCandidate) -> float:
        """Return what a listener gains from a candidate, at most 1: a loop on average, a clip played through surely."""
        worth = self.worth(candidate.region)
        if candidate.overlap_ms is not None:
            join = (total(candidate.metrics) - NO_JOIN) / (GOOD_JOIN - NO_JOIN)
            return THROUGH * worth * min(1.0, max(0.0, join))
        length_s = candidate.region.n_samples / self.sample_rate
        sure = candidate.score
        if self.algorithm is Algorithm.CLASSIC:
            sure = min(1.0, max(0.0, (sure - CLASSIC_UNSURE) / (CLASSIC_SURE - CLASSIC_UNSURE)))
        else:
            claim = next((one for one in self.claims if one.length_s == length_s and one.score == sure), None)
            if claim is not None:
                sure *= 1.0 - CONTRADICTED * strongest(claim, self.claims, ABOUT)
            is_exact = claim is not None and claim.exact >= EXACT
            if not is_exact and self._ends_half_way(candidate):
                sure *= 1.0 - HALF_WAY
        return gain(max(0.0, sure - SURER_IF_HEARD * candidate.weak), worth, length_s)

    def _ends_half_way(self, candidate: LoopCandidate) -> bool:
        """Return whether a loop, found in music all of which comes again, ends half way between two of its turns."""
        if self.turns is None or candidate.origin is not LoopOrigin.FOUND:
            return False
        halves = 2.0 * candidate.region.n_samples / self.turns.period
        off_s = abs(halves - round(halves)) * self.turns.period / 2.0 / self.sample_rate
        return round(halves) % 2 == 1 and off_s <= TOLERANCE_S

    def place(self, candidate: LoopCandidate) -> tuple[int, float]:
        """Return a candidate's sort key, highest first: loops that give enough, the clip played through, other loops.

        What somebody marked in the file goes before the clip played through: it is a loop to somebody.
        """
        gives = self.gives(candidate)
        if candidate.overlap_ms is not None:
            standing = 1
        elif gives >= self.through:
            standing = 3
        else:
            standing = 2 if candidate.origin is LoopOrigin.TAG else 0
        return standing, gives


def _phrase_of(n_beats: int, beats_per_bar: int) -> float:
    if n_beats % beats_per_bar:
        return _NO_BARS
    bars = n_beats // beats_per_bar
    if bars in _SHORT_PHRASES:
        return _SHORT_PHRASES[bars]
    if bars % _PHRASE_BARS:
        return 0.0
    return 1.0 if bars & (bars - 1) == 0 else _LESS_USUAL
