# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of beats: whether they are found, and how exactly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tests.benchmarks.continuereport.judge import Judgement, mean
from tests.benchmarks.continuereport.tables import Outcome, compared

TITLE = "Beats"
GOAL = "F-measure ≥ 0.9 (mir_eval, 70 ms, from a piece's first beat to its end)"


def text(outcomes: Sequence[Outcome]) -> str:
    """Return the tables as Markdown."""
    found = compared(outcomes, ("F-measure",), lambda some: (mean([one.f_measure for one in some]),), 3)
    phase = compared(outcomes, ("median late, ms", "median off, ms", "95 % within, ms"), _phases, 1)
    return f"{found}\n\nOf the beats that match, how late they are, and how far off:\n\n{phase}"


def _phases(some: Sequence[Judgement]) -> Sequence[float]:
    off_ms = np.array([off for one in some for off in one.off_ms])
    if not off_ms.size:
        return (float("nan"),) * 3
    far_ms = np.abs(off_ms)
    return float(np.median(off_ms)), float(np.median(far_ms)), float(np.quantile(far_ms, 0.95))
