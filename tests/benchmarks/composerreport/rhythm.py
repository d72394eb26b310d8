# SPDX-License-Identifier: GPL-3.0-or-later
"""Rhythm on the notes: how alike the drums' bars are, and whether a player who is late stays late for a while."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt

from tests.benchmarks.composerreport.notes import Stroke

_NEAR_STEPS = 0.25
_LEAST_HITS = 3
_LEAST_PAIRS = 12
_LEAST_SPREAD_S = 2e-4


def bar_likeness(strokes: tuple[Stroke, ...], bar_s: float, n_bars: int, steps_per_bar: int = 16) -> float:
    """Return the mean Jaccard index of the drums' bars, each with the one before; NaN without two bars of drums."""
    bars: list[set[tuple[str, int]]] = [set() for _ in range(n_bars)]
    for one in strokes:
        step = round(one.at_s / bar_s * steps_per_bar) % (n_bars * steps_per_bar)
        bars[step // steps_per_bar].add((one.piece, step % steps_per_bar))
    likeness = [len(before & now) / len(before | now) for before, now in itertools.pairwise(bars) if before and now]
    return float(np.mean(likeness)) if likeness else float("nan")


def timing_memory(strokes: tuple[Stroke, ...], bar_s: float, steps_per_bar: int = 16) -> float:
    """Return the correlation of the drums' deviations in time with those one step before; NaN where there are none.

    A deviation is from the mean place of the same piece at the same place in the bar, in all bars: what a style does in
    each bar alike (swing, a late snare) is none. Pieces struck together are one.
    """
    residuals: list[tuple[float, float]] = []
    step_s = bar_s / steps_per_bar
    for piece in sorted({one.piece for one in strokes}):
        times = np.array([one.at_s for one in strokes if one.piece == piece])
        for group in _gathered(times % bar_s, _NEAR_STEPS * step_s):
            if group.size >= _LEAST_HITS:
                places = times[group] % bar_s
                residuals += [(float(at), float(r)) for at, r in zip(times[group], places - places.mean(), strict=True)]
    if len(residuals) < _LEAST_PAIRS:
        return float("nan")
    at, deviation = (np.array(values) for values in zip(*residuals, strict=True))
    together = [deviation[group].mean() for group in _gathered(at, _NEAR_STEPS * step_s)]
    if len(together) < _LEAST_PAIRS or np.std(together) < _LEAST_SPREAD_S:
        return float("nan")
    return float(np.corrcoef(together[:-1], together[1:])[0, 1])


def _gathered(values: npt.NDArray[np.float64], gap: float) -> list[npt.NDArray[np.intp]]:
    """Return the indices of values that lie together, in rising order: a new group begins after each gap."""
    order = np.argsort(values, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(values[order]) > gap) + 1)
