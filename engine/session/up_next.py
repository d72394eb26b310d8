# SPDX-License-Identifier: GPL-3.0-or-later
"""This module decides which loops come after the one that plays, when each is handed over, and when it leads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from engine.session.baking import Baker, LoopInHand
from engine.session.handed import Foreseen, Handed
from engine.session.now_playing import NowPlaying
from engine.session.playtime import least_play_s
from engine.session.ports import Clock, Player
from engine.session.transition_edits import TransitionEdits
from engine.session.transition_planner import Transition, TransitionPlanner, plain_plan
from engine.values import ChannelSnapshot, Entry, LoopCandidate, TransitionEdit, TransitionPlan, TransitionWish

LOOPS_AHEAD = 3
"""Number of loops that are made in advance."""
MOST_READY = 8
"""Largest number of loops that are ready, with those that the person went back from."""
PATIENCE_S = 0.8
"""Seconds after which an awaited loop comes in without a prepared plan: its beats are not matched then."""
SETTLING_SNAPSHOTS = 4
"""Number of snapshots after a takeover was called off until it is known whether it was begun all the same."""
SETTLING_S = 0.08
"""Seconds after which one snapshot tells that: there are few of them while nothing that moves is on the screen."""

_SOONER = {Entry.LOOP_END: Entry.NEXT_BAR, Entry.NEXT_BAR: Entry.NOW, Entry.NOW: Entry.NOW}


class UpNext:
    """Loops up next are ready, then one is coming (handed to the audio process), then it is heard to lead.

    Attributes
    ----------
    ready
        Made or loaded, and not handed over yet, in their order.
    hurry
        The first is awaited (another prompt's): it comes in at the next bar, not in its time.
    asked
        The person asked for the next one, at this entry.
    is_held
        Only what the person asks for takes over.
    brought
        Ids of loops that the person brought: they stay when what else is ready is dropped.
    edits
        What the person changed of the transition that comes.
    foreseen
        The takeover that comes next, as it was last considered; None where there is none.
    """

    def __init__(self, player: Player, planner: TransitionPlanner, baker: Baker, clock: Clock) -> None:
        self._player = player
        self._clock = clock
        self._planner = planner
        self._baker = baker
        self.ready: list[LoopInHand] = []
        self.hurry = False
        self.asked: Entry | None = None
        self.is_held = False
        self.brought: set[int] = set()
        self.edits = TransitionEdits()
        self.foreseen: Foreseen | None = None
        self._back: LoopInHand | None = None
        self._handed: Handed | None = None
        # Called off or overtaken, and perhaps heard all the same: the earliest first, a loop perhaps more than once.
        self._passing: list[Handed] = []
        self._is_sounding = False
        self._incoming_id: int | None = None
        self._settling, self._settled_s = 0, 0.0
        self._awaited_since_s: float | None = None
        self._led_before = False

    # --- what there is ------------------------------------------------------------------------------------------------

    @property
    def coming(self) -> LoopInHand | None:
        """Return the loop that was handed over and does not lead yet; one that was called off, if it is heard."""
        if self._handed is not None:
            return self._handed.loop
        return next((one.loop for one in self._passing if one.loop_id == self._incoming_id), None)

    @property
    def is_coming_in(self) -> bool:
        """Return whether the loop that was handed over is heard already."""
        return self._handed is not None and self._is_sounding

    @property
    def has_next(self) -> bool:
        """Return whether there is a next loop for the person who asks for it; one that is coming in does not count."""
        waits = any(one.loop_id != self._incoming_id for one in self.ready)
        return waits or (self._handed is not None and not self._is_sounding and not self._handed.goes_back)

    @property
    def next_loop(self) -> LoopInHand | None:
        """Return the loop that comes next; None where there is none."""
        return self.coming or self._back or (self.ready[0] if self.ready else None)

    @property
    def awaits(self) -> Entry | None:
        """Return where the loop that the person asked for comes in; None where none was, or it is heard already."""
        handed = self._handed
        return self.asked or (None if handed is None or self._is_sounding else handed.asked)

    @property
    def n_ahead(self) -> int:
        """Return how many loops are ready or coming."""
        return len(self.ready) + (self._handed is not None and not self._handed.goes_back)

    @property
    def n_brought(self) -> int:
        """Return how many loops that were brought wait their turn; one that is asked for comes before."""
        n = sum(one.loop_id in self.brought for one in self.ready)
        return n - self._asks_for_brought

    @property
    def _asks_for_brought(self) -> bool:
        asks = self.asked is not None and self._back is None and bool(self.ready)
        return asks and self.ready[0].loop_id in self.brought

    def loop_ids(self) -> set[int]:
        """Return the ids of the loops that are ready or coming."""
        coming = [one for one in (self.coming, self._back) if one is not None]
        return {one.loop_id for one in (*self.ready, *coming)} | {one.loop_id for one in self._passing}

    def plays_s(self, min_play_s: float) -> list[float]:
        """Return for how many seconds each loop that is ready or coming plays at least: no less than one turn."""
        loops = [self.coming, *self.ready] if self.coming is not None and self.coming not in self.ready else self.ready
        turns_s = [(one, one.candidate.region.n_samples / one.clip.sample_rate) for one in loops]
        return [max(least_play_s(one.candidate, turn_s, min_play_s), turn_s) for one, turn_s in turns_s]

    def exchange(self, loop_id: int) -> bool:
        """Remove a loop that a better one replaces; return whether it was still waiting for its turn."""
        waits = any(one.loop_id == loop_id for one in self.ready)
        self.ready = [one for one in self.ready if one.loop_id != loop_id]
        return waits

    # --- wishes -------------------------------------------------------------------------------------------------------

    def add(self, loop: LoopInHand) -> None:
        """Add a loop that is ready, after those that are."""
        self.ready.append(loop)

    def put_first(self, loop: LoopInHand) -> None:
        """Have this loop come next, before one that waits to come in, and only once."""
        self.recall()
        # A take has the loop that was chosen since; it is the same music.
        self.ready = [one for one in self.ready if replace(one.recipe, loop=loop.recipe.loop) != loop.recipe]
        self.come_again(loop)

    def come_again(self, loop: LoopInHand) -> None:
        """Have a loop that was left come before those that are ready."""
        self.ready = [loop, *(one for one in self.ready if one.loop_id != loop.loop_id)][:MOST_READY]

    def ask_next(self, wish: TransitionWish) -> None:
        """Have the next loop come by the person's entry rule; sooner if it was asked for before."""
        self._back = None
        if self._handed is not None and self._is_sounding:
            # The one after it, when it leads; at once, if that is the rule.
            self.asked = wish.entry
            return
        self.recall()
        self.edits.forget_entry()
        self._back = None
        self.asked = wish.entry if self.asked is None else _SOONER[self.asked]

    def ask_back(self, loop: LoopInHand, wish: TransitionWish) -> None:
        """Have this loop, which led before, come by the person's entry rule."""
        if not (self._handed is not None and self._is_sounding):
            self.recall()
        self._back, self.asked = loop, wish.entry

    def ask_at(self, entry: Entry) -> None:
        """Have the next loop come at this entry."""
        self.recall()
        self.edits.forget_entry()
        self._back, self.asked = None, entry

    def hold(self, held: bool) -> None:
        """Keep what waits to come in waiting while held, unless the person asks for it after that."""
        self.is_held = held
        if held and not self._is_sounding:
            self.recall()
            self.edits.forget_entry()
            self._back, self.asked = None, None

    def edit(self, edit: TransitionEdit, now: NowPlaying) -> bool:
        """Have the transition that comes be made like this; return False where another comes, or it is heard."""
        foreseen = self.foreseen
        if foreseen is None or self.is_coming_in or now.playing.loop_id != edit.lead_id:
            return False
        if foreseen.loop.loop_id != edit.incoming_id:
            return False
        self.recall()
        self.edits.take(edit, now.part)
        return True

    def drop_ready(self) -> None:
        """Forget all loops that are ready, but those that were brought."""
        self.recall()
        self.ready = [one for one in self.ready if one.loop_id in self.brought]
        self._back, self.asked = None, None

    def drop_brought(self) -> None:
        """Forget the loops that were brought and wait their turn."""
        if self._handed is not None and self._handed.loop_id in self.brought and self._handed.asked is None:
            self.recall()
        stays = self.ready[:1] if self._asks_for_brought else []
        self.ready = [one for one in self.ready if one in stays or one.loop_id not in self.brought]
        self.brought &= self.loop_ids()

    def clear(self) -> None:
        """Forget all loops that are ready or coming."""
        self.ready, self._back, self._handed, self._passing = [], None, None, []
        self.hurry, self.asked, self._is_sounding, self._settling = False, None, False, 0
        self._awaited_since_s, self._led_before, self._incoming_id = None, False, None
        self.foreseen = None
        self.edits.forget()
        self._planner.clear()

    def recall(self, *, died: bool = False) -> None:
        """Take back the takeover that waits to come in: its loop is ready again, and is handed over in its time.

        Parameters
        ----------
        died
            The audio process did, so nothing of it is heard.
        """
        handed = self._handed
        if handed is None or (self._is_sounding and not died):
            return
        self._handed, self._is_sounding = None, False
        if handed.goes_back:
            self._back = self._back or handed.loop
        else:
            self.come_again(handed.loop)
        self.asked = self.asked or handed.asked
        self.hurry = self.hurry or handed.hurried
        if died:
            self._passing, self._settling = [], 0
        else:
            self._passing.append(handed)
            self._settling, self._settled_s = SETTLING_SNAPSHOTS, self._clock.now_s() + SETTLING_S
            self._player.call_off()

    def choose(self, is_it: Callable[[int], bool], candidate: LoopCandidate) -> bool:
        """Have loops that come play this of their clip; False where none is meant."""
        coming = self._handed
        if coming is not None and is_it(coming.loop_id):
            self.recall()

        def chosen(loop: LoopInHand) -> LoopInHand:
            return replace(loop, chosen=candidate) if is_it(loop.loop_id) else loop

        before = [*self.ready, *filter(None, (self._back, self.coming))]
        self.ready = [chosen(one) for one in self.ready]
        self._back = None if self._back is None else chosen(self._back)
        if self._handed is not None:
            self._handed = replace(self._handed, loop=chosen(self._handed.loop))
        self._passing = [replace(one, loop=chosen(one.loop)) for one in self._passing]
        return any(is_it(one.loop_id) for one in before)

    # --- handing over -------------------------------------------------------------------------------------------------

    def consider(self, now: NowPlaying, heard: ChannelSnapshot, wish: TransitionWish, *, min_play_s: float) -> None:
        """Have the coming loop prepared, and hand it over if its time has come."""
        self._settling = max(0, self._settling - 1) if self._clock.now_s() < self._settled_s else 0
        self._incoming_id = heard.incoming_id
        self._drop(now.playing.loop_id)
        if self._handed is not None:
            handed = self._handed
            self._is_sounding = self._is_sounding or heard.incoming_id == handed.loop_id
            self.foreseen = Foreseen(
                handed.loop, handed.transition, handed.plan, 0, is_handed=True, is_sounding=self._is_sounding
            )
            self._prepare(handed.transition, self.ready, wish)
            if not (self._is_sounding and self.asked is Entry.NOW):
                return
        loop = self._back or (self.ready[0] if self.ready else None)
        if loop is None or heard.loop_id != now.playing.loop_id:
            self.foreseen = self.foreseen if self._handed is not None else None
            return
        wished = replace(wish, entry=self._entry(now, wish))
        played = now.played_samples(heard)
        wished = self.edits.wish(now.part, loop.loop_id, wished, played)
        transition = Transition(now.part, self._baker.part(loop), wished)
        if self._handed is None:
            self._prepare(transition, self.ready[self._back is None :], wish)
            due = self._due_samples(now, transition, min_play_s)
            self.foreseen = Foreseen(loop, transition, self._planner.plan(transition), due)
        if self._settling or any(one.loop_id == heard.incoming_id for one in self._passing):
            return
        if not self._is_due(now, heard, transition, min_play_s):
            self._awaited_since_s = None
            return
        plan = self._plan(transition, is_awaited=self._is_awaited(now))
        if plan is not None:
            self._hand_over(loop, transition, plan)
            self._player.take_over(loop.loop_id, transition.incoming.baked, now.playing.loop_id, plan)

    def _is_due(self, now: NowPlaying, heard: ChannelSnapshot, transition: Transition, min_play_s: float) -> bool:
        """Return whether the transition may be handed over now."""
        if transition.wish.at_samples is not None:
            return self.edits.is_near(now.part, transition.incoming.loop_id, now.played_samples(heard))
        return self._is_awaited(now) or (not self.is_held and now.may_yield(heard, min_play_s))

    def _due_samples(self, now: NowPlaying, transition: Transition, min_play_s: float) -> int | None:
        """Return from which sample of the leading loop on that is so; None while that is held."""
        edit = self.edits.of(now.part, transition.incoming.loop_id)
        if edit is not None and edit.entry_samples is not None:
            return edit.entry_samples
        if self._is_awaited(now):
            return 0
        return None if self.is_held else now.yields_after_samples(min_play_s)

    def _drop(self, loop_id: int) -> None:
        """Drop the loop that leads from those that come, as it cannot take over from itself."""
        if self._handed is not None and self._handed.loop_id == loop_id:
            # It may have been handed over once more, to come after another one that is not heard yet.
            self._passing.append(self._handed)
            self._handed, self._is_sounding = None, False
        if self._back is not None and self._back.loop_id == loop_id:
            self._back = None
        if any(one.loop_id == loop_id for one in self.ready):
            self.ready = [one for one in self.ready if one.loop_id != loop_id]

    def _plan(self, transition: Transition, *, is_awaited: bool) -> TransitionPlan | None:
        """Return the prepared plan, or a plain one where that cannot be waited for; None to stay a turn longer."""
        plan = self._planner.plan(transition)
        if plan is not None or not is_awaited:
            return plan
        now_s = self._clock.now_s()
        self._awaited_since_s = self._awaited_since_s or now_s
        is_late = now_s - self._awaited_since_s >= PATIENCE_S
        return plain_plan(transition) if is_late or transition.wish.entry is Entry.NOW else None

    def _hand_over(self, loop: LoopInHand, transition: Transition, plan: TransitionPlan) -> None:
        if self._handed is not None:
            self._passing.append(self._handed)
        goes_back = loop is self._back
        if goes_back:
            self._back = None
        else:
            self.ready.remove(loop)
        self._handed = Handed(loop, transition, self.asked, self.hurry, goes_back, plan)
        self.asked, self.hurry, self._is_sounding, self._awaited_since_s = None, False, False, None

    def _keeps_a_place(self, now: NowPlaying) -> bool:
        """Return whether a loop stays until another is there: a starter does, unless the person went back to it."""
        return now.playing.is_starter and not self._led_before

    def _is_awaited(self, now: NowPlaying) -> bool:
        return self.asked is not None or (not self.is_held and (self.hurry or self._keeps_a_place(now)))

    def _entry(self, now: NowPlaying, wish: TransitionWish) -> Entry:
        if self.asked is not None:
            return self.asked
        if now.candidate.played_through and not self._is_awaited(now):
            # It need not turn: its end is where the next one comes in.
            return Entry.LOOP_END
        return Entry.NEXT_BAR if self._is_awaited(now) and wish.entry is Entry.LOOP_END else wish.entry

    def _prepare(self, transition: Transition, then: list[LoopInHand], wish: TransitionWish) -> None:
        """Have this transition prepared, and the one after it."""
        after = [Transition(transition.incoming, self._baker.part(then[0]), wish)] if then else []
        self._planner.want([transition, *after])

    def took_over(self, loop_id: int) -> Handed | None:
        """Return the loop that was heard to come in, or None if it does not matter any more.

        Of a loop that was handed over more than once the earliest is meant: what is handed over is heard in its order.
        """
        handed = self._handed
        at = next((i for i, one in enumerate(self._passing) if one.loop_id == loop_id), None)
        if at is not None:
            handed = self._passing[at]
            self._passing = self._passing[at + 1 :]
            self.ready = [one for one in self.ready if one.loop_id != loop_id]
            if self._back is not None and self._back.loop_id == loop_id:
                self._back = None
            if self._handed is not None and self._handed.transition.wish.entry is not Entry.NOW:
                # It was to come in after another one.
                self.recall()
        elif handed is not None and handed.loop_id == loop_id:
            self._handed, self._is_sounding, self._passing = None, False, []
        else:
            return None
        self.edits.forget()
        self._led_before = handed.goes_back
        return handed
