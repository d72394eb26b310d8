# SPDX-License-Identifier: GPL-3.0-or-later
"""A child process is a Python module at the other end of a pipe, ended by its handle, never by a name.

The child's module calls ``child_connection`` and reads requests until ``EOFError``: when its parent goes, however it
goes, the pipe closes and the child ends (one that hangs or was stopped: see ``engine.child``). Each child leads a
session of its own, so that whatever it starts can be ended with it. Children run our own code, and inherit our
environment.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import logging
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, Any

from engine.child import BOOTSTRAP, Died
from engine.errors import (
    AnalysisLacksPart,
    AudioLacksPart,
    GeneratorLacksPart,
    LibraryLacksPart,
    WorkerDied,
    WorkerFailed,
    WorkerLacksPart,
)
from engine.pipe import Parcel, Pipe

_log = logging.getLogger(__name__)

EXIT_WAIT_S = 1.0
KILL_WAIT_S = 5.0
"""Seconds after which a killed child is left alone: it waits for a device, and goes when that answers."""

LACKS_PART = {
    "engine.playback.device.audio_process": AudioLacksPart,
    "engine.worker.process": AnalysisLacksPart,
    "engine.worker.library_process": LibraryLacksPart,
    "engine.worker.sound_process": AnalysisLacksPart,
    "engine.generators.host": GeneratorLacksPart,
    "engine.companion.host": GeneratorLacksPart,
}
"""Errors by module: each says which part of the studio is missing where that module cannot be loaded."""
_WAIT_STEP_S = 0.005
_FIRST_FREE_DESCRIPTOR = 3


class ChildProcess:
    """A child process runs ``python -m module`` at the other end of a ``Pipe``.

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
        self._pipe = Pipe(ours)
        # A child that is starting, or writing a large result itself, does not read: whoever sends need not wait for it.
        self._outbox: queue.SimpleQueue[Parcel | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write, name=f"{module} writer", daemon=True)
        self._last_words: Died | None = None
        try:
            self._writer.start()
            self._process = self._start(theirs, log)
        except RuntimeError as error:
            # No thread can be started: the system's limits are reached.
            ours.close()
            raise OSError(errno.EAGAIN, str(error)) from error
        except BaseException:
            self._outbox.put(None)
            self._writer.join()
            ours.close()
            raise

    def _start(self, theirs: socket.socket, log: IO[str] | None) -> subprocess.Popen[bytes]:
        # Were stdin, stdout or stderr closed, its number would be one of theirs.
        with theirs:
            descriptor = fcntl.fcntl(theirs.fileno(), fcntl.F_DUPFD_CLOEXEC, _FIRST_FREE_DESCRIPTOR)
        # stdout belongs to what the program prints for its user: a child never writes there.
        sink = _file_or_null(sys.stderr if log is None else log)
        try:
            return subprocess.Popen(
                # -P: nothing is imported from the folder that the studio was started in, only from our own path.
                [sys.executable, "-P", "-c", BOOTSTRAP, str(os.getpid()), "-m", self.name, str(descriptor)],
                pass_fds=[descriptor],
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
        finally:
            os.close(descriptor)

    @property
    def pid(self) -> int:
        return self._process.pid

    def fileno(self) -> int:
        """Return the pipe's descriptor, for a select or a socket notifier."""
        return self._pipe.fileno()

    def is_alive(self) -> bool:
        return not self._has_ended()

    def send(self, message: object) -> None:
        """Send ``message``, without waiting for the child to read it. Raises WorkerDied if the child is gone."""
        if self._pipe.closed or self._has_ended() or not self._writer.is_alive():
            self._hear_last_words()
            raise self._died()
        self._outbox.put(Parcel(message))

    def poll(self, timeout_s: float = 0.0) -> bool:
        """Return whether ``receive`` would return (or raise) at once, waiting up to ``timeout_s`` for it."""
        try:
            return self._pipe.poll(timeout_s)
        except OSError:
            return True

    def receive(self) -> Any:
        """Return the child's next message. Raises WorkerDied if the child is gone, WorkerFailed if it said why."""
        try:
            message = self._pipe.receive()
        except (EOFError, OSError) as error:
            raise self._died() from error
        except Exception as error:
            # It died within a message, or writes what is none.
            _log.exception("the %s process wrote what is no message", self.name)
            raise self._died() from error
        if type(message) is Died:
            self._last_words = message
            raise self._died()
        return message

    def _hear_last_words(self) -> None:
        """Return why the child died, where it said so before anything that still waits to be received."""
        # What it wrote may be no message.
        with contextlib.suppress(Exception):
            if type(message := self._pipe.peek()) is Died:
                self._last_words = message

    def close(self, timeout_s: float = EXIT_WAIT_S) -> None:
        """Close the pipe, which asks the child to end; after ``timeout_s`` kill the child and what it started."""
        if self._pipe.closed:
            return
        deadline_s = time.monotonic() + timeout_s
        self._outbox.put(None)
        self._writer.join(timeout_s)
        # Reaches the child even when a reader or writer of ours holds the descriptor.
        self._pipe.shutdown()
        self._wait_ended(deadline_s - time.monotonic())
        # The child leads its own session, so this reaches its children too; as long as it has not been waited for, its
        # number is not another's, so it reaches nobody else's.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        try:
            self._process.wait(KILL_WAIT_S)
        except subprocess.TimeoutExpired:
            _log.error("the %s process (%d) does not end", self.name, self.pid)
        self._writer.join()
        self._pipe.close()
        # What was never sent holds descriptors.
        self._outbox = queue.SimpleQueue()

    def kill(self) -> None:
        """End the child and what it started, at once."""
        self.close(timeout_s=0.0)

    def _write(self) -> None:
        # An error means that the child is gone, which receive() tells.
        with contextlib.suppress(OSError):
            while (parcel := self._outbox.get()) is not None:
                self._pipe.send(parcel)
                # Not kept until the next one comes: it may be a long clip.
                del parcel

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
        worker, exit_code = self.name.rpartition(".")[2], self._exit_code()
        if self._last_words is not None:
            kind = LACKS_PART.get(self.name, WorkerLacksPart) if self._last_words.lacks_part else WorkerFailed
            return kind(worker=worker, exit_code=exit_code, detail=self._last_words.reason)
        return WorkerDied(worker=worker, exit_code=exit_code)

    def _exit_code(self) -> int | None:
        """Return the exit code as ``Popen.returncode``; None while the child still runs without its pipe."""
        if self._process.returncode is None and self._wait_ended(EXIT_WAIT_S):
            end = os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if end is not None:
                return end.si_status if end.si_code == os.CLD_EXITED else -end.si_status
        return self._process.returncode


def _file_or_null(stream: IO[str]) -> int:
    try:
        return stream.fileno()
    except (OSError, ValueError, AttributeError):
        return subprocess.DEVNULL
