# SPDX-License-Identifier: GPL-3.0-or-later
"""The sound reader has a process read sounds, one at a time, tells how far it is, and can be called off."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.errors import WorkerHung
from engine.session.ports import Clock, WorkerProcess
from engine.values import JobFailed, Progress
from engine.worker.sound_reading import ListSounds, ReadSound, StopReading

SILENCE_S = 120.0
"""Seconds without a word after which the process hangs: hours of sound are searched in a tenth of that."""


@dataclass(frozen=True, slots=True)
class _Asked:
    job: ListSounds | ReadSound
    answer: Callable[[Any], None]
    told: Callable[[Progress], None]


class SoundReader:
    """The sound reader answers each job by its result or ``JobFailed``, unless it is called off."""

    def __init__(self, process: WorkerProcess, clock: Clock) -> None:
        self._process = process
        self._waiting: deque[_Asked] = deque()
        self._running: _Asked | None = None
        self._silence = clock.timer(self._on_silence)
        process.received.connect(self._on_received)
        process.died.connect(self._on_died)

    def ask(self, job: ListSounds | ReadSound, answer: Callable[[Any], None], told: Callable[[Progress], None]) -> None:
        """Have a job done after those that were asked for before."""
        self._waiting.append(_Asked(job, answer, told))
        self._next()

    def call_off(self) -> None:
        """Forget all jobs, none of which is answered any more; what is being read is given up."""
        running, self._running = self._running, None
        self._waiting.clear()
        self._silence.stop()
        if running is not None:
            self._process.send(StopReading(running.job.job_id))

    def _next(self) -> None:
        if self._running is None and self._waiting:
            self._running = self._waiting.popleft()
            self._silence.start(SILENCE_S)
            self._process.send(self._running.job)

    def _on_received(self, message: Any) -> None:
        running = self._running
        if running is None or message.job_id != running.job.job_id:
            return
        if isinstance(message, Progress):
            self._silence.start(SILENCE_S)
            running.told(message)
        else:
            self._finish(message)

    def _finish(self, result: Any) -> None:
        running, self._running = self._running, None
        self._silence.stop()
        try:
            if running is not None:
                running.answer(result)
        finally:
            self._next()

    def _on_died(self, error: Exception) -> None:
        if self._running is not None:
            self._finish(JobFailed(self._running.job.job_id, error))

    def _on_silence(self) -> None:
        self._silence.start(SILENCE_S)
        self._process.give_up(WorkerHung(worker=self._process.name, limit_s=SILENCE_S))
