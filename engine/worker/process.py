# SPDX-License-Identifier: GPL-3.0-or-later
"""The warm analysis worker: a process that finds loops and draws clips, one job at a time."""

from __future__ import annotations

import contextlib
import logging

from engine.child import missing_part
from engine.errors import StudioError
from engine.freed_memory import FreedMemory
from engine.pipe import Pipe, child_connection
from engine.values import JobFailed
from engine.worker import jobs
from engine.worker.named_clips import ClipsLost, HeldClips

_log = logging.getLogger(__name__)


def main() -> None:
    """Answer jobs until the parent goes."""
    connection = child_connection()
    try:
        if not connection.poll():
            _warm_up()
    except OSError as error:
        if missing_part(error) is not None:
            raise
        return
    serve(connection)


def serve(connection: Pipe) -> None:
    """Answer each job that comes with its result, until the other end goes; what it sent before it went is done."""
    logging.basicConfig(format="%(asctime)s %(name)s %(levelname)s %(message)s")
    clips, freed = HeldClips(), FreedMemory()
    while True:
        try:
            message = connection.receive()
        except (EOFError, OSError) as error:
            if missing_part(error) is not None:
                # What a job is made of cannot be loaded.
                raise
            return
        job = clips.job_in(message)
        # A clip that is held no longer takes no memory while the next job is waited for.
        del message
        result: object
        try:
            result = job if isinstance(job, ClipsLost) else jobs.run(job)
        except StudioError as error:
            result = JobFailed(job.job_id, error)
        except Exception as error:
            if missing_part(error) is not None:
                # It would be missing for the next job, too: told once, as the end of this process.
                raise
            # The process boundary: whatever went wrong becomes the job's result, and the worker lives on.
            _log.exception("%s failed", type(job).__name__)
            result = JobFailed(job.job_id, StudioError(detail=f"{type(error).__name__}: {error}"))
        del job
        with contextlib.suppress(OSError):  # the other end is gone: of that the next receive tells, once all is read
            connection.send(result)
        del result
        freed.give_back()


def _warm_up() -> None:
    try:
        from engine.loops.finder import warm_up

        warm_up()
    except ImportError:
        # The job that needs it will tell; the others are done.
        _log.exception("the loop finder cannot be warmed up")


if __name__ == "__main__":
    main()
