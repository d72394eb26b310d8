# SPDX-License-Identifier: GPL-3.0-or-later
"""This module writes what a file says of itself that is cut from another one: its tags, its rhythm, its recipe."""

from __future__ import annotations

import os
from pathlib import Path

from engine.library.carried import COMMENT, CUT, Made, carried_of_cut, carried_text
from engine.library.filerecipe import recipe_of_cut
from engine.library.metadata import Metadata, kept_metadata
from engine.values import LoopCandidate, LoopRegion, MusicFacts, Sound


def metadata_of_cut(
    path: str | os.PathLike[str],
    sound: Sound,
    region: LoopRegion,
    *,
    candidate: LoopCandidate | None,
    facts: MusicFacts | None,
    made: Made | None = None,
    rhythm_of: tuple[int, int] | None = None,
) -> Metadata:
    """Return what a file made of a loop of the sound at ``path`` says of itself, and its recipe.

    Parameters
    ----------
    candidate, facts
        What the loop finder thinks of the loop and of the sound; None where it was not asked.
    made
        What the file is of the sound.
    rhythm_of
        Length in samples and rate of a file that is a loop as a whole, which says how many beats it has.

    Raises
    ------
    StudioError
        What the sound says of itself cannot be read.
    """
    kept = kept_metadata(path)
    carried = carried_of_cut(path, region, candidate, made)
    if carried is None:
        recipe = recipe_of_cut(
            Path(path).stem, kept, sound.n_samples / sound.sample_rate, region, candidate=candidate, facts=facts
        )
        carried = carried_text(recipe, made or CUT)
    kept = kept.with_texts(**{COMMENT: carried})
    if candidate is None:
        return kept
    if rhythm_of is None:
        return kept.with_tempo(candidate.tempo_bpm)
    return kept.with_loop(*rhythm_of, candidate.tempo_bpm, candidate.bars)
