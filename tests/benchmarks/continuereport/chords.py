# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of chords: for how much of the time the major or minor triad is right."""

from __future__ import annotations

from collections.abc import Sequence

from tests.benchmarks.continuereport.judge import weighted_chords
from tests.benchmarks.continuereport.tables import Outcome, compared

TITLE = "Chords"
GOAL = "≥ 0.75 of the seconds (mir_eval's majmin, as MIREX weighs it)"


def text(outcomes: Sequence[Outcome]) -> str:
    """Return the table as Markdown."""
    return compared(outcomes, ("right",), lambda some: (weighted_chords(some),), 3)
