# SPDX-License-Identifier: GPL-3.0-or-later
"""Musical worth: what a listener gets of a loop that holds, and the order that joins it with how sure the loop is.

A confidence says whether a region loops, not whether anybody wants to hear it for long: a bar and the phrase of four
such bars loop equally surely. ``LoopCandidate.score`` stays the confidence; candidates are listed by ``total``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from engine.dsp.rhythm import DEFAULT_BEATS_PER_BAR, Rhythm
from engine.units import ms_to_samples
from engine.values import Algorithm, LoopCandidate, LoopOrigin, LoopRegion

TIRES_S = 8.0
"""A loop of this length tires a listener a third as soon as one of no length would, seconds."""

LEAST_FACTOR = 0.8
"""What a loop of no worth counts, beside one that is all of the music."""

COST_IF_WRONG = 3.0
"""What a listener loses by a loop that is none, over what is gained by one."""

SURE = {Algorithm.ADVANCED: (0.2, 1.4), Algorithm.CLASSIC: (0.6, 0.5)}
"""The score from which on a loop is sure enough, and by how much more for each unit of worth it has less than
``WELCOME``. A spectral similarity of two thirds is found in most music that does not loop."""

WELCOME = 0.6
"""Worth from which on a loop tires nobody soon: seven seconds, or a phrase of as long."""

SURER_IF_HEARD = 0.25
"""So much surer must be a loop whose seam will be noticed."""

GRID_TOLERANCE_MS = 20.0
"""A length this far from a whole number of bars still is one: what is played anew is never quite in time."""

_LASTS, _KEEPS, _PHRASES = 0.65, 0.15, 0.20
_PHRASE_BARS = 4
_SHORT_PHRASES = {1: 1.0, 2: 1.0, 3: 0.4, 6: 0.4}
_LESS_USUAL, _NO_BARS = 0.9, 0.2


def promising(promise: float, worth: float) -> float:
    """A first promise, in [0, 1], weighed with the worth of what it promises."""
    return promise * (LEAST_FACTOR + (1.0 - LEAST_FACTOR) * worth)


def total(score: float, worth: float) -> float:
    """What candidates are ranked by, at most 1: what a listener gains on average, with loops of this score and worth.

    So of loops about equally sure the one of greater worth comes first, and else the surer.
    """
    return promising(score, worth) - COST_IF_WRONG * (1.0 - score)


@dataclass(frozen=True, slots=True)
class Ranking:
    """The order of the candidates of one clip.

    Attributes
    ----------
    n_samples, sample_rate
        Of the clip.
    rhythm
        Its pulse, or None.
    """

    n_samples: int
    sample_rate: int
    rhythm: Rhythm | None
    algorithm: Algorithm = Algorithm.ADVANCED

    def worth(self, region: LoopRegion) -> float:
        """What a loop is worth to a listener if it holds, in [0, 1].

        Most of it is how long it lasts, for the shorter it is the sooner it tires; some, what part of the clip it
        keeps; and whether it is a phrase. Phrases are 1, 2, 4, 8, 16, … bars, or three or five of four bars; other
        whole bars or beats are parts of phrases. What lasts no whole beats is judged by its length alone.
        """
        length_s = region.n_samples / self.sample_rate
        lasts, keeps = -math.expm1(-length_s / TIRES_S), region.n_samples / self.n_samples
        return _LASTS * lasts + _KEEPS * keeps + _PHRASES * self._phrase(region)

    def _phrase(self, region: LoopRegion) -> float:
        rhythm = self.rhythm
        if rhythm is None:
            return 1.0
        n_beats = round(region.n_samples / rhythm.beat_samples)
        off = abs(region.n_samples - n_beats * rhythm.beat_samples)
        if n_beats == 0 or off > ms_to_samples(GRID_TOLERANCE_MS, self.sample_rate):
            return 1.0
        # A metre that is not the usual one may be misheard: phrases of the usual one count too.
        return max(_phrase_of(n_beats, metre) for metre in {rhythm.beats_per_bar, DEFAULT_BEATS_PER_BAR})

    def holds(self, candidate: LoopCandidate) -> bool:
        """Whether a loop is sure enough to be repeated for ever: the less it is worth, the surer it must be."""
        least, if_short = SURE[self.algorithm]
        needs = least + if_short * max(0.0, WELCOME - self.worth(candidate.region))
        if candidate.weak:
            needs += SURER_IF_HEARD
        return candidate.overlap_ms is None and candidate.score >= needs

    def place(self, candidate: LoopCandidate) -> tuple[int, float]:
        """By what candidates are sorted, highest first: what holds, the clip played through, then what does not hold.

        What somebody marked in the file goes before the clip played through: it is a loop to somebody.
        """
        if self.holds(candidate):
            standing = 3
        elif candidate.origin is LoopOrigin.TAG:
            standing = 2
        else:
            standing = 0 if candidate.overlap_ms is None else 1
        return standing, total(candidate.score, self.worth(candidate.region))


def _phrase_of(n_beats: int, beats_per_bar: int) -> float:
    if n_beats % beats_per_bar:
        return _NO_BARS
    bars = n_beats // beats_per_bar
    if bars in _SHORT_PHRASES:
        return _SHORT_PHRASES[bars]
    if bars % _PHRASE_BARS:
        return 0.0
    return 1.0 if bars & (bars - 1) == 0 else _LESS_USUAL
