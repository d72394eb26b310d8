# SPDX-License-Identifier: GPL-3.0-or-later
"""Loops that are ready are listed as soon as they are there; each can be heard now, kept or dropped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.paths import RESOURCES
from engine.session.job_queue import JobQueue
from engine.session.options import Places
from engine.session.ports import Ports
from engine.session.session import Session
from engine.values import FAVOURITE, NEVER, Entry, ReadyLoop
from tests.engine.session.answering import answer_all
from tests.engine.session.composing import OPTIONS, composed_loop
from tests.engine.session.ports import DeafPlayer, ManualClock, SlowGenerators, SlowProcess


class Bench:
    """On the bench a loop plays, and four variations are made at once when the test says so."""

    def __init__(self) -> None:
        clock, self.generators, self.analysis = ManualClock(), SlowGenerators(), SlowProcess("analysis")
        queues = JobQueue(self.analysis, clock), JobQueue(SlowProcess(), clock)
        self.options = replace(OPTIONS, variations=4)
        self.session = Session(
            self.options, Places(str(RESOURCES / "starters")), Ports(DeafPlayer(), self.generators, *queues, clock)
        )
        self.ready = self.session.picked.ready
        self.told: list[tuple[ReadyLoop, ...]] = []
        self.ready.changed.connect(self.told.append)
        self.session.presenter.lead(composed_loop(), self.options)
        self.session.running.begin()
        self.session.generation.begin(self.options)

    def make_all(self) -> list[int]:
        """Have all variations made; return their ids as they come."""
        self.requests = answer_all(self.generators, self.analysis)
        return [one.loop_id for one in self.told[-1]]


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.session.close()


def test_each_is_listed_as_soon_as_it_is_there(bench: Bench) -> None:
    bench.make_all()
    assert [len(one) for one in bench.told] == [1, 2, 3, 4]
    assert len(bench.requests) == 4, "and no more are made while they wait"


def test_all_go_on_from_the_same_clip(bench: Bench) -> None:
    family = composed_loop().recipe.family
    assert family is not None
    bench.session.generation.take_up(composed_loop().recipe, bench.options)
    bench.session.generation.begin(bench.options)
    bench.make_all()
    assert {one.follows for one in bench.requests} == {family}


def test_one_that_is_heard_now_comes_at_the_next_bar_and_the_others_wait(bench: Bench) -> None:
    first, second, third, fourth = bench.make_all()
    bench.ready.hear(third)
    assert [one.loop_id for one in bench.told[-1]] == [third, first, second, fourth]
    assert bench.session.up_next.asked is Entry.NEXT_BAR
    bench.ready.hear(-1)
    assert [one.loop_id for one in bench.told[-1]] == [third, first, second, fourth], "one that is gone is not heard"


def test_one_that_is_kept_is_a_favourite_until_it_is_not(bench: Bench) -> None:
    _, second, *_ = bench.make_all()
    bench.ready.keep(second)
    assert [one.is_favourite for one in bench.told[-1]] == [False, True, False, False]
    assert bench.session.takes.rating(second) == FAVOURITE
    bench.ready.keep(second, is_kept=False)
    assert not any(one.is_favourite for one in bench.told[-1])


def test_one_that_is_dropped_is_gone_and_does_not_come_again(bench: Bench) -> None:
    first, second, third, fourth = bench.make_all()
    bench.ready.drop(second)
    assert [one.loop_id for one in bench.told[-1]] == [first, third, fourth]
    assert bench.session.takes.rating(second) == NEVER
    for one in (first, third, fourth):
        bench.ready.drop(one)
    assert bench.told[-1] == ()
    bench.session.generation.go_on(bench.options)
    assert len(bench.make_all()) == 4, "new ones are made"


def test_nothing_waits_when_the_music_is_stopped(bench: Bench) -> None:
    bench.make_all()
    bench.session.stop()
    assert bench.told[-1] == ()
