# SPDX-License-Identifier: GPL-3.0-or-later
"""Prompts take turns, and may leave words to chance: of “soft {rain|wind|sea}” one is taken each time."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

_CHOICE = re.compile(r"\{([^{}]*)\}")
_MOST_CHOICES = 100


class Rotation:
    """A rotation tells the prompts of which each fragment takes the next one.

    Parameters
    ----------
    chance
        What words are chosen by; None is different each time.
    """

    def __init__(self, prompts: Sequence[str] = (), chance: random.Random | None = None) -> None:
        self._chance = chance or random.Random()
        self._at = 0
        self.prompts: tuple[str, ...] = ()
        self.set(prompts)

    def set(self, prompts: Sequence[str]) -> None:
        """Have other prompts take turns, from the first on; empty ones are left out."""
        kept = tuple(one.strip() for one in prompts if one.strip())
        if kept != self.prompts:
            self.prompts, self._at = kept, 0

    def next(self) -> str:
        """Return the next prompt as it stands, its choices open; "" where there is none."""
        if not self.prompts:
            return ""
        prompt = self.prompts[self._at % len(self.prompts)]
        self._at += 1
        return prompt

    def chosen(self, prompt: str) -> str:
        """Return a prompt with one word taken of each of its choices, the innermost first."""
        for _ in range(_MOST_CHOICES):
            found = _CHOICE.search(prompt)
            if found is None:
                break
            word = self._chance.choice(found[1].split("|")).strip()
            prompt = prompt[: found.start()] + word + prompt[found.end() :]
        return " ".join(prompt.split())
