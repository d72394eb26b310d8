# SPDX-License-Identifier: GPL-3.0-or-later
"""This module reads a text that a command is given: of a file, or of stdin."""

from __future__ import annotations

import sys
from pathlib import Path

from engine.errors import CannotRead


def text_of(path: str) -> str:
    """Return the text of a file in UTF-8, or of stdin for “-”. Raises CannotRead."""
    try:
        return sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        detail = f"{error.strerror or error}: name a text file, or “-” for standard input"
        raise CannotRead(path=path, detail=detail) from error
    except UnicodeDecodeError as error:
        raise CannotRead(path=path, detail="it is no text in UTF-8: name another file") from error
