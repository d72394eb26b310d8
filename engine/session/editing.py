# SPDX-License-Identifier: GPL-3.0-or-later
"""Editing tells what a person did to loops and takes, and puts it back to what was before, wherever a loop is by now.

A loop may play, come next, be past or be in the library alone: it is changed in each place where it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from psygnal import Signal

from engine.errors import FileMissing
from engine.session.edits import DeletionEdit, Edit, LoopRef, RatingEdit, RegionEdit, TransitionChange
from engine.session.options import Happening
from engine.session.ports import Jobs, NextId
from engine.session.presenter import LoopPresenter
from engine.session.take_store import TakeStore
from engine.session.transition_watch import TransitionWatch
from engine.session.transport import Transport
from engine.values import NEVER, JobFailed, LoopCandidate, Mark, TransitionEdit
from engine.worker.library_jobs import (
    Deleted,
    DeleteJob,
    LoopSet,
    Marked,
    MarkJob,
    Rated,
    RateJob,
    Restored,
    RestoreJob,
    SetLoopJob,
)


class Editing:
    """Editing tells each edit once it is made, and undoes or does it again when asked.

    Signals
    -------
    edited(Edit), deletion_ended(): takes were deleted, or could not be, happened(Happening), not_put(Happening): an
    edit could not be put back as it was, or at all
    """

    edited = Signal(object)
    deletion_ended = Signal()
    happened = Signal(object)
    not_put = Signal(object)

    def __init__(
        self,
        jobs: Jobs,
        next_id: NextId,
        takes: TakeStore,
        presenter: LoopPresenter,
        *,
        transport: Transport,
        watch: TransitionWatch,
    ) -> None:
        self._jobs = jobs
        self._next_id = next_id
        self._takes = takes
        self._presenter = presenter
        self._transport = transport
        self._watch = watch
        self._is_putting = False
        presenter.picked.connect(self._on_picked)
        transport.rated.connect(self._on_rated)
        watch.edited.connect(self._on_transition_edited)

    # --- what is done -------------------------------------------------------------------------------------------------

    def _on_picked(self, before: LoopCandidate, after: LoopCandidate, by_hand: bool) -> None:
        """Tell of another region of the loop that plays; one that was dragged has its take stay in the library."""
        now = self._presenter.now_playing
        if now is None:
            return
        loop_id = now.playing.loop_id
        was_marked = self._takes.is_marked(loop_id, Mark.REGION)
        if before.region != after.region:
            loop = self._reference(loop_id, now.playing.recipe.title)
            self.edited.emit(RegionEdit(loop, before, after, by_hand, was_marked))
        if by_hand:
            self._takes.mark(loop_id, Mark.REGION)

    def _on_rated(self, loop_id: int, title: str, before: str, after: str) -> None:
        if not self._is_putting and before != after:
            self.edited.emit(RatingEdit(self._reference(loop_id, title), before, after))

    def _on_transition_edited(self, before: TransitionEdit, after: TransitionEdit, title: str) -> None:
        if not self._is_putting and before != after:
            self.edited.emit(TransitionChange(before, after, title))

    def delete(self, take_ids: Sequence[str]) -> None:
        """Move takes to the library's trash; what plays or comes next plays on all the same."""
        self._delete(self._takes.folder, tuple(take_ids), is_told=True)

    def _reference(self, loop_id: int, title: str) -> LoopRef:
        return LoopRef(loop_id, self._takes.take_id(loop_id), self._takes.folder, title)

    # --- and undone ---------------------------------------------------------------------------------------------------

    def put(self, edit: Edit, *, undone: bool) -> None:
        """Put back what was before an edit, or do it again."""
        self._is_putting = True
        try:
            if isinstance(edit, RegionEdit):
                self._put_region(edit, undone=undone)
            elif isinstance(edit, RatingEdit):
                self._put_rating(edit.loop, edit.before if undone else edit.after)
            elif isinstance(edit, TransitionChange):
                self._put_transition(edit.before if undone else edit.after, edit.title)
            elif undone:
                self._restore(edit)
            else:
                self._delete(edit.folder, edit.take_ids, is_told=False)
        finally:
            self._is_putting = False

    def _put_region(self, edit: RegionEdit, *, undone: bool) -> None:
        loop, candidate = edit.loop, edit.before if undone else edit.after
        take_id = self._id_of(loop)

        def is_it(loop_id: int) -> bool:
            return loop_id == loop.loop_id or (take_id != "" and self._takes.take_id(loop_id) == take_id)

        # What plays is written by the presenter's word.
        plays = self._presenter.put_back(is_it, candidate)
        comes = self._watch.up_next.choose(is_it, candidate)
        is_past = self._transport.history.choose(is_it, candidate)
        is_known = self._takes.is_known(loop.loop_id)
        if is_known and not plays:
            self._takes.set_loop(loop.loop_id, candidate)
        elif take_id and not is_known:
            self._change_take(SetLoopJob(self._next_id(), loop.folder, take_id, candidate), loop)
        elif not (plays or comes or is_past):
            self._tell_gone(loop)
        if edit.by_hand and not edit.was_marked:
            if is_known:
                self._takes.mark(loop.loop_id, Mark.REGION, is_on=not undone)
            elif take_id:
                mark = MarkJob(self._next_id(), loop.folder, take_id, Mark.REGION, is_on=not undone)
                self._change_take(mark, loop)

    def _put_rating(self, loop: LoopRef, rating: str) -> None:
        transport, take_id = self._transport, self._id_of(loop)
        if rating == NEVER and transport.plays(loop.loop_id):
            transport.never_again()
            return
        if rating == NEVER:
            transport.refuse(loop.loop_id, take_id, loop.title)
        else:
            for name in (take_id, loop.title):
                transport.fallback_loops.allow(name)
        if self._takes.is_known(loop.loop_id):
            self._takes.rate(loop.loop_id, rating)
        elif take_id:
            self._change_take(RateJob(self._next_id(), loop.folder, take_id, rating), loop)
        transport.tell()

    def _put_transition(self, edit: TransitionEdit, title: str) -> None:
        if not self._watch.edit(edit):
            self._tell_not_put(
                Happening("The transition to “{title}” does not come any more: nothing was put back", {"title": title})
            )

    def _id_of(self, loop: LoopRef) -> str:
        """Return the id of a loop's take, which it may have had only since the edit; "" where it has none."""
        return self._takes.take_id(loop.loop_id) or loop.take_id

    def _change_take(self, job: SetLoopJob | MarkJob | RateJob, loop: LoopRef) -> None:
        """Change a take of which no loop is known any more; one that is gone is told in one sentence."""

        def answer(result: LoopSet | Marked | Rated | JobFailed) -> None:
            if not isinstance(result, JobFailed):
                if job.library_folder == self._takes.folder:
                    self._takes.put(result.take)
            elif isinstance(result.error, FileMissing):
                self._tell_gone(loop)
            else:
                self._takes.tell_failure(result.error)

        self._jobs.submit(job, answer)

    def _tell_gone(self, loop: LoopRef) -> None:
        self._tell_not_put(
            Happening("“{title}” is no longer in memory or in the library: nothing was put back", {"title": loop.title})
        )

    def _tell_not_put(self, happening: Happening) -> None:
        self.happened.emit(happening)
        self.not_put.emit(happening)

    # --- the trash ----------------------------------------------------------------------------------------------------

    def _delete(self, folder: str, take_ids: tuple[str, ...], *, is_told: bool) -> None:
        def answer(result: Deleted | JobFailed) -> None:
            if isinstance(result, JobFailed):
                self._takes.failed.emit(result.error)
            else:
                if folder == self._takes.folder:
                    self.forget(result.take_ids)
                if is_told and result.take_ids:
                    self.edited.emit(DeletionEdit(folder, result.take_ids, result.title))
            if is_told:
                self.deletion_ended.emit()

        self._jobs.submit(DeleteJob(self._next_id(), folder, take_ids), answer)

    def _restore(self, edit: DeletionEdit) -> None:
        def answer(result: Restored | JobFailed) -> None:
            if isinstance(result, JobFailed):
                self._takes.failed.emit(result.error)
                return
            if edit.folder == self._takes.folder:
                self._takes.bring_back(result.take_ids, result.takes)
            n_gone = len(edit.take_ids) - len(result.take_ids)
            if n_gone:
                self.happened.emit(Happening("Takes that are gone from the trash for good: {n}", {"n": n_gone}))
            self._transport.tell()

        self._jobs.submit(RestoreJob(self._next_id(), edit.folder, edit.take_ids), answer)

    def forget(self, take_ids: Sequence[str]) -> None:
        """Take note that takes left the library; what plays or comes next plays on."""
        self._transport.history.forget_takes(take_ids)
        self._takes.forget(take_ids)
