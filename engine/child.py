# SPDX-License-Identifier: GPL-3.0-or-later
"""This module runs a module as a child process of ours, and tells the parent of an exception that ends it.

``python -P -c BOOTSTRAP PARENT -m MODULE DESCRIPTOR``, as ``engine.processes.ChildProcess`` starts it. Nothing but the
standard library is imported here: what cannot be imported is just what has to be told.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import runpy
import select
import signal
import socket
import struct
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import NamedTuple

from engine.errors import StudioError
from engine.log_lines import is_json, log_json

BOOTSTRAP = "from engine.child import run; run()"
HEADER = struct.Struct("=QHH")
"""Header before each message on a channel: bytes of the pickle; how many descriptors are arrays', how many blocks'."""

ORPHAN_LIMIT_S = 5.0
"""Seconds that a child has to end by itself once its parent is gone and its channel closed."""
_N_WEIGHINGS, _BETWEEN_WEIGHINGS_S = 5, 0.11
_REASON_CHARACTERS = 300
_PR_SET_PDEATHSIG = 1


class Died(NamedTuple):
    """The last message of a child that ends by an exception; ``lacks_part`` where a library of it is missing."""

    reason: str
    lacks_part: bool


def run() -> None:
    """Run the module that the command line names."""
    parent, module, descriptor = int(sys.argv[1]), sys.argv[-2], int(sys.argv[-1])
    # Were it handed on to a grandchild, its closing would go unnoticed.
    os.set_inheritable(descriptor, False)
    if is_json():
        # Before the module sets up its log: it leaves it as it is then.
        log_json()
    try:
        if (niceness := os.getpriority(os.PRIO_PROCESS, 0)) != 0:
            weigh_session(niceness)
        _end_with_parent(parent)
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except Exception as error:  # noqa: BLE001 - the process boundary: the log gets all of it, the parent the reason
        part = missing_part(error)
        if part is not None:
            # Nobody need look for a mistake of ours: the parent tells what is missing, and the way out.
            _tell(descriptor, str(part).rstrip("."), lacks_part=True)
        else:
            traceback.print_exc()
            name = "" if isinstance(error, StudioError) else f"{type(error).__name__}: "
            _tell(descriptor, f"{name}{error}".rstrip(": ."), lacks_part=False)
        sys.exit(1)


def weigh_session(niceness: int) -> bool:
    """Set the niceness, -20 to 19, of the session that this process leads, beside that of other sessions.

    Linux weighs sessions against each other, each as heavy as any other, and niceness only within each (sched(7), "The
    autogroup feature"): that of a child of ours, which leads a session of its own, would count for nothing. Returns
    whether it is so now: below 0 the kernel asks for a right, and other systems do not weigh.
    """
    if os.getsid(0) != os.getpid():
        # It is somebody's terminal.
        return False
    for _ in range(_N_WEIGHINGS):
        try:
            Path("/proc/self/autogroup").write_text(str(niceness), encoding="ascii")
        except BlockingIOError:
            # The kernel takes one of these in a tenth of a second, of all of its ordinary users together.
            time.sleep(_BETWEEN_WEIGHINGS_S)
        except OSError:
            return False
        else:
            return True
    return False


def missing_part(error: BaseException | None) -> Exception | None:
    """Return the name of a library that could not be loaded, where the error comes of that."""
    while error is not None:
        # ctypes and cffi tell so by an OSError that is none of the system's: it has no number.
        if isinstance(error, ImportError) or (type(error) is OSError and error.errno is None):
            return error
        error = error.__cause__
    return None


def _tell(descriptor: int, reason: str, *, lacks_part: bool) -> None:
    line = " ".join(reason.split())
    if len(line) > _REASON_CHARACTERS:
        line = line[: _REASON_CHARACTERS - 1] + "…"
    body = pickle.dumps(Died(line, lacks_part))
    # The parent may be gone, and the module may have closed its end.
    with contextlib.suppress(OSError), socket.socket(fileno=os.dup(descriptor)) as channel:
        channel.sendall(HEADER.pack(len(body), 0, 0) + body)


def _end_with_parent(pid: int) -> None:
    """End this process at most ``ORPHAN_LIMIT_S`` after its parent, even if it is stopped or hangs."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    # To one that was stopped, nothing else ever comes; to all others the signal means nothing. It comes as well when
    # only the thread ends that started us, so it must not be one that kills.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGCONT, 0, 0, 0)
    try:
        parent = os.pidfd_open(pid)
    except ProcessLookupError:
        parent = -1
    except OSError:  # a kernel older than 5.3: the end of the channel has to do
        return
    threading.Thread(target=_watch_parent, args=(pid, parent), name="parent watch", daemon=True).start()


def _watch_parent(pid: int, parent: int) -> None:
    # Where the parent is gone already, its number may be another's.
    if parent >= 0 and os.getppid() == pid:
        waiting = select.poll()
        waiting.register(parent, select.POLLIN)
        waiting.poll()
    time.sleep(ORPHAN_LIMIT_S)
    # It leads its own session: what it started goes with it.
    os.killpg(0, signal.SIGKILL)
