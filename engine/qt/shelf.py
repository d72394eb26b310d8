# SPDX-License-Identifier: GPL-3.0-or-later
"""The shelf: the library's takes and saved loops as the engine thread sees them; another process does the files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QObject, Signal, Slot

from engine.errors import AudioFileError, StudioError
from engine.qt.baking import LoopInHand
from engine.qt.worker_queue import WorkerQueue
from engine.values import BakedLoop, JobFailed, Mark, Recipe, Take
from engine.worker.jobs import (
    Exported,
    ExportJob,
    Listed,
    ListJob,
    Loaded,
    LoadJob,
    Marked,
    MarkJob,
    Rated,
    RateJob,
    Stored,
    StoreJob,
)

LISTED_TAKES = 200
"""As many as the library lists."""
REMEMBERED_LOOPS = 300
"""More than the history holds."""


@dataclass(eq=False, slots=True)
class Fetch:
    """A take that is being brought back; nothing more is heard of it once it ``is_off``."""

    take_id: str
    is_off: bool = False


@dataclass(slots=True)
class _Awaited:
    """What is to be written beside a take once it is stored."""

    rating: str = ""
    marks: set[Mark] = field(default_factory=set)


class Shelf(QObject):
    """Keeps, lists, rates, marks and brings back takes; writes loops to files.

    Signals
    -------
    takes_changed(tuple of Take, newest first), stored(): one more take is kept, fetching(): a take is being brought
    back, saved(path), failed(StudioError)

    Attributes
    ----------
    takes
        Of the library, newest first.
    """

    takes_changed = Signal(object)
    stored = Signal()
    fetching = Signal()
    saved = Signal(str)
    failed = Signal(object)

    def __init__(self, worker: WorkerQueue, next_id: Callable[[], int], parent: QObject) -> None:
        super().__init__(parent)
        self._worker = worker
        self._next_id = next_id
        self._folder = ""
        self.takes: tuple[Take, ...] = ()
        # Of loops, whether made here or brought back.
        self._takes_of: dict[int, Take] = {}
        self._awaited: dict[int, _Awaited] = {}
        self._fetches: list[Fetch] = []
        self._told_failure: object = None

    def open(self, folder: str) -> None:
        """This is the library from now on."""
        if folder != self._folder:
            self._takes_of, self._awaited = {}, {}
        self._folder = folder
        self._worker.submit(ListJob(self._next_id(), folder), self._on_listed, instead=True)

    # --- takes ----------------------------------------------------------------------------------------------------

    def keep(self, loop: LoopInHand) -> None:
        """Add a new take."""

        def answer(result: Stored | JobFailed) -> None:
            if isinstance(result, JobFailed):
                # It is no take: nothing can be thought of it, and nothing was.
                self._awaited.pop(loop.loop_id, None)
                self._tell(self.takes)
                self.tell_failure(result.error)
                return
            self._told_failure = None
            self._remember(loop.loop_id, result.take)
            self._tell((result.take, *self.takes))
            awaited = self._awaited.pop(loop.loop_id, _Awaited())
            if awaited.rating:
                self.rate(loop.loop_id, awaited.rating)
            for mark in sorted(awaited.marks):
                self.mark(loop.loop_id, mark)
            self.stored.emit()

        self._awaited[loop.loop_id] = _Awaited()
        self._worker.submit(StoreJob(self._next_id(), self._folder, loop.clip, loop.recipe), answer)

    def take_of(self, loop_id: int) -> Take | None:
        """The loop's take, once it is in the library."""
        return self._takes_of.get(loop_id)

    def take_id(self, loop_id: int) -> str:
        """Of the loop, "" while it is not in the library."""
        take = self._takes_of.get(loop_id)
        return "" if take is None else take.take_id

    def in_use(self, loop_ids: Iterable[int]) -> set[str]:
        """Ids of these loops' takes, and of those that are being brought back."""
        found = {self.take_id(loop_id) for loop_id in loop_ids} | {one.take_id for one in self._fetches}
        return found - {""}

    def rating(self, loop_id: int) -> str:
        """What the person thinks of a loop."""
        take = self._takes_of.get(loop_id)
        if take is not None:
            return take.rating
        return self._awaited[loop_id].rating if loop_id in self._awaited else ""

    def can_rate(self, loop_id: int) -> bool:
        """Whether the loop is a take, or about to be one."""
        return loop_id in self._takes_of or loop_id in self._awaited

    def rate(self, loop_id: int, rating: str) -> None:
        """Keep what the person thinks of a loop, as soon as it is in the library."""
        take = self._takes_of.get(loop_id)
        if take is None:
            if loop_id in self._awaited:
                self._awaited[loop_id].rating = rating
            return

        def answer(result: Rated | JobFailed) -> None:
            if isinstance(result, JobFailed):
                self.failed.emit(result.error)
                self._put(take)

        # Shown at once, and taken back should it fail.
        self._put(replace(take, rating=rating))
        self._worker.submit(RateJob(self._next_id(), self._folder, take.take_id, rating), answer)

    def mark(self, loop_id: int, mark: Mark) -> None:
        """Note what the person did with a loop, as soon as it is in the library: its take then stays there."""
        take = self._takes_of.get(loop_id)
        if take is None:
            if loop_id in self._awaited:
                self._awaited[loop_id].marks.add(mark)
            return
        if mark in take.marks:
            return

        def answer(result: Marked | JobFailed) -> None:
            if isinstance(result, JobFailed):
                self.tell_failure(result.error)
            elif (current := self._takes_of.get(loop_id)) is not None:
                self._put(replace(current, marks=result.take.marks))

        self._worker.submit(MarkJob(self._next_id(), self._folder, take.take_id, mark), answer)

    def forget(self, take_ids: Iterable[str]) -> None:
        """These takes are not in the library any more."""
        gone = set(take_ids)
        self._takes_of = {key: one for key, one in self._takes_of.items() if one.take_id not in gone}
        if any(one.take_id in gone for one in self.takes):
            self._tell(tuple(one for one in self.takes if one.take_id not in gone))

    def _remember(self, loop_id: int, take: Take) -> None:
        self._takes_of[loop_id] = take
        if len(self._takes_of) > REMEMBERED_LOOPS:
            del self._takes_of[next(iter(self._takes_of))]

    def _put(self, take: Take) -> None:
        for key, one in self._takes_of.items():
            if one.take_id == take.take_id:
                self._takes_of[key] = take
        self._tell(tuple(take if one.take_id == take.take_id else one for one in self.takes))

    def load(
        self, take_id: str, then: Callable[[LoopInHand], None], otherwise: Callable[[], None] | None = None
    ) -> Fetch:
        """Bring a take back."""
        fetch = Fetch(take_id)

        def answer(result: Loaded | JobFailed) -> None:
            self._fetches.remove(fetch)
            if fetch.is_off:
                return
            fetch.is_off = True
            if not self._bring(result, then) and otherwise is not None:
                otherwise()

        self._fetches.append(fetch)
        self._worker.submit(LoadJob(self._next_id(), self._folder, take_id), answer)
        self.fetching.emit()
        return fetch

    def _bring(self, result: Loaded | JobFailed, then: Callable[[LoopInHand], None]) -> bool:
        if isinstance(result, JobFailed):
            self.failed.emit(result.error)
            return False
        take = result.take
        if take.recipe.loop.region.loop_end > result.clip.n_samples:
            self.failed.emit(AudioFileError(path=take.audio_path, detail="it is shorter than the loop of its recipe"))
            return False
        loop = LoopInHand.of_recipe(self._next_id(), result.clip, take.recipe)
        self._remember(loop.loop_id, take)
        then(loop)
        return True

    def _on_listed(self, result: Listed | JobFailed) -> None:
        if isinstance(result, JobFailed):
            self.tell_failure(result.error)
        else:
            self._tell(result.takes)

    @Slot(object)
    def tell_failure(self, error: Exception) -> None:
        """What fails for the same reason each time, of whatever take, is told once, until one is kept again."""
        reason = (type(error), error.fields.get("detail") if isinstance(error, StudioError) else str(error))
        if reason != self._told_failure:
            self._told_failure = reason
            self.failed.emit(error)

    def _tell(self, takes: tuple[Take, ...]) -> None:
        self.takes = takes[:LISTED_TAKES]
        self.takes_changed.emit(self.takes)

    # --- files ----------------------------------------------------------------------------------------------------

    def save(self, loop: BakedLoop, recipe: Recipe, path: str) -> None:
        """Write a loop to a file, which says what its recipe does: title, artist, and the tempo and bars it has."""
        candidate = recipe.loop
        tempo_bpm = candidate.tempo_bpm or recipe.facts.tempo_bpm
        job = ExportJob(self._next_id(), loop, path, recipe.title, recipe.artist, tempo_bpm, candidate.bars)
        self._worker.submit(job, self._on_exported)

    def _on_exported(self, result: Exported | JobFailed) -> None:
        if isinstance(result, JobFailed):
            self.failed.emit(result.error)
        else:
            self.saved.emit(result.path)
