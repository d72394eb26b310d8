# SPDX-License-Identifier: GPL-3.0-or-later
"""The warm analysis worker: a process that finds loops and draws clips, one job at a time."""

from __future__ import annotations

import logging

from engine.errors import StudioError
from engine.processes import Channel, child_connection
from engine.values import JobFailed
from engine.worker import jobs

_log = logging.getLogger(__name__)


def main() -> None:
    """Answer jobs until the parent goes."""
    connection = child_connection()
    try:
        if not connection.poll():
            _warm_up()
    except OSError:
        return
    serve(connection)


def serve(connection: Channel) -> None:
    """Answer each job that comes with its result, until the other end goes."""
    logging.basicConfig(format="%(asctime)s %(name)s %(levelname)s %(message)s")
    while True:
        try:
            job = connection.receive()
        except (EOFError, OSError):
            return
        result: object
        try:
            result = jobs.run(job)
        except StudioError as error:
            result = JobFailed(job.job_id, error)
        except Exception as error:  # noqa: BLE001
            # The process boundary: whatever went wrong becomes the job's result, and the worker lives on.
            _log.exception("%s failed", type(job).__name__)
            result = JobFailed(job.job_id, StudioError(detail=f"{type(error).__name__}: {error}"))
        try:
            connection.send(result)
        except OSError:
            return


def _warm_up() -> None:
    try:
        from engine.loops.finder import warm_up

        warm_up()
    except ImportError:
        # The job that needs it will tell; the others are done.
        _log.exception("the loop finder cannot be warmed up")


if __name__ == "__main__":
    main()
