# SPDX-License-Identifier: GPL-3.0-or-later
"""This module writes the recipe of a clip that was just made, before or after its loop was looked for."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.library.titles import made_up_title
from engine.session.clip_request import asked_of
from engine.values import (
    Algorithm,
    ClipRequest,
    ClipResult,
    LoopCandidate,
    LoopFindings,
    LoopMetrics,
    LoopRegion,
    Recipe,
)


def recipe_of_clip(
    request: ClipRequest,
    made: ClipResult,
    findings: LoopFindings | None = None,
    *,
    created_utc: str | None = None,
    making_s: float | None = None,
) -> Recipe:
    """Return the recipe of a clip; without findings its loop is the whole clip, which nothing has judged.

    ``created_utc`` says when it was made, which is now, and gives it a title of its own; with "" the same clip has the
    same recipe, to the letter. ``making_s`` is how long it took to make, seconds, where that was measured.
    """
    created = now_utc() if created_utc is None else created_utc
    title, artist = made_up_title(f"{request.prompt} {created}" if created else f"{request.prompt} {made.seed} ")
    return Recipe(
        prompt=request.prompt,
        generator=request.generator,
        model=request.model,
        duration_s=request.duration_s,
        seed=made.seed,
        versions=made.versions,
        title=title,
        artist=artist,
        facts=made.facts if findings is None else findings.facts,
        wraps=made.clip.wraps,
        algorithm=Algorithm.ADVANCED if findings is None else findings.algorithm,
        loop=_whole(made) if findings is None else findings.best,
        created_utc=created,
        asked=asked_of(request),
        family=made.family,
        chords=made.score.chords if made.score is not None else (),
        # As a file keeps it: what is read again is the same recipe.
        making_s=None if making_s is None else round(making_s, 3),
        licence=made.licence,
    )


def now_utc() -> str:
    """Return the time, as recipes tell it."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _whole(made: ClipResult) -> LoopCandidate:
    region = LoopRegion(0, made.clip.n_samples)
    return LoopCandidate(
        region, 0.0, LoopMetrics(0.0, 0.0, 0.0, 0.0), made.facts.bars, weak=False, tempo_bpm=made.facts.tempo_bpm
    )
