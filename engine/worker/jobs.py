# SPDX-License-Identifier: GPL-3.0-or-later
"""The jobs and results of the analysis worker and of the library's, as values, and what each job does.

To add a job: a dataclass, its result beside it, and a function registered with ``run``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import singledispatch
from pathlib import Path
from typing import Any

from engine.recording.cuesheet import WasHeard
from engine.values import (
    Algorithm,
    BakedLoop,
    BarGrid,
    Clip,
    LoopCandidate,
    LoopFindings,
    LoopRegion,
    LoopSearch,
    Mark,
    MusicFacts,
    PeakPyramid,
    Recipe,
    Room,
    RoomTaken,
    SeamProof,
    SpectrogramImage,
    Take,
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
class DrawJob:
    """Draw a clip. Answered by ``Pictures``."""

    job_id: int
    clip: Clip


@dataclass(frozen=True, eq=False, slots=True)
class Pictures:
    """What the panels draw of a clip."""

    job_id: int
    peaks: PeakPyramid
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
    """The region as a candidate, what its seam does in the rendered loop, and that loop's loudness, repeated."""

    job_id: int
    candidate: LoopCandidate
    proof: SeamProof
    lufs: float


@dataclass(frozen=True, eq=False, slots=True)
class MeasureJob:
    """How loud a region is, baked and repeated. Answered by ``Measured``."""

    job_id: int
    clip: Clip
    region: LoopRegion
    overlap_ms: float


@dataclass(frozen=True, slots=True)
class Measured:
    """Integrated loudness; ``-inf`` is silence."""

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
    """What the mixer needs for the takeover."""

    job_id: int
    plan: TransitionPlan


@dataclass(frozen=True, eq=False, slots=True)
class StoreJob:
    """Keep a take in the library, made if it is not there and ``make`` says so. Answered by ``Stored``."""

    job_id: int
    library_folder: str
    clip: Clip
    recipe: Recipe
    make: bool = True


@dataclass(frozen=True, slots=True)
class Stored:
    """The take, and how the library now stands."""

    job_id: int
    take: Take


@dataclass(frozen=True, slots=True)
class ListJob:
    """List the library's takes, made if it is not there and ``make`` says so. Answered by ``Listed``."""

    job_id: int
    library_folder: str
    make: bool = True


@dataclass(frozen=True, slots=True)
class Listed:
    """The newest takes, and the ids of all, newest first."""

    job_id: int
    takes: tuple[Take, ...]
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadJob:
    """Read what the library says of these takes. Answered by ``ReadTakes``."""

    job_id: int
    library_folder: str
    take_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadTakes:
    """Those of the takes that can be read, in the order asked for."""

    job_id: int
    takes: tuple[Take, ...]


@dataclass(frozen=True, slots=True)
class LoadJob:
    """Bring a take back from the library. Answered by ``Loaded``."""

    job_id: int
    library_folder: str
    take_id: str


@dataclass(frozen=True, eq=False, slots=True)
class Loaded:
    """The take and its clip."""

    job_id: int
    take: Take
    clip: Clip


@dataclass(frozen=True, eq=False, slots=True)
class ExportJob:
    """Write a baked loop to a file, in the format its ending names. Answered by ``Exported``."""

    job_id: int
    loop: BakedLoop
    path: str
    title: str = ""
    artist: str = ""
    tempo_bpm: float | None = None
    bars: int | None = None


@dataclass(frozen=True, slots=True)
class Exported:
    """Where the loop was written."""

    job_id: int
    path: str


@dataclass(frozen=True, slots=True)
class KeepJob:
    """Write what was heard to a FLAC file, with a cue sheet beside it. Answered by ``Kept``."""

    job_id: int
    heard: WasHeard
    path: str


@dataclass(frozen=True, slots=True)
class Kept:
    """Where it was written, and how many seconds it is."""

    job_id: int
    path: str
    duration_s: float


@dataclass(frozen=True, slots=True)
class RateJob:
    """Rate a take of the library, with one of ``engine.values.RATINGS``. Answered by ``Rated``."""

    job_id: int
    library_folder: str
    take_id: str
    rating: str


@dataclass(frozen=True, slots=True)
class Rated:
    """The take as it is rated now."""

    job_id: int
    take: Take


@dataclass(frozen=True, slots=True)
class MarkJob:
    """Note in the library what a person did with a take. Answered by ``Marked``."""

    job_id: int
    library_folder: str
    take_id: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Marked:
    """The take as it is marked now."""

    job_id: int
    take: Take


@dataclass(frozen=True, slots=True)
class PurgeJob:
    """Remove takes that the library has no room for, but none of ``spared``, for a moment. Answered by ``Purged``."""

    job_id: int
    library_folder: str
    room: Room
    spared: frozenset[str]


@dataclass(frozen=True, slots=True)
class Purged:
    """The takes that went.

    Attributes
    ----------
    freed_bytes
        What they held.
    goes_on
        Whether there is more to do, and another such job would do some of it.
    taken
        How much of the disk the library takes now.
    """

    job_id: int
    removed: tuple[str, ...]
    freed_bytes: int
    goes_on: bool
    taken: RoomTaken


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
def _(job: DrawJob) -> Pictures:
    from engine.dsp.peaks import peak_pyramid
    from engine.dsp.spectrogram import spectrogram_image

    return Pictures(job.job_id, peak_pyramid(job.clip), spectrogram_image(job.clip))


@run.register
def _(job: ScoreJob) -> Scored:
    from engine.loops.finder import score_region

    candidate, proof = score_region(job.clip, job.region, job.facts, job.overlap_ms)
    if job.algorithm is Algorithm.CLASSIC:
        # Scored as the candidates beside it are: by how alike both sides sound, and nothing else.
        candidate = replace(candidate, score=candidate.metrics.spectral)
    return Scored(job.job_id, candidate, proof, _lufs(job.clip, job.region, job.overlap_ms))


@run.register
def _(job: MeasureJob) -> Measured:
    return Measured(job.job_id, _lufs(job.clip, job.region, job.overlap_ms))


@run.register
def _(job: PrepareJob) -> Prepared:
    from engine.playback.transitions import plan_transition

    return Prepared(job.job_id, plan_transition(job.lead, job.lead_grid, job.incoming, job.grid, job.wish))


@run.register
def _(job: StoreJob) -> Stored:
    from engine.worker.open_library import opened

    return Stored(job.job_id, opened(job.library_folder, make=job.make).add(job.clip, job.recipe))


@run.register
def _(job: ListJob) -> Listed:
    from engine.worker.open_library import opened

    library = opened(job.library_folder, make=job.make)
    return Listed(job.job_id, library.takes(), tuple(library.ids()))


@run.register
def _(job: ReadJob) -> ReadTakes:
    from engine.worker.open_library import opened

    return ReadTakes(job.job_id, opened(job.library_folder).read(job.take_ids))


@run.register
def _(job: LoadJob) -> Loaded:
    from engine.worker.open_library import opened

    return Loaded(job.job_id, *opened(job.library_folder).load(job.take_id))


@run.register
def _(job: ExportJob) -> Exported:
    from engine.library.audiofile import write_loop
    from engine.library.metadata import Metadata
    from engine.playback.limiter import limited_loop

    # As it was heard: the output's limiter is the same.
    limited = limited_loop(job.loop.samples, job.loop.sample_rate)
    says = Metadata().with_texts(TITLE=job.title, ARTIST=job.artist)
    says = says.with_loop(job.loop.n_samples, job.loop.sample_rate, job.tempo_bpm, job.bars)
    write_loop(Path(job.path), replace(job.loop, samples=limited), metadata=says)
    return Exported(job.job_id, job.path)


def _lufs(clip: Clip, region: LoopRegion, overlap_ms: float) -> float:
    from engine.dsp.loudness import loop_loudness
    from engine.dsp.seam import bake

    return loop_loudness(bake(clip, region, overlap_ms=overlap_ms).samples, clip.sample_rate)


@run.register
def _(job: KeepJob) -> Kept:
    from engine.recording.keep import keep

    return Kept(job.job_id, job.path, keep(job.heard, job.path))


@run.register
def _(job: RateJob) -> Rated:
    from engine.worker.open_library import opened

    return Rated(job.job_id, opened(job.library_folder).rate(job.take_id, job.rating))


@run.register
def _(job: MarkJob) -> Marked:
    from engine.worker.open_library import opened

    return Marked(job.job_id, opened(job.library_folder).mark(job.take_id, job.mark))


@run.register
def _(job: PurgeJob) -> Purged:
    from engine.worker.purging import purge

    return purge(job)
