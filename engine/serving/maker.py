# SPDX-License-Identifier: GPL-3.0-or-later
"""Makers make the clips of a server: in a generator process, as the studio's own, never in the server's."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import IO, Protocol

from engine.errors import Cancelled, GeneratorHung, StudioError
from engine.generators.base import Generator, GeneratorSettings
from engine.generators.jobs import CancelJob, GenerateJob
from engine.processes import ChildProcess
from engine.values import ClipRequest, ClipResult, JobFailed, Progress

HOST = "engine.generators.host"
POLL_S = 0.05
"""Seconds between two looks at whether a clip is still wanted."""


class Maker(Protocol):
    """A maker makes clips, some at once, each in a thread of its caller's."""

    n_at_once: int
    """Number of clips that it makes beside one another."""

    def make(self, request: ClipRequest, tell: Callable[[Progress], None], is_wanted: Callable[[], bool]) -> ClipResult:
        """Make a clip as its generator delivers it; return when it is there, or soon after it is no longer wanted.

        Raises StudioError, Cancelled among them.
        """

    def close(self) -> None:
        """End all that runs."""


class HostMaker:
    """This maker has one generator process, started when a clip is asked for, kept warm, and ended when idle.

    Parameters
    ----------
    log
        Where the process's messages go; None is this process's stderr.
    idle_s
        Seconds without a clip after which the process ends.

    Attributes
    ----------
    settings
        Of the clips that are asked for from now on.
    """

    n_at_once = 1

    def __init__(
        self, generator: Generator, settings: GeneratorSettings, *, log: IO[str] | None = None, idle_s: float = 300.0
    ) -> None:
        self._title = generator.title
        self._limits = generator.capabilities().limits
        self.settings = settings
        self._log = log
        self._idle_s = idle_s
        self._lock = threading.Lock()
        self._process: ChildProcess | None = None
        self._retiring: threading.Timer | None = None
        self._is_closed = False

    @property
    def pid(self) -> int | None:
        """Return the number of the process that runs, or None."""
        process = self._process
        return None if process is None else process.pid

    def make(self, request: ClipRequest, tell: Callable[[Progress], None], is_wanted: Callable[[], bool]) -> ClipResult:
        with self._lock:
            self._rest(None)
            try:
                process = self._started()
                process.send(GenerateJob(request, self.settings, as_delivered=True))
                return self._watch(process, request.job_id, tell, is_wanted)
            except (StudioError, OSError) as error:
                if self._process is not None and not self._process.is_alive():
                    self._end()
                if isinstance(error, OSError):
                    raise StudioError(detail=error.strerror or str(error)) from error
                raise
            finally:
                self._rest(self._idle_s)

    def _watch(
        self, process: ChildProcess, job_id: int, tell: Callable[[Progress], None], is_wanted: Callable[[], bool]
    ) -> ClipResult:
        limits, cancelled = self._limits, False
        limit_s = limits.load_s
        due_s = time.monotonic() + limit_s
        while True:
            if process.poll(POLL_S):
                message = process.receive()
                if message.job_id != job_id:
                    continue  # the last word on a clip that was given up
                if isinstance(message, ClipResult):
                    return message
                if isinstance(message, JobFailed):
                    raise message.error
                if not cancelled:
                    limit_s = limits.silence_s
                    due_s = time.monotonic() + limit_s
                    tell(message)
            if not cancelled and not is_wanted():
                cancelled = True
                due_s = time.monotonic() + limits.cancel_s
                process.send(CancelJob(job_id))
            if time.monotonic() > due_s or self._is_closed:
                self._end()
                if cancelled or self._is_closed:
                    raise Cancelled
                raise GeneratorHung(generator=self._title, limit_s=limit_s)

    def _started(self) -> ChildProcess:
        if self._is_closed:
            raise Cancelled
        if self._process is not None and not self._process.is_alive():
            self._end()
        if self._process is None:
            self._process = ChildProcess(HOST, log=self._log)
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()

    def _rest(self, idle_s: float | None) -> None:
        """Have the process end after so many seconds, or not at all."""
        if self._retiring is not None:
            self._retiring.cancel()
            self._retiring = None
        if idle_s is not None and self._process is not None and not self._is_closed:
            self._retiring = threading.Timer(idle_s, self._retire)
            self._retiring.daemon = True
            self._retiring.start()

    def _retire(self) -> None:
        # A clip that is being made holds the lock: the process is not idle then.
        if self._lock.acquire(blocking=False):
            try:
                self._let_end()
            finally:
                self._lock.release()

    def close(self) -> None:
        self._is_closed = True
        with self._lock:
            self._rest(None)
            self._let_end()

    def _let_end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.close()
