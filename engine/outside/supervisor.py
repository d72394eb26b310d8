# SPDX-License-Identifier: GPL-3.0-or-later
"""The supervisor of an outside program ends it and all that it started, whatever becomes of its owner.

Run as ``python -I -S supervisor.py SOCKET SCRATCH_FOLDER COMMAND…`` by ``engine.outside.program``, with only the
standard library and the environment that the program gets. It stands between the owner and the program because no
other process can tell the owner's death by SIGKILL and reach the program's own children (a shell wrapper's, or those
that left its process group):

- it leads a session of its own, so that no signal to the owner's group or terminal reaches it;
- orphans among the program's descendants become its children (PR_SET_CHILD_SUBREAPER), so that it finds them all;
- it reads the program's output from a pipe, keeps the last of it and counts the rest;
- when the owner says so, or is gone, it ends all of them: SIGTERM, a bounded wait, SIGKILL. If the owner is gone it
  removes the scratch folder as well.

It tells its owner in frames: one letter, four bytes of length, the content. ``S`` started (the program's process id),
``E`` could not be started (the errno), ``L`` the last of its output, ``F`` too much output, ``X`` ended (exit code).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import shutil
import signal
import socket
import struct
import sys
import time
from typing import NoReturn

FRAME = struct.Struct("=cI")
NUMBER = struct.Struct("=i")
QUIT = b"Q"
"""Byte that the owner sends when it no longer needs the program."""

LOG_TAIL_BYTES = 65_536
"""Number of bytes that are kept of the program's last output."""
LOG_LIMIT_BYTES = 256_000_000
"""Number of bytes of output beyond which a program is ended."""
TERMINATE_WAIT_S = 0.3
"""Seconds that the program and its descendants have between SIGTERM and SIGKILL."""
KILL_WAIT_S = 5.0
"""Seconds that processes may take to go after SIGKILL: one that waits for a device goes later, by itself."""

_READ_BYTES = 2**20
_TELL_INTERVAL_S = 0.05
_STEP_S = 0.02
_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36


def main() -> None:
    """Supervise until the owner quits or is gone."""
    owner = socket.socket(fileno=int(sys.argv[1]))
    owner.set_inheritable(False)
    Supervisor(owner, folder=sys.argv[2], command=sys.argv[3:]).run()


class Supervisor:
    """A supervisor starts ``command`` in ``folder`` and answers ``owner`` for it."""

    def __init__(self, owner: socket.socket, *, folder: str, command: list[str]) -> None:
        self._owner = owner
        self._folder = folder
        self._command = command
        self._tail = b""
        self._n_log_bytes = 0
        self._told_s = 0.0
        self._has_news = False
        self._is_asked_to_end = False
        self._is_orphaned = False
        self._wake = _wake_on_signals()
        self._log, self._pid = -1, 0

    def run(self) -> None:
        """Start the program, attend to it, end it, tell its exit code, and wait for the owner to quit."""
        _prctl(_PR_SET_CHILD_SUBREAPER, 1)
        self._log, their_log = os.pipe()
        os.set_blocking(self._log, False)
        try:
            self._pid = _start(self._command, self._folder, their_log)
        except OSError as error:
            self._tell(b"E", NUMBER.pack(error.errno or 0))
        else:
            self._tell(b"S", NUMBER.pack(self._pid))
            os.close(their_log)
            self._attend()
            self._end_all()
            while self._read_log():
                pass
            self._tell(b"L", self._tail)
            self._tell(b"X", NUMBER.pack(self._exit_code()))
        while not self._is_asked_to_end:
            self._wait(None)
        if self._is_orphaned:
            remove_tree(self._folder)

    def _attend(self) -> None:
        """Attend to the program until it ends, is to end, or has written too much."""
        while not (self._is_asked_to_end or self._has_ended()):
            self._wait(_TELL_INTERVAL_S if self._has_news else None)
            if self._n_log_bytes > LOG_LIMIT_BYTES:
                self._tell(b"F", b"")
                return
            now_s = time.monotonic()
            if self._has_news and now_s - self._told_s >= _TELL_INTERVAL_S and self._is_writable():
                self._tell(b"L", self._tail)
                self._told_s, self._has_news = now_s, False

    def _wait(self, timeout_s: float | None) -> None:
        """Wait until the owner, the program's output or a signal needs attention, and take it in."""
        waiting = select.poll()
        for descriptor in (self._owner.fileno(), self._wake, self._log):
            if descriptor >= 0:
                waiting.register(descriptor, select.POLLIN)
        for descriptor, _ in waiting.poll(None if timeout_s is None else 1000.0 * timeout_s):
            if descriptor == self._owner.fileno():
                self._hear_owner()
            elif descriptor == self._wake:
                # Signals: the end of a child is looked for anyway, the others ask for the end.
                if any(number != signal.SIGCHLD for number in os.read(self._wake, 64)):
                    self._is_asked_to_end = True
            elif not self._read_log():
                os.close(self._log)
                self._log = -1

    def _hear_owner(self) -> None:
        try:
            heard = self._owner.recv(64)
        except OSError:
            heard = b""
        self._is_asked_to_end = True
        self._is_orphaned = QUIT not in heard

    def _read_log(self) -> bool:
        """Take in some of the program's output; return False where there is none now, or no more."""
        if self._log < 0:
            return False
        try:
            data = os.read(self._log, _READ_BYTES)
        except OSError:
            return False
        if data:
            self._n_log_bytes += len(data)
            self._tail = (
                data[-LOG_TAIL_BYTES:] if len(data) >= LOG_TAIL_BYTES else (self._tail + data)[-LOG_TAIL_BYTES:]
            )
            self._has_news = True
        return bool(data)

    def _is_writable(self) -> bool:
        return bool(select.select([], [self._owner], [], 0.0)[1])

    def _tell(self, kind: bytes, content: bytes) -> None:
        if self._is_orphaned:
            return
        try:
            self._owner.sendall(FRAME.pack(kind, len(content)) + content)
        except OSError:
            self._is_asked_to_end = self._is_orphaned = True

    # --- the end ------------------------------------------------------------------------------------------------------

    def _has_ended(self) -> bool:
        # WNOWAIT: as long as it has not been waited for, its number and its group's are nobody else's.
        return os.waitid(os.P_PID, self._pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def _end_all(self) -> None:
        """End the program and every process below this one, also those that an ended program leaves behind."""
        for number, wait_s in ((signal.SIGTERM, TERMINATE_WAIT_S), (signal.SIGKILL, KILL_WAIT_S)):
            deadline_s = time.monotonic() + wait_s
            self._signal(number)
            while not (self._has_ended() and not self._descendants()):
                if time.monotonic() >= deadline_s:
                    break
                if number == signal.SIGKILL:
                    # What they started meanwhile.
                    self._signal(number)
                self._read_log()
                time.sleep(_STEP_S)
            else:
                return

    def _signal(self, number: int) -> None:
        with contextlib.suppress(OSError):
            os.killpg(self._pid, number)
        for pid in self._descendants():
            with contextlib.suppress(OSError):
                os.kill(pid, number)

    def _descendants(self) -> list[int]:
        """Return the live processes below this one, but for an ended program that was not waited for yet."""
        parents = _live_processes()
        below, found = {os.getpid()}, list[int]()
        while True:
            more = [pid for pid, parent in parents.items() if parent in below and pid not in below]
            if not more:
                return found
            found += more
            below.update(more)

    def _exit_code(self) -> int:
        end = os.waitid(os.P_PID, self._pid, os.WEXITED | os.WNOHANG)
        if end is None:
            return -signal.SIGKILL
        return end.si_status if end.si_code == os.CLD_EXITED else -end.si_status


def _wake_on_signals() -> int:
    """Return a descriptor that gives the numbers of signals that ask for the end or tell of a child's."""
    readable, writable = os.pipe()
    for end in (readable, writable):
        os.set_blocking(end, False)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    signal.set_wakeup_fd(writable, warn_on_full_buffer=False)
    return readable


def _start(command: list[str], folder: str, log: int) -> int:
    """Start ``command`` in a session of its own and return its process id. Raises OSError."""
    told, tells = os.pipe()
    us = os.getpid()
    pid = os.fork()
    if not pid:
        _become(command, folder, log, tells, us)
    os.close(tells)
    with os.fdopen(told, "rb") as pipe:
        trouble = pipe.read(NUMBER.size)
    if len(trouble) == NUMBER.size:
        os.waitpid(pid, 0)
        number = NUMBER.unpack(trouble)[0]
        raise OSError(number, os.strerror(number))
    return pid


def _become(command: list[str], folder: str, log: int, tells: int, parent: int) -> NoReturn:
    """Run ``command`` in the forked child, or tell why it cannot be run."""
    try:
        os.setsid()
        _weigh_session()
        # Should the supervisor itself be killed, the program at least goes with it.
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
        for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(number, signal.SIG_DFL)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for ours, theirs in ((nothing, 0), (log, 1), (log, 2)):
            os.dup2(ours, theirs)
        os.chdir(folder)
        os.execvp(command[0], command)
    except OSError as error:
        os.write(tells, NUMBER.pack(error.errno or 0))
    finally:
        os._exit(127)


def _weigh_session() -> None:
    """Have our session give way to others as our niceness says: see ``engine.child.weigh_session``."""
    niceness = str(os.getpriority(os.PRIO_PROCESS, 0)).encode()
    for _ in range(3):
        try:
            group = os.open("/proc/self/autogroup", os.O_WRONLY)
            try:
                os.write(group, niceness)
            finally:
                os.close(group)
        except BlockingIOError:
            time.sleep(0.11)
        except OSError:
            return
        else:
            return


def _live_processes() -> dict[int, int]:
    """Return every process that has not ended, with its parent's number; none where the system has no /proc."""
    found = {}
    with contextlib.suppress(OSError):
        for name in os.listdir("/proc"):
            if not name.isdecimal():
                continue
            try:
                with open(f"/proc/{name}/stat", "rb") as file:
                    # The name, in parentheses, may hold anything.
                    state, parent = file.read().rpartition(b")")[2].split()[:2]
            except (OSError, ValueError):
                continue
            if state not in (b"Z", b"X"):
                found[int(name)] = int(parent)
    return found


def _prctl(option: int, value: int) -> None:
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def remove_tree(folder: str) -> None:
    """Remove a folder whatever rights its own folders have, following no link; what cannot be removed stays."""
    with contextlib.suppress(OSError):
        os.chmod(folder, 0o700)
    for place, names, _ in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            if not os.path.islink(path):
                with contextlib.suppress(OSError):
                    os.chmod(path, 0o700)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
