# SPDX-License-Identifier: GPL-3.0-or-later
"""This module removes what a process that died within JACK's client library leaves in the way of all later ones."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
from pathlib import Path

_SHARED_MEMORY = Path("/dev/shm")

_log = logging.getLogger(__name__)


def set_store_aside(shared_memory: Path = _SHARED_MEMORY) -> None:
    """Have JACK's client library begin its metadata store anew; where a JACK server runs, leave it alone.

    PortAudio opens that library wherever it is installed, server or not, and it then locks a database that all of a
    user's processes share (``jack_db-UID``). Its locks are its own, not the kernel's: who waits for one that nobody
    will give back waits for good, and so does every program that starts PortAudio after it. Without a server the store
    is empty. It is renamed before it is removed: whoever is just opening it, file by file, must not find half of it.
    """
    user = os.getuid()
    if any(shared_memory.glob(f"jack_*_{user}_*")):
        return
    aside = shared_memory / f"jack_db-{user}.aside-{os.getpid()}"
    with contextlib.suppress(OSError):
        (shared_memory / f"jack_db-{user}").rename(aside)
        shutil.rmtree(aside)
        _log.warning("sound did not start: JACK's metadata store was set aside, in case it is locked")
