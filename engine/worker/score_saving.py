# SPDX-License-Identifier: GPL-3.0-or-later
"""This job writes the notes and the parts of a loop beside its file, in the library's process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.errors import OnlyLoopSaved
from engine.units import db_to_amplitude
from engine.values import BakedLoop, Clip, LoopRegion, PlayedScore, Recipe, SavePlan
from engine.worker.jobs import run

if TYPE_CHECKING:
    from engine.library.carried import Made
    from engine.library.metadata import Metadata

SAME_DB = -70.0
"""Largest difference between two clips that count as the same, dBFS.

Rounding is below -100, a SoundFont's note after another note than before up to -80, another note far above.
"""
OTHER_SOUND = "made again it sounds different, as its generator, a style, a SoundFont or a drum has changed"
OTHER_SUM = "its parts do not sum to it"


@dataclass(frozen=True, eq=False, slots=True)
class WriteScoreJob:
    """Write what is played in a loop that was saved. Answered by ``ScoreWritten``.

    Attributes
    ----------
    path
        Of the loop's own file: what is written here is named after it, and replaces nothing.
    loop
        As it was saved, before the limiter.
    clip
        What the loop is cut from.
    overlap_ms, gain
        As the loop was baked with.
    made
        The clip made again, to be compared with ``clip``; None where nothing of it is to be written.
    score
        What is played in the clip, or None where its notes are not wanted.
    stems
        By name, what ``made`` is the sum of; empty where they are not wanted.
    recipe
        What the notes and the stems carry.
    """

    job_id: int
    path: str
    title: str
    loop: BakedLoop
    clip: Clip
    region: LoopRegion
    overlap_ms: float
    gain: float
    made: Clip | None = None
    score: PlayedScore | None = None
    stems: Mapping[str, Clip] = field(default_factory=dict)
    recipe: Recipe | None = None


@dataclass(frozen=True, slots=True)
class ScoreWritten:
    """Where notes and parts were written, "" for what was not wanted."""

    job_id: int
    midi_path: str
    stems_folder: str


@run.register
def _(job: WriteScoreJob) -> ScoreWritten:
    from engine.library.atomic import free_name
    from engine.library.midifile import write_midi
    from engine.library.names import fitting
    from engine.library.stems import write_stems

    if job.made is not None and not is_same(job.made, job.clip):
        raise OnlyLoopSaved(title=job.title, detail=OTHER_SOUND)
    if job.stems and not is_same(_sum_of(job.stems), job.clip):
        raise OnlyLoopSaved(title=job.title, detail=OTHER_SUM)
    beside = Path(job.path)
    midi_path = stems_folder = ""
    # First what may have no room: if that fails nothing is left of either.
    if job.stems:
        folder = beside.with_name(fitting(beside.stem, " stems"))
        stems_folder = str(write_stems(folder, stems_as_saved(job), lambda name: _said_of(job, name)))
    if job.score is not None:
        midi = free_name(beside.with_name(fitting(beside.stem, ".mid")))
        write_midi(midi, job.score, job.region, texts=_midi_texts(job))
        midi_path = str(midi)
    return ScoreWritten(job.job_id, midi_path, stems_folder)


def _said_of(job: WriteScoreJob, name: str) -> Metadata | None:
    from engine.library.carried import said_of

    return None if job.recipe is None else said_of(job.recipe, _made(job, name))


def _midi_texts(job: WriteScoreJob) -> dict[str, str]:
    from engine.library.carried import midi_texts

    return {} if job.recipe is None else midi_texts(job.recipe, _made(job))


def _made(job: WriteScoreJob, part: str = "") -> Made:
    from engine.library.carried import Made

    return Made(SavePlan(), job.overlap_ms, job.gain, is_limited=True, part=part)


def is_same(made: Clip, clip: Clip) -> bool:
    """Return whether two clips are the same but for rounding."""
    if (made.samples.shape, made.sample_rate) != (clip.samples.shape, clip.sample_rate):
        return False
    return bool(np.abs(made.samples - clip.samples).max() <= db_to_amplitude(SAME_DB))


def stems_as_saved(job: WriteScoreJob) -> dict[str, BakedLoop]:
    """Return the parts cut, levelled and limited as the loop's file is, whose samples they sum to.

    What little the clip that plays has besides its parts as they were made again goes with the loudest of them.
    """
    from engine.dsp.seam import fit_rate
    from engine.dsp.seam_parts import bake_parts
    from engine.playback.mix.limiter import loop_gains

    rest = job.clip.samples - _sum_of(job.stems).samples
    loudest = max(job.stems, key=lambda name: float(np.square(job.stems[name].samples).sum()))
    whole = replace(job.stems[loudest], samples=job.stems[loudest].samples + rest)
    gains = loop_gains(job.loop.samples, job.loop.sample_rate)
    baked = bake_parts(job.clip, {**job.stems, loudest: whole}, job.region, overlap_ms=job.overlap_ms, gain=job.gain)
    fitted = ((name, fit_rate(one, job.loop.sample_rate)) for name, one in baked.items())
    return {name: replace(one, samples=one.samples * gains) for name, one in fitted}


def _sum_of(stems: Mapping[str, Clip]) -> Clip:
    first = next(iter(stems.values()))
    return replace(first, samples=np.sum([one.samples for one in stems.values()], axis=0, dtype=np.float32))
