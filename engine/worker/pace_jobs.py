# SPDX-License-Identifier: GPL-3.0-or-later
"""This job keeps how long clips took to make on this machine, in the library's process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.errors import StudioError
from engine.values import MachinePace, PaceRun
from engine.worker.jobs import run


@dataclass(frozen=True, slots=True)
class PaceJob:
    """Add runs to the file at ``path``, of which all others are forgotten first if asked. Answered by ``PaceKept``."""

    job_id: int
    path: str
    runs: tuple[PaceRun, ...] = ()
    forget: bool = False


@dataclass(frozen=True, slots=True)
class PaceKept:
    """The pace as it is kept now, and what of its file could not be used and was set aside, if anything."""

    job_id: int
    pace: MachinePace
    damaged: StudioError | None


@run.register
def _(job: PaceJob) -> PaceKept:
    from engine.library.pace_file import keep

    kept = keep(Path(job.path), job.runs, forget=job.forget)
    return PaceKept(job.job_id, kept.pace, kept.damaged)
