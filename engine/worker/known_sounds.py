# SPDX-License-Identifier: GPL-3.0-or-later
"""This job of the library's process finds the take that a sound is already, so that none is kept twice."""

from __future__ import annotations

from dataclasses import dataclass

from engine.values import Clip, Take
from engine.worker.jobs import run


@dataclass(frozen=True, eq=False, slots=True)
class FindKnown:
    """Find the take of a file that sounds as this clip does. Answered by ``Known``."""

    job_id: int
    library_folder: str
    clip: Clip


@dataclass(frozen=True, slots=True)
class Known:
    """The take, or None where there is none."""

    job_id: int
    take: Take | None


@run.register
def _(job: FindKnown) -> Known:
    from engine.library.filerecipe import FILE
    from engine.library.twice import KnownSounds
    from engine.worker.open_library import opened

    return Known(job.job_id, KnownSounds(opened(job.library_folder), FILE).find(job.clip))
