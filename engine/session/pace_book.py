# SPDX-License-Identifier: GPL-3.0-or-later
"""The pace book keeps how long clips take on this machine, and tells what is expected of the next ones."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from psygnal import Signal

from engine.session.fallback_chain import FallbackStep
from engine.session.pace_meter import model_of
from engine.session.ports import Jobs, NextId
from engine.values import Expected, JobFailed, MachinePace, PaceRun
from engine.worker.pace_jobs import PaceJob, PaceKept


@dataclass(frozen=True, slots=True)
class PaceFile:
    """The pace's file is at ``path``, "" for nowhere, and is read and written by jobs of the library's process."""

    path: str
    jobs: Jobs
    next_id: NextId


class PaceBook:
    """The pace book knows the runs in memory; a file keeps them, to which others may add. Without one, none is kept.

    Signals
    -------
    changed(MachinePace), failed(StudioError): the file was damaged, or cannot be read or written, told once each,
    timed(PaceRun): a clip was made

    Attributes
    ----------
    pace
        By all runs that are kept.
    forgotten
        The runs that were forgotten last and can be brought back.
    """

    changed = Signal(object)
    failed = Signal(object)
    timed = Signal(object)

    def __init__(self, file: PaceFile | None = None) -> None:
        self.pace = MachinePace()
        self.forgotten: tuple[PaceRun, ...] = ()
        self._file = file if file is not None and file.path else None
        # What was told of the file: it is told once until it is well.
        self._told: type | None = None
        self._n_waiting = 0
        # What could not be written.
        self._owed: PaceJob | None = None

    def read(self) -> None:
        """Read what is kept, when there is nothing else to do."""
        self._keep(idle=True)

    def expected(self, step: FallbackStep, n_clips: int = 1) -> Expected | None:
        """Return how long the clips of a step are expected to take; None where nothing is known of their model."""
        return self.pace.expected(step.generator, model_of(step.generator, step.model), step.duration_s, n_clips)

    def took(self, run: PaceRun) -> None:
        """Note that a clip was made."""
        self.timed.emit(run)
        self._set(self.pace.with_runs([run]))
        self._keep(run)

    def forget(self) -> None:
        """Forget all runs, which ``bring_back`` undoes."""
        if self.pace.runs:
            self.forgotten = self.pace.runs
            self._set(MachinePace())
            self._keep(forget=True)

    def bring_back(self) -> None:
        """Know again what was forgotten, before what was made since."""
        if self.forgotten:
            runs, self.forgotten = (*self.forgotten, *self.pace.runs), ()
            self._set(MachinePace().with_runs(runs))
            self._keep(*runs, forget=True)

    def _set(self, pace: MachinePace) -> None:
        if pace != self.pace:
            self.pace = pace
            self.changed.emit(pace)

    def _keep(self, *runs: PaceRun, forget: bool = False, idle: bool = False) -> None:
        file, owed = self._file, self._owed
        if file is None:
            return
        if owed is not None and not forget:
            runs, forget = (*owed.runs, *runs), owed.forget
        self._owed = None
        job = PaceJob(file.next_id(), file.path, runs, forget)
        self._n_waiting += 1
        file.jobs.submit(job, partial(self._on_kept, job), idle=idle)

    def _on_kept(self, job: PaceJob, result: PaceKept | JobFailed) -> None:
        self._n_waiting -= 1
        error = result.error if isinstance(result, JobFailed) else result.damaged
        if error is not None and type(error) is not self._told:
            self.failed.emit(error)
        self._told = None if error is None else type(error)
        if isinstance(result, JobFailed):
            # It goes with the next one, until the disk takes it.
            self._owed = PaceJob(0, "", MachinePace().with_runs(job.runs).runs, job.forget)
        elif not self._n_waiting:
            # While something waits, the file does not hold it yet.
            self._set(result.pace)
