# SPDX-License-Identifier: GPL-3.0-or-later
"""Generation keeps loops coming, a few ahead, and tells how the next one comes along and how long music lasts."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from psygnal import Signal

from engine.errors import StudioError
from engine.library.filerecipe import FILE
from engine.session.baking import LoopInHand
from engine.session.clip_maker import ClipMaker
from engine.session.clip_request import takes_up
from engine.session.music_in_hand import music_in_hand
from engine.session.options import Happening, NextState, StudioOptions
from engine.session.quality import is_time_to_make_again, is_worse, usual_score
from engine.session.running import Running
from engine.session.up_next import LOOPS_AHEAD, UpNext
from engine.values import MusicInHand, Recipe

LONG_ENOUGH_S = 300.0
"""Seconds after which a loop makes way for an earlier one while nothing new can be made."""


class Generation:
    """Generation has the clip maker make what the options ask for, until enough is ready.

    Signals
    -------
    made(LoopInHand, its LUFS), progress_changed(Progress | None), next_changed(NextState), hand_changed(MusicInHand),
    happened(Happening), failed(StudioError)

    Parameters
    ----------
    recipes
        Tells the recipes of the library's takes, newest first.

    Attributes
    ----------
    made_for
        The options for which loops are made, or None before the first.
    is_held
        Whether nothing new is begun, as sounds wait that the person brought.
    """

    made = Signal(object, float)
    progress_changed = Signal(object)
    next_changed = Signal(object)
    hand_changed = Signal(object)
    happened = Signal(object)
    failed = Signal(object)

    def __init__(
        self, maker: ClipMaker, running: Running, up_next: UpNext, recipes: Callable[[], Iterable[Recipe]]
    ) -> None:
        self._maker = maker
        self._running = running
        self._up_next = up_next
        self._recipes = recipes
        # Made last, and worse than usual: another one is being made for it.
        self._worse: LoopInHand | None = None
        self.made_for: StudioOptions | None = None
        self.is_held = False
        self._last_failure = ""
        self._failed_state: NextState | None = None
        self._told_next = NextState("idle")
        self._told_hand: MusicInHand | None = None
        maker.made.connect(self._on_made)
        maker.progressed.connect(self.progress_changed.emit)
        maker.failed.connect(self._on_failed)
        maker.happened.connect(self.happened.emit)

    @property
    def makes_again(self) -> bool:
        """Return whether another clip is being made for one that loops worse than usual."""
        return self._worse is not None

    @property
    def makes_nothing(self) -> bool:
        """Return whether the last try failed, and nothing was made since."""
        return self._maker.makes_nothing

    def longest_play_s(self, options: StudioOptions) -> float:
        """Return after how long an earlier loop follows where nothing new is in hand; 0 is never."""
        if not self.makes_nothing:
            return options.max_play_s
        return options.least_play_s if options.recycles else options.max_play_s or LONG_ENOUGH_S

    def begin(self, options: StudioOptions) -> None:
        """Make what these options ask for; what was being made is cancelled."""
        self._last_failure = ""
        # What was in hand before says nothing of what is now.
        self._worse, self._told_hand = None, None
        self._maker.set_in_hand(None)
        self._make(options)

    def _make(self, options: StudioOptions) -> None:
        self.made_for = options
        self._failed_state = None
        if not self.is_held:
            self._maker.make(options, n=options.variations)
        self.tell_next()

    def go_on(self, options: StudioOptions) -> None:
        """Make another, unless enough is ready or one is being made."""
        n = options.variations
        has_room = self._up_next.n_ahead + n <= max(LOOPS_AHEAD, n + 1) and not self.is_held
        if self._running.is_on and has_room and not self._maker.is_busy:
            self._make(options)

    def try_again(self) -> None:
        """Ask the chosen generator again, at once if it waits: what it lacked may be here now."""
        self._last_failure = ""
        self._maker.try_again()

    def hold(self, held: bool) -> None:
        """Begin nothing new while held; what is being made goes on."""
        self.is_held = held

    def end(self) -> None:
        """Stop making loops; what is made when the music begins again is another piece."""
        self._worse = None
        self._maker.cancel()
        self._maker.begin_anew()
        self.progress_changed.emit(None)
        self.tell_next()

    def take_up(self, recipe: Recipe, options: StudioOptions) -> bool:
        """Go on from the piece of this recipe; return whether what was made so far goes on from elsewhere.

        What another generator makes goes on from nothing of this one's; from a sound that was a file every generator
        goes on that takes a tempo or a key.
        """
        if recipe.generator == FILE:
            return self._maker.follow(recipe.facts) and takes_up(recipe.facts, options)
        return self._maker.take_up(recipe) and recipe.generator == options.generator

    def close(self) -> None:
        """Cancel without waiting for anything."""
        self._maker.close()

    def _on_made(self, loop: LoopInHand, lufs: float) -> None:
        self._failed_state = None
        self.progress_changed.emit(None)
        again = self._is_to_be_made_again(loop)
        if again:
            self.happened.emit(self._told_again(loop))
        else:
            self.happened.emit(Happening.of_found(loop.recipe, loop.clip.n_samples))
        self._take_the_better(loop)
        self._worse = loop if again else None
        self.made.emit(loop, lufs)
        if again and self.made_for is not None and not self._maker.is_busy:
            # The worse one is in hand meanwhile, and gives way when a better one is there.
            self._maker.make(self.made_for)

    def _is_to_be_made_again(self, loop: LoopInHand) -> bool:
        """Return whether to make another clip for this one's quality alone: once, and only while there is time."""
        options, hand = self.made_for, self._told_hand
        if options is None or hand is None or not options.make_again or self._worse is not None:
            return False
        if options.variations > 1:
            # The person chooses among them.
            return False
        if self._up_next.hurry or not is_time_to_make_again(hand):
            return False
        return is_worse(loop.candidate, usual_score(self._recipes(), loop.recipe.generator))

    def _take_the_better(self, loop: LoopInHand) -> None:
        """Drop the worse clip that this one was made for, unless that is coming already or is the better of both."""
        worse = self._worse
        if worse is not None and loop.candidate.score > worse.candidate.score:
            self._up_next.exchange(worse.loop_id)

    @staticmethod
    def _told_again(loop: LoopInHand) -> Happening:
        fields: dict[str, object] = {"title": loop.recipe.title, "score": int(100.0 * loop.candidate.score)}
        return Happening("“{title}” loops worse than usual ({score} %): another one is made for it", fields)

    def _on_failed(self, error: StudioError, retry_s: float) -> None:
        self.progress_changed.emit(None)
        # Each try may fail alike: that is told once, whatever else is made meanwhile.
        if str(error) != self._last_failure:
            self._last_failure = str(error)
            self.failed.emit(error)
        self._failed_state = NextState("failed", retry_s=retry_s, error=error)
        self.tell_next()

    def tell_next(self) -> None:
        """Tell how the next loop is coming along, if that is news."""
        state, coming = NextState("idle"), self._up_next.next_loop
        if self._running.is_on and coming is not None:
            state = NextState("ready", title=coming.recipe.title, entry=self._up_next.awaits)
        elif self._running.is_on:
            state = self._failed_state or NextState("making")
        if state != self._told_next:
            self._told_next = state
            self.next_changed.emit(state)

    def tell_hand(self, played_s: float, least_s: float, min_play_s: float) -> None:
        """Tell how much music there is, if that is news.

        Parameters
        ----------
        played_s, least_s
            For how long the loop that leads has been playing, and for how long it plays at least.
        min_play_s
            For how long a loop that loops well plays at least.
        """
        ready_s, making_s = self._up_next.plays_s(min_play_s), self._maker.usual_s
        hand = music_in_hand(played_s=played_s, least_s=least_s, ready_s=ready_s, making_s=making_s)
        self._maker.set_in_hand(hand.prepared_s)
        if hand != self._told_hand:
            self._told_hand = hand
            self.hand_changed.emit(hand)
