# SPDX-License-Identifier: GPL-3.0-or-later
"""The library's jobs for recordings of a jam: write a part of one as a file, read a part of one to be heard.

Hours of music are written in slices: between two of them the library's other jobs are done.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass

from engine.errors import StudioError
from engine.values import Clip
from engine.worker.jobs import run
from engine.worker.save_jobs import LOST, SLICE_S


@dataclass(frozen=True, slots=True)
class WriteTakeJob:
    """Write frames of a recording (``end`` None: to its end) as a file.

    Answered by ``TakeWriting``, of which each wants a ``GoOnTakeJob``, then by ``TakeWritten``; or by a failure.
    """

    job_id: int
    path: str
    target: str
    first: int
    end: int | None
    sample_rate: int


@dataclass(frozen=True, slots=True)
class TakeWriting:
    """The part is being written; ``token`` names the ``WriteTakeJob``."""

    job_id: int
    token: int


@dataclass(frozen=True, slots=True)
class GoOnTakeJob:
    """Go on with the ``WriteTakeJob`` of this token. Answered as that."""

    job_id: int
    token: int


@dataclass(frozen=True, slots=True)
class TakeWritten:
    """The part is written."""

    job_id: int
    target: str


@dataclass(frozen=True, slots=True)
class ReadTakeJob:
    """Read frames of a recording, to be heard. Answered by ``TakeRead``, or a failure."""

    job_id: int
    path: str
    first: int
    end: int
    sample_rate: int


@dataclass(frozen=True, eq=False, slots=True)
class TakeRead:
    """The part, at the studio's rate, in two channels."""

    job_id: int
    clip: Clip


_running: dict[int, tuple[Generator[None, None, None], str]] = {}
"""Parts that this process is writing, and where, by their tokens."""


@run.register
def _write(job: WriteTakeJob) -> TakeWriting | TakeWritten:
    from engine.recording.cut import write_part

    writing = write_part(job.path, job.target, job.first, job.end, sample_rate=job.sample_rate)
    _running[job.job_id] = writing, job.target
    return _slice(job.job_id, job.job_id)


@run.register
def _go_on(job: GoOnTakeJob) -> TakeWriting | TakeWritten:
    return _slice(job.job_id, job.token)


def _slice(job_id: int, token: int) -> TakeWriting | TakeWritten:
    if token not in _running:
        raise StudioError(detail=LOST)
    writing, target = _running.pop(token)
    end_s = time.monotonic() + SLICE_S
    for _ in writing:
        if time.monotonic() >= end_s:
            _running[token] = writing, target
            return TakeWriting(job_id, token)
    return TakeWritten(job_id, target)


@run.register
def _read(job: ReadTakeJob) -> TakeRead:
    import soxr

    from engine.recording.cut import read_part

    clip = read_part(job.path, job.first, job.end, sample_rate=job.sample_rate)
    if clip.sample_rate != job.sample_rate:
        clip = Clip(soxr.resample(clip.samples, clip.sample_rate, job.sample_rate), job.sample_rate)
    return TakeRead(job.job_id, clip)
