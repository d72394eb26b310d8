# SPDX-License-Identifier: GPL-3.0-or-later
"""A score: who plays what when, in samples. Positions may lie outside the clip, which is cyclic."""

from __future__ import annotations

from dataclasses import dataclass

from engine.generators.composer.plan import Plan
from engine.generators.composer.styles import PartStyle


@dataclass(frozen=True, slots=True)
class Note:
    """A pitch held for ``gate_s`` seconds from sample ``start``; ``force`` in (0, 1]."""

    start: int
    gate_s: float
    midi: int
    force: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A drum piece struck at sample ``start``."""

    start: int
    piece: str
    force: float


@dataclass(frozen=True, slots=True)
class Part:
    """One player's notes."""

    style: PartStyle
    instrument: str
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """The whole piece."""

    plan: Plan
    parts: tuple[Part, ...]
    hits: tuple[Hit, ...]
    kit: str
