# SPDX-License-Identifier: GPL-3.0-or-later
"""A row of a benchmark is a figure and, from the same run, the reference it is held against."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BenchRow:
    """One line of the benchmark table.

    Attributes
    ----------
    figure, unit
        What was measured.
    reference, reference_figure
        A peer or a physical limit measured (or known) in the same run, in the same unit.
    bound
        What the figure should be, in words ("<= 3 ms").
    """

    name: str
    figure: float
    unit: str
    reference: str
    reference_figure: float
    bound: str
