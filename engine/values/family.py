# SPDX-License-Identifier: GPL-3.0-or-later
"""A family is the clips of one piece: each goes on from the one before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from engine.values.checked import Fields

MAX_MEMORY_CHARACTERS = 4000
"""Longest memory of a family, characters."""
MOST_AGE = 1_000_000
LABEL_LETTERS = 4
"""Number of letters of a piece's name that a person is shown."""


@dataclass(frozen=True, slots=True)
class Family:
    """A clip's family says which piece it belongs to, and what its generator needs to go on from it.

    Attributes
    ----------
    name
        The same for all clips of a piece.
    age
        How many clips of the piece there were before.
    memory
        The generator's own text; nobody else reads it.
    """

    name: str
    age: int
    memory: str

    @property
    def label(self) -> str:
        """Return the few letters by which a person tells the piece from others."""
        return self.name[:LABEL_LETTERS]

    def as_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {"name": self.name, "age": self.age, "memory": self.memory}

    @classmethod
    def from_fields(cls, data: Fields) -> Self:
        """Return the inverse of ``as_dict``. Raises ValueError for fields that are missing, mistyped or too long."""
        memory = data.text("memory")
        if len(memory) > MAX_MEMORY_CHARACTERS:
            raise ValueError(f"a family’s memory has {len(memory)} characters")
        return cls(data.text("name"), data.whole("age", 0, MOST_AGE), memory)
