# SPDX-License-Identifier: GPL-3.0-or-later
"""Child processes seen from the engine thread: messages arrive as Qt signals, a dead child is told and replaced."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import IO, Any, Protocol

from PySide6.QtCore import QObject, QSocketNotifier, QTimer, Signal, Slot

from engine.errors import WorkerDied, WorkerHung
from engine.processes import ChildProcess
from engine.values import JobFailed

_log = logging.getLogger(__name__)

JOB_LIMIT_S = 120.0
"""A worker job that takes longer has hung: the longest real one, a 10-minute clip, takes a few seconds."""


class Endpoint(Protocol):
    """What a link watches: ``ChildProcess``, or the player that wraps one."""

    def fileno(self) -> int: ...
    def poll(self, timeout_s: float = 0.0) -> bool: ...
    def receive(self) -> Any: ...


class Watch(QObject):
    """Emits ``received`` for each message of an endpoint, and ``died`` once when it is gone."""

    received = Signal(object)
    died = Signal(object)

    def __init__(self, endpoint: Endpoint, parent: QObject) -> None:
        super().__init__(parent)
        self._endpoint = endpoint
        self._notifier = QSocketNotifier(endpoint.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_activated)

    def stop(self) -> None:
        """Watch no more; call before the endpoint is closed."""
        self._notifier.setEnabled(False)
        self.deleteLater()

    @Slot()
    def _on_activated(self) -> None:
        try:
            while self._notifier.isEnabled() and self._endpoint.poll():
                self.received.emit(self._endpoint.receive())
        except WorkerDied as error:
            self._notifier.setEnabled(False)
            self.died.emit(error)


class ChildLink(QObject):
    """A child process of the engine thread, started when first needed and again after it died."""

    received = Signal(object)
    died = Signal(object)

    def __init__(self, module: str, parent: QObject, *, log: IO[str] | None = None) -> None:
        super().__init__(parent)
        self._module = module
        self._log_file = log
        self._process: ChildProcess | None = None
        self._watch: Watch | None = None

    def start(self) -> None:
        """Start the process if it does not run."""
        if self._process is None:
            self._process = ChildProcess(self._module, log=self._log_file)
            self._watch = Watch(self._process, self)
            self._watch.received.connect(self.received)
            self._watch.died.connect(self._on_died)

    def send(self, message: object) -> None:
        """Hand a message over; if the process is gone, ``died`` tells it."""
        self.start()
        assert self._process is not None
        try:
            self._process.send(message)
        except WorkerDied as error:
            # Told from the event loop, as any other death: the sender is in the middle of something.
            QTimer.singleShot(0, self, partial(self._on_died, error))

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if self._watch is not None:
            self._watch.stop()
            self._watch = None
        if process is not None:
            process.close()

    def kill(self) -> None:
        """End the process at once; the next message starts another."""
        process, self._process = self._process, None
        if self._watch is not None:
            self._watch.stop()
            self._watch = None
        if process is not None:
            process.kill()

    @Slot(object)
    def _on_died(self, error: WorkerDied) -> None:
        if self._process is None:
            return
        self.kill()
        self.died.emit(error)


Answer = Callable[[Any], None]


class WorkerQueue(QObject):
    """Jobs for the analysis worker, one at a time, each answered by its result or ``JobFailed``."""

    def __init__(self, link: ChildLink, parent: QObject) -> None:
        super().__init__(parent)
        self._link = link
        self._link.received.connect(self._on_received)
        self._link.died.connect(self._on_died)
        self._waiting: deque[tuple[Any, Answer]] = deque()
        self._running: tuple[Any, Answer] | None = None
        self._limit = QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.setInterval(round(JOB_LIMIT_S * 1000))
        self._limit.timeout.connect(self._on_limit)

    def submit(self, job: Any, answer: Answer, *, instead: bool = False) -> None:
        """Queue a job; ``instead`` drops waiting jobs of the same kind (latest wins)."""
        if instead:
            self._waiting = deque(pair for pair in self._waiting if type(pair[0]) is not type(job))
        self._waiting.append((job, answer))
        self._next()

    def clear(self) -> None:
        """Forget all jobs; a result that still comes is dropped."""
        self._waiting.clear()
        self._running = None
        self._limit.stop()

    def _next(self) -> None:
        if self._running is None and self._waiting:
            self._running = self._waiting.popleft()
            self._limit.start()
            self._link.send(self._running[0])

    def _finish(self, result: Any) -> None:
        running, self._running = self._running, None
        self._limit.stop()
        if running is not None:
            running[1](result)
        self._next()

    @Slot(object)
    def _on_received(self, result: Any) -> None:
        if self._running is not None and result.job_id == self._running[0].job_id:
            self._finish(result)

    @Slot(object)
    def _on_died(self, error: WorkerDied) -> None:
        _log.warning("%s", error)
        if self._running is not None:
            self._finish(JobFailed(self._running[0].job_id, error))

    @Slot()
    def _on_limit(self) -> None:
        if self._running is not None:
            self._link.kill()
            self._finish(JobFailed(self._running[0].job_id, WorkerHung(worker="analysis", limit_s=JOB_LIMIT_S)))
