# SPDX-License-Identifier: GPL-3.0-or-later
"""This module holds what the take store knows of takes that it waits for, and how its lists take some back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.errors import AudioFileError
from engine.session.baking import LoopInHand
from engine.values import FAVOURITE, LoopCandidate, Mark, Take
from engine.worker.library_jobs import Loaded


@dataclass(slots=True)
class Awaited:
    """These values are to be written beside a take once it is stored."""

    rating: str = ""
    marks: set[Mark] = field(default_factory=set)
    loop: LoopCandidate | None = None


@dataclass(eq=False, slots=True)
class Fetch:
    """A fetch is a take that is being brought back; once it ``is_off``, its result is dropped."""

    take_id: str
    is_off: bool = False


def loop_of(loaded: Loaded, loop_id: int) -> LoopInHand:
    """Return a take that was read as a loop. Raises AudioFileError where its sound ends before its loop does."""
    take = loaded.take
    if take.recipe.loop.region.loop_end > loaded.clip.n_samples:
        raise AudioFileError(path=take.audio_path, detail="it is shorter than the loop of its recipe")
    return LoopInHand.of_recipe(loop_id, loaded.clip, take.recipe)


def newest_first(*groups: Iterable[Take]) -> tuple[Take, ...]:
    """Return the takes of all groups, each once and as the last group has it, newest first."""
    by_id = {take.take_id: take for group in groups for take in group}
    return tuple(by_id[take_id] for take_id in sorted(by_id, reverse=True))


def favourites_of(takes: Iterable[Take]) -> tuple[Take, ...]:
    """Return the favourites among takes, in their order."""
    return tuple(take for take in takes if take.rating == FAVOURITE)
