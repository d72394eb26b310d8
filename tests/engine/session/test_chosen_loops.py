# SPDX-License-Identifier: GPL-3.0-or-later
"""Chosen loops go through the library's queue: a take that is asked for afterwards plays its chosen loop."""

from __future__ import annotations

import itertools
from dataclasses import replace

from engine.session.chosen_loops import ChosenLoops
from engine.session.job_queue import JobQueue
from engine.values import JobFailed, Take
from engine.worker.library_jobs import LoadJob, LoopSet, SetLoopJob
from tests.engine.session.ports import ManualClock, SlowProcess
from tests.starters import shipped


def test_what_was_chosen_last_is_written_before_the_take_is_brought_back() -> None:
    process = SlowProcess()
    queue = JobQueue(process, ManualClock())
    chosen = ChosenLoops(queue, itertools.count(1).__next__)
    recipe = shipped()[0].recipe
    loops = [replace(recipe.loop, score=score) for score in (0.1, 0.2, 0.3)]
    written: list[LoopSet | JobFailed] = []
    for loop in loops:
        chosen.write("/library", "take", loop, written.append)
    queue.submit(LoadJob(100, "/library", "take"), lambda _: None)
    for _ in range(2):
        process.received.emit(LoopSet(process.sent[-1].job_id, Take("take", recipe, "/library/take.flac")))
    assert [type(job) for job in process.sent] == [SetLoopJob, SetLoopJob, LoadJob]
    assert [job.loop for job in process.sent[:2]] == [loops[0], loops[2]]
    assert len(written) == 2
