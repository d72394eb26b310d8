# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of bars: whether their beginnings are found."""

from __future__ import annotations

from collections.abc import Sequence

from tests.benchmarks.continuereport.judge import mean
from tests.benchmarks.continuereport.tables import Outcome, compared

TITLE = "Bars"
GOAL = "none is set: F-measure of their beginnings (mir_eval, 70 ms)"


def text(outcomes: Sequence[Outcome]) -> str:
    """Return the table as Markdown."""
    return compared(outcomes, ("F-measure",), lambda some: (mean([one.bars for one in some]),), 3)
