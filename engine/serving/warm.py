# SPDX-License-Identifier: GPL-3.0-or-later
"""A warm process answers jobs one at a time: started when one is asked, kept from then on, and ended when idle."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import IO, Any

from engine.errors import Cancelled, GeneratorHung, StudioError
from engine.generators.capabilities import Limits
from engine.generators.jobs import CancelJob
from engine.processes import ChildProcess
from engine.values import JobFailed, Progress

POLL_S = 0.05
"""Seconds between two looks at whether an answer is still wanted."""


class WarmProcess:
    """A warm process runs one module, which answers a job with ``Progress``, then an answer or ``JobFailed``.

    Parameters
    ----------
    title
        Of what works there, as people read it.
    log
        Where the process's messages go; None is this process's stderr.
    idle_s
        Seconds without a job after which the process ends.
    """

    def __init__(
        self, module: str, title: str, limits: Limits, *, log: IO[str] | None = None, idle_s: float = 300.0
    ) -> None:
        self._module, self._title, self._limits = module, title, limits
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

    def answer(self, job: Any, job_id: int, tell: Callable[[Progress], None], is_wanted: Callable[[], bool]) -> Any:
        """Return the answer to a job; it waits for those before. Raises StudioError, Cancelled among them."""
        with self._lock:
            self._rest(None)
            try:
                process = self._started()
                process.send(job)
                return self._watch(process, job_id, tell, is_wanted)
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
    ) -> Any:
        limits, cancelled = self._limits, False
        limit_s = limits.load_s
        due_s = time.monotonic() + limit_s
        while True:
            if process.poll(POLL_S):
                message = process.receive()
                if message.job_id != job_id:
                    continue  # the last word on one that was given up
                if isinstance(message, JobFailed):
                    raise message.error
                if not isinstance(message, Progress):
                    return message
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
            self._process = ChildProcess(self._module, log=self._log)
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
        # A job that is worked on holds the lock: the process is not idle then.
        if self._lock.acquire(blocking=False):
            try:
                self._let_end()
            finally:
                self._lock.release()

    def close(self) -> None:
        """End the process; what it works on is given up."""
        self._is_closed = True
        with self._lock:
            self._rest(None)
            self._let_end()

    def _let_end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.close()
