# SPDX-License-Identifier: GPL-3.0-or-later
"""Bars are told from the beats: how many make one, and on which it begins; one may be cut short where the music is."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt

from engine.values import FloatArray

DoubleArray = npt.NDArray[np.float64]

METRES = {4: 0.0, 3: -1.0, 2: -3.0, 6: -4.0, 5: -5.0}
"""How likely so many beats to a bar are before anything was heard, as logarithms."""
SHORT_BAR_COST = 7.0
"""Cost, as a logarithm, of a bar that begins before the one before is whole."""
_MOST_ODDS = 4.0
_NEAR = 2  # frames by which the two outputs of the network may differ about where a beat is


def downbeat_odds(odds: FloatArray, places: npt.NDArray[np.intp]) -> DoubleArray:
    """Return the log odds of a downbeat at each beat, from those of each frame ``(n_frames,)``."""
    near = np.clip(places[:, None] + np.arange(-_NEAR, _NEAR + 1), 0, len(odds) - 1)
    best: DoubleArray = odds[near].max(axis=1).astype(np.float64)
    return np.clip(best, -_MOST_ODDS, _MOST_ODDS)


def bars_of(downbeats: DoubleArray) -> tuple[int, tuple[int, ...]]:
    """Return how many beats make a bar, and which beats begin one, from the log odds of a downbeat at each beat."""
    fits = [(prior, metre, _fit(downbeats, metre)) for metre, prior in METRES.items()]
    _, metre, (_, firsts) = max(fits, key=lambda one: one[0] + one[2][0])
    return metre, firsts


def _fit(downbeats: DoubleArray, metre: int) -> tuple[float, tuple[int, ...]]:
    """Return how well bars of so many beats fit at best, and where they begin then."""
    n = len(downbeats)
    sides = np.full((metre, 1), -0.5)
    sides[0] = 0.5
    fits = sides * downbeats  # (metre, n)
    total = fits[:, 0].copy()
    came = np.zeros((n, metre), dtype=np.intp)
    for beat in range(1, n):
        before = np.roll(total, 1)
        came[beat] = np.roll(np.arange(metre), 1)
        cut = int(total[:-1].argmax()) if metre > 1 else 0
        if total[cut] - SHORT_BAR_COST > before[0]:
            before[0], came[beat, 0] = total[cut] - SHORT_BAR_COST, cut
        total = before + fits[:, beat]
    position = int(total.argmax())
    worth = float(total[position])
    firsts = []
    for beat in range(n - 1, -1, -1):
        if position == 0:
            firsts.append(beat)
        position = int(came[beat, position])
    return worth, tuple(firsts[::-1])


def is_ternary(onset: FloatArray, beats: DoubleArray) -> bool:
    """Return whether beats fall into three parts rather than two; ``beats`` are frames of the onset envelope."""
    thirds = halves = 0.0
    for one, after in itertools.pairwise(beats):
        at = one + (after - one) * np.array([1.0 / 3.0, 0.5, 2.0 / 3.0])
        first, middle, last = np.interp(at, np.arange(len(onset)), onset)
        thirds += 0.5 * float(first + last)
        halves += float(middle)
    return thirds > 1.3 * halves
