# SPDX-License-Identifier: GPL-3.0-or-later
"""A score says what each player plays when, in samples, which may lie outside the clip, as that is cyclic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.generators.composer.plan import Plan
from engine.generators.composer.styles import PartStyle


@dataclass(frozen=True, slots=True)
class Note:
    """A note is a pitch held for ``gate_s`` seconds from sample ``start``; ``force`` is in (0, 1]."""

    start: int
    gate_s: float
    midi: int
    force: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A hit is a drum piece struck at sample ``start``."""

    start: int
    piece: str
    force: float


@dataclass(frozen=True, slots=True)
class Part:
    """A part holds one player's notes, and how it moves in the mix.

    Attributes
    ----------
    level_db
        One value a bar, dB, moved through smoothly; empty where it stays.
    openness
        One value a bar, in [0, 1], of a low-pass: 1 is open; empty where it stays open.
    """

    style: PartStyle
    instrument: str
    notes: tuple[Note, ...]
    level_db: tuple[float, ...] = ()
    openness: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """A score holds the whole piece; ``drum_level_db`` and ``drum_openness`` are the drums', as a part's are."""

    plan: Plan
    parts: tuple[Part, ...]
    hits: tuple[Hit, ...]
    kit: str
    drum_level_db: tuple[float, ...] = ()
    drum_openness: tuple[float, ...] = ()


def part_names(parts: Sequence[Part]) -> tuple[str, ...]:
    """Return a name for each part: its instrument, with a number where two have the same."""
    names: list[str] = []
    for part in parts:
        name, n = part.instrument, 2
        while name in names:
            name, n = f"{part.instrument} {n}", n + 1
        names.append(name)
    return tuple(names)
