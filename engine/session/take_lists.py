# SPDX-License-Identifier: GPL-3.0-or-later
"""This module holds what the take store knows of takes that are not stored yet, and how its lists take some back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.values import FAVOURITE, LoopCandidate, Mark, Take


@dataclass(slots=True)
class Awaited:
    """These values are to be written beside a take once it is stored."""

    rating: str = ""
    marks: set[Mark] = field(default_factory=set)
    loop: LoopCandidate | None = None


def newest_first(*groups: Iterable[Take]) -> tuple[Take, ...]:
    """Return the takes of all groups, each once and as the last group has it, newest first."""
    by_id = {take.take_id: take for group in groups for take in group}
    return tuple(by_id[take_id] for take_id in sorted(by_id, reverse=True))


def favourites_of(takes: Iterable[Take]) -> tuple[Take, ...]:
    """Return the favourites among takes, in their order."""
    return tuple(take for take in takes if take.rating == FAVOURITE)
