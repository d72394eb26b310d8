# SPDX-License-Identifier: GPL-3.0-or-later
"""File saving has the library's process write and prove files slice by slice, one save after the other."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from psygnal import Signal

from engine.session.ports import Jobs, NextId
from engine.values import JobFailed, WrittenFile
from engine.worker.save_jobs import FilesSaved, GoOnJob, SaveJob, Saving, StopJob

Then = Callable[[tuple[WrittenFile, ...]], None]
"""This function takes the files that were written; none where it was cancelled."""


class FileSaving:
    """File saving does one job at a time, and can stop it between two slices: then nothing of it is left.

    Signals
    -------
    progressed(title, fraction in [0, 1] | None, whether it is being proved): None when it is over,
    written(tuple of WrittenFile), failed(StudioError)
    """

    progressed = Signal(str, object, bool)
    written = Signal(object)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, next_id: NextId) -> None:
        self._jobs, self._next_id = jobs, next_id
        self._waiting: deque[tuple[SaveJob, Then]] = deque()
        self._is_busy = self._is_cancelled = False

    def save(self, job: SaveJob, then: Then) -> None:
        """Write files, after those that are being written."""
        self._waiting.append((job, then))
        if self._is_busy:
            return
        self._begin()

    def cancel(self) -> None:
        """Stop what is being written; what waits is written after it."""
        self._is_cancelled = self._is_busy

    def close(self) -> None:
        """Write nothing more but a loop that is being written."""
        self._waiting.clear()

    def _begin(self) -> None:
        job, then = self._waiting.popleft()
        self._is_busy, self._is_cancelled = True, False

        def answer(result: Saving | FilesSaved | JobFailed) -> None:
            if isinstance(result, Saving):
                if self._is_cancelled:
                    self._jobs.submit(StopJob(self._next_id(), result.token), answer)
                    return
                self.progressed.emit(job.recipe.title, result.fraction, result.is_proving)
                self._jobs.submit(GoOnJob(self._next_id(), result.token), answer)
                return
            self._is_busy = False
            self.progressed.emit(job.recipe.title, None, False)
            if isinstance(result, JobFailed):
                self.failed.emit(result.error)
            elif result.files:
                then(result.files)
            if self._waiting and not self._is_busy:
                self._begin()

        self._jobs.submit(job, answer)
