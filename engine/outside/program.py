# SPDX-License-Identifier: GPL-3.0-or-later
"""A program is an outside program in a scratch folder, under a supervisor (``engine.outside.supervisor``).

However its owner ends, a crash and SIGKILL included, the program and all that it started end too.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import select
import signal
import socket
import subprocess
import sys
import time

from engine.outside import supervisor
from engine.outside.environment import program_environment
from engine.outside.scratch import MARK, ScratchFolder, end_processes_in

_log = logging.getLogger(__name__)

CLOSE_WAIT_S = 2.0
"""Seconds in which a supervisor must end a program: ``supervisor.TERMINATE_WAIT_S`` and more on a busy machine."""
_FIRST_FREE_DESCRIPTOR = 3
_READ_BYTES = 2**17


class Program:
    """A program is ``command``, running with ``scratch`` as its working folder.

    Parameters
    ----------
    environment
        Added to what every outside program gets (``engine.outside.environment``).

    Raises
    ------
    OSError
        No process could be started.

    Attributes
    ----------
    output
        The last of what it wrote to stdout and stderr, at most ``supervisor.LOG_TAIL_BYTES``.
    has_flooded
        Whether it was ended because it wrote more than ``supervisor.LOG_LIMIT_BYTES`` of that.
    """

    def __init__(self, command: list[str], scratch: ScratchFolder, *, environment: dict[str, str]) -> None:
        self.output = b""
        self.has_flooded = False
        self._folder = scratch.path
        self._exit_code: int | None = None
        self._error = 0
        self._heard = bytearray()
        self._socket, theirs = socket.socketpair()
        with theirs:
            # Were stdin, stdout or stderr closed, its number would be one of theirs.
            descriptor = fcntl.fcntl(theirs.fileno(), fcntl.F_DUPFD_CLOEXEC, _FIRST_FREE_DESCRIPTOR)
            try:
                self._process = subprocess.Popen(
                    [
                        # -I -S: no variable and no package has a say in it, and it starts at once.
                        *(sys.executable, "-I", "-S", supervisor.__file__),
                        *(str(descriptor), str(self._folder), *command),
                    ],
                    pass_fds=[descriptor],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    start_new_session=True,
                    env=program_environment() | environment | {MARK: str(self._folder)},
                )
            except OSError:
                self._socket.close()
                raise
            finally:
                os.close(descriptor)

    def poll(self, timeout_s: float) -> int | None:
        """Return the exit code (negative for a signal) once the program and all that it started ended; else None.

        Waits for that up to ``timeout_s``. Raises OSError if the command could not be run.
        """
        deadline_s = time.monotonic() + timeout_s
        while self._exit_code is None and self._hear(deadline_s - time.monotonic()):
            pass
        if self._error:
            raise OSError(self._error, os.strerror(self._error))
        return self._exit_code

    def close(self) -> None:
        """End the program, if it still runs, and all that it started."""
        if self._socket.fileno() < 0:
            return
        with contextlib.suppress(OSError):
            self._socket.sendall(supervisor.QUIT)
        try:
            self._process.wait(CLOSE_WAIT_S)
        except subprocess.TimeoutExpired:
            self._end_by_force()
        self._socket.close()

    def _hear(self, timeout_s: float) -> bool:
        """Take in what the supervisor tells next, and return False when it told nothing in time."""
        if not select.select([self._socket], [], [], max(0.0, timeout_s))[0]:
            return False
        try:
            data = self._socket.recv(_READ_BYTES)
        except OSError:
            data = b""
        if not data:
            # Somebody ended the supervisor, and with it the program; not what that started.
            self._end_by_force()
            self._exit_code = -signal.SIGKILL
        self._heard += data
        while (frame := self._next_frame()) is not None:
            self._take(*frame)
        return True

    def _next_frame(self) -> tuple[bytes, bytes] | None:
        head = supervisor.FRAME.size
        if len(self._heard) < head:
            return None
        kind, n_bytes = supervisor.FRAME.unpack_from(self._heard)
        if len(self._heard) < head + n_bytes:
            return None
        content = bytes(self._heard[head : head + n_bytes])
        del self._heard[: head + n_bytes]
        return kind, content

    def _take(self, kind: bytes, content: bytes) -> None:
        if kind == b"L":
            self.output = content
        elif kind == b"F":
            self.has_flooded = True
        elif kind == b"X":
            self._exit_code = supervisor.NUMBER.unpack(content)[0]
        elif kind == b"E":
            self._error = supervisor.NUMBER.unpack(content)[0]
            self._exit_code = -signal.SIGKILL

    def _end_by_force(self) -> None:
        self._process.kill()
        try:
            self._process.wait(CLOSE_WAIT_S)
        except subprocess.TimeoutExpired:
            _log.error("the supervisor of %s (process %d) does not end", self._folder, self._process.pid)
        end_processes_in(self._folder)
