# SPDX-License-Identifier: GPL-3.0-or-later
"""The take store tells once what the library cannot keep, which is no take."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from engine.errors import CannotWrite, LibraryGone, NonFiniteClip, StudioError
from engine.session.baking import LoopInHand
from engine.session.take_store import RETRY_S, UNKEPT_LOOPS, TakeStore
from engine.values import FAVOURITE, NEVER, JobFailed, Mark, Take
from engine.worker.library_jobs import Listed, ListJob, LoopSet, ReadJob, ReadTakes, SetLoopJob, Stored, StoreJob
from tests.engine.session.ports import ManualClock
from tests.starters import shipped


class FullDisk:
    """A full disk answers when asked to: a take is stored, or has no room; the library is listed, or gone."""

    def __init__(self) -> None:
        self.has_room = False
        self.is_gone = False
        self.favourites: tuple[Take, ...] = ()
        self.jobs: list[Any] = []
        self.takes: dict[str, Take] = {}
        self._waiting: list[tuple[Any, Callable[[Any], None]]] = []

    def submit(
        self,
        job: Any,
        answer: Callable[[Any], None],
        *,
        instead: bool = False,
        first: bool = False,
        idle: bool = False,
    ) -> None:
        if instead:
            self._waiting = [one for one in self._waiting if type(one[0]) is not type(job)]
        self._waiting.append((job, answer))

    def answer_last(self, answer: object) -> None:
        """Answer the job that was asked for last with this."""
        self._waiting.pop()[1](answer)

    def withdraw(self, job_id: int) -> None:
        pass

    def clear(self) -> None:
        pass

    def answer_all(self) -> None:
        while self._waiting:
            job, answer = self._waiting.pop(0)
            self.jobs.append(job)
            if self.is_gone:
                answer(JobFailed(job.job_id, LibraryGone(path=job.library_folder)))
            elif isinstance(job, ListJob):
                answer(Listed(job.job_id, (), (), self.favourites))
            elif isinstance(job, ReadJob):
                answer(ReadTakes(job.job_id, tuple(self.takes[one] for one in job.take_ids if one in self.takes)))
            elif isinstance(job, SetLoopJob):
                take = self.takes[job.take_id]
                self.takes[job.take_id] = replace(take, recipe=replace(take.recipe, loop=job.loop))
                answer(LoopSet(job.job_id, self.takes[job.take_id]))
            elif isinstance(job, StoreJob):
                path = f"/library/take-{job.job_id}.flac"
                error = CannotWrite(path=path, detail="No space left on device")
                take = self.takes[str(job.job_id)] = Take(str(job.job_id), job.recipe, path)
                answer(Stored(job.job_id, take) if self.has_room else JobFailed(job.job_id, error))

    @property
    def stored(self) -> list[str]:
        """Return titles in the order in which they were to be stored."""
        return [job.recipe.title for job in self.jobs if isinstance(job, StoreJob)]


@pytest.fixture
def disk() -> FullDisk:
    return FullDisk()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def takes(disk: FullDisk, clock: ManualClock) -> TakeStore:
    return TakeStore(disk, itertools.count(100).__next__, clock)


@pytest.fixture(scope="module")
def loops() -> list[LoopInHand]:
    starter = shipped()[0]
    recipes = [replace(starter.recipe, title=str(loop_id)) for loop_id in range(UNKEPT_LOOPS + 3)]
    return [LoopInHand.of_recipe(loop_id, starter.clip, recipe) for loop_id, recipe in enumerate(recipes)]


def test_a_full_disk_is_told_once_until_there_was_room(
    takes: TakeStore, disk: FullDisk, loops: list[LoopInHand]
) -> None:
    told: list[StudioError] = []
    takes.failed.connect(told.append)
    for loop in loops[:3]:
        takes.keep(loop)
        disk.answer_all()
    assert len(told) == 1
    disk.has_room = True
    takes.keep(loops[3])
    disk.answer_all()
    disk.has_room = False
    takes.keep(loops[0])
    disk.answer_all()
    assert len(told) == 2


def test_what_was_not_kept_is_no_favourite(takes: TakeStore, disk: FullDisk, loops: list[LoopInHand]) -> None:
    changes: list[object] = []
    takes.takes_changed.connect(lambda _, ids: changes.append(ids))
    loop = loops[0]
    takes.keep(loop)
    assert takes.can_rate(loop.loop_id), "it is about to be a take"
    takes.rate(loop.loop_id, FAVOURITE)
    assert takes.rating(loop.loop_id) == FAVOURITE
    disk.answer_all()
    assert takes.rating(loop.loop_id) == ""
    assert not takes.can_rate(loop.loop_id)
    assert changes, "whoever shows it is told"
    takes.rate(loop.loop_id, FAVOURITE)
    assert takes.rating(loop.loop_id) == ""


def test_what_became_of_a_loop_is_a_take_of_its_own(takes: TakeStore, disk: FullDisk, loops: list[LoopInHand]) -> None:
    disk.has_room = True
    loop, other = loops[:2]
    takes.keep(loop)
    disk.answer_all()
    first = takes.take_id(loop.loop_id)
    takes.rate(loop.loop_id, FAVOURITE)
    mended = replace(loop, recipe=replace(loop.recipe, versions={"mended by": "Stable Audio 3"}))
    takes.keep_anew(mended)
    disk.answer_all()
    take = takes.take_of(loop.loop_id)
    assert take is not None
    assert take.take_id != first
    assert (dict(take.recipe.versions), takes.rating(loop.loop_id)) == ({"mended by": "Stable Audio 3"}, FAVOURITE)
    assert first in takes.ids, "what it was stays"
    takes.keep_anew(other)
    disk.answer_all()
    assert len(disk.stored) == 2, "what is no take, and is to be none, does not become one"


def test_favourites_are_known_however_old_and_as_they_are_rated(
    takes: TakeStore, disk: FullDisk, loops: list[LoopInHand]
) -> None:
    old = Take("old", loops[0].recipe, "/library/old.flac", rating=FAVOURITE)
    disk.has_room, disk.favourites = True, (old,)
    takes.open("/library")
    disk.answer_all()
    assert takes.favourites == (old,)
    takes.keep(loops[1])
    disk.answer_all()
    takes.rate(loops[1].loop_id, FAVOURITE)
    assert [one.take_id for one in takes.favourites] == [takes.take_id(loops[1].loop_id), "old"]
    takes.rate(loops[1].loop_id, "")
    assert takes.favourites == (old,)
    takes.forget(["old"])
    assert list(takes.favourites) == []


def store(takes: TakeStore, disk: FullDisk, *loops: LoopInHand) -> None:
    for loop in loops:
        takes.keep(loop)
        disk.answer_all()


def test_what_there_was_no_room_for_is_stored_when_there_is(
    takes: TakeStore, disk: FullDisk, loops: list[LoopInHand]
) -> None:
    told: list[StudioError] = []
    recovered: list[StudioError] = []
    takes.failed.connect(told.append)
    takes.recovered.connect(recovered.append)
    takes.open("/library")
    store(takes, disk, *loops[:3])
    takes.mark(1, Mark.REGION)
    assert (len(told), recovered, takes.takes) == (1, [], ())
    disk.has_room = True
    disk.jobs.clear()
    store(takes, disk, loops[3])
    assert disk.stored == ["3", "0", "1", "2"]
    assert {one.recipe.title for one in takes.takes} == set("0123")
    assert [takes.can_rate(loop_id) for loop_id in range(4)] == [True] * 4
    marked = [job for job in disk.jobs if not isinstance(job, StoreJob)]
    assert [(job.take_id, job.mark) for job in marked] == [(takes.take_id(1), Mark.REGION)]
    assert recovered == told


def test_of_the_loops_chosen_of_a_take_the_last_is_written(
    takes: TakeStore, disk: FullDisk, loops: list[LoopInHand]
) -> None:
    ones = [replace(loops[0].candidate, score=score) for score in (0.1, 0.2, 0.3, 0.4)]
    disk.has_room = True
    takes.open("/library")
    takes.keep(loops[0])
    # Before it is a take, and while another one is written.
    takes.set_loop(0, ones[0])
    disk.answer_all()
    for one in ones[1:]:
        takes.set_loop(0, one)
    disk.answer_all()
    written = [job for job in disk.jobs if isinstance(job, SetLoopJob)]
    assert [job.loop for job in written] == [ones[0], ones[1], ones[3]]
    assert {job.take_id for job in written} == {takes.take_id(0)}
    assert takes.takes[0].recipe.loop == ones[3]
    take = takes.take_of(0)
    assert take is not None
    assert take.recipe.loop == ones[3]


def test_a_loop_that_was_chosen_last_is_asked_to_be_written_before_the_studio_closes(
    takes: TakeStore, disk: FullDisk, loops: list[LoopInHand]
) -> None:
    disk.has_room = True
    takes.open("/library")
    takes.keep(loops[0])
    disk.answer_all()
    ones = [replace(loops[0].candidate, score=score) for score in (0.1, 0.2, 0.3)]
    for one in ones:
        takes.set_loop(0, one)
    takes.close()
    disk.answer_all()
    assert [job.loop for job in disk.jobs if isinstance(job, SetLoopJob)] == [ones[0], ones[2]]


def test_nothing_new_need_come_for_what_waits(
    takes: TakeStore, disk: FullDisk, clock: ManualClock, loops: list[LoopInHand]
) -> None:
    takes.open("/library")
    store(takes, disk, *loops[:2])
    disk.has_room = True
    clock.pass_s(RETRY_S)
    disk.answer_all()
    assert len(takes.takes) == 2


def test_only_so_many_wait_and_those_that_are_unwanted_or_bad_do_not(
    takes: TakeStore, disk: FullDisk, clock: ManualClock, loops: list[LoopInHand]
) -> None:
    takes.open("/library")
    store(takes, disk, *loops[: UNKEPT_LOOPS + 2])
    takes.rate(5, NEVER)
    bad = JobFailed(0, NonFiniteClip(n_bad=1))
    takes.keep(loops[-1])
    disk.answer_last(bad)
    disk.has_room = True
    disk.jobs.clear()
    clock.pass_s(RETRY_S)
    disk.answer_all()
    assert disk.stored == [str(n) for n in range(2, UNKEPT_LOOPS + 2) if n != 5]


def test_another_folder_gets_what_waits(takes: TakeStore, disk: FullDisk, loops: list[LoopInHand]) -> None:
    takes.open("/library")
    store(takes, disk, loops[0])
    disk.has_room = True
    takes.open("/larger")
    disk.answer_all()
    assert disk.jobs[-1].library_folder == "/larger"
    assert takes.can_rate(0)


def test_a_library_that_is_gone_is_not_made_and_is_there_again_by_itself(
    takes: TakeStore, disk: FullDisk, clock: ManualClock, loops: list[LoopInHand]
) -> None:
    told: list[StudioError] = []
    opened: list[str] = []
    takes.failed.connect(told.append)
    takes.opened.connect(opened.append)
    disk.is_gone, disk.has_room = True, True
    takes.open("/mnt/away", is_known=True)
    disk.answer_all()
    store(takes, disk, *loops[:2])
    clock.pass_s(RETRY_S)
    disk.answer_all()
    assert [type(one) for one in told] == [LibraryGone], "told once"
    assert "connect it" in str(told[0])
    assert not any(job.make for job in disk.jobs)
    disk.is_gone = False
    clock.pass_s(RETRY_S)
    disk.answer_all()
    assert (opened, len(takes.takes)) == (["/mnt/away"], 2)


def test_a_library_is_made_until_it_was_there(takes: TakeStore, disk: FullDisk, loops: list[LoopInHand]) -> None:
    disk.has_room = True
    takes.open("/new")
    disk.answer_all()
    store(takes, disk, loops[0])
    assert [(type(job), job.make) for job in disk.jobs] == [(ListJob, True), (StoreJob, False)]


def test_of_takes_that_are_looked_at_only_the_last_are_read(
    takes: TakeStore, disk: FullDisk, loops: list[LoopInHand]
) -> None:
    told: list[tuple[object, object]] = []
    takes.takes_read.connect(lambda ids, takes: told.append((ids, takes)))
    take = Take("b", loops[0].recipe, "/library/b.flac")
    disk.takes = {"b": take}
    for ids in (("x", "y"), ("a", "b")):
        takes.read(ids)
    disk.answer_all()
    assert told == [(("a", "b"), (take,))]


def test_all_ids_are_known_while_takes_come_and_go(takes: TakeStore, disk: FullDisk, loops: list[LoopInHand]) -> None:
    listed: list[tuple[str, ...]] = []
    takes.takes_changed.connect(lambda _, ids: listed.append(ids))
    disk.has_room = True
    takes.open("/library")
    disk.answer_all()
    store(takes, disk, *loops[:2])
    new, old = takes.take_id(1), takes.take_id(0)
    assert listed[-1] == (new, old)
    takes.forget([old])
    assert listed[-1] == takes.ids == (new,)
