# SPDX-License-Identifier: GPL-3.0-or-later
"""SALVA's job writes files by a plan and proves them, in slices: between two of them the library's other jobs are done.

``SaveJob`` is answered by ``Saving`` until all is done, then by ``FilesSaved``; each ``Saving`` wants a ``GoOnJob``,
or a ``StopJob``, which leaves nothing behind.
"""

from __future__ import annotations

import os
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from engine.errors import NameTaken, StudioError
from engine.library.metadata import Metadata
from engine.values import Clip, FileShape, LoopRegion, Recipe, SaveKind, SavePlan, WrittenFile
from engine.worker.jobs import run

SLICE_S = 0.4
"""Seconds that a slice takes at most, but for the proof of one file."""
LOST = "the process that wrote it has ended"


@dataclass(frozen=True, eq=False, slots=True)
class SaveJob:
    """Write files of a loop by a plan, then decode and prove each.

    Attributes
    ----------
    folder, name
        Where, and under which name without an ending: what is there already is left, and a number is added.
    is_exact
        Whether the name is to be that and no other: NameTaken is the answer where something is there.
    own
        Of a sound that was brought, its tags and cover, or the path of the take that has them; else "".
    overlap_ms, gain
        As the loop was baked with.
    """

    job_id: int
    folder: str
    name: str
    plan: SavePlan
    clip: Clip
    region: LoopRegion
    overlap_ms: float
    gain: float
    recipe: Recipe
    is_exact: bool = False
    own: Metadata | str = ""


@dataclass(frozen=True, slots=True)
class Saving:
    """How far a ``SaveJob`` is: in [0, 1], and whether what is written is proved already. ``token`` names it."""

    job_id: int
    token: int
    fraction: float
    is_proving: bool


@dataclass(frozen=True, slots=True)
class GoOnJob:
    """Go on with the ``SaveJob`` of this token. Answered by ``Saving``, or ``FilesSaved``."""

    job_id: int
    token: int


@dataclass(frozen=True, slots=True)
class StopJob:
    """Stop the ``SaveJob`` of this token: its files are not there. Answered by ``FilesSaved`` of none."""

    job_id: int
    token: int


@dataclass(frozen=True, slots=True)
class FilesSaved:
    """The files that were written, each as it was decoded again."""

    job_id: int
    files: tuple[WrittenFile, ...]


_Steps = Generator[tuple[float, bool], None, tuple[WrittenFile, ...]]
_running: dict[int, _Steps] = {}
"""Jobs that are being done in this process, by their tokens."""


@run.register
def _(job: SaveJob) -> Saving | FilesSaved:
    _running[job.job_id] = _steps(job)
    # A loop is a moment's work, and stays even if the studio closes now.
    return _slice(job.job_id, job.job_id, to_the_proof=job.plan.kind is SaveKind.LOOP)


@run.register
def _(job: GoOnJob) -> Saving | FilesSaved:
    return _slice(job.job_id, job.token)


@run.register
def _(job: StopJob) -> FilesSaved:
    steps = _running.pop(job.token, None)
    if steps is not None:
        steps.close()
    return FilesSaved(job.job_id, ())


def _slice(job_id: int, token: int, *, to_the_proof: bool = False) -> Saving | FilesSaved:
    steps = _running.get(token)
    if steps is None:
        raise StudioError(detail=LOST)
    end_s = time.monotonic() + SLICE_S
    try:
        while True:
            fraction, is_proving = next(steps)
            if is_proving or (time.monotonic() >= end_s and not to_the_proof):
                return Saving(job_id, token, fraction, is_proving)
    except StopIteration as done:
        del _running[token]
        files: tuple[WrittenFile, ...] = done.value
        return FilesSaved(job_id, files)
    except BaseException:
        _running.pop(token, None)
        raise


def _steps(job: SaveJob) -> _Steps:
    """Write the files, yielding how far it is, then prove one after the other."""
    from engine.dsp.seam import Seam
    from engine.library.carried import Made, own_tags, said_of_file
    from engine.loops.written import prove_written
    from engine.playback.file.extent import Cut
    from engine.playback.file.saving import Saved, as_written, shapes_of, write_files

    seam = Seam(job.clip, job.region, overlap_ms=job.overlap_ms)
    shapes = shapes_of(job.plan, job.name, Cut.of(seam))
    paths = places_of(job.folder, shapes, is_exact=job.is_exact)
    saved = as_written(job.plan, Saved(seam, job.gain, is_limited=True))
    made = Made(job.plan, job.overlap_ms, saved.gain, saved.is_limited)
    own = own_tags(job.own)
    writing = write_files(job.plan, saved, shapes, paths, lambda shape: said_of_file(job.recipe, shape, made, own))
    try:
        while True:
            yield next(writing), False
    except StopIteration as done:
        left_out: tuple[tuple[str, ...], ...] = done.value
    finally:
        writing.close()
    files = []
    for shape, path, lacks in zip(shapes, paths, left_out, strict=True):
        yield 1.0, True
        files.append(prove_written(path, shape, seam, job.recipe.facts, gain=saved.gain, left_out=lacks))
    return tuple(files)


def places_of(folder: str, shapes: tuple[FileShape, ...], *, is_exact: bool = False) -> list[Path]:
    """Return where files go: under their names, or with one number that is free for all of them.

    Raises NameTaken where ``is_exact`` and something has one of their names.
    """
    from engine.library.atomic import numbered

    if is_exact:
        exact = [Path(folder) / shape.name for shape in shapes]
        if taken := [one for one in exact if os.path.lexists(one)]:
            raise NameTaken(path=str(taken[0]))
        return exact
    tries = zip(*(numbered(Path(folder) / shape.name) for shape in shapes), strict=False)
    return next(list(paths) for paths in tries if not any(path.exists() or path.is_symlink() for path in paths))
