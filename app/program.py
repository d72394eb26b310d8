# SPDX-License-Identifier: GPL-3.0-or-later
"""This module says how to start this program from where the person is: in a clone it is on no ``PATH``."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path

NAME = "infiniloop"


def program_name() -> str:
    """Return the command to type, here and now, to start this program; quoted for a shell.

    ``infiniloop`` where the ``PATH`` leads to this very installation, else the path of its script, from the current
    folder where it lies below that.
    """
    script = Path(sys.prefix) / "bin" / NAME
    on_path = shutil.which(NAME)
    if not script.is_file():
        # Not installed: run as a module.
        return NAME if on_path else shlex.join([sys.executable, "-m", "app.main"])
    if on_path and os.path.realpath(on_path) == os.path.realpath(script):
        return NAME
    try:
        return shlex.quote(str(script.relative_to(Path.cwd())))
    except (ValueError, OSError):
        # Elsewhere, or the current folder is gone.
        return shlex.quote(str(script))
