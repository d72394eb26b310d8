# SPDX-License-Identifier: GPL-3.0-or-later
"""The process that reads sounds: a person's files are decoded and searched here, so that hours of them hold nothing up.

It reads ``ListSounds``, ``ReadSound`` and ``StopReading`` from its channel, and answers each of the first two with
``Progress``, then its result or ``JobFailed``. One job at a time; when the channel closes, the process exits.
"""

from __future__ import annotations

import logging
import os
import time
from collections import deque
from functools import partial

from engine.child import missing_part, weigh_session
from engine.errors import Cancelled, OutOfMemory, StudioError
from engine.owner import Owner, OwnerGone
from engine.pipe import Pipe, child_connection
from engine.values import JobFailed, Progress
from engine.worker.sound_reading import ListSounds, ReadSound, StopReading, list_brought, read_sound

_log = logging.getLogger(__name__)

PROGRESS_INTERVAL_S = 0.1
"""Seconds between two reports of the same stage, at least."""
NICENESS = 5
"""Niceness of the process: reading takes every core for a while, and the sound and the window go first."""
WARM_MODULES = ("soundfile", "mutagen", "soxr", "pyloudnorm", "engine.loops.finder", "scipy.fft", "scipy.ndimage")
"""Modules that are imported while there is nothing to do, so that the first sound does not wait for them."""


class Reader:
    """The reader serves one channel until it closes."""

    def __init__(self, connection: Pipe) -> None:
        self._owner = Owner(connection)
        self._waiting: deque[ListSounds | ReadSound] = deque()
        self._stopped_id: int | None = None
        self._stage, self._told_s = "", 0.0

    def serve(self) -> None:
        """Do jobs until the other end closes the channel, then return."""
        try:
            self._owner.warm_up(WARM_MODULES)
            while True:
                while not self._waiting:
                    self._take(self._owner.receive())
                self._do(self._waiting.popleft())
        except OwnerGone:
            _log.debug("the connection closed")

    def _do(self, job: ListSounds | ReadSound) -> None:
        self._stage = ""
        told = partial(self._tell, job.job_id)
        answer: object
        try:
            answer = list_brought(job, told) if isinstance(job, ListSounds) else read_sound(job, told)
        except StudioError as error:
            answer = JobFailed(job.job_id, error)
        except OwnerGone:
            raise
        except MemoryError:
            answer = JobFailed(job.job_id, OutOfMemory())
        except Exception as error:
            if missing_part(error) is not None:
                raise
            # The process boundary: whatever went wrong becomes the job's result, and the process lives on.
            _log.exception("%s failed", type(job).__name__)
            answer = JobFailed(job.job_id, StudioError(detail=f"{type(error).__name__}: {error}".rstrip(": .")))
        self._owner.send(answer)

    def _tell(self, job_id: int, stage: str, fraction: float | None) -> None:
        """Tell how far a job is, now and then, and look whether it is wanted still. Raises Cancelled."""
        while self._owner.poll():
            self._take(self._owner.receive())
        if self._stopped_id == job_id:
            raise Cancelled
        now_s = time.monotonic()
        if stage != self._stage or now_s - self._told_s >= PROGRESS_INTERVAL_S:
            self._stage, self._told_s = stage, now_s
            self._owner.send(Progress(job_id, fraction, stage))

    def _take(self, message: object) -> None:
        if isinstance(message, ListSounds | ReadSound):
            self._waiting.append(message)
        elif isinstance(message, StopReading):
            self._stopped_id = message.job_id
        else:
            _log.error("not a message: %r", message)


def main() -> None:
    """Run the process."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    weigh_session(os.nice(NICENESS))
    Reader(child_connection()).serve()


if __name__ == "__main__":
    main()
