# SPDX-License-Identifier: GPL-3.0-or-later
"""This process plays along with recordings, so that what goes wrong, and what it computes, stays here.

It reads ``PredictJob`` from its channel and answers each with ``Predicted`` or ``JobFailed``, one after the other,
until the channel closes.
"""

from __future__ import annotations

import logging
import os

from engine.child import weigh_session
from engine.companion.jobs import TITLE, Predicted, PredictJob
from engine.companion.predicting import predicted
from engine.errors import GeneratorError, StudioError
from engine.freed_memory import FreedMemory
from engine.generators.host import NICENESS, WARM_MODULES
from engine.owner import Owner, OwnerGone
from engine.pipe import Pipe, child_connection
from engine.values import JobFailed

log = logging.getLogger(__name__)


def serve(connection: Pipe) -> None:
    """Answer jobs until the other end closes the channel."""
    owner, freed = Owner(connection), FreedMemory()
    try:
        owner.warm_up(WARM_MODULES)
        while True:
            job = owner.receive()
            if isinstance(job, PredictJob):
                owner.send(_answer(job))
            else:
                log.error("not a message: %r", job)
            del job
            freed.give_back()
    except OwnerGone:
        log.debug("the connection closed")


def _answer(job: PredictJob) -> Predicted | JobFailed:
    try:
        clip = predicted(job.recording, job.order, job.settings, needs_beat=job.needs_beat)
        return Predicted(job.job_id, clip)
    except StudioError as error:
        return JobFailed(job.job_id, error)
    except Exception as error:
        log.exception("nothing was played")
        detail = f"{type(error).__name__}: {error}".rstrip(": .")
        return JobFailed(job.job_id, GeneratorError(generator=TITLE, detail=detail))


def main() -> None:
    """Run the companion's process."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s companion: %(message)s")
    weigh_session(os.nice(NICENESS))
    serve(child_connection())


if __name__ == "__main__":
    main()
