# SPDX-License-Identifier: GPL-3.0-or-later
"""The workers' jobs for a jam: shape a clip into a loop of whole bars, keep a jam in a folder, read it again."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path

from engine.errors import StudioError
from engine.loops.shaped import LoopShape
from engine.values import BakedLoop, Clip, LoopRegion, MusicFacts, Recipe
from engine.values.jam import Character
from engine.values.jam_project import JamProject
from engine.worker.jobs import run


@dataclass(frozen=True, eq=False, slots=True)
class ShapeJob:
    """Shape a clip into a loop, as loud as ``target_lufs``. Answered by ``Shaped``, or a failure (LoopLacksBars).

    With ``folds`` a tempo may be counted at half or twice as fast, and another metre goes round within more bars.
    """

    job_id: int
    clip: Clip
    shape: LoopShape
    sample_rate: int
    facts: MusicFacts
    target_lufs: float
    folds: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Shaped:
    """The loop, of ``bars`` and as many samples as its longer turns have, how loud it was before, how it sounds."""

    job_id: int
    baked: BakedLoop
    bars: int
    lufs: float
    character: Character


@dataclass(frozen=True, eq=False, slots=True)
class WriteJamJob:
    """Keep a jam in a folder. Answered by ``JamWritten``, or a failure."""

    job_id: int
    folder: str
    project: JamProject


@dataclass(frozen=True, slots=True)
class JamWritten:
    """The jam is kept."""

    job_id: int
    folder: str


@dataclass(frozen=True, slots=True)
class ReadJamJob:
    """Read the jam that is kept in a folder. Answered by ``JamRead``, or a failure (NotAJam)."""

    job_id: int
    folder: str


@dataclass(frozen=True, eq=False, slots=True)
class JamRead:
    """The jam as it is kept, and why loops of it cannot be read: it is without those."""

    job_id: int
    project: JamProject
    lost: tuple[StudioError, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadLoopJob:
    """Read a file as one loop. Answered by ``LoopFileRead``, or a failure."""

    job_id: int
    path: str


@dataclass(frozen=True, eq=False, slots=True)
class LoopFileRead:
    """A file's loop: a clip that goes round where the file says how, and how it was made."""

    job_id: int
    clip: Clip
    recipe: Recipe


@dataclass(frozen=True, eq=False, slots=True)
class TransposeJob:
    """Move a clip to a key from its own, which is listened for where it is not known. Answered by ``Transposed``."""

    job_id: int
    clip: Clip
    own_key: str | None
    key: str


@dataclass(frozen=True, eq=False, slots=True)
class Transposed:
    """The clip in its key; None where none is heard in it: then it is as it was."""

    job_id: int
    clip: Clip
    key: str | None


@dataclass(frozen=True, eq=False, slots=True)
class LoopPhraseJob:
    """Cut a phrase to its bars, see ``engine.loops.phrases``. Answered by ``PhraseLooped``, or a failure."""

    job_id: int
    clip: Clip
    first: int
    n_samples: int
    facts: MusicFacts


@dataclass(frozen=True, eq=False, slots=True)
class PhraseLooped:
    """The phrase as a clip that goes round."""

    job_id: int
    clip: Clip


@run.register
def _loop_phrase(job: LoopPhraseJob) -> PhraseLooped:
    from engine.loops.phrases import looped_phrase

    samples = looped_phrase(job.clip, job.first, job.n_samples, job.facts)
    return PhraseLooped(job.job_id, Clip(samples, job.clip.sample_rate, wraps=True))


@run.register
def _read_loop(job: ReadLoopJob) -> LoopFileRead:
    from engine.library.loop_files import read_loop

    file = read_loop(job.path)
    facts = file.facts
    recipe = file.recipe if facts.tempo_bpm is None else replace(file.recipe, facts=facts)
    return LoopFileRead(job.job_id, file.clip, recipe)


@run.register
def _transpose(job: TransposeJob) -> Transposed:
    from engine.loops.transposing import key_of, moved_key, semitones_between, transposed

    own = job.own_key or key_of(job.clip)
    semitones = semitones_between(own, job.key) if own else 0
    clip = transposed(job.clip, semitones)
    return Transposed(job.job_id, clip, moved_key(own, semitones) if own and semitones else own)


@run.register
def _write(job: WriteJamJob) -> JamWritten:
    from engine.library.jam_folder import write_project

    write_project(Path(job.folder), job.project)
    return JamWritten(job.job_id, job.folder)


@run.register
def _read(job: ReadJamJob) -> JamRead:
    from engine.library.jam_folder import read_project

    lost: list[StudioError] = []
    return JamRead(job.job_id, read_project(Path(job.folder), lost), tuple(lost))


@run.register
def _shape(job: ShapeJob) -> Shaped:
    from engine.dsp.character import character_of
    from engine.dsp.loudness import loop_loudness, loudness_gain
    from engine.loops.shaped import folded, shaped_loop

    shape, facts, folds = job.shape, job.facts, job.folds and job.clip.wraps
    if folds:
        shape = folded(shape, facts)
    n_samples = math.ceil(shape.exact_samples(job.sample_rate))
    loop = shaped_loop(job.clip, shape, job.sample_rate, facts=facts, n_samples=n_samples, folds=folds)
    lufs = loop_loudness(loop.samples, job.sample_rate)
    samples = loop.samples * loudness_gain(lufs, job.target_lufs)
    baked = BakedLoop(samples, job.sample_rate, LoopRegion(0, n_samples), 0, 0.0)
    return Shaped(job.job_id, baked, shape.bars, lufs, character_of(samples, job.sample_rate))
