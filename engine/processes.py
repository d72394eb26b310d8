# SPDX-License-Identifier: GPL-3.0-or-later
"""A child process that we own: a Python module at the other end of a connection, ended by its handle, never by a name.

The child's module calls ``child_connection`` and reads requests until ``EOFError``: when its parent goes, however it
goes, the connection closes and the child ends. Each child leads a session of its own, so that whatever it starts can
be ended with it.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from typing import IO, Any

from engine.errors import WorkerDied

EXIT_WAIT_S = 1.0
_WAIT_STEP_S = 0.005


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
        self._socket, theirs = socket.socketpair()
        with theirs:
            # stdout belongs to what the program prints for its user: a child never writes there.
            sink = _file_or_null(sys.stderr if log is None else log)
            try:
                self._process = subprocess.Popen(
                    # -P: nothing is imported from the folder that the studio was started in, only from our own path.
                    [sys.executable, "-P", "-m", module, str(theirs.fileno())],
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=sink,
                    stderr=sink,
                    start_new_session=True,
                    # One thread for matrix products: more spin as they wait for each other, and a loop search
                    # of 0.9 s takes 3 s on two busy cores.
                    env={
                        "OPENBLAS_NUM_THREADS": "1",
                        **os.environ,
                        "PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path),
                    },
                )
            except OSError:
                self._socket.close()
                raise
        self.connection: Connection[Any, Any] = Connection(os.dup(self._socket.fileno()))
        # A child that is starting, or writing a large result itself, does not read: whoever sends need not wait for it.
        self._outbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write, name=f"{module} writer", daemon=True)
        self._writer.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def fileno(self) -> int:
        """The connection's descriptor, for a select or a socket notifier."""
        return self.connection.fileno()

    def is_alive(self) -> bool:
        return not self._has_ended()

    def send(self, message: object) -> None:
        """Hand ``message`` over, without waiting for the child to read it. Raises WorkerDied if the child is gone."""
        if self.connection.closed or self._has_ended() or not self._writer.is_alive():
            raise self._died()
        self._outbox.put(bytes(ForkingPickler.dumps(message)))

    def poll(self, timeout_s: float = 0.0) -> bool:
        """Whether ``receive`` would return (or raise) at once, waiting up to ``timeout_s`` for it."""
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
        if self.connection.closed:
            return
        deadline_s = time.monotonic() + timeout_s
        self._outbox.put(None)
        self._writer.join(timeout_s)
        # Reaches the child even when a reader or writer of ours holds the descriptor.
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._wait_ended(deadline_s - time.monotonic())
        # The child leads its own session, so this reaches its children too; as long as it has not been waited for, its
        # number is not another's, so it reaches nobody else's.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._writer.join()
        self.connection.close()
        self._socket.close()

    def kill(self) -> None:
        """End the child and what it started, at once."""
        self.close(timeout_s=0.0)

    def _write(self) -> None:
        # An error means that the child is gone, which receive() tells.
        with contextlib.suppress(OSError):
            while (message := self._outbox.get()) is not None:
                self.connection.send_bytes(message)

    def _has_ended(self) -> bool:
        if self._process.returncode is not None:
            return True
        # WNOWAIT: it is not reaped before close().
        return os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def _wait_ended(self, timeout_s: float) -> bool:
        deadline_s = time.monotonic() + timeout_s
        while not self._has_ended():
            if time.monotonic() >= deadline_s:
                return False
            time.sleep(_WAIT_STEP_S)
        return True

    def _died(self) -> WorkerDied:
        return WorkerDied(worker=self.name.rpartition(".")[2], exit_code=self._exit_code())

    def _exit_code(self) -> int | None:
        """As ``Popen.returncode``; None while the child still runs without its connection."""
        if self._process.returncode is None and self._wait_ended(EXIT_WAIT_S):
            end = os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if end is not None:
                return end.si_status if end.si_code == os.CLD_EXITED else -end.si_status
        return self._process.returncode


def child_connection() -> Connection[Any, Any]:
    """In the child: its end of the connection (the descriptor is the last argument)."""
    descriptor = int(sys.argv[-1])
    # Were it handed on to a grandchild, its closing would go unnoticed.
    os.set_inheritable(descriptor, False)
    return Connection(descriptor)


def _file_or_null(stream: IO[str]) -> int:
    try:
        return stream.fileno()
    except (OSError, ValueError, AttributeError):
        return subprocess.DEVNULL
