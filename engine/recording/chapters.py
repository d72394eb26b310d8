# SPDX-License-Identifier: GPL-3.0-or-later
"""Chapters mark in a recording's comments where loops begin: players and editors show them, and skip to them.

The chapter extension of Vorbis comments (https://wiki.xiph.org/Chapter_Extension): ``CHAPTER001=00:00:12.500`` and
``CHAPTER001NAME=drums: Velvet Antenna``, which FLAC and Opus files can hold, and FFmpeg, mpv and VLC read.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Final

from engine.library.texts import on_one_line
from engine.values import Lead

MOST_CHAPTERS: Final = 999
"""Number of chapters that three digits count."""
MOST_BYTES: Final = 1 << 15
"""Number of bytes that all chapters of a file may have, with what tells their lengths."""
_LENGTH_BYTES = 4


def chapters(leads: Iterable[Lead], sample_rate: int) -> dict[str, str]:
    """Return the comments that mark where loops begin; loops that begin at one frame share a chapter.

    Those at the end for which there is no room are left out.

    Parameters
    ----------
    leads
        By the file's frames, in order.
    sample_rate
        Hz, of the file.
    """
    comments: dict[str, str] = {}
    room = MOST_BYTES
    for number, (frame, beginning) in enumerate(groupby(leads, lambda lead: lead.frame), 1):
        name = f"CHAPTER{number:03}"
        added = {name: _time(frame, sample_rate), f"{name}NAME": title_of(beginning)}
        room -= sum(len(f"{key}={text}".encode()) + _LENGTH_BYTES for key, text in added.items())
        if room < 0 or number > MOST_CHAPTERS:
            break
        comments |= added
    return comments


def title_of(leads: Iterable[Lead]) -> str:
    """Return one line that names loops that begin together: “drums: Velvet Antenna + bass: Low Tide”."""
    titles = (f"{lead.layer}: {lead.recipe.title}" if lead.layer else lead.recipe.title for lead in leads)
    return on_one_line(" + ".join(titles))


def _time(frame: int, sample_rate: int) -> str:
    seconds, rest = divmod(frame, sample_rate)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest * 1000 // sample_rate:03}"
