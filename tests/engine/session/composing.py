# SPDX-License-Identifier: GPL-3.0-or-later
"""This module has clips composed for the session's tests, in this process."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from engine.generators.base import finished
from engine.generators.service import make_clip
from engine.session.baking import LoopInHand
from engine.session.clip_request import asked_of
from engine.session.options import StudioOptions
from engine.values import ClipRequest, ClipResult, LoopSearch, Parameters, Recipe
from engine.worker.jobs import FindJob, Found, run

OPTIONS = StudioOptions("house, 124 bpm, 4 bars, synthesised", generator="composer", duration_s=8.0)


def made(request: ClipRequest, options: StudioOptions = OPTIONS) -> ClipResult:
    return finished(make_clip(request, options.generators))


@cache
def composed_loop() -> LoopInHand:
    """Return the second clip of a piece, four bars of house, as a loop in hand."""
    parameters = Parameters({"energy": 0.0, "density": 0.0, "brightness": 0.0, "space": 0.0, "sounds": "synthesised"})
    first = made(ClipRequest(1, OPTIONS.prompt, "composer", "", 8.0, seed=2)).family
    assert first is not None
    request = ClipRequest(
        1, OPTIONS.prompt, "composer", "", 8.0, seed=3, parameters=parameters, follows=first, evolve=0.3
    )
    clip = made(request)
    assert clip.score is not None
    found = run(FindJob(2, clip.clip, LoopSearch(OPTIONS.algorithm, 2.0, facts=clip.facts)))
    assert isinstance(found, Found)
    recipe = Recipe(
        prompt=request.prompt,
        generator="composer",
        model="",
        duration_s=8.0,
        seed=3,
        versions=clip.versions,
        title="Title",
        artist="Artist",
        facts=clip.facts,
        wraps=True,
        algorithm=OPTIONS.algorithm,
        loop=found.findings.best,
        created_utc=datetime.now(UTC).isoformat(),
        asked=asked_of(request),
        family=clip.family,
        chords=clip.score.chords,
    )
    return LoopInHand(7, clip.clip, recipe, found.findings)
