# SPDX-License-Identifier: GPL-3.0-or-later
"""Links hold child processes on the engine thread: messages arrive as signals; a process that dies is replaced."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import struct
import threading
import time
from collections.abc import Callable
from typing import IO, Any, Protocol

from psygnal import Signal
from PySide6.QtCore import QEvent, QObject, QSocketNotifier, QTimer, Slot

from engine.errors import StudioError, WorkerDied, WorkerFailed, WorkerLacksPart
from engine.processes import ChildProcess

_log = logging.getLogger(__name__)

STEADY_S = 10.0
"""Seconds after which a process that dies is started again at once; a younger one waits, longer each time."""
FIRST_RESTART_S = 0.5
LAST_RESTART_S = 60.0
MESSAGE_LIMIT_S = 5.0
"""Seconds after which a message that has begun to come and stands still never ends: its sender is taken for dead."""
MOST_AT_ONCE = 32
"""Number of messages that are read before the engine thread looks at anything else."""


class Endpoint(Protocol):
    """An endpoint is what a link holds: ``ChildProcess``, or the player that wraps one."""

    def fileno(self) -> int: ...
    def poll(self, timeout_s: float = 0.0) -> bool: ...
    def receive(self) -> Any: ...
    def close(self) -> None: ...
    def kill(self) -> None: ...


class Watch(QSocketNotifier):
    """A watch hands over each message of an endpoint, and tells of its death once.

    By calls, not by signals: watches come and go while the window lives, and PySide's ``connect`` keeps the GIL while
    it waits for a lock of Qt's. The GUI thread, destroying an object, may hold that lock and wait for the GIL.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        on_message: Callable[[Any], None],
        on_death: Callable[[WorkerDied], None],
        parent: QObject,
    ) -> None:
        super().__init__(endpoint.fileno(), QSocketNotifier.Type.Read, parent)
        self._endpoint = endpoint
        self._on_message = on_message
        self._on_death = on_death
        # Reading blocks until the message is whole, and its sender may hang half-way.
        with socket.socket(fileno=os.dup(endpoint.fileno())) as same:
            limit = struct.pack("ll", int(MESSAGE_LIMIT_S), round(MESSAGE_LIMIT_S % 1 * 1e6))
            same.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)

    def stop(self) -> None:
        """Stop watching; call it before the endpoint is closed."""
        self.setEnabled(False)
        self.deleteLater()

    def event(self, event: QEvent) -> bool:
        if event.type() != QEvent.Type.SockAct:
            return super().event(event)
        self._read()
        return True

    def _read(self) -> None:
        try:
            for _ in range(MOST_AT_ONCE):
                # Whoever receives a message may stop this watch.
                if not self.isEnabled() or not self._endpoint.poll():
                    return
                self._on_message(self._endpoint.receive())
        except WorkerDied as error:
            self.setEnabled(False)
            self._on_death(error)


class Link(QObject):
    """A link holds a child process that is there again after it died: at once, or later if it dies young.

    Signals
    -------
    received(message), died(WorkerDied | WorkerHung): the dead one is gone, the next one not yet there
    """

    received = Signal(object)
    died = Signal(object)

    def __init__(self, name: str, parent: QObject) -> None:
        super().__init__(parent)
        self.name = name
        self._process: Any = None
        self._watch: Watch | None = None
        self._started_s = 0.0
        self.n_deaths = 0
        """Number of processes that died young in a row, counting the latest death whatever its age."""
        self.lacking: WorkerLacksPart | None = None
        """Error that names what the process cannot start without, as far as known."""
        self._restart = QTimer(self)
        self._restart.setSingleShot(True)
        self._restart.timeout.connect(self.start)
        self._is_closed = False

    @property
    def pid(self) -> int | None:
        """Return the process's id, or None while there is none; for any thread to ask."""
        process = self._process
        return None if process is None else process.pid

    def _launch(self) -> Endpoint:
        """Return a new process. Raises OSError."""
        raise NotImplementedError

    def _on_started(self) -> None:
        """Tell a new process what it must know."""

    @Slot()
    def start(self) -> None:
        """Start the process if it neither runs nor waits to be started again."""
        if self._process is not None or self._is_closed:
            return
        self._started_s = time.monotonic()
        try:
            self._process = self._launch()
        except OSError as error:
            _log.exception("the %s process could not be started", self.name)
            detail = error.strerror or str(error)
            self._bury(WorkerFailed(worker=self.name, exit_code=None, detail=detail))
            return
        self._watch = Watch(self._process, self.received.emit, self._on_died, self)
        self._on_started()

    def give_up(self, error: StudioError) -> None:
        """End the process, which hangs, and start another. Does nothing if one of its messages waits to be read."""
        if self._process is not None and not self._process.poll():
            self._bury(error)

    def release(self) -> Endpoint | None:
        """Return the process, no longer watched and for the caller to end; this link starts no other."""
        self._is_closed = True
        self._restart.stop()
        return self._let_go()

    def _let_go(self) -> Endpoint | None:
        """Return the process, which is watched no more."""
        process, self._process = self._process, None
        if self._watch is not None:
            self._watch.stop()
            self._watch = None
        return process  # type: ignore[no-any-return]

    def _wait_s(self) -> float:
        """Return the seconds before another process is started."""
        return min(FIRST_RESTART_S * 2.0 ** (self.n_deaths - 1), LAST_RESTART_S) if self.n_deaths else 0.0

    def _on_died(self, error: WorkerDied) -> None:
        self._bury(type(error)(**{**error.fields, "worker": self.name}))

    def _bury(self, error: StudioError) -> None:
        process = self._let_go()
        if process is not None:
            process.kill()
        if time.monotonic() - self._started_s >= STEADY_S:
            self.n_deaths = 0
        wait_s = self._wait_s()
        self.n_deaths += 1
        if isinstance(error, WorkerLacksPart):
            self.lacking = error
        self._restart.start(round(wait_s * 1000))
        _log.info("%s It starts again in %.1f s.", error, wait_s)
        self.died.emit(error)


class ChildLink(Link):
    """A child's link sends messages to a process; while there is none, they wait for it."""

    def __init__(self, module: str, name: str, parent: QObject, *, log: IO[str] | None = None) -> None:
        super().__init__(name, parent)
        self._module = module
        self._log_file = log
        self._held: list[object] = []

    def _launch(self) -> Endpoint:
        return ChildProcess(self._module, log=self._log_file)

    def _on_started(self) -> None:
        held, self._held = self._held, []
        for message in held:
            self.send(message)

    def send(self, message: object) -> None:
        """Hand a message over. One that a process was sent and did not answer is lost when it dies: see ``died``."""
        if self._process is None:
            self._held.append(message)
            return
        # If it is gone, the watch is about to tell.
        with contextlib.suppress(WorkerDied):
            self._process.send(message)


def close_together(endpoints: list[Endpoint | None]) -> None:
    """End the processes, each within its own grace, all at the same time."""
    threads = [threading.Thread(target=one.close, name="closing") for one in endpoints if one is not None]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
