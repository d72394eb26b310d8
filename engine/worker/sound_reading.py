# SPDX-License-Identifier: GPL-3.0-or-later
"""The jobs and results of the process that reads sounds, as values, and what each does: a person's files come in here.

A sound longer than ``LONGEST_S`` stays on disk: where it loops best is found in the file, and that part is brought in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import CannotRead, StudioError
from engine.library.carried import carried_by
from engine.library.filerecipe import known_facts, recipe_of_file
from engine.library.importing import LONGEST_S, ChoosePart, import_sound
from engine.library.looptags import LoopTags
from engine.library.metadata import Metadata
from engine.library.sound_folders import MOST_LOOKED_AT, in_natural_order, list_sounds
from engine.library.soundfiles import MAX_CHANNELS, AudioFile, decoding
from engine.values import Algorithm, Clip, LoopFindings, LoopRegion, LoopSearch, Recipe

MOST_SOUNDS = 1000
"""Number of sounds that are taken of what a person brings at once."""
PART_S = 180.0
"""Seconds of a part of a long sound that is brought in, unless its loop asks for more."""
HANDLE_S = 30.0
"""Seconds of a long sound that are brought in before and after its loop, for the loop to be moved."""
LONGEST_LOOP_S = 300.0
"""Longest loop in seconds that is looked for in a long sound; one that its tags name may last to ``LONGEST_S``."""

Told = Callable[[str, float | None], None]
"""This function is told the stage and the fraction done, None where that is not known; what it raises ends the job."""


@dataclass(frozen=True, slots=True)
class ListSounds:
    """List the sounds among files and in folders, and in those below them. Answered by ``SoundsListed``."""

    job_id: int
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SoundsListed:
    """The sounds in the order that was given, those of a folder in natural order, and what is none.

    Attributes
    ----------
    refused
        Each file that is no sound and each folder without any, with the error that says why.
    n_left_out
        How many more there are than are taken at once.
    """

    job_id: int
    sounds: tuple[str, ...]
    refused: tuple[tuple[str, StudioError], ...] = ()
    n_left_out: int = 0


@dataclass(frozen=True, slots=True)
class ReadSound:
    """Read a sound by the library's gate, and find its loop. Answered by ``SoundRead``."""

    job_id: int
    path: str
    algorithm: Algorithm
    min_loop_s: float
    overlap_ms: float


@dataclass(frozen=True, eq=False, slots=True)
class SoundRead:
    """The sound as the studio plays it, with its loops and with what its file says of itself.

    Attributes
    ----------
    lufs
        Loudness of the recipe's loop, baked and repeated.
    notes
        Sentences on what was corrected of the file's loop tags.
    """

    job_id: int
    clip: Clip
    recipe: Recipe
    findings: LoopFindings
    lufs: float
    metadata: Metadata
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StopReading:
    """Give the job up that is being done, if it is this one; it is then answered by ``JobFailed`` with Cancelled."""

    job_id: int


def list_brought(job: ListSounds, told: Told) -> SoundsListed:
    """Do a ``ListSounds``."""
    found: list[str] = []
    refused: list[tuple[str, StudioError]] = []
    for path in job.paths:
        told("reading", None)
        try:
            found += _sounds_of(path)
        except StudioError as error:
            refused.append((path, error))
    found = list(dict.fromkeys(found))
    return SoundsListed(job.job_id, tuple(found[:MOST_SOUNDS]), tuple(refused), max(0, len(found) - MOST_SOUNDS))


def _sounds_of(path: str) -> Sequence[str]:
    """Return the sounds of a folder, or the file itself. Raises StudioError where it is none."""
    if Path(path).is_dir():
        sounds = sorted(list_sounds(path, recursive=True, most_looked_at=MOST_LOOKED_AT), key=in_natural_order)
        if not sounds:
            raise CannotRead(path=path, detail="there is no sound in it")
        return [str(one) for one in sounds]
    with decoding(path, MAX_CHANNELS):
        return [path]


def read_sound(job: ReadSound, told: Told) -> SoundRead:
    """Do a ``ReadSound``. Raises StudioError, and whatever ``told`` does."""
    from engine.dsp.loudness import loop_loudness
    from engine.dsp.seam import bake
    from engine.loops.finder import find_loops

    told("reading", None)
    new = import_sound(job.path, choose=part_chooser(job, told), on_read=lambda fraction: told("reading", fraction))
    carried = carried_by(job.path)
    search = LoopSearch(
        job.algorithm,
        min(job.min_loop_s, new.clip.duration_s),
        facts=known_facts(new, carried),
        tagged=new.loops,
        marked=new.marks,
        overlap_ms=job.overlap_ms,
    )
    findings = find_loops(new.clip, search, lambda fraction: told("finding the loop", fraction))
    recipe = recipe_of_file(Path(job.path).stem, new, findings, carried)
    overlap_ms = recipe.loop.overlap_beyond(job.overlap_ms)
    baked = bake(new.clip, recipe.loop.region, overlap_ms=overlap_ms)
    lufs = loop_loudness(baked.samples, baked.sample_rate)
    return SoundRead(job.job_id, new.clip, recipe, findings, lufs, new.metadata, new.notes)


def part_chooser(job: ReadSound, told: Told) -> ChoosePart:
    """Return what chooses the part of a long sound: around the loop that its tags name, else the best that is found."""

    def choose(sound: AudioFile, tags: LoopTags) -> LoopRegion:
        from engine.loops.finder import find_loops

        limit = int(LONGEST_S * sound.sample_rate)
        tagged = next((one for one in tags.loops if one.n_samples <= limit), None)
        if tagged is not None:
            return part_around(tagged, sound.n_samples, sound.sample_rate)
        search = LoopSearch(job.algorithm, job.min_loop_s, LONGEST_LOOP_S, top=1, overlap_ms=job.overlap_ms)
        found = find_loops(sound, search, lambda fraction: told("listening to all of it", fraction))
        return part_around(found.best.region, sound.n_samples, sound.sample_rate)

    return choose


def part_around(loop: LoopRegion, n_samples: int, sample_rate: int) -> LoopRegion:
    """Return the part of a sound of ``n_samples`` that is brought in for a loop: around its middle, as far as it may.

    It lasts ``PART_S``, or the loop and ``HANDLE_S`` on either side if that is longer, and ``LONGEST_S`` at most.
    """
    wished = max(PART_S * sample_rate, loop.n_samples + 2.0 * HANDLE_S * sample_rate)
    length = min(int(min(wished, LONGEST_S * sample_rate)), n_samples)
    first = (loop.loop_start + loop.loop_end - length) // 2
    first = min(max(first, 0), n_samples - length)
    return LoopRegion(first, first + length)
