# SPDX-License-Identifier: GPL-3.0-or-later
"""The history keeps the loops that led before the one that plays, the latest few with their clips."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, replace

from engine.session.baking import LoopInHand
from engine.values import LoopCandidate

KEPT_CLIPS = 8
"""Number of clips that stay in memory (about 7 MB each); older loops come back from the library."""
KEPT_BYTES = 2**28
"""Bytes of samples that stay in memory, unless one clip alone has more: a person's own sounds may last minutes."""
KEPT_LOOPS = 200
"""Number of past loops that "previous" can go back through."""


@dataclass(frozen=True, eq=False, slots=True)
class Past:
    """A past loop led once: it is in memory, or else a take of the library."""

    loop_id: int
    loop: LoopInHand | None
    take_id: str


class History:
    """The history lists loops that led, oldest first; a loop that led twice is there twice.

    Parameters
    ----------
    take_id
        Of a loop, "" while it is not in the library; asked when its clip is let go.
    """

    def __init__(self, take_id: Callable[[int], str]) -> None:
        self._take_id = take_id
        self._past: list[Past] = []

    def __len__(self) -> int:
        return len(self._past)

    @property
    def latest(self) -> Past | None:
        """Return the past loop that "previous" goes to, the one that led last."""
        return self._past[-1] if self._past else None

    def add(self, loop: LoopInHand) -> None:
        """Add a loop that led until now."""
        self._past.append(Past(loop.loop_id, loop, ""))
        kept: set[int] = set()
        n_bytes = 0
        for at in range(len(self._past) - 1, -1, -1):
            one = self._past[at]
            # A starter's clip is in memory anyway.
            if one.loop is None or one.loop.is_starter:
                continue
            if one.loop_id in kept:
                continue
            n_bytes += one.loop.clip.samples.nbytes
            if kept and (len(kept) >= KEPT_CLIPS or n_bytes > KEPT_BYTES):
                self._past[at] = replace(one, loop=None, take_id=self._take_id(one.loop_id))
            else:
                kept.add(one.loop_id)
        # What has neither a clip nor a take cannot come back.
        self._past = [one for one in self._past if one.loop is not None or one.take_id][-KEPT_LOOPS:]

    def take_back(self) -> None:
        """Remove the loop that led last, as it leads again."""
        del self._past[-1:]

    def forget(self, loop_id: int, take_id: str = "") -> None:
        """Remove a loop that must not come back."""
        self._past = [
            one
            for one in self._past
            if one.loop_id != loop_id and not (take_id and take_id in (one.take_id, self._take_id(one.loop_id)))
        ]

    def choose(self, is_it: Callable[[int], bool], candidate: LoopCandidate) -> bool:
        """Have past loops that are in memory play this of their clip when they come again; False where none is."""
        found = False
        for at, one in enumerate(self._past):
            if one.loop is not None and is_it(one.loop_id):
                self._past[at], found = replace(one, loop=replace(one.loop, chosen=candidate)), True
        return found

    def forget_takes(self, take_ids: Container[str]) -> None:
        """Take note that takes left the library; loops that are in memory may come back all the same."""
        self._past = [one for one in self._past if one.loop is not None or one.take_id not in take_ids]

    def loops(self) -> Iterator[LoopInHand]:
        """Return the past loops that are in memory, each once, those that led longest ago first."""
        latest = {one.loop_id: one for one in self._past}
        last = [one for one in self._past if latest[one.loop_id] is one]
        yield from (one.loop for one in last if one.loop is not None)

    def loop_ids(self, n_latest: int) -> set[int]:
        """Return the ids of the latest few past loops."""
        return {one.loop_id for one in self._past[-n_latest:]}
