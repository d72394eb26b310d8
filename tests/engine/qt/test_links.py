# SPDX-License-Identifier: GPL-3.0-or-later
"""Links and the worker's queue work with real processes that die, hang and come back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from pytestqt.qtbot import QtBot

from engine.errors import StudioError, WorkerDied, WorkerHung
from engine.qt import links
from engine.qt.clock import QtClock
from engine.qt.generator_hosts import HostLink
from engine.qt.links import ChildLink, close_together
from engine.session import job_queue
from engine.session.job_queue import JobQueue
from engine.values import JobFailed
from tests.engine.qt.orders import BIG_BYTES, Done, Order

pytestmark = pytest.mark.gui


class Desk(QObject):
    """A desk has a queue on a link to a module of the tests, and its results."""

    def __init__(self, qtbot: QtBot, module: str) -> None:
        super().__init__()
        self.qtbot = qtbot
        self.link = ChildLink(f"tests.engine.qt.{module}", "analysis", self)
        self.queue = JobQueue(self.link, QtClock(self))
        self.answers: list[Any] = []
        self.deaths: list[StudioError] = []
        self.death_times_s: list[float] = []
        self.link.died.connect(self._on_died)
        self.link.start()

    def _on_died(self, error: StudioError) -> None:
        self.deaths.append(error)
        self.death_times_s.append(time.monotonic())

    def order(self, *deeds: str) -> None:
        for job_id, deed in enumerate(deeds, start=len(self.answers) + 1):
            self.queue.submit(Order(job_id, deed), self.answers.append)

    def until(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition, timeout=30_000)


@pytest.fixture
def make_desk(qtbot: QtBot) -> Iterator[Callable[[str], Desk]]:
    desks: list[Desk] = []

    def make(module: str) -> Desk:
        desks.append(Desk(qtbot, module))
        return desks[-1]

    yield make
    for desk in desks:
        desk.queue.clear()
        close_together([desk.link.release()])
        desk.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_jobs_are_answered_in_turn_however_large(make_desk: Callable[[str], Desk]) -> None:
    desk = make_desk("obedient")
    desk.order("answer", "answer big", "answer")
    desk.until(lambda: len(desk.answers) == 3)
    assert [one.job_id for one in desk.answers] == [1, 2, 3]
    assert len(desk.answers[1].payload) == BIG_BYTES
    assert desk.deaths == []


def test_a_job_that_loses_its_worker_is_tried_once_more_and_the_others_are_done(
    make_desk: Callable[[str], Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "FIRST_RESTART_S", 0.05)
    desk = make_desk("obedient")
    desk.order("answer", "die", "answer")
    desk.until(lambda: len(desk.answers) == 3)
    first, failed, last = desk.answers
    assert isinstance(failed, JobFailed)
    assert isinstance(failed.error, WorkerDied)
    assert first.pid != last.pid
    assert [type(one) for one in desk.deaths] == [WorkerDied] * 2
    assert str(desk.deaths[0]) == "The analysis process stopped (exit code -9) and was started again."


@pytest.mark.parametrize("deed", ["hang", "begin an answer and hang"])
def test_a_worker_that_hangs_is_replaced(
    deed: str, make_desk: Callable[[str], Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The start of a process is within it.
    monkeypatch.setattr(job_queue, "JOB_LIMIT_S", 6.0)
    monkeypatch.setattr(links, "MESSAGE_LIMIT_S", 0.2)
    monkeypatch.setattr(links, "FIRST_RESTART_S", 0.05)
    desk = make_desk("obedient")
    desk.order("answer", deed, "answer")
    desk.until(lambda: len(desk.answers) == 3)
    assert [type(one) for one in desk.answers] == [Done, JobFailed, Done]
    assert type(desk.deaths[-1]) is (WorkerHung if deed == "hang" else WorkerDied)


def test_a_process_that_dies_at_once_is_started_ever_more_seldom(
    make_desk: Callable[[str], Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "FIRST_RESTART_S", 0.1)
    monkeypatch.setattr(links, "LAST_RESTART_S", 0.4)
    desk = make_desk("stillborn")
    desk.order("answer")
    desk.until(lambda: len(desk.deaths) == 6)
    gaps_s = [b - a for a, b in zip(desk.death_times_s, desk.death_times_s[1:], strict=False)]
    for gap_s, at_least_s in zip(gaps_s, [0.0, 0.1, 0.2, 0.4, 0.4], strict=True):
        assert gap_s > 0.95 * at_least_s
    assert [type(one) for one in desk.answers] == [JobFailed]
    # One that has lived is started again at once, and counts from one.
    monkeypatch.setattr(links, "STEADY_S", 0.0)
    desk.until(lambda: len(desk.deaths) == 8)
    assert desk.link.n_deaths == 1


@pytest.fixture
def host(qtbot: QtBot) -> Iterator[HostLink]:
    parent = QObject()
    link = HostLink("obedient", parent, module="tests.engine.qt.obedient")
    yield link
    close_together([link.release()])
    parent.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_a_host_that_dies_at_its_work_is_there_again_at_once(
    host: HostLink, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "FIRST_RESTART_S", 3600.0)
    answers: list[Done] = []
    deaths: list[int] = []
    host.received.connect(answers.append)
    host.died.connect(lambda _: deaths.append(host.n_deaths))

    def has_died(times: int) -> bool:
        return len(deaths) == times

    for number in range(1, 4):
        host.send(Order(2 * number, "answer"))
        host.send(Order(2 * number + 1, "die"))
        qtbot.waitUntil(partial(has_died, number), timeout=30_000)
    assert [one.job_id for one in answers] == [2, 4, 6]
    assert deaths == [1, 1, 1]


def test_a_host_that_was_waited_for_is_not_given_up_at_its_start(host: HostLink, qtbot: QtBot) -> None:
    answers: list[Done] = []
    deaths: list[StudioError] = []
    host.received.connect(answers.append)
    host.died.connect(deaths.append)
    host.send(Order(1, "hang"))
    # As after a wait for its start that took all of the time.
    host.give_up(WorkerHung(worker="obedient", limit_s=60.0))
    assert host.pid is not None
    host.give_up(WorkerHung(worker="obedient", limit_s=0.1))
    assert [type(one) for one in deaths] == [WorkerHung]


def test_a_queue_outlives_an_answer_that_fails(make_desk: Callable[[str], Desk], qtbot: QtBot) -> None:
    desk = make_desk("obedient")

    def stumble(_result: object) -> None:
        raise LookupError("an answer that fails")

    with qtbot.captureExceptions() as raised:
        desk.queue.submit(Order(100), stumble)
        desk.order("answer")
        desk.until(lambda: len(desk.answers) == 1)
    assert [type(one[1].__cause__) for one in raised] == [LookupError]
