# SPDX-License-Identifier: GPL-3.0-or-later
"""The jobs and results of the library's process, as values, and what each job does: whatever waits on a disk."""

from __future__ import annotations

from dataclasses import dataclass

from engine.library.metadata import Metadata
from engine.recording.cuesheet import WasHeard
from engine.values import Clip, LoopCandidate, Mark, Recipe, Room, RoomTaken, Take
from engine.worker.jobs import run
from engine.worker.save_jobs import SaveJob


@dataclass(frozen=True, eq=False, slots=True)
class StoreJob:
    """Keep a take in the library, made if it is not there and ``make`` says so. Answered by ``Stored``.

    ``metadata`` are the tags and the cover of the file that it was brought from.
    """

    job_id: int
    library_folder: str
    clip: Clip
    recipe: Recipe
    make: bool = True
    metadata: Metadata | None = None


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
    """The newest takes, the ids of all, and the favourites among all, each newest first."""

    job_id: int
    takes: tuple[Take, ...]
    ids: tuple[str, ...]
    favourites: tuple[Take, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadJob:
    """Read what the library says of these takes. Answered by ``ReadTakes``."""

    job_id: int
    library_folder: str
    take_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadTakes:
    """The takes that can be read, in the order asked for."""

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
    """Note in the library what a person did with a take, or that it was undone. Answered by ``Marked``."""

    job_id: int
    library_folder: str
    take_id: str
    mark: Mark
    is_on: bool = True


@dataclass(frozen=True, slots=True)
class Marked:
    """The take as it is marked now."""

    job_id: int
    take: Take


@dataclass(frozen=True, slots=True)
class SetLoopJob:
    """Keep in the library which loop of a take a person chose. Answered by ``LoopSet``."""

    job_id: int
    library_folder: str
    take_id: str
    loop: LoopCandidate


@dataclass(frozen=True, slots=True)
class LoopSet:
    """The take as it is played now."""

    job_id: int
    take: Take


@dataclass(frozen=True, slots=True)
class DeleteJob:
    """Move takes to the library's trash. Answered by ``Deleted``."""

    job_id: int
    library_folder: str
    take_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Deleted:
    """The takes that were moved, and the title of the first that was asked for, its id where that cannot be read."""

    job_id: int
    take_ids: tuple[str, ...]
    title: str


@dataclass(frozen=True, slots=True)
class RestoreJob:
    """Bring takes back from the library's trash. Answered by ``Restored``."""

    job_id: int
    library_folder: str
    take_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Restored:
    """The takes that are back, by their ids and as far as they can be read."""

    job_id: int
    take_ids: tuple[str, ...]
    takes: tuple[Take, ...]


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


WRITING_JOBS = (StoreJob, SaveJob, KeepJob, RateJob, MarkJob, SetLoopJob, DeleteJob, RestoreJob)
"""Kinds of jobs that keep what a person made or did: those that wait are done when the studio closes, too."""


@run.register
def _(job: StoreJob) -> Stored:
    from engine.worker.open_library import opened

    return Stored(job.job_id, opened(job.library_folder, make=job.make).add(job.clip, job.recipe, job.metadata))


@run.register
def _(job: ListJob) -> Listed:
    from engine.worker.open_library import opened

    library = opened(job.library_folder, make=job.make)
    return Listed(job.job_id, library.takes(), tuple(library.ids()), library.favourites())


@run.register
def _(job: ReadJob) -> ReadTakes:
    from engine.worker.open_library import opened

    return ReadTakes(job.job_id, opened(job.library_folder).read(job.take_ids))


@run.register
def _(job: LoadJob) -> Loaded:
    from engine.library.importing import fitted
    from engine.worker.open_library import opened

    # A recipe counts samples at the studio's rate, whatever another program has made of the take's file since.
    take, clip = opened(job.library_folder).load(job.take_id)
    return Loaded(job.job_id, take, fitted(clip))


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

    return Marked(job.job_id, opened(job.library_folder).mark(job.take_id, job.mark, is_on=job.is_on))


@run.register
def _(job: SetLoopJob) -> LoopSet:
    from engine.worker.open_library import opened

    return LoopSet(job.job_id, opened(job.library_folder).set_loop(job.take_id, job.loop))


@run.register
def _(job: DeleteJob) -> Deleted:
    from engine.worker.open_library import opened

    library = opened(job.library_folder)
    titles = (*(take.recipe.title for take in library.read(job.take_ids[:1])), *job.take_ids[:1], "")
    return Deleted(job.job_id, library.discard(job.take_ids), titles[0])


@run.register
def _(job: RestoreJob) -> Restored:
    from engine.worker.open_library import opened

    library = opened(job.library_folder)
    back = library.restore(job.take_ids)
    return Restored(job.job_id, back, library.read(back))


@run.register
def _(job: PurgeJob) -> Purged:
    from engine.worker.purging import purge

    return purge(job)
