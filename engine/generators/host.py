# SPDX-License-Identifier: GPL-3.0-or-later
"""This process makes the clips, so that a generator's faults stay here.

It reads ``GenerateJob``, ``CancelJob`` and ``LeaveJob`` from its channel and answers each of the first with
``Progress``, then one ``ClipResult`` or ``JobFailed``. One at a time: a new one cancels the one that runs. When the
channel closes, the generation is closed (which ends MusicGPT) and the process exits.
"""

from __future__ import annotations

import logging
import os
import time

from engine.child import weigh_session
from engine.errors import Cancelled
from engine.freed_memory import FreedMemory
from engine.generators.jobs import CancelJob, GenerateJob, LeaveJob
from engine.generators.service import deliver_clip, failed, leave_music, make_clip
from engine.outside.scratch import sweep
from engine.owner import Owner, OwnerGone
from engine.pipe import Pipe, child_connection
from engine.values import ClipResult, JobFailed

log = logging.getLogger(__name__)

PROGRESS_INTERVAL_S = 0.05
"""Seconds between two reports of the same stage, at least: more than twenty a second cannot be read."""

NICENESS = 5
"""Niceness of the process: making a clip takes every core for a while, and the sound and the window go first."""

WARM_MODULES = ("engine.generators.composer.making", "soundfile", "soxr", "pyloudnorm")
"""Modules that are imported while there is nothing to do, so that the first clip does not wait for them."""


class Host:
    """A host serves one channel until it closes."""

    def __init__(self, connection: Pipe) -> None:
        self._owner, self._freed = Owner(connection), FreedMemory()
        self._next: GenerateJob | None = None
        self._running: int | None = None
        self._cancelled = False

    def serve(self) -> None:
        """Make clips until the other end closes the channel, then return."""
        _sweep()
        try:
            self._owner.warm_up(WARM_MODULES)
            while True:
                self._read()
                while self._next is None:
                    self._take(self._owner.receive())
                job, self._next = self._next, None
                self._serve_job(job)
                del job
                self._freed.give_back()
        except OwnerGone:
            log.debug("the connection closed")

    def _serve_job(self, job: GenerateJob) -> None:
        job_id = job.request.job_id
        self._running, self._cancelled = job_id, False
        answer: ClipResult | JobFailed
        try:
            answer = self._make(job)
        except OwnerGone:
            raise
        except Exception as error:  # noqa: BLE001 - the process boundary: a generator's fault is an answer, not the process's end
            answer = failed(job.request, error)
        self._running = None
        self._owner.send(answer)

    def _make(self, job: GenerateJob) -> ClipResult:
        make = deliver_clip if job.as_delivered else make_clip
        generation = make(job.request, job.settings)
        sent_s, stage = -PROGRESS_INTERVAL_S, ""
        try:
            while True:
                progress = next(generation)
                self._read()
                if self._cancelled:
                    raise Cancelled
                now_s = time.monotonic()
                if progress.chunk is not None or progress.stage != stage or now_s - sent_s >= PROGRESS_INTERVAL_S:
                    self._owner.send(progress)
                    sent_s, stage = now_s, progress.stage
        except StopIteration as end:
            result: ClipResult = end.value
            return result
        finally:
            generation.close()

    def _read(self) -> None:
        """Take in every message that waits."""
        while self._owner.poll():
            self._take(self._owner.receive())

    def _take(self, message: object) -> None:
        if isinstance(message, GenerateJob):
            self._drop_next()
            self._next = message
            self._cancelled = True  # the latest wins
        elif isinstance(message, CancelJob):
            if self._next is not None and self._next.request.job_id == message.job_id:
                self._drop_next()
            if self._running == message.job_id:
                self._cancelled = True
        elif isinstance(message, LeaveJob):
            leave_music(message.music)
        else:
            log.error("not a message: %r", message)

    def _drop_next(self) -> None:
        if self._next is not None:
            self._owner.send(JobFailed(self._next.request.job_id, Cancelled()))
            self._next = None


def _sweep() -> None:
    """Clear away what earlier generator processes left behind when they were killed."""
    try:
        sweep()
    except OSError:
        # No reason not to make music.
        log.exception("what earlier starts left behind could not be swept")


def main() -> None:
    """Run the generator process."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s generators: %(message)s")
    weigh_session(os.nice(NICENESS))
    Host(child_connection()).serve()


if __name__ == "__main__":
    main()
