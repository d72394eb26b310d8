# SPDX-License-Identifier: GPL-3.0-or-later
"""Picked loops are those that the person chose to hear, a take or a sound that was brought: they come next, or begin.

What is made after them goes on from them.
"""

from __future__ import annotations

from collections.abc import Callable

from psygnal import Signal

from engine.session.baking import LoopInHand
from engine.session.generation import Generation
from engine.session.options import StudioOptions
from engine.session.ready_list import ReadyList
from engine.session.running import Running
from engine.session.take_lists import Fetch
from engine.session.take_store import TakeStore
from engine.session.transport import Transport
from engine.session.up_next import UpNext
from engine.values import Entry, Recipe


class Picked:
    """The picked part brings loops in that the person chose, whether the music runs or not.

    Signals
    -------
    comes(LoopInHand): this loop is next, begins(LoopInHand): the music is to begin with it, turned(): what is made goes
    on from elsewhere, and is to be made anew

    Attributes
    ----------
    up_next, takes
        Where loops go, and where takes come from.
    options
        Tells what the session works from now.
    ready
        The loops that wait for their turn, of which the person may hear one now.
    """

    comes = Signal(object)
    begins = Signal(object)
    turned = Signal()

    def __init__(
        self,
        running: Running,
        transport: Transport,
        generation: Generation,
        *,
        up_next: UpNext,
        takes: TakeStore,
        options: Callable[[], StudioOptions],
    ) -> None:
        self._running, self._transport, self._generation = running, transport, generation
        self.up_next, self.takes, self.options = up_next, takes, options
        self._fetch: Fetch | None = None
        self.ready = ReadyList(running, self, transport, generation)

    def play_take(self, take_id: str) -> None:
        """Bring a take back from the library and play it next."""
        self.forget_fetch()
        self._fetch = self.takes.load(take_id, self.come_next)

    def forget_fetch(self) -> None:
        """Drop the take that is being brought back."""
        if self._fetch is not None:
            self._fetch.is_off = True

    def come_next(self, loop: LoopInHand, *, at: Entry | None = Entry.NEXT_BAR, goes_on: bool = True) -> None:
        """Have a loop come next, or begin the music.

        Parameters
        ----------
        at
            Where it comes in; None leaves the one that plays its time.
        goes_on
            Whether what is made then goes on from its piece.
        """
        is_another = goes_on and self._generation.take_up(loop.recipe, self.options())
        if not self._running.is_on:
            self.begins.emit(loop)
            return
        if at is not None:
            self._transport.pause(False)
        if is_another:
            self.up_next.drop_ready()
        self.up_next.put_first(loop)
        if at is not None:
            self.up_next.ask_at(at)
        self.comes.emit(loop)
        if is_another:
            self.turned.emit()

    def go_on_from(self, recipe: Recipe) -> None:
        """Have what is made go on from a loop that plays or comes already."""
        if self._running.is_on and self._generation.take_up(recipe, self.options()):
            asked = self.up_next.awaits
            self.up_next.drop_ready()
            if asked is not None:
                self.up_next.ask_at(asked)
            self.turned.emit()
