# SPDX-License-Identifier: GPL-3.0-or-later
"""Votes of listeners move the weights of moods, within limits."""

from __future__ import annotations

from collections.abc import Mapping

STEP = 1.1
"""Factor by which a vote moves a mood's weight."""
MOST = 4.0
"""Factor by which votes move a weight at most, up or down."""
MOST_MOODS = 1000
"""Number of moods whose votes are kept."""


class Votes:
    """Votes are kept as a factor for each mood, by title.

    Parameters
    ----------
    factors
        As they were kept; what cannot be one is left out.
    """

    def __init__(self, factors: Mapping[str, object] | None = None) -> None:
        self._factors: dict[str, float] = {}
        for title, value in (factors or {}).items():
            if isinstance(value, int | float) and 1.0 / MOST <= value <= MOST:
                self._factors[title] = float(value)

    @property
    def factors(self) -> dict[str, float]:
        """Return all factors that are not 1."""
        return dict(self._factors)

    def factor(self, title: str) -> float:
        """Return by what a mood's weight is multiplied."""
        return self._factors.get(title, 1.0)

    def cast(self, title: str, *, is_more: bool) -> None:
        """Count a vote."""
        before = self._factors.pop(title, 1.0)
        self._factors[title] = min(max(before * STEP if is_more else before / STEP, 1.0 / MOST), MOST)
        while len(self._factors) > MOST_MOODS:
            del self._factors[next(iter(self._factors))]
