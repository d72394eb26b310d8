# SPDX-License-Identifier: GPL-3.0-or-later
"""This module gives a home folder to a user who has none, as in containers: no HOME, no entry in the password file."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path


def settle_home() -> None:
    """Have HOME name an absolute folder: the user's own, else one of ours among the temporary ones.

    Whatever looks for settings, data and caches (platformdirs, Qt, outside programs) looks there. A relative one would
    be another in each folder that a command is started in.
    """
    if os.environ.get("HOME", "").startswith(os.sep):
        return
    os.environ["HOME"] = _own_home() or _temporary_home()


def _own_home() -> str:
    try:
        import pwd

        home = pwd.getpwuid(os.getuid()).pw_dir
    except (ImportError, KeyError):
        return ""
    return home if home.startswith(os.sep) else ""


def _temporary_home() -> str:
    """Return the temporary home, the same one each time, unless its name belongs to another user."""
    folder = Path(tempfile.gettempdir()) / f"infiniloop-home-{os.getuid()}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return os.sep
    if stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid():
        return str(folder)
    return tempfile.mkdtemp(prefix="infiniloop-home-")
