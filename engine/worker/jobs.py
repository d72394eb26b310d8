# SPDX-License-Identifier: GPL-3.0-or-later
"""The jobs and results of the analysis worker, and what each job does; those of the library are in ``library_jobs``.

To add a job: a dataclass, its result beside it, and a function registered with ``run``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import singledispatch
from typing import Any

from engine.values import (
    Algorithm,
    BakedLoop,
    BarGrid,
    BeatGrid,
    Clip,
    Dullness,
    LoopCandidate,
    LoopFindings,
    LoopRegion,
    LoopSearch,
    MapWindow,
    MusicFacts,
    PeakPyramid,
    ScoreMaps,
    SeamPicture,
    SeamProof,
    SpectrogramImage,
    SpectrogramWindow,
    TransitionExcerpt,
    TransitionPicture,
    TransitionPlan,
    TransitionWish,
)


@dataclass(frozen=True, eq=False, slots=True)
class FindJob:
    """Find the loops of a clip. Answered by ``Found``."""

    job_id: int
    clip: Clip
    search: LoopSearch


@dataclass(frozen=True, slots=True)
class Found:
    """The clip's loops, best first, and the loudness of the best one, baked and repeated (``-inf``: silence)."""

    job_id: int
    findings: LoopFindings
    lufs: float


@dataclass(frozen=True, eq=False, slots=True)
class JudgeJob:
    """Tell whether a clip is too dull to play. Answered by ``Judged``."""

    job_id: int
    clip: Clip


@dataclass(frozen=True, slots=True)
class Judged:
    """The way in which the clip is too dull to play, or None."""

    job_id: int
    dullness: Dullness | None


@dataclass(frozen=True, eq=False, slots=True)
class StretchClipJob:
    """Play a clip at another speed, pitch kept. Answered by ``StretchedClip``."""

    job_id: int
    clip: Clip
    speed: float


@dataclass(frozen=True, eq=False, slots=True)
class StretchedClip:
    """The clip at its new speed."""

    job_id: int
    clip: Clip


@dataclass(frozen=True, eq=False, slots=True)
class DrawJob:
    """Draw a clip. Answered by ``Pictures``."""

    job_id: int
    clip: Clip
    window: SpectrogramWindow = SpectrogramWindow.MEDIUM


@dataclass(frozen=True, eq=False, slots=True)
class Pictures:
    """The pictures that the panels draw of a clip."""

    job_id: int
    peaks: PeakPyramid
    spectrogram: SpectrogramImage


@dataclass(frozen=True, eq=False, slots=True)
class RedrawJob:
    """Draw a clip's spectrogram with other windows. Answered by ``Redrawn``."""

    job_id: int
    clip: Clip
    window: SpectrogramWindow


@dataclass(frozen=True, eq=False, slots=True)
class Redrawn:
    """The spectrogram with the windows that were asked for."""

    job_id: int
    spectrogram: SpectrogramImage


@dataclass(frozen=True, eq=False, slots=True)
class ScoreJob:
    """Judge a region, and prove its seam with a crossfade of ``overlap_ms``. Answered by ``Scored``."""

    job_id: int
    clip: Clip
    region: LoopRegion
    facts: MusicFacts
    overlap_ms: float
    algorithm: Algorithm = Algorithm.ADVANCED


@dataclass(frozen=True, slots=True)
class Scored:
    """The scored region as a candidate, what its seam does in the rendered loop, and that loop's loudness, repeated."""

    job_id: int
    candidate: LoopCandidate
    proof: SeamProof
    lufs: float


@dataclass(frozen=True, eq=False, slots=True)
class MapJob:
    """Map why a clip's loops hold, all or those in a window; cells of ``known`` stand for these. Answer: ``Mapped``."""

    job_id: int
    clip: Clip
    facts: MusicFacts
    window: MapWindow | None = None
    known: tuple[LoopRegion, ...] = ()


@dataclass(frozen=True, eq=False, slots=True)
class Mapped:
    """The score maps of a clip."""

    job_id: int
    maps: ScoreMaps


@dataclass(frozen=True, eq=False, slots=True)
class SeamJob:
    """Draw a region's seam at sample level, with a crossfade of ``overlap_ms``. Answered by ``SeamDrawn``."""

    job_id: int
    clip: Clip
    region: LoopRegion
    overlap_ms: float
    beats: BeatGrid | None = None


@dataclass(frozen=True, eq=False, slots=True)
class SeamDrawn:
    """The picture of the seam."""

    job_id: int
    picture: SeamPicture


@dataclass(frozen=True, eq=False, slots=True)
class MeasureJob:
    """Measure how loud a region is, baked and repeated. Answered by ``Measured``."""

    job_id: int
    clip: Clip
    region: LoopRegion
    overlap_ms: float


@dataclass(frozen=True, slots=True)
class Measured:
    """The integrated loudness; ``-inf`` is silence."""

    job_id: int
    lufs: float


@dataclass(frozen=True, eq=False, slots=True)
class PrepareJob:
    """Make a takeover ready: see ``plan_transition``. Both loops at the mixer's rate. Answered by ``Prepared``."""

    job_id: int
    lead: BakedLoop
    lead_grid: BarGrid | None
    incoming: BakedLoop
    grid: BarGrid | None
    wish: TransitionWish


@dataclass(frozen=True, eq=False, slots=True)
class Prepared:
    """The prepared takeover as the mixer needs it."""

    job_id: int
    plan: TransitionPlan


@dataclass(frozen=True, eq=False, slots=True)
class TransitionJob:
    """Draw a transition that comes. Answered by ``TransitionDrawn``."""

    job_id: int
    excerpt: TransitionExcerpt


@dataclass(frozen=True, eq=False, slots=True)
class TransitionDrawn:
    """The picture of the transition."""

    job_id: int
    picture: TransitionPicture


@singledispatch
def run(job: Any) -> object:
    """Do a job and return its result. Raises StudioError."""
    raise TypeError(f"not a job: {job!r}")


@run.register
def _(job: FindJob) -> Found:
    from engine.loops.finder import find_loops

    findings = find_loops(job.clip, job.search)
    return Found(job.job_id, findings, _lufs(job.clip, findings.best.region, job.search.overlap_ms))


@run.register
def _(job: JudgeJob) -> Judged:
    from engine.dsp.dullness import dullness_of

    return Judged(job.job_id, dullness_of(job.clip))


@run.register
def _(job: StretchClipJob) -> StretchedClip:
    from engine.dsp.stretch import stretch_clip

    return StretchedClip(job.job_id, stretch_clip(job.clip, job.speed))


@run.register
def _(job: DrawJob) -> Pictures:
    from engine.dsp.peaks import peak_pyramid
    from engine.dsp.spectrogram import spectrogram_image

    return Pictures(job.job_id, peak_pyramid(job.clip), spectrogram_image(job.clip, window=job.window))


@run.register
def _(job: RedrawJob) -> Redrawn:
    from engine.dsp.spectrogram import spectrogram_image

    return Redrawn(job.job_id, spectrogram_image(job.clip, window=job.window))


@run.register
def _(job: ScoreJob) -> Scored:
    from engine.loops.finder import score_region

    candidate, proof = score_region(job.clip, job.region, job.facts, job.overlap_ms)
    if job.algorithm is Algorithm.CLASSIC:
        # Scored as the candidates beside it are: by how alike both sides sound, and nothing else.
        candidate = replace(candidate, score=candidate.metrics.spectral)
    return Scored(job.job_id, candidate, proof, _lufs(job.clip, job.region, job.overlap_ms))


@run.register
def _(job: MapJob) -> Mapped:
    from engine.loops.score_maps import score_maps

    return Mapped(job.job_id, score_maps(job.clip, job.facts, job.window, known=job.known))


@run.register
def _(job: SeamJob) -> SeamDrawn:
    from engine.loops.seam_picture import seam_picture

    return SeamDrawn(job.job_id, seam_picture(job.clip, job.region, overlap_ms=job.overlap_ms, beats=job.beats))


@run.register
def _(job: MeasureJob) -> Measured:
    return Measured(job.job_id, _lufs(job.clip, job.region, job.overlap_ms))


@run.register
def _(job: PrepareJob) -> Prepared:
    from engine.playback.plan.transitions import plan_transition

    return Prepared(job.job_id, plan_transition(job.lead, job.lead_grid, job.incoming, job.grid, job.wish))


@run.register
def _(job: TransitionJob) -> TransitionDrawn:
    from engine.playback.mix.transition_picture import transition_picture

    return TransitionDrawn(job.job_id, transition_picture(job.excerpt))


def _lufs(clip: Clip, region: LoopRegion, overlap_ms: float) -> float:
    from engine.dsp.loudness import loop_loudness
    from engine.dsp.seam import bake

    return loop_loudness(bake(clip, region, overlap_ms=overlap_ms).samples, clip.sample_rate)
