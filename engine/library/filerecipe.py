# SPDX-License-Identifier: GPL-3.0-or-later
"""This module writes the recipe of a sound that was a file: what its tags say of it, and the loop that it plays."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.library.importing import Imported
from engine.values import Excerpt, LoopCandidate, LoopFindings, LoopOrigin, Recipe

FILE = "file"
"""Name that a recipe gives as the generator of a sound that was a file."""
MOST_LETTERS = 200
"""Number of letters of a title or an artist that are kept."""

LEAST_LEFT_OUT_S = 0.01
"""Seconds of a file beyond its clip from which on the clip is a part of it: resampling rounds a length."""


def loop_of_file(findings: LoopFindings) -> LoopCandidate:
    """Return the loop that a file plays: what somebody tagged is meant, however well another part loops."""
    return next((one for one in findings.candidates if one.origin is LoopOrigin.TAG), findings.best)


def recipe_of_file(stem: str, new: Imported, findings: LoopFindings) -> Recipe:
    """Return the recipe of a file's sound, in which these loops were found.

    Parameters
    ----------
    stem
        The file's name without its ending, which is the title where the tags name none.
    """
    title, artist = (_words(" ".join(new.metadata.texts.get(name, ()))) for name in ("TITLE", "ARTIST"))
    title = title or _words(stem)
    is_part = new.whole_s - new.clip.duration_s > LEAST_LEFT_OUT_S
    return Recipe(
        prompt=title,
        generator=FILE,
        model="",
        duration_s=new.clip.duration_s,
        seed=None,
        versions={},
        title=title,
        artist=artist,
        facts=findings.facts,
        wraps=new.clip.wraps,
        algorithm=findings.algorithm,
        loop=loop_of_file(findings),
        created_utc=datetime.now(UTC).isoformat(timespec="microseconds"),
        excerpt=Excerpt(new.start_s, new.whole_s) if is_part else None,
    )


def _words(text: str) -> str:
    """Return one line of a text that a file says, or of its name, whose bytes need not be letters."""
    return " ".join(text.encode("utf-8", "replace").decode().split())[:MOST_LETTERS]
