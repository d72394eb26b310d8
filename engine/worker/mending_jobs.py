# SPDX-License-Identifier: GPL-3.0-or-later
"""These jobs serve the mending of a seam: who can paint is looked up on the disk, and what was painted is judged."""

from __future__ import annotations

from dataclasses import dataclass

from engine.generators.base import GeneratorSettings
from engine.values import Clip, LoopFindings, LoopRegion, LoopSearch
from engine.worker.jobs import run


@dataclass(frozen=True, eq=False, slots=True)
class PainterJob:
    """Look for a generator that repaints and is ready, this one before others. Answered by ``Painter``."""

    job_id: int
    settings: GeneratorSettings
    generator: str
    model: str


@dataclass(frozen=True, slots=True)
class Painter:
    """The generator, with its title and the model to use; "" where there is none."""

    job_id: int
    generator: str = ""
    title: str = ""
    model: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class MendJob:
    """Judge what was painted of the wound of a loop (see ``engine.loops.mending``). Answered by ``MendJudged``.

    Attributes
    ----------
    overlap_ms
        The crossfade with which the seam plays now.
    longest_overlap_ms
        The longest that it may be given: so far on either side the clip goes on with the mended loop.
    longest_s
        The longest clip that what painted takes, seconds: the wound is no longer.
    """

    job_id: int
    clip: Clip
    region: LoopRegion
    painted: Clip
    overlap_ms: float
    longest_overlap_ms: float
    search: LoopSearch
    longest_s: float


@dataclass(frozen=True, eq=False, slots=True)
class MendedClip:
    """A clip with its seam mended: as long as it was, what was found in it, and its loop's loudness, baked."""

    clip: Clip
    findings: LoopFindings
    lufs: float


@dataclass(frozen=True, eq=False, slots=True)
class MendJudged:
    """A judged mending says what a seam is worth, as it was and mended.

    Attributes
    ----------
    before, after
        How good the seam is, at most 1, and the step at its joint, as it was and as it would be.
    mended
        None where it is no better, or strange to the music.
    """

    job_id: int
    before: tuple[float, float]
    after: tuple[float, float]
    mended: MendedClip | None


@run.register
def _(job: PainterJob) -> Painter:
    from engine.generators.painters import painter_here

    found = painter_here(job.settings, job.generator, job.model)
    return Painter(job.job_id) if found is None else Painter(job.job_id, found[0].name, found[0].title, found[1])


@run.register
def _(job: MendJob) -> MendJudged:
    from engine.loops.mending import judged, laid_in, worth_of, wound_of
    from engine.worker.jobs import FindJob, Found

    wound = wound_of(job.clip, job.region, job.search.facts.tempo_bpm, longest_s=job.longest_s)
    result = judged(job.clip, job.region, wound, job.painted, overlap_ms=job.overlap_ms)
    before, after = ((worth_of(one), one.step) for one in (result.before, result.after))
    if not result.is_better:
        return MendJudged(job.job_id, before, after, None)
    clip = laid_in(job.clip, job.region, result.loop, longest_overlap_ms=job.longest_overlap_ms)
    found = run(FindJob(job.job_id, clip, job.search))
    assert isinstance(found, Found)
    # How loud it is goes by what plays, which need not be the best that was found.
    lufs = _loudness(clip, job.region, job.overlap_ms)
    return MendJudged(job.job_id, before, after, MendedClip(clip, found.findings, lufs))


def _loudness(clip: Clip, region: LoopRegion, overlap_ms: float) -> float:
    from engine.dsp.loudness import loop_loudness
    from engine.dsp.seam import bake

    return loop_loudness(bake(clip, region, overlap_ms=overlap_ms).samples, clip.sample_rate)
