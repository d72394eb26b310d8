# SPDX-License-Identifier: GPL-3.0-or-later
"""What the commands that write a sound's loop share: what it says of itself, and what they tell of its seam."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.units import samples_to_seconds
from engine.values import OverlapLimit

if TYPE_CHECKING:
    from app.commands.loop_arguments import Choice
    from engine.dsp.seam import Seam
    from engine.library.metadata import Metadata

_WHY = {
    OverlapLimit.LOOP: "the loop is no longer",
    OverlapLimit.MUSIC: "there is no more music before or after the loop",
    OverlapLimit.WHOLE: "the loop is the whole file, with nothing around it, and only the step at its end is smoothed",
}


def overlap_words(seam: Seam, asked_ms: float) -> str:
    """Why the seam's crossfade is shorter than was asked for, and how much; empty where it is not."""
    if seam.limit is None:
        return ""
    used_ms = 1000.0 * samples_to_seconds(seam.overlap_samples, seam.sound.sample_rate)
    return f", overlap {used_ms:.0f} ms in place of {asked_ms:.0f}: {_WHY[seam.limit]}"


def overlap_dict(seam: Seam) -> dict[str, object]:
    """The same, JSON-ready: the crossfade's length, and why it is no longer (``loop``, ``music``, ``whole``, null)."""
    return {
        "overlap_samples": seam.overlap_samples,
        "overlap_limit": None if seam.limit is None else str(seam.limit),
    }


def metadata_of(path: str, choice: Choice, *, rhythm_of: tuple[int, int] | None = None) -> Metadata:
    """What a file made of the sound at ``path`` says of itself.

    ``rhythm_of`` is the length in samples and the rate of one that is a loop, which says how many beats it has.
    Raises StudioError.
    """
    from engine.library.metadata import kept_metadata

    kept = kept_metadata(path)
    candidate = choice.candidate
    if candidate is None:
        return kept
    if rhythm_of is None:
        return kept.with_tempo(candidate.tempo_bpm)
    return kept.with_loop(*rhythm_of, candidate.tempo_bpm, candidate.bars)
