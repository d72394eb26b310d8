# SPDX-License-Identifier: GPL-3.0-or-later
"""This module knows where running studios listen: a socket each, in a folder that only its user can open."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

from engine.errors import CannotWrite

FOLDER = "infiniloop"
ENDING = ".sock"
MOST_PATH_BYTES = 100
"""Length of the longest path of a socket, bytes; Linux takes 107, other systems a little less."""


def folder() -> Path:
    """Return the folder of the sockets: in the user's runtime folder, else in the one for temporary files."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if not runtime.startswith("/"):
        # A timer's script, or one by ssh, may not be told of the folder that the desktop's programs have.
        runtime = f"/run/user/{os.getuid()}"
    if Path(runtime).is_dir() and len(os.fsencode(f"{runtime}/{FOLDER}/1234567890{ENDING}")) <= MOST_PATH_BYTES:
        return Path(runtime) / FOLDER
    return Path(tempfile.gettempdir()) / f"{FOLDER}-{os.getuid()}"


def made_folder() -> Path:
    """Return the folder, made if it is not there. Raises CannotWrite where it is not this user's alone."""
    place = folder()
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = place.lstat()
    except OSError as error:
        raise CannotWrite(path=str(place), detail=error.strerror or str(error)) from error
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise CannotWrite(path=str(place), detail="others than you can open it")
    return place


def socket_of(pid: int) -> Path:
    """Return the path of the socket at which that process listens, if it does."""
    return folder() / f"{pid}{ENDING}"


def listed() -> list[int]:
    """Return the numbers of the processes whose sockets are there, the one that was started last first.

    A process that was killed may have left one: nothing answers at it.
    """
    found: list[tuple[float, int]] = []
    try:
        with os.scandir(folder()) as entries:
            for entry in entries:
                number = entry.name.removesuffix(ENDING)
                info = entry.stat(follow_symlinks=False)
                if number.isdecimal() and stat.S_ISSOCK(info.st_mode) and info.st_uid == os.getuid():
                    found.append((info.st_mtime, int(number)))
    except OSError:
        return []
    return [pid for _time, pid in sorted(found, reverse=True)]
