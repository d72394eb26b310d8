# SPDX-License-Identifier: GPL-3.0-or-later
"""The rotation takes one mood after another, each as often as its weight says, and none twice in a row."""

from __future__ import annotations

import random
from collections.abc import Mapping

UNRULY = 0.5
"""Turns by which a seeded rotation's order strays from the plain one, at most."""


class Rotation:
    """A rotation owes each mood its share of the turns, and takes the one that it owes most.

    Parameters
    ----------
    seed
        Of what its order strays by; None: it does not, and equal weights come in their order.
    """

    def __init__(self, seed: int | None) -> None:
        self._chance = None if seed is None else random.Random(seed)
        self._owed: dict[str, float] = {}

    def take(self, weights: Mapping[str, float], last: str) -> str:
        """Return the mood that comes next among these, by title: not ``last`` where there is another."""
        total = sum(weights.values())
        for title, weight in weights.items():
            # A turn at most is kept for later, or taken in advance: weights that change are soon felt.
            self._owed[title] = min(max(self._owed.get(title, 0.0), -1.0) + weight / total, 1.0)
        others = [title for title in weights if title != last] or list(weights)
        taken = max(others, key=lambda title: round(self._owed[title] + self._stray(), 9))
        self._owed[taken] -= 1.0
        return taken

    def _stray(self) -> float:
        return 0.0 if self._chance is None else UNRULY * self._chance.random()
