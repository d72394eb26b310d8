# SPDX-License-Identifier: GPL-3.0-or-later
"""This module knows MusicGPT's own data folder, and clears away from it what the studio left there.

Its server keeps each clip and each chat for ever. Ours are told apart from a person's by their names: one chat, and
clips whose random names begin alike.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import sys
import time
from pathlib import Path

from engine.values import ModelCard

_MARK = "1f100100-1007-8"
"""How the names of our clips begin; no other's do, as a random UUID has a 4 where this has an 8 (RFC 9562)."""
CHAT_ID = "1f100100-1007-8000-8000-000000000001"
"""Name of the one chat in which the studio asks for clips."""
FORGOTTEN_S = 3600.0
"""Seconds after which a clip of ours was left by a studio that was killed: others that run fetch theirs at once."""


def new_id() -> str:
    """Return a random name for a clip of ours: a UUID of version 8."""
    digits = secrets.token_hex(9)
    return f"{_MARK}{digits[:3]}-a{digits[3:6]}-{digits[6:]}"


def relpath_of(clip_id: str) -> str:
    """Return where in its data folder MusicGPT keeps a clip."""
    return f"audios/{clip_id}.wav"


def data_folder() -> Path:
    """Return where MusicGPT keeps models, clips and chats; there need not be such a folder."""
    home = Path.home()
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "com.gabotechs.musicgpt"
    told = os.environ.get("XDG_DATA_HOME", "")
    # As MusicGPT takes it: what is not absolute does not count.
    return (Path(told) if told.startswith("/") else home / ".local" / "share") / "musicgpt"


def weights_of(card: ModelCard) -> tuple[Path, ...]:
    """Return the files that MusicGPT needs of a model, whether they are there or not."""
    return tuple(data_folder() / "v1" / one for one in card.files)


def remove_clip(clip_id: str) -> None:
    """Remove a clip that the studio asked for; none is fine."""
    if clip_id.startswith(_MARK):
        with contextlib.suppress(OSError):
            (data_folder() / relpath_of(clip_id)).unlink()


def remove_chat() -> None:
    """Remove the studio's chat, once no server of ours runs that would do it."""
    shutil.rmtree(data_folder() / "chats" / CHAT_ID, ignore_errors=True)


def remove_forgotten() -> None:
    """Remove the clips that a studio asked for, and was killed before it could take them."""
    with contextlib.suppress(OSError):
        for path in (data_folder() / "audios").glob(f"{_MARK}*.wav"):
            if time.time() - path.lstat().st_mtime > FORGOTTEN_S:
                path.unlink()
