# SPDX-License-Identifier: GPL-3.0-or-later
"""A child process that we own: a Python module at the other end of a connection, ended by its handle, never by a name.

The child's module calls ``child_connection`` and reads requests until ``EOFError``: when its parent goes, however it
goes, the connection closes and the child ends. Each child leads a session of its own, so that whatever it starts can
be ended with it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from multiprocessing.connection import Connection
from typing import IO, Any

from engine.errors import WorkerDied

EXIT_WAIT_S = 1.0


class ChildProcess:
    """``python -m module`` with a two-way connection that carries pickled values.

    Parameters
    ----------
    module
        Dotted name of the module to run; it must call ``child_connection()``.
    log
        Where the child's stdout and stderr go; None inherits this process's stderr.
    """

    def __init__(self, module: str, *, log: IO[str] | None = None) -> None:
        self.name = module
        ours, theirs = socket.socketpair()
        with theirs:
            # stdout belongs to what the program prints for its user: a child never writes there.
            sink: IO[str] = sys.stderr if log is None else log
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=_file_or_null(sink),
                stderr=_file_or_null(sink),
                start_new_session=True,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
            )
        self.connection: Connection[Any, Any] = Connection(ours.detach())

    @property
    def pid(self) -> int:
        return self._process.pid

    def fileno(self) -> int:
        """The connection's descriptor, for a select or a socket notifier."""
        return self.connection.fileno()

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def send(self, message: object) -> None:
        """Hand ``message`` over. Raises WorkerDied if the child is gone."""
        try:
            self.connection.send(message)
        except OSError as error:
            raise self._died() from error

    def poll(self, timeout_s: float = 0.0) -> bool:
        """Whether ``receive`` would return at once, waiting up to ``timeout_s`` for it."""
        try:
            return self.connection.poll(timeout_s)
        except OSError:
            return True

    def receive(self) -> Any:
        """The child's next message. Raises WorkerDied if the child is gone."""
        try:
            return self.connection.recv()
        except (EOFError, OSError) as error:
            raise self._died() from error

    def close(self, timeout_s: float = EXIT_WAIT_S) -> None:
        """Close the connection, which asks the child to end; after ``timeout_s`` kill it and what it started."""
        self.connection.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout_s)
        self._kill_session()
        self._process.wait()

    def kill(self) -> None:
        """End the child and what it started, at once."""
        self.close(timeout_s=0.0)

    def _kill_session(self) -> None:
        # The child leads its own session, so this reaches its children too, and nobody else's.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _died(self) -> WorkerDied:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(EXIT_WAIT_S)
        return WorkerDied(worker=self.name.rpartition(".")[2], exit_code=self._process.poll())


def child_connection() -> Connection[Any, Any]:
    """In the child: its end of the connection (the descriptor is the last argument)."""
    # The terminal's Ctrl-C is the parent's to handle; the parent then closes the connection.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return Connection(int(sys.argv[-1]))


def _file_or_null(stream: IO[str]) -> int:
    try:
        return stream.fileno()
    except (OSError, ValueError, AttributeError):
        return subprocess.DEVNULL
