# SPDX-License-Identifier: GPL-3.0-or-later
"""A ready loop is one that was made and waits for its turn, as the window lists it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.values.judged import MusicFit
from engine.values.takes import Recipe


@dataclass(frozen=True, slots=True)
class ReadyLoop:
    """A ready loop can be heard now, kept or dropped.

    Attributes
    ----------
    fit
        How its measured tempo and key stand to those that were asked for.
    is_favourite
        Whether the person keeps it.
    is_coming
        Whether it comes in next, handed over already.
    """

    loop_id: int
    recipe: Recipe
    fit: MusicFit
    is_favourite: bool = False
    is_coming: bool = False
