# SPDX-License-Identifier: GPL-3.0-or-later
"""The job queue closes with the studio: what was done is written, what was only asked is forgotten."""

from __future__ import annotations

from engine.session.job_queue import JobQueue
from engine.values import NEVER, Mark
from engine.worker.library_jobs import WRITING_JOBS, ListJob, LoadJob, MarkJob, RateJob, ReadJob
from tests.engine.session.ports import ManualClock, SlowProcess


def test_at_the_end_what_waits_to_be_written_is_handed_over_and_nothing_else() -> None:
    process = SlowProcess()
    queue = JobQueue(process, ManualClock())
    answers: list[object] = []
    listing = ListJob(1, "/library")
    mark, rating = MarkJob(3, "/library", "take", Mark.REGION), RateJob(5, "/library", "take", NEVER)
    for job in (listing, LoadJob(2, "/library", "take"), mark, ReadJob(4, "/library", ()), rating):
        queue.submit(job, answers.append)
    queue.finish(*WRITING_JOBS)
    assert process.sent == [listing, mark, rating]
    process.received.emit(MarkJob(3, "/library", "take", Mark.REGION))
    assert answers == []
