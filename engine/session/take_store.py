# SPDX-License-Identifier: GPL-3.0-or-later
"""The take store is the library as the session sees it: its takes; another process does the files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from psygnal import Signal

from engine.errors import AudioFileError, BadClip, LibraryGone, StudioError
from engine.session.baking import LoopInHand
from engine.session.chosen_loops import ChosenLoops
from engine.session.ports import Clock, Jobs, NextId
from engine.session.take_lists import Awaited, Fetch, favourites_of, loop_of, newest_first
from engine.values import FAVOURITE, NEVER, JobFailed, LoopCandidate, Mark, Recipe, Take
from engine.worker import library_jobs as jobs

LISTED_TAKES = 200
"""Number of takes that are known at once; others are read when they are looked at."""
REMEMBERED_LOOPS = 300
"""Number of loops whose takes are remembered, more than the history holds."""
UNKEPT_LOOPS = 8
"""Number of loops that wait in memory, of about 7 MB each, for the library to have room for them."""
RETRY_S = 20.0
"""Seconds after which the library is tried again when it could not be opened or written."""


class TakeStore:
    """The take store keeps, lists, rates, marks and brings back takes.

    Signals
    -------
    takes_changed(the newest takes, ids of all, newest first), takes_read(ids that were asked for, takes), kept(Take): a
    loop is a take now, tried(): one more take is kept, or could not be, fetching(): a take is being brought back,
    opened(folder), failed(StudioError), recovered(StudioError): it is true no more

    Attributes
    ----------
    takes
        The newest of the library, newest first.
    ids
        Of all its takes, newest first.
    favourites
        Of all its takes, however old.
    is_open
        Whether its takes were listed.
    folder
        Of the library in use.
    """

    takes_changed = Signal(object, object)
    takes_read = Signal(object, object)
    kept = Signal(object)
    tried = Signal()
    fetching = Signal()
    opened = Signal(str)
    failed = Signal(object)
    recovered = Signal(object)

    def __init__(self, jobs: Jobs, next_id: NextId, clock: Clock) -> None:
        self._jobs = jobs
        self._next_id = next_id
        self._chosen_loops = ChosenLoops(jobs, next_id)
        self.folder = ""
        self.takes: tuple[Take, ...] = ()
        self.ids: tuple[str, ...] = ()
        self.favourites: tuple[Take, ...] = ()
        # Of loops, whether made here or brought back.
        self._takes_of: dict[int, Take] = {}
        self._awaited: dict[int, Awaited] = {}
        # What the person chose last of a loop that may be kept yet.
        self._chosen_unkept: dict[int, LoopCandidate] = {}
        # Loops of takes that left the library, and may come back.
        self._forgotten: dict[int, str] = {}
        self._fetches: list[Fetch] = []
        self._told_failure: object = None
        self._is_known = self.is_open = False
        # Loops that the library could not take, by their ids, those that wait for longest first.
        self._unkept: dict[int, LoopInHand] = {}
        self._stored_again: int | None = None
        # What was told and is still so: what could not be done, and why.
        self._troubles: list[tuple[str, StudioError]] = []
        self._retrying = clock.timer(self._on_retrying_due)

    def open(self, folder: str, *, is_known: bool = False) -> None:
        """Use this library from now on; one that ``is_known`` was there before, and is not made if it is gone."""
        if folder != self.folder:
            self._takes_of = {}
            # What waits is kept in the new one.
            self._awaited = {loop_id: self._awaited[loop_id] for loop_id in self._unkept}
            self._recover("open", "store")
        self.folder, self._is_known, self.is_open = folder, is_known, False
        self._list()

    def close(self) -> None:
        """Stop every timer, and send off what is to be written."""
        self._retrying.stop()
        self._chosen_loops.finish()

    def _list(self) -> None:
        folder = self.folder

        def answer(result: jobs.Listed | JobFailed) -> None:
            if folder != self.folder:
                return
            if isinstance(result, JobFailed):
                self._fail("open", result.error)
                return
            self.is_open = self._is_known = True
            self.opened.emit(folder)
            self._recover("open")
            self.favourites = result.favourites
            self._tell(result.takes, result.ids)
            self._store_again()

        self._jobs.submit(jobs.ListJob(self._next_id(), folder, make=not self._is_known), answer, instead=True)

    # --- takes ----------------------------------------------------------------------------------------------------

    def keep(self, loop: LoopInHand) -> None:
        """Add a new take; while there is no room for it, it waits in memory."""
        self._awaited[loop.loop_id] = Awaited()
        self._store(loop)

    def keep_anew(self, loop: LoopInHand) -> None:
        """Keep what became of a loop as a take of its own, and as its take from now on; what it was stays, too."""
        if self.is_known(loop.loop_id):
            self._awaited[loop.loop_id] = Awaited(rating=self.rating(loop.loop_id))
            self._store(loop)

    def can_keep(self, loop: LoopInHand) -> bool:
        """Return whether a loop is a sound that was brought, and neither a take nor about to be one."""
        return loop.is_brought and loop.loop_id not in self._takes_of and loop.loop_id not in self._awaited

    def keep_brought(self, loop: LoopInHand) -> None:
        """Keep a sound that the person brought, as it plays, and for good."""
        chosen = self._chosen_unkept.pop(loop.loop_id, None)
        self._awaited[loop.loop_id] = Awaited(marks={Mark.ADDED}, loop=chosen)
        self._store(loop)

    def _store(self, loop: LoopInHand) -> None:
        folder = self.folder

        def answer(result: jobs.Stored | JobFailed) -> None:
            if self._stored_again == loop.loop_id:
                self._stored_again = None
            if isinstance(result, JobFailed):
                self._put_off(loop, result.error)
                return
            self._unkept.pop(loop.loop_id, None)
            awaited = self._awaited.pop(loop.loop_id, Awaited())
            if folder != self.folder:
                return
            self._recover("open", "store")
            self.remember(loop.loop_id, result.take)
            self._tell((result.take, *self.takes), (result.take.take_id, *self.ids))
            if awaited.rating:
                self.rate(loop.loop_id, awaited.rating)
            for mark in sorted(awaited.marks):
                self.mark(loop.loop_id, mark)
            if awaited.loop is not None:
                self.set_loop(loop.loop_id, awaited.loop)
            self.kept.emit(result.take)
            self.tried.emit()
            self._store_again()

        job = jobs.StoreJob(self._next_id(), folder, loop.clip, loop.recipe, not self._is_known, loop.metadata)
        self._jobs.submit(job, answer)

    def _put_off(self, loop: LoopInHand, error: Exception) -> None:
        """Have a loop that could not be stored wait to become a take, without its rating, unless it never can be."""
        if loop.loop_id in self._awaited and not isinstance(error, BadClip):
            self._awaited[loop.loop_id].rating = ""
            self._unkept[loop.loop_id] = loop
        else:
            self._drop_unkept(loop.loop_id)
        while len(self._unkept) > UNKEPT_LOOPS:
            self._drop_unkept(next(iter(self._unkept)))
        self._tell(self.takes, self.ids)
        if isinstance(error, LibraryGone):
            self.is_open = False
        self._fail("store", error)
        self.tried.emit()

    def _drop_unkept(self, loop_id: int) -> None:
        self._unkept.pop(loop_id, None)
        self._awaited.pop(loop_id, None)

    def _on_retrying_due(self) -> None:
        if self.is_open:
            self._store_again()
        else:
            self._list()

    def _store_again(self) -> None:
        """Try to store the loop that has waited for longest, and so, one after the other, all that wait."""
        if self._unkept and self._stored_again is None:
            self._stored_again = next(iter(self._unkept))
            self._store(self._unkept[self._stored_again])

    def _fail(self, deed: str, error: Exception) -> None:
        self._retrying.start(RETRY_S)
        if self.tell_failure(error) and isinstance(error, StudioError):
            self._troubles.append((deed, error))

    def _recover(self, *deeds: str) -> None:
        """Note that the library can be written again."""
        over = [error for deed, error in self._troubles if deed in deeds]
        self._troubles = [(deed, error) for deed, error in self._troubles if deed not in deeds]
        for error in over:
            self._told_failure = None
            self.recovered.emit(error)

    def recipes(self) -> Iterator[Recipe]:
        """Return the recipes of the newest takes, newest first."""
        return (take.recipe for take in self.takes)

    def take_of(self, loop_id: int) -> Take | None:
        """Return the loop's take, once it is in the library."""
        return self._takes_of.get(loop_id)

    def take_id(self, loop_id: int) -> str:
        """Return the id of the loop's take, "" while it is not in the library."""
        take = self._takes_of.get(loop_id)
        return "" if take is None else take.take_id

    def in_use(self, loop_ids: Iterable[int]) -> set[str]:
        """Return the ids of these loops' takes, and of those that are being brought back."""
        found = {self.take_id(loop_id) for loop_id in loop_ids} | {one.take_id for one in self._fetches}
        return found - {""}

    def rating(self, loop_id: int) -> str:
        """Return what the person thinks of a loop."""
        take = self._takes_of.get(loop_id)
        if take is not None:
            return take.rating
        return self._awaited[loop_id].rating if loop_id in self._awaited else ""

    def can_rate(self, loop_id: int) -> bool:
        """Return whether the loop is a take, or about to be one."""
        return loop_id in self._takes_of or (loop_id in self._awaited and loop_id not in self._unkept)

    def rate(self, loop_id: int, rating: str) -> None:
        """Keep what the person thinks of a loop, as soon as it is in the library."""
        take = self._takes_of.get(loop_id)
        if take is None:
            if loop_id in self._unkept:
                if rating == NEVER:
                    self._drop_unkept(loop_id)
            elif loop_id in self._awaited:
                self._awaited[loop_id].rating = rating
            return

        def answer(result: jobs.Rated | JobFailed) -> None:
            if isinstance(result, JobFailed):
                self.failed.emit(result.error)
                self.put(take)

        # Shown at once, and taken back should it fail.
        self.put(replace(take, rating=rating))
        self._jobs.submit(jobs.RateJob(self._next_id(), self.folder, take.take_id, rating), answer)

    def is_known(self, loop_id: int) -> bool:
        """Return whether the loop is a take, or is to become one."""
        return loop_id in self._takes_of or loop_id in self._awaited

    def is_marked(self, loop_id: int, mark: Mark) -> bool:
        """Return whether the loop was marked so."""
        take = self._takes_of.get(loop_id)
        marks = self._awaited.get(loop_id, Awaited()).marks if take is None else take.marks
        return mark in marks

    def mark(self, loop_id: int, mark: Mark, *, is_on: bool = True) -> None:
        """Note what the person did with a loop, or undid, as soon as it is in the library: its take then stays."""
        if self.is_marked(loop_id, mark) is is_on:
            return
        take = self._takes_of.get(loop_id)
        if take is None:
            if loop_id in self._awaited:
                self._awaited[loop_id].marks ^= {mark}
            return

        def answer(result: jobs.Marked | JobFailed) -> None:
            if isinstance(result, JobFailed):
                self.tell_failure(result.error)
            elif (current := self._takes_of.get(loop_id)) is not None:
                self.put(replace(current, marks=result.take.marks))

        self._jobs.submit(jobs.MarkJob(self._next_id(), self.folder, take.take_id, mark, is_on=is_on), answer)

    def set_loop(self, loop_id: int, loop: LoopCandidate) -> None:
        """Keep the region that the person chose of a loop, as soon as it is in the library: its take plays that."""
        take = self._takes_of.get(loop_id)
        if take is None:
            if loop_id in self._awaited:
                self._awaited[loop_id].loop = loop
            else:
                self._chosen_unkept = {loop_id: loop}
            return

        def then(result: jobs.LoopSet | JobFailed) -> None:
            if isinstance(result, JobFailed):
                self.tell_failure(result.error)
            elif (current := self._takes_of.get(loop_id)) is not None:
                self.put(replace(current, recipe=result.take.recipe))

        self._chosen_loops.write(self.folder, take.take_id, loop, then)

    def forget(self, take_ids: Iterable[str]) -> None:
        """Remove takes from the list that are not in the library any more."""
        gone = set(take_ids)
        self._forgotten |= {key: one.take_id for key, one in self._takes_of.items() if one.take_id in gone}
        self._takes_of = {key: one for key, one in self._takes_of.items() if one.take_id not in gone}
        left = tuple(one for one in self.takes if one.take_id not in gone)
        self.favourites = tuple(one for one in self.favourites if one.take_id not in gone)
        self._tell(left, tuple(one for one in self.ids if one not in gone))

    def bring_back(self, take_ids: Iterable[str], takes: Sequence[Take]) -> None:
        """List takes again that are back in the library, of which ``takes`` are read; loops of theirs are known."""
        back = {take.take_id: take for take in takes}
        for loop_id, take_id in self._forgotten.items():
            if take_id in back:
                self.remember(loop_id, back[take_id])
        self.favourites = newest_first(self.favourites, favourites_of(takes))
        self._tell(newest_first(self.takes, takes), tuple(sorted({*self.ids, *take_ids}, reverse=True)))

    def remember(self, loop_id: int, take: Take) -> None:
        """Take note that a loop is a take that the library has."""
        self._takes_of[loop_id] = take
        if len(self._takes_of) > REMEMBERED_LOOPS:
            del self._takes_of[next(iter(self._takes_of))]

    def put(self, take: Take) -> None:
        """Take note of a take that was changed."""
        for key, one in self._takes_of.items():
            if one.take_id == take.take_id:
                self._takes_of[key] = take
        others = tuple(one for one in self.favourites if one.take_id != take.take_id)
        self.favourites = (take, *others) if take.rating == FAVOURITE else others
        self._tell(tuple(take if one.take_id == take.take_id else one for one in self.takes), self.ids)
        self.takes_read.emit((take.take_id,), (take,))

    def read(self, take_ids: tuple[str, ...]) -> None:
        """Read what is known of takes beyond the newest: ``takes_read``; a read that still waits is replaced."""

        def answer(result: jobs.ReadTakes | JobFailed) -> None:
            if isinstance(result, JobFailed):
                self.tell_failure(result.error)
            else:
                self.takes_read.emit(take_ids, result.takes)

        self._jobs.submit(jobs.ReadJob(self._next_id(), self.folder, take_ids), answer, instead=True)

    def load(
        self, take_id: str, then: Callable[[LoopInHand], None], otherwise: Callable[[], None] | None = None
    ) -> Fetch:
        """Bring a take back."""
        fetch = Fetch(take_id)

        def answer(result: jobs.Loaded | JobFailed) -> None:
            self._fetches.remove(fetch)
            if fetch.is_off:
                return
            fetch.is_off = True
            if not self._bring(result, then) and otherwise is not None:
                otherwise()

        self._fetches.append(fetch)
        self._jobs.submit(jobs.LoadJob(self._next_id(), self.folder, take_id), answer)
        self.fetching.emit()
        return fetch

    def _bring(self, result: jobs.Loaded | JobFailed, then: Callable[[LoopInHand], None]) -> bool:
        if isinstance(result, JobFailed):
            self.failed.emit(result.error)
            return False
        try:
            loop = loop_of(result, self._next_id())
        except AudioFileError as error:
            self.failed.emit(error)
            return False
        self.remember(loop.loop_id, result.take)
        then(loop)
        return True

    def tell_failure(self, error: Exception) -> bool:
        """Tell a failure, for the same reason only once until a take is kept again; return whether it was told now."""
        reason = (type(error), error.fields.get("detail") if isinstance(error, StudioError) else str(error))
        if reason != self._told_failure:
            self._told_failure = reason
            self.failed.emit(error)
            return True
        return False

    def _tell(self, takes: tuple[Take, ...], ids: tuple[str, ...]) -> None:
        self.takes, self.ids = takes[:LISTED_TAKES], ids
        self.takes_changed.emit(self.takes, ids)
