# SPDX-License-Identifier: GPL-3.0-or-later
"""Calibration says whether a score means what it says: of the loops scored 0.9, nine in ten should be right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

EDGES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True, slots=True)
class Bin:
    """The loops scored in ``[low, high)``, the last bin's ``high`` included.

    Attributes
    ----------
    mean_score, right
        Mean score and share that is right, in [0, 1].
    """

    low: float
    high: float
    n: int
    mean_score: float
    right: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Calibration holds scores against the truth.

    Attributes
    ----------
    bins
        Those that hold any loop.
    expected_error
        Expected calibration error: mean over all loops of what their bin's mean score is off its share right
        (Naeini, Cooper and Hauskrecht 2015).
    brier
        Mean squared difference of score and truth (Brier 1950); 0 is best.
    brier_of_share
        What always answering the overall share right would get: ``p (1 - p)``.
    """

    n: int
    bins: tuple[Bin, ...]
    expected_error: float
    brier: float
    brier_of_share: float


def calibration(
    scores: Sequence[float] | npt.NDArray[np.float64], right: Sequence[float] | npt.NDArray[np.float64]
) -> Calibration:
    """Hold ``scores`` in [0, 1] against ``right`` (1 or 0 each), two sequences of one length, not empty."""
    said, truth = np.asarray(scores, dtype=np.float64), np.asarray(right, dtype=np.float64)
    if said.size == 0 or said.shape != truth.shape:
        raise ValueError(f"scores and truths must be as many, and some: {said.shape} and {truth.shape}")
    which = np.clip(np.searchsorted(EDGES, said, side="right") - 1, 0, len(EDGES) - 2)
    bins = []
    for index in range(len(EDGES) - 1):
        inside = which == index
        if inside.any():
            mean, share = float(said[inside].mean()), float(truth[inside].mean())
            bins.append(Bin(EDGES[index], EDGES[index + 1], int(inside.sum()), mean, share))
    error = sum(one.n * abs(one.mean_score - one.right) for one in bins) / said.size
    overall = float(truth.mean())
    brier = float(np.mean(np.square(said - truth)))
    return Calibration(int(said.size), tuple(bins), error, brier, overall * (1.0 - overall))


def table(found: Calibration) -> str:
    """Return a Markdown table of the bins and a line of the totals."""
    lines = ["| score | loops | mean score | right |", "|---|---|---|---|"]
    lines += [
        f"| {one.low:.1f}–{one.high:.1f} | {one.n} | {one.mean_score:.2f} | {one.right:.2f} |" for one in found.bins
    ]
    lines += [
        "",
        f"{found.n} loops: expected calibration error {found.expected_error:.3f}, Brier score {found.brier:.3f} "
        f"(always answering the overall share right: {found.brier_of_share:.3f}).",
    ]
    return "\n".join(lines)
