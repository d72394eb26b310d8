# SPDX-License-Identifier: GPL-3.0-or-later
"""This module picks what is played when nothing new is ready: loops that led before, favourites, other starters."""

from __future__ import annotations

from engine.library.starters import Starter, starters_by_likeness
from engine.session.baking import LoopInHand
from engine.session.history import History
from engine.session.options import StudioOptions
from engine.session.ports import NextId
from engine.session.take_store import TakeStore
from engine.values import FAVOURITE


class FallbackLoops:
    """The fallback loops know what could be played again, and what was, so that it is not the same each time.

    Attributes
    ----------
    starters
        That ship with the studio.
    """

    def __init__(self, history: History, takes: TakeStore, next_id: NextId) -> None:
        self._history = history
        self._takes = takes
        self._next_id = next_id
        self.starters: tuple[Starter, ...] = ()
        self._prompt, self._recycles = "", False
        self._unwanted: set[str] = set()
        self._used: list[str] = []

    def use(self, options: StudioOptions) -> None:
        """Have takes of this prompt, then the starters that suit it, come before others from now on."""
        self._prompt, self._recycles = options.prompt, options.recycles

    def refuse(self, name: str) -> None:
        """Never offer a take's id or a starter's title again: the person said so, or it cannot be read."""
        self._unwanted.add(name)

    def allow(self, name: str) -> None:
        """Offer a loop again that was refused."""
        self._unwanted.discard(name)

    def refuses(self, loop: LoopInHand, take_id: str) -> bool:
        """Return whether a loop is not to be offered again."""
        return bool(take_id in self._unwanted if take_id else loop.recipe.title in self._unwanted)

    @property
    def has_any(self) -> bool:
        """Return whether there is any other loop to play."""
        return (
            len(self.starters) > 1
            or any(True for _ in self._history.loops())
            or bool(self._take_ids(set(), (FAVOURITE,)))
        )

    def has_takes(self) -> bool:
        """Return whether there are takes that can follow one another."""
        return (
            sum(take.rating in ("", FAVOURITE) and take.take_id not in self._unwanted for take in self._takes.takes) > 1
        )

    def pick(self, *heard: LoopInHand | None, at_once: bool) -> LoopInHand | str | None:
        """Return a loop in memory, or a favourite's take id; None where there is neither.

        Parameters
        ----------
        heard
            What plays and what comes in: something else is picked.
        at_once
            What is in memory first; otherwise favourites that were not heard of late.
        """
        sounding = [one for one in heard if one is not None]
        ids = {one.loop_id for one in sounding}
        earlier = [one for one in self._history.loops() if one.loop_id not in ids and not one.is_starter]
        # What loops well first; of those, what led longest ago.
        earlier.sort(key=lambda one: one.candidate.weak)
        favourites = self._take_ids(ids, (FAVOURITE,))
        if earlier and (at_once or not (favourites or self._recycles)):
            return earlier[0]
        suited = starters_by_likeness(self.starters, self._prompt)
        others = [one for one in suited if all(one.clip is not other.clip for other in sounding)]
        wanted = [one for one in others if one.recipe.title not in self._unwanted]
        takes = favourites or self._take_ids(ids, ("",), self._prompt)
        if not takes and (self._recycles or not wanted):
            takes = self._take_ids(ids, ("",))
        if takes:
            return self._least_used(takes)
        if earlier:
            return earlier[0]
        # Rather a starter that was not to come again than nothing.
        by_title = {one.recipe.title: one for one in wanted or others}
        if not by_title:
            return None
        starter = by_title[self._least_used(list(by_title))]
        return LoopInHand.of_recipe(self._next_id(), starter.clip, starter.recipe, is_starter=True)

    def _least_used(self, names: list[str]) -> str:
        chosen = min(names, key=lambda name: self._used.index(name) if name in self._used else -1)
        self._used = [one for one in self._used if one != chosen] + [chosen]
        return chosen

    def _take_ids(self, heard: set[int], ratings: tuple[str, ...], prompt: str | None = None) -> list[str]:
        """Return ids of takes with this rating (and of this prompt) that are neither in memory nor heard."""
        in_memory = {self._takes.take_id(loop_id) for loop_id in heard | {one.loop_id for one in self._history.loops()}}
        takes = self._takes.favourites if ratings == (FAVOURITE,) else self._takes.takes
        found = (take.take_id for take in takes if take.rating in ratings and prompt in (None, take.recipe.prompt))
        return [take_id for take_id in found if take_id not in in_memory | self._unwanted]
