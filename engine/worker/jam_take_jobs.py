# SPDX-License-Identifier: GPL-3.0-or-later
"""The library's jobs for recordings of a jam: write a part of one as a file, read a part of one to be heard."""

from __future__ import annotations

from dataclasses import dataclass

from engine.values import Clip
from engine.worker.jobs import run


@dataclass(frozen=True, slots=True)
class WriteTakeJob:
    """Write frames of a recording (``end`` None: to its end) as a file. Answered by ``TakeWritten``, or a failure."""

    job_id: int
    path: str
    target: str
    first: int
    end: int | None
    sample_rate: int


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


@run.register
def _write(job: WriteTakeJob) -> TakeWritten:
    from engine.recording.cut import write_part

    write_part(job.path, job.target, job.first, job.end, sample_rate=job.sample_rate)
    return TakeWritten(job.job_id, job.target)


@run.register
def _read(job: ReadTakeJob) -> TakeRead:
    import soxr

    from engine.recording.cut import read_part

    clip = read_part(job.path, job.first, job.end, sample_rate=job.sample_rate)
    if clip.sample_rate != job.sample_rate:
        clip = Clip(soxr.resample(clip.samples, clip.sample_rate, job.sample_rate), job.sample_rate)
    return TakeRead(job.job_id, clip)
