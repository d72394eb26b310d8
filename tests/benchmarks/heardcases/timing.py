# SPDX-License-Identifier: GPL-3.0-or-later
"""Timing says when beats fall: the tempo is steady, drifts, breathes or steps, and the halves of a beat may swing."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

import numpy as np

from tests.benchmarks.heardcases.pieces import TempoKind
from tests.benchmarks.loopcases.cases import DoubleArray

LEAST_CHANGE, MOST_CHANGE = 0.02, 0.12
"""By how much of the tempo it drifts; of this a step makes, and breath moves to either side, three fifths."""
JITTERS = (0.0, 0.0, 0.006, 0.012)
"""Standard deviations of beats' lengths, as parts of them, one of which a piece has that is not steady."""

_PART = 0.6
_PHRASE_BARS = 4


def moved_beats(kind: TempoKind, n_beats: int, per_bar: int, bpm: float, rng: random.Random) -> DoubleArray:
    """Return when the beats begin, and the last one ends, seconds from the first: shape ``(n_beats + 1,)``."""
    beats = np.arange(n_beats)
    change, way = rng.uniform(LEAST_CHANGE, MOST_CHANGE), rng.choice((-1, 1))
    phase, step, jitter = rng.uniform(0.0, 2.0 * math.pi), rng.randrange(n_beats), rng.choice(JITTERS)
    lengths = np.ones(n_beats)
    if kind == "drift":
        lengths += way * change * (beats / n_beats - 0.5)
    elif kind == "rubato":
        lengths += _PART * change * np.sin(2.0 * math.pi * beats / (per_bar * _PHRASE_BARS) + phase)
    elif kind == "step":
        lengths += way * _PART * change * (beats > step)
    if kind != "steady":
        lengths *= [1.0 + jitter * rng.gauss(0.0, 1.0) for _ in range(n_beats)]
    return np.concatenate([[0.0], np.cumsum(lengths * 60.0 / bpm)])


@dataclass(frozen=True, eq=False, slots=True)
class Timing:
    """Timing turns places in beats into seconds.

    Attributes
    ----------
    knots_s
        When each beat begins, and the last one ends.
    swing
        Where within a beat its second half falls: 0.5 is straight.
    """

    knots_s: DoubleArray
    swing: float = 0.5

    def at_s(self, beat: float) -> float:
        """Return when a place between the first beat and the end falls."""
        whole = math.floor(beat)
        part = beat - whole
        if self.swing != 0.5:
            part = float(np.interp(part, [0.0, 0.5, 1.0], [0.0, self.swing, 1.0]))
        return float(np.interp(whole + part, np.arange(len(self.knots_s)), self.knots_s))
