# SPDX-License-Identifier: GPL-3.0-or-later
"""The transport does pause, next, previous, hold, never again, favourite and sleep timer, and tells of its buttons."""

from __future__ import annotations

from psygnal import Signal

from engine.session.baking import LoopInHand
from engine.session.fallback_loops import FallbackLoops
from engine.session.history import History, Past
from engine.session.leading import Led
from engine.session.options import Happening
from engine.session.ports import Clock, NextId, Player
from engine.session.running import Running
from engine.session.sleep_timer import SleepTimer
from engine.session.take_lists import Fetch
from engine.session.take_store import TakeStore
from engine.session.up_next import UpNext
from engine.values import FAVOURITE, NEVER, Entry, TransitionWish, TransportState

MOST_TRIES = 5
"""Number of favourites in a row that cannot be read before no other is tried."""


class Transport:
    """The transport does what a listener asks of the music that plays.

    Signals
    -------
    changed(TransportState), comes(LoopInHand): an earlier loop or a favourite is next, happened(Happening),
    rated(loop id, its title, rating before, rating after)
    """

    changed = Signal(object)
    comes = Signal(object)
    happened = Signal(object)
    rated = Signal(int, str, str, str)

    def __init__(
        self, player: Player, running: Running, up_next: UpNext, takes: TakeStore, *, next_id: NextId, clock: Clock
    ) -> None:
        self.history = History(takes.take_id)
        self.fallback_loops = FallbackLoops(self.history, takes, next_id)
        self.sleep = SleepTimer(player, clock)
        self.sleep.ticked.connect(self.tell)
        self._player = player
        self._running = running
        running.changed.connect(self._on_running_changed)
        self._up_next = up_next
        self._takes = takes
        self._playing: LoopInHand | None = None
        self._recording = ""
        self._fetch: Fetch | None = None
        self._told = TransportState()

    # --- what happens ---------------------------------------------------------------------------------------------

    def _on_running_changed(self, is_on: bool) -> None:
        if is_on:
            self.sleep.begin()
        else:
            self._up_next.hold(False)
            self.sleep.turn_off()
            self.forget_fetch()
        self.tell()

    def on_led(self, led: Led) -> None:
        """Keep the loop that led until now in the history, or have it come again where the person went back from it."""
        self._playing = led.playing
        before, latest = led.before, self.history.latest
        is_wanted = before is not None and not self._is_unwanted(before)
        if led.goes_back and latest is not None and (latest.loop is None or latest.loop_id == led.loop_id):
            self.history.take_back()
            if before is not None and is_wanted:
                self._up_next.come_again(before)
        elif before is not None and is_wanted:
            self.history.add(before)
        self.tell()

    def show(self, playing: LoopInHand) -> None:
        """Have this loop be shown as the one that is to be played."""
        self._playing = playing
        self.tell()

    def set_recording(self, path: str) -> None:
        """Note the file that is recorded to, or "" when the recording ended."""
        self._recording = path
        self.tell()

    def close(self) -> None:
        """Stop every timer."""
        self.sleep.turn_off()

    # --- what is asked --------------------------------------------------------------------------------------------

    def pause(self, paused: bool) -> None:
        """Stand still, or go on."""
        if not self._running.is_on or paused == self._running.is_paused:
            return
        self._running.is_paused = paused
        if paused:
            self._player.pause()
        else:
            self._player.resume()
        self.tell()

    def hold(self, held: bool) -> None:
        """Stay on this loop until it is released."""
        if self._running.is_on:
            self._up_next.hold(held)
            self.tell()

    def next(self, wish: TransitionWish) -> None:
        """Go on to the next loop, or to an earlier one where none is ready."""
        if not self._running.is_on:
            return
        self.pause(False)
        self._up_next.ask_next(wish)
        self._find_other_if_needed()

    def previous(self, wish: TransitionWish) -> None:
        """Go back to the loop that led before."""
        past = self._latest_other()
        if not self._running.is_on or past is None:
            return
        self.pause(False)
        if past.loop is not None:
            self._up_next.ask_back(past.loop, wish)
            self.comes.emit(past.loop)
        else:
            self._go_back_to_take(past.take_id, wish)

    def _latest_other(self) -> Past | None:
        """Return the past loop that led last and is not the one that plays, which is taken from the history."""
        playing_id = -1 if self._playing is None else self._playing.loop_id
        while (past := self.history.latest) is not None and past.loop_id == playing_id:
            self.history.take_back()
        return past

    def _go_back_to_take(self, take_id: str, wish: TransitionWish) -> None:
        def then(loop: LoopInHand) -> None:
            self._up_next.ask_back(loop, wish)
            self.comes.emit(loop)

        def otherwise() -> None:
            self.history.take_back()
            self.tell()

        self.forget_fetch()
        self._fetch = self._takes.load(take_id, then, otherwise)

    def never_again(self) -> None:
        """Go on to the next loop at once, and never play this one again."""
        playing = self._playing
        if playing is None or not self._running.is_on:
            return
        self.drop(playing)
        self.pause(False)
        self._up_next.ask_at(Entry.NOW)
        self._find_other_if_needed()
        self.tell()

    def drop(self, loop: LoopInHand) -> None:
        """Never play a loop again."""
        self.rate(loop, NEVER)
        self.refuse(loop.loop_id, self._takes.take_id(loop.loop_id), loop.recipe.title)
        self.happened.emit(Happening("“{title}” will not come again", {"title": loop.recipe.title}))

    def refuse(self, loop_id: int, take_id: str, title: str) -> None:
        """Neither go back to a loop nor offer it again."""
        self.fallback_loops.refuse(take_id or title)
        self.history.forget(loop_id, take_id)

    def plays(self, loop_id: int) -> bool:
        """Return whether the music runs and this loop plays."""
        return self._running.is_on and self._playing is not None and self._playing.loop_id == loop_id

    def rate(self, loop: LoopInHand, rating: str) -> None:
        """Keep what the person thinks of a loop, whether it plays or not."""
        before = self._takes.rating(loop.loop_id)
        self._takes.rate(loop.loop_id, rating)
        self.rated.emit(loop.loop_id, loop.recipe.title, before, rating)

    def favourite(self, is_favourite: bool) -> None:
        """Keep what the person thinks of the loop that plays."""
        if is_favourite and self._playing is not None and self._takes.can_keep(self._playing):
            self._takes.keep_brought(self._playing)
        if self._playing is not None and self._takes.can_rate(self._playing.loop_id):
            self.rate(self._playing, FAVOURITE if is_favourite else "")
            self.fallback_loops.allow(self._takes.take_id(self._playing.loop_id))
            self.tell()

    def sleep_after(self, minutes: float) -> None:
        """Fade out slowly and stop, so many minutes from now; 0 is never."""
        if self._running.is_on:
            self.sleep.set(minutes)

    # --- when nothing new is there --------------------------------------------------------------------------------

    @property
    def is_fetching(self) -> bool:
        """Return whether a take is being brought back."""
        return self._fetch is not None and not self._fetch.is_off

    def forget_fetch(self) -> None:
        """Drop the take that is being brought back."""
        if self._fetch is not None:
            self._fetch.is_off = True

    def interlude(self) -> None:
        """Have another loop come in its time, as nothing new is there and this one has played for long."""
        if not self.is_fetching:
            self._find_other(at_once=False)

    def _find_other_if_needed(self) -> None:
        if self._up_next.has_next:
            # What is being brought back was asked for before.
            self.forget_fetch()
        elif not self.is_fetching:
            self._find_other(at_once=True)

    def _find_other(self, *, at_once: bool, tries: int = MOST_TRIES) -> None:
        if self._playing is None:
            return
        # What comes in already is not to come after itself.
        chosen = self.fallback_loops.pick(self._playing, self._up_next.coming, at_once=at_once)
        if isinstance(chosen, LoopInHand):
            self._bring_in(chosen)
        elif chosen is not None and tries:

            def otherwise() -> None:
                self.fallback_loops.refuse(chosen)
                self._find_other(at_once=at_once, tries=tries - 1)

            self._fetch = self._takes.load(chosen, self._bring_in, otherwise)

    def _bring_in(self, loop: LoopInHand) -> None:
        asked = self._up_next.asked
        self._up_next.put_first(loop)
        self._up_next.asked = asked or self._up_next.asked
        self.happened.emit(Happening("Nothing new is ready: “{title}” comes", {"title": loop.recipe.title}))
        self.comes.emit(loop)

    # --- what the buttons show ------------------------------------------------------------------------------------

    def _is_unwanted(self, loop: LoopInHand) -> bool:
        return self._takes.rating(loop.loop_id) == NEVER or self.fallback_loops.refuses(
            loop, self._takes.take_id(loop.loop_id)
        )

    def tell(self) -> None:
        """Say how the buttons stand, if that is news."""
        loop_id = -1 if self._playing is None else self._playing.loop_id
        is_unkept = self._playing is not None and self._takes.can_keep(self._playing)
        state = TransportState(
            is_running=self._running.is_on,
            is_paused=self._running.is_paused,
            is_held=self._up_next.is_held,
            has_next=self._running.is_on and (self._up_next.n_ahead > 0 or self.fallback_loops.has_any),
            has_previous=self._running.is_on and self.history.latest is not None,
            is_favourite=self._takes.rating(loop_id) == FAVOURITE,
            can_rate=is_unkept or self._takes.can_rate(loop_id),
            is_unkept=is_unkept,
            recording=self._recording,
            sleep_left_s=self.sleep.left_s,
        )
        if state != self._told:
            self._told = state
            self.changed.emit(state)
