# SPDX-License-Identifier: GPL-3.0-or-later
"""This module gives a recording another name, and its stems with it: no other recording's files are in the way."""

from __future__ import annotations

import os
from pathlib import Path

from engine.errors import CannotWrite, cannot_write
from engine.library.names import MAX_NAME_BYTES
from engine.recording.opus import ENDING as OPUS
from engine.recording.recorded_stems import stems_folder
from engine.recording.recorder import ENDING as FLAC


def fits(path: str, name: str) -> bool:
    """Return whether a recording, and its stems, can have a name of this length."""
    new = Path(path).with_name(name + Path(path).suffix)
    try:
        return all(len(os.fsencode(one.name)) <= MAX_NAME_BYTES for one in (new, stems_folder(str(new))))
    except UnicodeEncodeError:
        return False


def is_free(path: str, name: str) -> bool:
    """Return whether nothing beside a recording has this name: no file, no stems, and no recording of another format.

    The folder of stems has no ending that would tell whose they are.
    """
    new = Path(path).with_name(name + Path(path).suffix)
    others = {new, *(Path(path).with_name(name + ending) for ending in (FLAC, OPUS)), stems_folder(str(new))}
    return not any(os.path.lexists(one) for one in others)


def rename_recording(path: str, name: str) -> Path:
    """Give a recording another name, and the folder of its stems: both, or neither.

    Raises CannotWrite.
    """
    old = Path(path)
    new = old.with_name(name + old.suffix)
    if not is_free(path, name):
        raise CannotWrite(path=str(new), detail="something has this name already")
    stems, new_stems = stems_folder(path), stems_folder(str(new))
    try:
        old.rename(new)
        try:
            if stems.is_dir():
                stems.rename(new_stems)
        except OSError:
            new.rename(old)
            raise
    except OSError as error:
        raise cannot_write(new, error) from error
    return new
