# SPDX-License-Identifier: GPL-3.0-or-later
"""A Ray cluster that is started here has a folder for its logs and sockets; a guard removes it, and ends what is left.

The guard is a process that waits for its owner's end, however that comes: a killed one leaves nothing behind.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PLACE = Path("/tmp")
"""Folder of these folders. Not the person's own temporary one: a socket's whole name may have 107 bytes."""
PREFIX = "infiniloop-ray-"
MARK = "INFINILOOP_RAY"
"""Name of the environment variable by which a cluster's processes are known: its folder."""
END_S = 20.0
"""Seconds that the guard has to end what is left."""
_STEP_S = 0.1


class RayFolder:
    """A new folder with its guard; what is started later bears its mark. Raises OSError where there is no room."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=PLACE))
        # Without the mark itself, and out of reach of a terminal's Ctrl+C.
        self._guard = subprocess.Popen(
            [sys.executable, "-P", str(Path(__file__)), str(self.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.environ[MARK] = str(self.path)

    def remove(self) -> None:
        """Have what is left of the cluster ended, and the folder removed."""
        os.environ.pop(MARK, None)
        if self._guard.stdin is not None:
            self._guard.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._guard.wait(END_S)


def _left(path: str) -> set[int]:
    """Return the processes with the mark of a folder, and those below them: some write a title over it."""
    wanted = f"{MARK}={path}".encode()
    found: set[int] = set()
    children: dict[int, list[int]] = {}
    for one in Path("/proc").glob("[0-9]*"):
        # Somebody else's, or gone by now.
        with contextlib.suppress(OSError):
            parent = int((one / "stat").read_bytes().rpartition(b") ")[2].split()[1])
            children.setdefault(parent, []).append(int(one.name))
            if wanted in (one / "environ").read_bytes().split(b"\0"):
                found.add(int(one.name))
    below = list(found)
    while below:
        new = [child for child in children.get(below.pop(), []) if child not in found]
        found.update(new)
        below += new
    return found


def guard(path: str) -> None:
    """Wait until stdin is closed; then end what bears the mark of a folder, and remove that."""
    sys.stdin.buffer.read()
    due_s = time.monotonic() + END_S / 2.0
    # Some start others in the place of those that end: until none is left.
    while (left := _left(path)) and time.monotonic() < due_s:
        for pid in left:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(_STEP_S)
    shutil.rmtree(path, ignore_errors=True)


if __name__ == "__main__":
    guard(sys.argv[1])
