# SPDX-License-Identifier: GPL-3.0-or-later
"""The job queue gives jobs to a worker process: one at a time, each answered once, whatever becomes of the worker."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.errors import StudioError, WorkerDied, WorkerHung
from engine.session.ports import Clock, WorkerProcess
from engine.values import JobFailed

JOB_LIMIT_S = 120.0
"""Seconds after which a worker's job has hung: the longest real one, a 10-minute clip, takes a few."""
LIBRARY_LIMIT_S = 60.0
"""Seconds after which a library's job stands still with its disk; ten minutes of FLAC to a slow disk take less."""

Answer = Callable[[Any], None]


@dataclass(slots=True)
class _Queued:
    job: Any
    answer: Answer
    was_tried: bool = False
    is_idle_work: bool = False


class JobQueue:
    """The job queue answers each job by its result or ``JobFailed``; one that loses its worker is tried once more."""

    def __init__(self, process: WorkerProcess, clock: Clock, *, limit_s: float | None = None) -> None:
        self._limit_s = JOB_LIMIT_S if limit_s is None else limit_s
        self._process = process
        self._process.received.connect(self._on_received)
        self._process.died.connect(self._on_died)
        self._waiting: deque[_Queued] = deque()
        self._running: _Queued | None = None
        self._limit = clock.timer(self._on_limit)

    def submit(
        self, job: Any, answer: Answer, *, instead: bool = False, first: bool = False, idle: bool = False
    ) -> None:
        """Queue a job.

        ``instead`` drops waiting jobs of the same kind, unanswered (latest wins); ``first`` puts it before all others;
        ``idle`` has it wait until there is nothing else to do.
        """
        if instead:
            self._waiting = deque(one for one in self._waiting if type(one.job) is not type(job))
        if first:
            self._waiting.appendleft(_Queued(job, answer))
        else:
            at = len(self._waiting)
            while not idle and at and self._waiting[at - 1].is_idle_work:
                at -= 1
            self._waiting.insert(at, _Queued(job, answer, is_idle_work=idle))
        self._next()

    def withdraw(self, job_id: int) -> None:
        """Drop a job that waits, unanswered; one that runs is answered all the same."""
        self._waiting = deque(one for one in self._waiting if one.job.job_id != job_id)

    def clear(self) -> None:
        """Forget all jobs; a result that still comes is dropped."""
        self._waiting.clear()
        self._running = None
        self._limit.stop()

    def finish(self, *kinds: type) -> None:
        """Hand all waiting jobs of these kinds over, none of which is answered any more, and forget the others."""
        last = [one.job for one in self._waiting if isinstance(one.job, kinds)]
        self.clear()
        for job in last:
            self._process.send(job)

    def _next(self) -> None:
        if self._running is None and self._waiting:
            self._running = self._waiting.popleft()
            self._limit.start(self._limit_s)
            self._process.send(self._running.job)

    def _finish(self, result: Any) -> None:
        running, self._running = self._running, None
        self._limit.stop()
        try:
            if running is not None:
                running.answer(result)
        finally:
            self._next()

    def _on_received(self, result: Any) -> None:
        if self._running is not None and result.job_id == self._running.job.job_id:
            self._finish(result)

    def _on_died(self, error: StudioError) -> None:
        if self._running is None:
            return
        if isinstance(error, WorkerDied) and not self._running.was_tried:
            self._running.was_tried = True
            self._limit.start(self._limit_s)
            self._process.send(self._running.job)
        else:
            self._finish(JobFailed(self._running.job.job_id, error))

    def _on_limit(self) -> None:
        if self._running is not None:
            self._limit.start(self._limit_s)
            self._process.give_up(WorkerHung(worker=self._process.name, limit_s=self._limit_s))
