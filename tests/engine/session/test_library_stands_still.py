# SPDX-License-Identifier: GPL-3.0-or-later
"""Loops are made and come to be played while the library's process answers nothing: its disk stands still."""

from __future__ import annotations

from app.paths import RESOURCES
from engine.session.job_queue import JobQueue
from engine.session.options import Places, StudioOptions
from engine.session.ports import Ports
from engine.session.session import Session
from engine.session.up_next import LOOPS_AHEAD
from engine.worker.library_jobs import ListJob
from tests.engine.session.answering import answer_all
from tests.engine.session.ports import DeafPlayer, ManualClock, SlowGenerators, SlowProcess


def test_a_library_that_answers_nothing_holds_up_no_loop() -> None:
    clock = ManualClock()
    generator = SlowGenerators()
    analysis, library = (SlowProcess(name) for name in ("analysis", "library"))
    options = StudioOptions("house", library_folder="/library")
    queues = JobQueue(analysis, clock), JobQueue(library, clock)
    session = Session(options, Places(str(RESOURCES / "starters")), Ports(DeafPlayer(), generator, *queues, clock))
    session.takes.open(options.library_folder)
    session.running.begin()
    session.generation.begin(options)
    answer_all(generator, analysis)
    assert session.up_next.n_ahead == LOOPS_AHEAD
    assert [type(job) for job in library.sent] == [ListJob], "it answered nothing, and nobody waited for it"
