# SPDX-License-Identifier: GPL-3.0-or-later
"""The ready list tells which loops wait for their turn, and lets the person hear one now, keep it or drop it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psygnal import Signal

from engine.session.baking import LoopInHand
from engine.session.fitting import fit_of
from engine.session.generation import Generation
from engine.session.running import Running
from engine.session.transport import Transport
from engine.values import FAVOURITE, ReadyLoop

if TYPE_CHECKING:
    from engine.session.picked import Picked


class ReadyList:
    """The ready list has the loops in the order in which they come; it is empty while no music runs.

    Signals
    -------
    changed(tuple of ReadyLoop)
    """

    changed = Signal(object)

    def __init__(self, running: Running, picked: Picked, transport: Transport, generation: Generation) -> None:
        self._running, self._picked, self._transport, self._generation = running, picked, transport, generation
        self._up_next, self._takes = picked.up_next, picked.takes
        self._told: tuple[ReadyLoop, ...] = ()
        for changing in (
            generation.hand_changed,
            picked.comes,
            transport.changed,
            self._takes.takes_changed,
        ):
            changing.connect(self.tell)
        running.changed.connect(self.tell)

    def hear(self, loop_id: int) -> None:
        """Have a loop come in at the next bar; what is made then goes on from it. The others wait as they did."""
        loop = self._loop(loop_id)
        if loop is None or not self._running.is_on:
            return
        self._picked.come_next(loop, goes_on=False)
        self._generation.take_up(loop.recipe, self._picked.options())
        self.tell()

    def keep(self, loop_id: int, *, is_kept: bool = True) -> None:
        """Make a loop a favourite, or no favourite any more; it waits on."""
        loop = self._loop(loop_id)
        if loop is None:
            return
        if is_kept and self._takes.can_keep(loop):
            self._takes.keep_brought(loop)
        self._transport.rate(loop, FAVOURITE if is_kept else "")
        self.tell()

    def drop(self, loop_id: int) -> None:
        """Play a loop neither now nor later; one that is heard already goes on."""
        loop = self._loop(loop_id)
        if loop is None:
            return
        coming = self._up_next.coming
        if coming is not None and coming.loop_id == loop_id:
            # Ready again: from there it is taken out.
            self._up_next.recall()
        self._up_next.exchange(loop_id)
        self._transport.drop(loop)
        self._generation.tell_next()
        self.tell()

    def _loop(self, loop_id: int) -> LoopInHand | None:
        return next((one for one in self._loops() if one.loop_id == loop_id), None)

    def _loops(self) -> tuple[LoopInHand, ...]:
        """Return what comes, without the loop that is heard to come in already."""
        coming = self._up_next.coming
        waits = [one for one in self._up_next.ready if coming is None or one.loop_id != coming.loop_id]
        is_waiting = coming is not None and not self._up_next.is_coming_in
        return (*([coming] if coming is not None and is_waiting else []), *waits)

    def tell(self, *_: object) -> None:
        """Say which loops wait, if that is news."""
        coming = self._up_next.coming
        ready: tuple[ReadyLoop, ...] = ()
        if self._running.is_on:
            ready = tuple(
                ReadyLoop(
                    one.loop_id,
                    one.recipe,
                    fit_of(one.recipe),
                    is_favourite=self._takes.rating(one.loop_id) == FAVOURITE,
                    is_coming=coming is not None and one.loop_id == coming.loop_id,
                )
                for one in self._loops()
            )
        if _shown(ready) != _shown(self._told):
            self._told = ready
            self.changed.emit(ready)


def _shown(ready: tuple[ReadyLoop, ...]) -> list[tuple[int, bool, bool]]:
    return [(one.loop_id, one.is_favourite, one.is_coming) for one in ready]
