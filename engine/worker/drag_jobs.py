# SPDX-License-Identifier: GPL-3.0-or-later
"""This job writes loops as files that are dragged or copied out of the window, into a folder that outlives the drag."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from engine.library.metadata import Metadata
from engine.values import Clip, LoopRegion, Recipe, SavePlan
from engine.worker.jobs import run

KEPT_S = 7 * 86_400.0
"""Seconds for which a dragged file is kept: a program that took only its name has read it by then."""
PLAN = SavePlan(bits="24")


@dataclass(frozen=True, eq=False, slots=True)
class LoopToDrag:
    """A loop that is dragged as it plays, from its clip to its seam; ``own`` is as in ``SaveJob``."""

    clip: Clip
    region: LoopRegion
    overlap_ms: float
    gain: float
    recipe: Recipe
    own: Metadata | str = ""


@dataclass(frozen=True, slots=True)
class TakesToDrag:
    """Takes that are dragged from a library, each with its own loop.

    Attributes
    ----------
    overlap_ms
        As the studio's loops are crossfaded.
    target_lufs
        As loud as they are played.
    """

    library_folder: str
    take_ids: tuple[str, ...]
    overlap_ms: float
    target_lufs: float


@dataclass(frozen=True, eq=False, slots=True)
class DragJob:
    """Have loops in files below ``folder``, and remove those that are old there. Answered by ``Dragged``.

    WAV of 24 bits with loop, tempo, bars and recipe, named by title, tempo, key and bars. ``what`` None only tidies up.
    """

    job_id: int
    folder: str
    what: LoopToDrag | TakesToDrag | None


@dataclass(frozen=True, slots=True)
class Dragged:
    """Where the files are, in the order asked for."""

    job_id: int
    paths: tuple[str, ...]


@run.register
def _(job: DragJob) -> Dragged:
    folder = Path(job.folder)
    remove_old(folder)
    if job.what is None:
        return Dragged(job.job_id, ())
    what = job.what
    loops = (what,) if isinstance(what, LoopToDrag) else (_loaded(what, take_id) for take_id in what.take_ids)
    return Dragged(job.job_id, tuple(str(written(folder, one)) for one in loops))


def _loaded(takes: TakesToDrag, take_id: str) -> LoopToDrag:
    from engine.dsp.loudness import loop_loudness, loudness_gain
    from engine.dsp.seam import bake
    from engine.library.filerecipe import own_of
    from engine.library.importing import fitted
    from engine.worker.open_library import opened

    take, clip = opened(takes.library_folder).load(take_id)
    clip, loop = fitted(clip), take.recipe.loop
    overlap_ms = loop.overlap_beyond(takes.overlap_ms)
    lufs = loop_loudness(bake(clip, loop.region, overlap_ms=overlap_ms).samples, clip.sample_rate)
    return LoopToDrag(clip, loop.region, overlap_ms, loudness_gain(lufs, takes.target_lufs), take.recipe, own_of(take))


def written(folder: Path, loop: LoopToDrag) -> Path:
    """Return the file of a loop, which is written unless it is there: a folder for each content, a name for people."""
    from engine.dsp.seam import Seam
    from engine.library.carried import Made, own_tags, said_of_file
    from engine.playback.file.extent import Cut
    from engine.playback.file.saving import Saved, described_name, shapes_of, write_files

    recipe, facts = loop.recipe, loop.recipe.facts
    tempo_bpm = recipe.loop.tempo_bpm or facts.tempo_bpm
    name = described_name(recipe.title, tempo_bpm, facts.key, recipe.loop.bars)
    seam = Seam(loop.clip, loop.region, overlap_ms=loop.overlap_ms)
    (shape,) = shapes_of(PLAN, name, Cut.of(seam))
    said = f"{recipe.as_dict()} {loop.region} {loop.overlap_ms} {loop.gain} {len(loop.clip.samples)}"
    place = folder / hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    path = place / shape.name
    if path.exists():
        # Young again: it is kept as long as any other.
        place.touch()
        return path
    place.mkdir(parents=True, exist_ok=True)
    made = Made(PLAN, loop.overlap_ms, loop.gain, is_limited=True)
    saved, own = Saved(seam, loop.gain, is_limited=True), own_tags(loop.own)
    for _ in write_files(PLAN, saved, (shape,), (path,), lambda one: said_of_file(recipe, one, made, own)):
        pass
    return path


def remove_old(folder: Path) -> None:
    """Remove what was dragged longer than ``KEPT_S`` ago; what cannot be removed stays."""
    oldest_s = time.time() - KEPT_S
    with contextlib.suppress(OSError):
        for place in folder.iterdir():
            with contextlib.suppress(OSError):
                if place.is_dir() and place.stat().st_mtime < oldest_s:
                    shutil.rmtree(place)
