# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of keys: how right they are as MIREX weighs it, and how many are wholly right."""

from __future__ import annotations

from collections.abc import Sequence

from tests.benchmarks.continuereport.judge import Judgement, mean
from tests.benchmarks.continuereport.tables import Outcome, compared

TITLE = "Key"
GOAL = "weighted score ≥ 0.9 (mir_eval, as MIREX weighs fifths, relatives and parallels)"


def text(outcomes: Sequence[Outcome]) -> str:
    """Return the table as Markdown."""
    return compared(outcomes, ("score", "wholly right"), _figures, 3)


def _figures(some: Sequence[Judgement]) -> Sequence[float]:
    return mean([one.key for one in some]), mean([float(one.key == 1.0) for one in some])
