# SPDX-License-Identifier: GPL-3.0-or-later
"""The transition watch tells how the next loop is to take over, and has that drawn, as long as it is looked at."""

from __future__ import annotations

import logging

from psygnal import Signal

from engine.playback.mix.transition_picture import transition_excerpt
from engine.playback.plan.bars import entry_places, next_place
from engine.session.handed import Foreseen
from engine.session.now_playing import NowPlaying
from engine.session.ports import Jobs, NextId
from engine.session.transition_planner import Transition, plain_plan
from engine.session.up_next import UpNext
from engine.units import seconds_to_samples
from engine.values import (
    ChannelSnapshot,
    ComingTransition,
    Entry,
    JobFailed,
    TransitionEdit,
    TransitionPlan,
)
from engine.worker.jobs import TransitionDrawn, TransitionJob

_log = logging.getLogger(__name__)

AHEAD_S = 0.08
"""Seconds before a place at which what is handed over still comes in there: what is mixed is ahead of what is heard."""


class TransitionWatch:
    """The transition watch foresees the next takeover from snapshot to snapshot, and takes what a person changes of it.

    It asks for one picture at a time, the newest.

    Signals
    -------
    changed(ComingTransition | None): None where no loop is known that comes next, drawn(TransitionPicture)
    edited(TransitionEdit before, TransitionEdit after, title of the incoming loop)

    Attributes
    ----------
    up_next
        What it watches.
    """

    changed = Signal(object)
    drawn = Signal(object)
    edited = Signal(object, object, str)

    def __init__(self, jobs: Jobs, next_id: NextId, up_next: UpNext) -> None:
        self._jobs = jobs
        self._next_id = next_id
        self.up_next = up_next
        self._is_wanted = False
        self._now: NowPlaying | None = None
        self._told: ComingTransition | None = None
        self._entry_for: tuple[object, ...] = ()
        self._drawn_of: tuple[object, ...] = ()

    def want(self, is_wanted: bool) -> None:
        """Have it told and drawn from now on, or no more: nothing is computed for a panel that is not seen."""
        self._is_wanted = is_wanted
        self._forget()
        if is_wanted:
            # What was told last may be long over.
            self.changed.emit(None)

    def end(self) -> None:
        """Tell that nothing comes, as the music ended."""
        self._now = None
        if self._told is not None:
            self._forget()
            self.changed.emit(None)

    def _forget(self) -> None:
        self._told, self._entry_for, self._drawn_of = None, (), ()

    def edit(self, edit: TransitionEdit) -> bool:
        """Have the transition that comes be made like this; return False where another comes, or it is heard."""
        now, foreseen = self._now, self.up_next.foreseen
        if now is None or foreseen is None:
            return False
        before = self.up_next.edits.of(now.part, edit.incoming_id)
        if not self.up_next.edit(edit, now):
            return False
        self.edited.emit(before or TransitionEdit(edit.lead_id, edit.incoming_id), edit, foreseen.loop.recipe.title)
        return True

    def follow(self, now: NowPlaying, heard: ChannelSnapshot) -> None:
        """Take in what is heard, after it was considered what comes."""
        self._now = now
        if not self._is_wanted:
            return
        told = self._told
        if told is not None and told.is_sounding and heard.incoming_id == told.incoming_id:
            # Until it is over, whichever of both leads by now.
            return
        foreseen = self.up_next.foreseen
        view = None if foreseen is None else self._view(foreseen, now, heard)
        if view != told:
            self._told = view
            self.changed.emit(view)
        if foreseen is not None and view is not None:
            self._draw(foreseen, view)

    # --- what is told -------------------------------------------------------------------------------------------------

    def _view(self, foreseen: Foreseen, now: NowPlaying, heard: ChannelSnapshot) -> ComingTransition:
        transition, loop = foreseen.transition, foreseen.loop
        lead, wish, plan = transition.lead, transition.wish, foreseen.plan
        # Until it is worked out, what can be said of it without working.
        shown = plan or plain_plan(transition)
        swaps_bass = shown.bass is not None if plan is not None else wish.bass_swap
        rule = Entry.NEXT_BAR if lead.grid is not None else Entry.LOOP_END
        return ComingTransition(
            lead_id=lead.loop_id,
            incoming_id=loop.loop_id,
            lead_title=now.playing.recipe.title,
            incoming_title=loop.recipe.title,
            entry=wish.entry,
            entry_samples=self._entry(foreseen, shown, now.played_samples(heard), heard.fade),
            places=entry_places(lead.baked.n_samples, lead.grid, rule),
            turn_samples=lead.baked.n_samples,
            fade_samples=shown.n_samples,
            bars=wish.bars if lead.grid is not None else 0,
            sample_rate=lead.baked.sample_rate,
            lead_grid=lead.grid,
            tempos_bpm=shown.tempos_bpm,
            swaps_bass=swaps_bass,
            is_planned=plan is not None,
            is_sounding=foreseen.is_sounding,
            edit=self.up_next.edits.of(lead, loop.loop_id),
        )

    def _entry(self, foreseen: Foreseen, plan: TransitionPlan, played: int, fade: float) -> int | None:
        """Return where it begins in the leading loop, on over its turns; what was foreseen stays until it is passed."""
        if foreseen.due_samples is None:
            return None
        lead = foreseen.transition.lead.baked
        told = None if self._told is None else self._told.entry_samples
        why = (foreseen.transition.key, foreseen.is_handed, foreseen.due_samples, foreseen.is_sounding)
        same = why == self._entry_for
        # Handed over in its time, it comes where it was foreseen.
        same = same or (bool(self._entry_for) and why[0] == self._entry_for[0] and foreseen.is_handed)
        self._entry_for = why
        if foreseen.is_sounding:
            begun = played - round(fade * plan.n_samples)
            return told if same and told is not None and abs(told - begun) < lead.sample_rate // 10 else begun
        if same and told is not None and told > played:
            return told
        after = max(played, foreseen.due_samples)
        wished_at = foreseen.transition.wish.at_samples
        if wished_at is None or after > foreseen.due_samples:
            after += seconds_to_samples(AHEAD_S, lead.sample_rate)
        return next_place(plan.entries, lead.n_samples, after)

    # --- what is drawn ------------------------------------------------------------------------------------------------

    def _draw(self, foreseen: Foreseen, view: ComingTransition) -> None:
        plan, transition = foreseen.plan, foreseen.transition
        if plan is None or (foreseen.is_sounding and self._drawn_of):
            return
        place = self._place(transition, plan, view.entry_samples)
        drawn_of = (transition.key, plan.n_samples, plan.lead_in is None, plan.entries, place)
        if drawn_of == self._drawn_of:
            return
        self._drawn_of = drawn_of
        excerpt = transition_excerpt(
            transition.lead.baked,
            transition.incoming.baked,
            plan,
            place,
            ids=(view.lead_id, view.incoming_id),
            grids=(transition.lead.grid, transition.incoming.grid),
        )

        def answer(result: TransitionDrawn | JobFailed) -> None:
            if isinstance(result, JobFailed):
                _log.info("no picture of the transition: %s", result.error)
            elif drawn_of == self._drawn_of:
                self.drawn.emit(result.picture)

        # A twentieth of a second's work that a hand waits for; of several pictures only the newest.
        self._jobs.submit(TransitionJob(self._next_id(), excerpt), answer, instead=True, first=True)

    @staticmethod
    def _place(transition: Transition, plan: TransitionPlan, entry: int | None) -> int:
        """Return where in one turn it begins; while the loop is held, where it may."""
        if entry is None:
            return plan.entries[0] if plan.entries else 0
        return entry % transition.lead.baked.n_samples
