# SPDX-License-Identifier: GPL-3.0-or-later
"""Dragging has files made of what a person drags or copies out of the window: what plays, a candidate, takes."""

from __future__ import annotations

from psygnal import Signal

from engine.library.filerecipe import own_of
from engine.session.ports import Jobs, NextId
from engine.session.presenter import LoopPresenter
from engine.session.take_store import TakeStore
from engine.values import JobFailed, Mark
from engine.worker.drag_jobs import Dragged, DragJob, LoopToDrag, TakesToDrag


class Dragging:
    """Dragging asks for the files of one drag at a time; the last one asked for counts.

    Signals
    -------
    ready(tuple of paths): the files of the last drag are there, failed(StudioError)
    """

    ready = Signal(object)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, next_id: NextId, presenter: LoopPresenter, takes: TakeStore) -> None:
        self._jobs, self._next_id, self._presenter, self._takes = jobs, next_id, presenter, takes
        self._asked = 0

    def tidy(self, folder: str) -> None:
        """Remove what was dragged long ago."""
        self._jobs.submit(DragJob(self._next_id(), folder, None), lambda _: None, idle=True)

    def drag_loop(self, folder: str, candidate: int | None = None) -> None:
        """Have a file of the loop that plays, or of one of its candidates."""
        aside = self._presenter.aside_of(candidate)
        if aside is None:
            return
        key = aside.part.key
        own = aside.loop.metadata or own_of(self._takes.take_of(aside.loop.loop_id))
        self._ask(folder, LoopToDrag(aside.loop.clip, key.region, key.overlap_ms, key.gain, aside.recipe, own))
        self._takes.mark(aside.loop.loop_id, Mark.SAVED)

    def drag_takes(self, folder: str, take_ids: tuple[str, ...]) -> None:
        """Have a file of each take."""
        baker = self._presenter.baker
        what = TakesToDrag(self._takes.folder, take_ids, baker.overlap_ms, baker.target_lufs)
        self._ask(folder, what)

    def _ask(self, folder: str, what: LoopToDrag | TakesToDrag) -> None:
        job = DragJob(self._next_id(), folder, what)
        self._asked = job.job_id

        def answer(result: Dragged | JobFailed) -> None:
            if result.job_id != self._asked:
                return
            if isinstance(result, JobFailed):
                self.failed.emit(result.error)
            else:
                self.ready.emit(result.paths)

        self._jobs.submit(job, answer, first=True)
