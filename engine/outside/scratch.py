# SPDX-License-Identifier: GPL-3.0-or-later
"""Scratch folders for outside programs tell whose they are, so that the next start removes those left behind.

A folder's name holds its owner's process id and when that process began; its owner holds a lock on it for as long as
it lives; every program that works in it carries its path in its environment.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import logging
import os
import re
import secrets
import signal
import stat
import sys
import tempfile
import time
from pathlib import Path

from engine.errors import cannot_write
from engine.outside.supervisor import remove_tree

_log = logging.getLogger(__name__)

MARK = "INFINILOOP_SCRATCH"
"""Name of the environment variable that marks a program's processes as ours."""

_NAME = re.compile(r"infiniloop-[a-z0-9]+-(?P<pid>\d{1,10})-(?P<began>\d{1,20})-[0-9a-f]{8}")
_KILL_LIMIT_S = 2.0
_STEP_S = 0.02
_OPEN_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class ScratchFolder:
    """A scratch folder is a new temporary folder for one program; as a context it is removed at the end.

    Parameters
    ----------
    program
        Of what the folder's name tells: small letters and digits.

    Raises
    ------
    CannotWrite
        There is no such place, or no room in it.
    """

    def __init__(self, program: str) -> None:
        # Not named before, so that it is told where the place is that cannot be written.
        place = tempfile.gettempdir()
        name = f"infiniloop-{program}-{os.getpid()}-{began(os.getpid()) or 0}-{secrets.token_hex(4)}"
        self.path = Path(place, name)
        try:
            self.path.mkdir(mode=0o700)
            self._descriptor = os.open(self.path, _OPEN_FOLDER)
        except OSError as error:
            raise cannot_write(place, error) from error
        with contextlib.suppress(OSError):  # a file system without locks: the owner's process id still tells
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def __enter__(self) -> ScratchFolder:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()

    def remove(self) -> None:
        """Remove the folder with all that is in it."""
        if self._descriptor >= 0:
            remove_tree(str(self.path))
            os.close(self._descriptor)
            self._descriptor = -1

    def open_file(self, name: str) -> int:
        """Return a descriptor to read a regular file in the folder; no other kind of file can make this wait.

        Raises
        ------
        FileNotFoundError
            There is none.
        OSError
            It is a link, a folder, a pipe or a device (its ``strerror`` says which), or may not be read.
        """
        # O_NONBLOCK: to open a pipe that nobody writes to would wait for ever.
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        kind = _kind(os.stat(name, dir_fd=self._descriptor, follow_symlinks=False).st_mode)
        if kind:
            raise OSError(errno.EINVAL, kind)
        descriptor = os.open(name, flags, dir_fd=self._descriptor)
        kind = _kind(os.fstat(descriptor).st_mode)
        if kind:
            os.close(descriptor)
            raise OSError(errno.EINVAL, kind)
        return descriptor

    def size_of(self, name: str) -> int:
        """Return how many bytes a file in the folder has; 0 where there is none."""
        try:
            return os.stat(name, dir_fd=self._descriptor, follow_symlinks=False).st_size
        except OSError:
            return 0


def _kind(mode: int) -> str:
    """Return in words what kind of file this is; "" for a regular one."""
    for test, words in ((stat.S_ISREG, ""), (stat.S_ISLNK, "a link"), (stat.S_ISDIR, "a folder")):
        if test(mode):
            return words
    return "a pipe, a socket or a device"


def sweep() -> list[Path]:
    """Remove folders whose owners are gone, end what still runs there, and return the folders removed.

    Touched is only what is surely ours: a real folder (no link) of this user, named as ``ScratchFolder`` names it,
    whose owner's process is gone, and which nobody holds the lock of.
    """
    swept = []
    try:
        paths = list(Path(tempfile.gettempdir()).iterdir())
    except OSError:
        return []
    for path in paths:
        match = _NAME.fullmatch(path.name)
        if match is None or began(int(match["pid"])) == int(match["began"]):
            continue
        try:
            descriptor = os.open(path, _OPEN_FOLDER)
        except OSError:
            continue
        try:
            if os.fstat(descriptor).st_uid != os.geteuid():
                continue
            # Held by an owner whom we cannot see: in another container, say.
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            end_processes_in(path)
            remove_tree(str(path))
        except OSError:
            continue
        finally:
            os.close(descriptor)
        _log.info("swept %s, which an earlier start left behind", path)
        swept.append(path)
    return swept


def began(pid: int) -> int | None:
    """Return when a process began, in clock ticks since the system's start; None without such a process."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return None
    # Numbered from 3 in proc(5), and the start is 22.
    return None if fields[0] in (b"Z", b"X") else int(fields[19])


def end_processes_in(folder: Path) -> None:
    """Kill every process of this user that carries ``folder`` as its scratch folder in its environment."""
    if not sys.platform.startswith("linux"):
        return
    deadline_s = time.monotonic() + _KILL_LIMIT_S
    entry = f"{MARK}={folder}".encode()
    while found := [pid for pid in _processes() if _carries(pid, entry)]:
        for pid in found:
            # By a handle: what bears the number when the signal is sent is what was looked at.
            with contextlib.suppress(OSError):
                handle = os.pidfd_open(pid)
                try:
                    if _carries(pid, entry):
                        signal.pidfd_send_signal(handle, signal.SIGKILL)
                finally:
                    os.close(handle)
        if time.monotonic() >= deadline_s:
            _log.error("processes %s in %s do not end", found, folder)
            return
        time.sleep(_STEP_S)


def _processes() -> list[int]:
    return [int(place.name) for place in Path("/proc").iterdir() if place.name.isdecimal()]


def _carries(pid: int, entry: bytes) -> bool:
    place = Path(f"/proc/{pid}")
    try:
        if pid == os.getpid() or place.stat().st_uid != os.geteuid():
            return False
        # What ended, and is only waited for, has no environment any more.
        return entry in Path(place, "environ").read_bytes().split(b"\0")
    except OSError:
        return False
