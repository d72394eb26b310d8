# SPDX-License-Identifier: GPL-3.0-or-later
"""This module says whether what a person typed can be a path, before anything is looked for there."""

from __future__ import annotations

import os
from pathlib import Path

from engine.library.names import MAX_NAME_BYTES

MAX_PATH_BYTES = 4096


def path_refusal(text: str) -> str:
    """Return why ``text`` cannot be the path of anything, in words that fit a sentence; "" where it can."""
    try:
        expanded = os.fsencode(Path(text).expanduser())
    except RuntimeError:
        return "there is no user of that name"
    except ValueError:
        return "it holds what no path can hold"
    if b"\0" in expanded:
        return "it holds what no path can hold"
    if len(expanded) >= MAX_PATH_BYTES or max(map(len, expanded.split(b"/"))) > MAX_NAME_BYTES:
        return "it is too long"
    return ""


def folder_refusal(text: str) -> str:
    """Return why ``text`` cannot be the path of a folder; "" where it can, and for no text (the usual place)."""
    if not text:
        return ""
    refusal = path_refusal(text)
    return refusal or ("" if Path(text).expanduser().is_absolute() else "it does not begin with “/” or “~”")


def is_other_than_folder(text: str) -> bool:
    """Return whether something is there that is no folder. Looks at the disk."""
    try:
        place = Path(text).expanduser()
        return place.exists() and not place.is_dir()
    except OSError:  # a folder above it may not be looked into
        return False


def is_folder(text: str) -> bool:
    """Return whether a folder is there. Looks at the disk."""
    try:
        return Path(text).expanduser().is_dir()
    except OSError:
        return False


def expanded_folder(text: str) -> str:
    """Return the path of a folder that was not refused, with the home folder in place of “~”; "" stays ""."""
    return str(Path(text).expanduser()) if text else ""
