# SPDX-License-Identifier: GPL-3.0-or-later
"""Retention holds nothing up, is told in one line, and knows what plays now, as the engine sees it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from engine.errors import CannotWrite
from engine.session.baking import LoopInHand
from engine.session.history import KEPT_CLIPS, History
from engine.session.job_queue import JobQueue
from engine.session.options import Places, StudioOptions
from engine.session.ports import Ports
from engine.session.retention import Retention
from engine.session.session import Session
from engine.session.take_store import TakeStore
from engine.values import JobFailed, LoopRegion, Mark, Room, RoomTaken, Take
from engine.worker.library_jobs import (
    ListJob,
    LoadJob,
    Marked,
    MarkJob,
    Purged,
    PurgeJob,
    Stored,
    StoreJob,
)
from engine.worker.save_jobs import FilesSaved, SaveJob
from tests.engine.session.ports import DeafPlayer, HandyWorker, ManualClock, SlowGenerators, SlowProcess
from tests.starters import shipped

TAKEN = RoomTaken(10, 1, 100.0, 1000)


@dataclass
class Bench:
    """A bench is a queue before a slow process, and keeps what retention told."""

    process: SlowProcess
    queue: JobQueue
    keeper: Retention
    shelf: TakeStore
    spared: set[str] = field(default_factory=set)
    told: list[Any] = field(default_factory=list)

    def answer(self, *answers: Callable[[Any], Any]) -> list[Any]:
        """Answer this many jobs, each by the function given, and return which they were."""
        jobs = []
        for one in answers:
            job = self.process.sent.pop(0)
            jobs.append(job)
            self.process.received.emit(one(job))
        return jobs


@pytest.fixture
def bench() -> Bench:
    process, next_id, clock = SlowProcess(), itertools.count(100).__next__, ManualClock()
    queue = JobQueue(process, clock)
    made: list[Bench] = []
    keeper = Retention(queue, next_id, lambda: made[0].spared)
    bench = Bench(process, queue, keeper, TakeStore(queue, next_id, clock))
    made.append(bench)
    keeper.happened.connect(lambda one: bench.told.append(str(one)))
    keeper.failed.connect(bench.told.append)
    return bench


def purge(n: int, n_bytes: float = 0.0, *, goes_on: bool = False) -> Callable[[PurgeJob], Purged]:
    return lambda job: Purged(job.job_id, tuple(f"take {i}" for i in range(n)), int(n_bytes), goes_on, TAKEN)


@pytest.fixture(scope="module")
def loop() -> LoopInHand:
    starter = shipped()[0]
    return LoopInHand.of_recipe(7, starter.clip, starter.recipe)


def test_whoever_waits_for_a_job_comes_first(bench: Bench) -> None:
    bench.queue.submit(ListJob(1, "/x"), lambda _: None)
    bench.keeper.use("/x", Room())
    bench.queue.submit(LoadJob(2, "/x", "a"), lambda _: None)
    bench.queue.submit(LoadJob(3, "/x", "b"), lambda _: None)
    jobs = bench.answer(*[lambda job: JobFailed(job.job_id, CannotWrite(path="/x", detail=""))] * 3, purge(0))
    assert [type(job) for job in jobs] == [ListJob, LoadJob, LoadJob, PurgeJob]
    assert [job.job_id for job in jobs[:3]] == [1, 2, 3]


def test_it_goes_on_a_moment_at_a_time_and_is_told_once(bench: Bench) -> None:
    bench.keeper.use("/x", Room(limit_bytes=5.0))
    bench.answer(purge(300, 0.9e9, goes_on=True), purge(40, 0.2e9, goes_on=True))
    assert bench.told == []
    jobs = bench.answer(purge(1, 0.1e9))
    assert jobs[0].room == Room(limit_bytes=5.0)
    assert bench.told == ["Room in the library: oldest takes removed: 341 (1.2 GB)"]
    assert bench.process.sent == []
    bench.keeper.look()
    bench.answer(purge(0))
    bench.keeper.look()
    bench.answer(purge(1, 3.6e6))
    assert bench.told[1:] == ["Room in the library: oldest takes removed: 1 (3.6 MB)"]


def test_a_take_that_is_asked_for_while_room_is_to_be_made_is_spared(bench: Bench) -> None:
    bench.shelf.fetching.connect(bench.keeper.look_anew)
    bench.queue.submit(ListJob(1, "/x"), lambda _: None)
    bench.keeper.use("/x", Room())
    bench.spared.add("wanted")
    bench.shelf.load("wanted", lambda _: None)
    assert bench.shelf.in_use(()) == {"wanted"}
    fail = [lambda job: JobFailed(job.job_id, CannotWrite(path="/x", detail=""))] * 2
    *_, job = bench.answer(*fail, purge(0))
    assert job.spared == {"wanted"}
    assert bench.shelf.in_use(()) == set()
    bench.keeper.look_anew()
    assert bench.process.sent == [], "nothing waits to be told"


def test_a_failure_is_told_and_the_next_take_tries_again(bench: Bench) -> None:
    bench.keeper.use("/x", Room())
    error = CannotWrite(path="/x", detail="Input/output error")
    bench.answer(lambda job: JobFailed(job.job_id, error))
    assert bench.told == [error]
    bench.keeper.look()
    assert len(bench.process.sent) == 1


def test_takes_that_went_are_listed_and_remembered_no_more(bench: Bench, loop: LoopInHand) -> None:
    bench.shelf.open("/x")
    take = Take("t1", loop.recipe, "/x/t1.flac")
    bench.answer(lambda job: JobFailed(job.job_id, CannotWrite(path="/x", detail="")))
    bench.shelf.keep(loop)
    bench.answer(lambda job: Stored(job.job_id, take))
    assert bench.shelf.in_use([7]) == {"t1"}
    bench.shelf.forget(["t0", "t1"])
    assert (bench.shelf.takes, bench.shelf.take_id(7)) == ((), "")


def test_the_past_forgets_takes_that_went_unless_they_are_in_memory(loop: LoopInHand) -> None:
    history = History(lambda loop_id: f"take {loop_id}")
    for loop_id in range(KEPT_CLIPS + 2):
        history.add(LoopInHand.of_recipe(loop_id, loop.clip, loop.recipe))
    history.forget_takes({"take 0", f"take {KEPT_CLIPS + 1}"})
    assert len(history) == KEPT_CLIPS + 1
    assert history.latest is not None
    assert history.latest.loop_id == KEPT_CLIPS + 1


def test_a_dragged_region_and_salva_mark_the_take_as_soon_as_it_is_one(bench: Bench, loop: LoopInHand) -> None:
    analysis = HandyWorker()
    analysis.is_busy = True
    ports = Ports(DeafPlayer(), SlowGenerators(), analysis, bench.queue, ManualClock())
    session = Session(StudioOptions("house"), Places(""), ports)
    session.presenter.lead(loop, StudioOptions("house"))
    session.takes.keep(loop)
    session.set_region(LoopRegion(0, 100_000))
    session.saving.save("/x/loop.wav")
    take = Take("t1", loop.recipe, "/x/t1.flac")
    seen: list[Any] = []

    def answered(job: Any) -> object:
        seen.append(job)
        if isinstance(job, StoreJob):
            return Stored(job.job_id, take)
        if isinstance(job, SaveJob):
            return FilesSaved(job.job_id, ())
        return Marked(job.job_id, replace(take, marks=frozenset(one.mark for one in seen if isinstance(one, MarkJob))))

    while bench.process.sent:
        bench.answer(answered)
    assert {(job.take_id, job.mark) for job in seen if isinstance(job, MarkJob)} == {
        ("t1", Mark.REGION),
        ("t1", Mark.SAVED),
    }
    assert session.takes.take_of(7) == replace(take, marks=frozenset({Mark.REGION, Mark.SAVED}))
    session.set_region(LoopRegion(0, 200_000))
    jobs = [job for job in bench.process.sent if isinstance(job, MarkJob)]
    assert jobs == [], "what is noted is not noted again"


def test_a_disk_is_said_to_be_nearly_full_once_until_it_was_better(bench: Bench) -> None:
    warned: list[Exception] = []
    recovered: list[Exception] = []
    bench.keeper.warned.connect(warned.append)
    bench.keeper.recovered.connect(recovered.append)
    bench.keeper.use("/x", Room())
    for n, free in enumerate((5e9, 0.9e9, 0.8e9, 1.1e9, 0.5e9, 1.3e9, 0.9e9)):
        if n:
            bench.keeper.look()
        taken = RoomTaken(10, 1, 100.0, int(free), 1e9)
        bench.answer(lambda job, taken=taken: Purged(job.job_id, (), 0, False, taken))  # type: ignore[misc]
    assert [round(one.fields["gigabytes"], 1) for one in warned] == [0.9, 0.9]  # type: ignore[attr-defined]
    assert recovered == warned[:1]
    assert "SETUP → Room" in str(warned[0])
