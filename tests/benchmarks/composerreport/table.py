# SPDX-License-Identifier: GPL-3.0-or-later
"""A line of the report says what was measured, what it should be, what it is, and what it is of other music."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the report's table."""

    what: str
    goal: str
    measured: str
    reference: str = "–"


def table(lines: Iterable[Line]) -> str:
    """Return the lines as a Markdown table."""
    head = ["| what | goal | measured | reference, same run |", "|---|---|---|---|"]
    return "\n".join([*head, *(f"| {one.what} | {one.goal} | {one.measured} | {one.reference} |" for one in lines)])


def share(values: Iterable[bool]) -> str:
    """Return how many are so, as “44 of 45 = 98 %”; “–” of none."""
    some = list(values)
    return f"{sum(some)} of {len(some)} = {100 * sum(some) / len(some):.0f} %" if some else "–"


def median(values: Iterable[float]) -> float:
    """Return the median of what is a number, or NaN."""
    some = [value for value in values if np.isfinite(value)]
    return float(np.median(some)) if some else float("nan")


def figure(value: float, digits: int = 1, unit: str = "") -> str:
    """Return a figure in words; “–” where there is none."""
    if not np.isfinite(value):
        return "–"
    return f"{value:.{digits}f}{' ' if unit else ''}{unit}".replace("-", "−")
