# SPDX-License-Identifier: GPL-3.0-or-later
"""This module makes a clip of a request: written, varied, played and mixed, with what is told of it."""

from __future__ import annotations

import secrets
import time
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from engine.generators.base import Generation, GeneratorSettings
from engine.generators.composer.along import along
from engine.generators.composer.arrange import write_score
from engine.generators.composer.brief import asked_brief
from engine.generators.composer.composer import Composer
from engine.generators.composer.declared import COMPOSER_SAMPLE_RATE, STYLES
from engine.generators.composer.family import Beginning, begin, family_of
from engine.generators.composer.heard import completed, layer_of
from engine.generators.composer.instruments import INSTRUMENTS
from engine.generators.composer.knobs import turned
from engine.generators.composer.mixdown import Mixed, mix
from engine.generators.composer.plan import Plan, make_plan
from engine.generators.composer.played import played_score
from engine.generators.composer.score import Score
from engine.generators.composer.sounds import sounds_for
from engine.generators.composer.styles import style_problems, styles
from engine.generators.composer.variations import vary
from engine.generators.requests import check_bars, check_request
from engine.generators.standard import EVOLVE
from engine.values import Clip, ClipRequest, ClipResult, MusicFacts, Progress

COMPOSER_VERSION = "4"
"""Version of the composer, which changes when the same prompt and seed would give other samples."""

_STAGE = "composing"
_SEED_BITS = 32


def generate(request: ClipRequest, settings: GeneratorSettings) -> Generation:
    """Compose and play a clip of whole bars.

    Raises
    ------
    UserError
        See ``check_request``; also BarsTooLong where the style or metre that the prompt names makes them so.
    """
    check_request(request, Composer())
    started_s = time.monotonic()
    yield Progress(request.job_id, 0.0, _STAGE)
    seed = secrets.randbits(_SEED_BITS) if request.seed is None else request.seed
    beginning, score = written(request, settings, seed)
    heard = layer_of(score, request.layer)
    yield Progress(request.job_id, 0.02, _STAGE)
    sounds = sounds_for(request.parameters, COMPOSER_SAMPLE_RATE)
    played = score
    if request.variation:
        played = vary(score, request.variation, beginning.streams, evolve_of(request))
    as_written = None if played == score else score
    playing = mix(played, beginning.streams, sounds, stems=request.stems, written=as_written, layer=request.layer)
    while True:
        try:
            fraction = 0.02 + 0.98 * next(playing)
        except StopIteration as end:
            mixed: Mixed = end.value
            break
        left_s = (time.monotonic() - started_s) * (1.0 - fraction) / fraction
        yield Progress(request.job_id, fraction, _STAGE, left_s)
    return ClipResult(
        job_id=request.job_id,
        clip=Clip(mixed.samples, COMPOSER_SAMPLE_RATE, wraps=True),
        facts=_facts(heard),
        seed=seed,
        family=family_of(beginning, score.plan),
        score=played_score(layer_of(played, request.layer)),
        stems={name: Clip(one, COMPOSER_SAMPLE_RATE, wraps=True) for name, one in mixed.stems.items()},
        asked_bars=score.plan.brief.bars,
        versions={
            Composer.name: COMPOSER_VERSION,
            "infiniloop-studio": _studio_version(),
            "numpy": np.__version__,
            **sounds.versions,
        },
    )


def styles_folder(settings: GeneratorSettings) -> Path | None:
    """Return the folder of the person's own styles, None where there is none."""
    named = settings.of(Composer.name).text(STYLES.name)
    try:
        return Path(named).expanduser() if named else None
    except RuntimeError:  # “~name” where there is no such user
        return Path(named)


def evolve_of(request: ClipRequest) -> float:
    """Return how far a clip is to move from the one before, and from itself."""
    return EVOLVE.default_number if request.evolve is None else request.evolve


def written(request: ClipRequest, settings: GeneratorSettings, seed: int) -> tuple[Beginning, Score]:
    """Return what a clip starts from, and its score: all of it but the sound, also what its layer leaves out.

    Raises BarsTooLong where the style or metre that the prompt names makes the bars too long.
    """
    folder = styles_folder(settings)
    every = styles(folder)
    brief = turned(asked_brief(request, every), request.parameters)
    if folder is not None:
        brief = replace(brief, refused=brief.refused + style_problems(folder))
    beginning = begin(brief, seed, request.follows, evolve_of(request), every)

    def plan(take: int) -> Plan:
        return make_plan(
            beginning.brief,
            request.duration_s,
            COMPOSER_SAMPLE_RATE,
            beginning.streams,
            bars=request.bars,
            take=take + beginning.take,
            every=every,
            guide=request.guide,
        )

    if (bars := request.bars or brief.bars) is not None:
        grid = plan(0).grid
        is_guided = request.guide is not None
        check_bars(bars, grid.tempo_bpm, grid.metre[0], Composer(), is_guided=is_guided)
    score = completed(write_score(plan, beginning.streams), request.layer, beginning.streams)
    return beginning, along(score)


def _facts(score: Score) -> MusicFacts:
    plan = score.plan
    tags = [plan.style.title, *plan.brief.moods]
    tags += dict.fromkeys(INSTRUMENTS[part.instrument].tag for part in score.parts)
    if score.hits:
        tags.append("drums")
    if plan.grid.metre != (4, 4):
        tags.insert(1, f"{plan.grid.metre[0]}/{plan.grid.metre[1]}")
    return MusicFacts(
        tempo_bpm=round(plan.grid.tempo_bpm, 6),
        key=plan.key.name,
        beats_per_bar=plan.grid.metre[0],
        bars=plan.grid.bars,
        tags=tuple(tags),
    )


def _studio_version() -> str:
    try:
        return version("infiniloop-studio")
    except PackageNotFoundError:
        return "unreleased"
