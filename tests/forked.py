# SPDX-License-Identifier: GPL-3.0-or-later
"""Python programs are forked from one that has imported what they share, instead of each starting anew.

A third of the suite's processor time went into importing numpy and SciPy again. What is forked is a process of its own
as any other: a child of the one that asked, with the descriptors, environment and folder it was given, ended and waited
for as usual. Three things differ: its command line is the nursery's (``command_line`` knows better), it has an ordinary
user's rights to the processor, and its interpreter read no environment. Where that would have made it another, in tests
marked ``started`` or ``alone``, and for what sounds, Python starts as it does for a user.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import gc
import os
import pickle
import runpy
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import psutil
import pytest

from engine.child import BOOTSTRAP, run, weigh_session

NAME = "nursery"
"""Name of the nursery process, as the kernel tells it."""

SHARED = (
    "numpy", "scipy.fft", "scipy.ndimage", "scipy.signal", "soundfile", "soxr", "pedalboard", "pyloudnorm", "mutagen",
    "threadpoolctl", "platformdirs", "argparse", "json", "logging.handlers", "sqlite3", "ctypes.util",
)  # fmt: skip
"""Modules imported once: none of ours, so that each program runs its own imports, and none that opens a device."""

SOUNDING = ("engine.playback.device.audio_process", "engine.playback.device.device_probe")
"""Children of the studio that open devices."""

_INTERPRETER_READS = ("PYTHON", "LC_", "LANG", "LD_", "MALLOC_", "OPENBLAS_")
_OURS_TO_SET = ("PYTHONPATH", "OPENBLAS_NUM_THREADS")
_NAMED = b"n"
_LENGTH = struct.Struct("=II")
_CAPABILITIES = struct.Struct("=Ii6I")
_CAPABILITY_VERSION_3 = 0x20080522
_CAP_SYS_NICE = 23
_FIRST_FREE_DESCRIPTOR = 3
_ABOVE_ALL = 512
_PR_SET_CHILD_SUBREAPER = 36


class _Program(NamedTuple):
    """A program for a forked process; ``targets`` are the numbers of the descriptors that come with it."""

    parent: int
    words: list[str]
    environment: dict[str, str]
    folder: str
    targets: list[int]
    own_session: bool


# --- in the nursery ---------------------------------------------------------------------------------------------------


def _serve(asked: socket.socket) -> tuple[_Program, list[int]] | None:
    """Fork for each request until the channel closes; each forked process returns with its program."""
    weigh_session(os.getpriority(os.PRIO_PROCESS, 0))
    _go_before_nobody()
    # What is never collected is never written to: its pages stay shared.
    gc.collect()
    gc.freeze()
    while True:
        header, descriptors, _, _ = socket.recv_fds(asked, _LENGTH.size, 250)
        if not header:
            return None
        length, _ = _LENGTH.unpack(header)
        program: _Program = pickle.loads(asked.recv(length, socket.MSG_WAITALL))
        reader, writer = os.pipe()
        between = os.fork()
        if between == 0:
            if os.fork() > 0:
                os._exit(0)
            # Whoever asked may end its whole session from now on.
            if program.own_session:
                os.setsid()
            os.write(writer, struct.pack("=i", os.getpid()))
            return program, descriptors
        os.close(writer)
        for one in descriptors:
            os.close(one)
        # Its child is an orphan now, and goes to whoever asked.
        os.waitpid(between, 0)
        asked.sendall(os.read(reader, 4))
        os.close(reader)


def _go_before_nobody() -> None:
    """Give up root's right to priority (capabilities(7)): silent tests must not press upon sounding ones."""
    kernel = ctypes.CDLL(None)
    # What is effective, permitted and inherited, the lower words first; of this thread, which is the only one.
    held = ctypes.create_string_buffer(_CAPABILITIES.pack(_CAPABILITY_VERSION_3, 0, *[0] * 6))
    data = ctypes.byref(held, 8)
    kernel.capget(held, data)
    version, pid, *words = _CAPABILITIES.unpack(held.raw[: _CAPABILITIES.size])
    words[:3] = [word & ~(1 << _CAP_SYS_NICE) for word in words[:3]]
    held.raw = _CAPABILITIES.pack(version, pid, *words) + b"\0"
    kernel.capset(held, data)


def _become(program: _Program, descriptors: list[int]) -> None:
    """Take over what a forked process was given, and run its program."""
    while os.getppid() != program.parent:
        time.sleep(0.0005)
    held = [fcntl.fcntl(one, fcntl.F_DUPFD, _ABOVE_ALL) for one in descriptors]
    os.closerange(_FIRST_FREE_DESCRIPTOR, _ABOVE_ALL)
    for one, target in zip(held, program.targets, strict=True):
        os.dup2(one, target)
        os.close(one)
    Path("/proc/self/comm").write_text(Path(program.words[0]).name[:15])
    os.chdir(program.folder)
    os.environ.clear()
    os.environ.update(program.environment)
    is_module = program.words[1] == "-m"
    first = [program.folder] if is_module else []
    named = [one for one in program.environment.get("PYTHONPATH", "").split(os.pathsep) if one]
    sys.path[:] = list(dict.fromkeys([*first, *named, *sys.path]))
    if is_module:
        sys.argv[:] = ["-m", *program.words[3:]]
        runpy.run_module(program.words[2], run_name="__main__", alter_sys=True)
    else:
        sys.argv[:] = ["-c", *program.words[4:]]
        run()


def main() -> None:
    """Run the nursery: ``python -c "from tests.forked import main; main()" DESCRIPTOR``."""
    import importlib

    asked = socket.socket(fileno=int(sys.argv[-1]))
    Path("/proc/self/comm").write_text(NAME)
    asked.sendall(_NAMED)
    for name in SHARED:
        importlib.import_module(name)
    if (forked := _serve(asked)) is not None:
        _become(*forked)


# --- whoever asks -----------------------------------------------------------------------------------------------------


class _Nursery:
    """The nursery is the process that is forked; it is started when first asked."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self.commands: dict[int, list[str]] = {}

    def start(self) -> None:
        self._environment = dict(os.environ)
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = _started(
                [sys.executable, "-c", "from tests.forked import main; main()", str(theirs.fileno())],
                pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, cwd=Path(__file__).parents[1],
                start_new_session=True, env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
            )  # fmt: skip
        self._channel = ours
        # Until it is named it is a stranger to tests that look for what they left behind.
        assert ours.recv(len(_NAMED)) == _NAMED, "the nursery does not start"

    def close(self) -> None:
        if self._process is not None:
            self._channel.close()
            self._process.wait()

    def knows(self, environment: dict[str, str]) -> bool:
        """Return whether an interpreter started with this environment would be like the nursery's."""
        return _read(environment) == _read(self._environment)

    def fork(self, program: _Program, descriptors: list[int]) -> int:
        body = pickle.dumps(program)
        with self._lock, _orphans_are_ours():
            socket.send_fds(self._channel, [_LENGTH.pack(len(body), 0)], descriptors)
            self._channel.sendall(body)
            answer = self._channel.recv(4)
        if not answer:
            raise OSError("the nursery has ended")
        pid: int = struct.unpack("=i", answer)[0]
        self.commands[pid] = program.words
        return pid


def _read(environment: dict[str, str]) -> dict[str, str]:
    """Return the part of an environment that makes one interpreter differ from another."""
    read = (one for one in environment.items() if one[0].startswith(_INTERPRETER_READS))
    return {name: value for name, value in read if name not in _OURS_TO_SET and value}


@contextlib.contextmanager
def _orphans_are_ours() -> Iterator[None]:
    """Have orphaned processes become our children."""
    prctl = ctypes.CDLL(None).prctl
    prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        prctl(_PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


_started = subprocess.Popen
_nursery = _Nursery()


def command_line(process: psutil.Process) -> list[str]:
    """Return a process's command line, of a forked one too; empty where it is gone."""
    try:
        told: list[str] = process.cmdline()
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return []
    return _nursery.commands.get(process.pid, told) if "from tests.forked import main; main()" in told else told


class _Popen(subprocess.Popen[Any]):
    """A process with the undocumented parts of ``subprocess``, as Python 3.11 and later have them."""

    if TYPE_CHECKING:
        _child_created: bool

        def _execute_child(self, args: Any, executable: Any, preexec_fn: Any, close_fds: bool, *rest: Any) -> None: ...

        def _close_pipe_fds(self, *descriptors: int) -> None: ...


class ForkedPopen(_Popen):
    """A ``subprocess.Popen`` that forks the nursery for programs of our Python, and starts all others."""

    def _execute_child(self, args: Any, executable: Any, preexec_fn: Any, close_fds: bool, *rest: Any) -> None:
        pass_fds, cwd, env, _, _, shell, *pipes = rest[:12]
        _, gid, gids, uid, umask, own_session, *group = rest[12:]
        words = [] if isinstance(args, str | bytes) else [os.fsdecode(one) for one in args]
        told = os.environ if env is None else env
        environment = {os.fsdecode(name): os.fsdecode(value) for name, value in told.items()}
        plain = close_fds and not shell and executable in {None, *words[:1]}
        odd = [one for one in (preexec_fn, gid, gids, uid, umask, *group) if one not in {None, -1}]
        if not plain or odd or not self.may_fork(words) or not _nursery.knows(environment):
            super()._execute_child(args, executable, preexec_fn, close_fds, *rest)
            return
        stdin, _, _, stdout, _, stderr = pipes
        given = [number if one == -1 else one for number, one in enumerate((stdin, stdout, stderr))]
        folder = str(Path(os.fsdecode(cwd or ".")).absolute())
        program = _Program(os.getpid(), words, environment, folder, [0, 1, 2, *pass_fds], bool(own_session))
        self.pid = _nursery.fork(program, [*given, *pass_fds])
        self._child_created = True
        self._close_pipe_fds(*pipes)

    @staticmethod
    def may_fork(words: list[str]) -> bool:
        """Return whether to fork: a module, or a child of the studio; ``-c`` code may ask what Python has loaded."""
        return words[:1] == [sys.executable] and (words[1:2] == ["-m"] or words[1:4] == ["-P", "-c", BOOTSTRAP])


class ForkedBesideSound(ForkedPopen):
    """A ``subprocess.Popen`` that forks the studio's silent children, and starts all others."""

    @staticmethod
    def may_fork(words: list[str]) -> bool:
        """Return whether to fork: a sounding program needs root's rights to the processor, and memory of its own."""
        return words[:4] == [sys.executable, "-P", "-c", BOOTSTRAP] and words[6] not in SOUNDING


@pytest.fixture(scope="session")
def nursery() -> Iterator[None]:
    """Start the nursery for the session."""
    _nursery.start()
    yield
    _nursery.close()


@pytest.fixture(autouse=True)
def forked(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fork the programs of a test or its studio, but for those that sound, and where it is timed."""
    marks = {mark.name for mark in request.node.iter_markers()}
    if not marks & {"alone", "started"}:
        request.getfixturevalue("nursery")
        monkeypatch.setattr(subprocess, "Popen", ForkedBesideSound if "audio" in marks else ForkedPopen)
