# SPDX-License-Identifier: GPL-3.0-or-later
"""This module adds up the feelings of a prompt: "very dark, a bit dusty"."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from engine.generators.composer.reading.wordlists import Feeling

Amount = Literal["energy", "density", "brightness", "space", "grit", "rain"]


@dataclass
class Feelings:
    """All feelings so far."""

    moods: dict[str, None] = field(default_factory=dict)
    swing: float | None = None
    half_time: int = 0
    pace: int = 0
    _sums: dict[Amount, float] = field(default_factory=dict)

    def add(self, feeling: Feeling, weight: float) -> None:
        """Add a feeling, ``weight`` times as much as the word alone says."""
        amounts: dict[Amount, float] = {
            "energy": feeling.energy,
            "density": feeling.density,
            "brightness": feeling.brightness,
            "space": feeling.space,
            "grit": feeling.grit,
            "rain": feeling.rain,
        }
        for name, value in amounts.items():
            self._sums[name] = self._sums.get(name, 0.0) + weight * value
        if weight <= 0.0:
            return  # "less dark" asks for no other mood
        self.moods.update(dict.fromkeys(feeling.moods))
        if feeling.swing is not None and self.swing is None:
            self.swing = min(1.0, weight * feeling.swing)
        self.half_time = self.half_time or feeling.half_time
        self.pace = max(-1, min(1, self.pace + feeling.pace))

    def amount(self, name: Amount) -> float:
        """Return how much of one thing all words together ask for, in [-1, 1]."""
        return round(max(-1.0, min(1.0, self._sums.get(name, 0.0))), 3)
