# SPDX-License-Identifier: GPL-3.0-or-later
"""The built-in composer writes and plays a short piece by rule: no model, no network, no GPU; no AI, and it says so."""

from __future__ import annotations

import secrets
import time
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from engine.errors import StudioError
from engine.generators.base import Capabilities, Generation, GeneratorSettings, Takes, Tells
from engine.generators.composer.along import along
from engine.generators.composer.arrange import write_score
from engine.generators.composer.brief import asked_brief
from engine.generators.composer.family import Beginning, begin, family_of
from engine.generators.composer.heard import completed, layer_of
from engine.generators.composer.instruments import INSTRUMENTS
from engine.generators.composer.knobs import KNOBS, turned
from engine.generators.composer.mixdown import Mixed, mix
from engine.generators.composer.plan import MAX_DURATION_S, MIN_DURATION_S, Plan, make_plan
from engine.generators.composer.played import played_score
from engine.generators.composer.prompt import readings
from engine.generators.composer.score import Score
from engine.generators.composer.sounds import DRUMS, SOUNDFONT, SOUNDS, sounds_for
from engine.generators.composer.styles import style_problems, styles
from engine.generators.composer.variations import vary
from engine.generators.requests import check_bars, check_request
from engine.generators.standard import EVOLVE
from engine.values import LAYERS, Clip, ClipRequest, ClipResult, Kind, MusicFacts, Parameter, Progress, Reading

COMPOSER_SAMPLE_RATE = 44100
"""Sample rate in Hz of what the composer plays."""

COMPOSER_VERSION = "4"
"""Version of the composer, which changes when the same prompt and seed would give other samples."""

PARAMETERS = (
    Parameter(
        "styles",
        Kind.FOLDER,
        "",
        "Own styles",
        "A folder of style files (.toml) that come over the built-in styles",
        setup=True,
    ),
)

MAX_GUIDED_S = 300.0
"""Length of the longest guide, seconds."""

_STAGE = "composing"
_SEED_BITS = 32


class Composer:
    """The built-in composer gives the same samples for the same prompt, duration and seed."""

    name = "composer"
    title = "Built-in composer"

    def capabilities(self) -> Capabilities:
        return Capabilities(
            min_duration_s=MIN_DURATION_S,
            max_duration_s=MAX_DURATION_S,
            sample_rate=COMPOSER_SAMPLE_RATE,
            n_channels=2,
            takes=Takes(
                seed=True,
                bars=True,
                bpm=True,
                key=True,
                metre=True,
                layers=tuple(LAYERS.values())[1:],
                guided_s=MAX_GUIDED_S,
                family=True,
                variations=True,
                stems=True,
            ),
            tells=Tells(progress=True, score=True),
            parameters=(*KNOBS, *PARAMETERS, SOUNDS, SOUNDFONT, DRUMS),
            needs_nothing=True,
        )

    def check(self, _settings: GeneratorSettings, /) -> str:
        """Nothing can be missing."""
        return ""

    def problems(self, settings: GeneratorSettings, /) -> tuple[StudioError | str, ...]:
        """Return a sentence for each of the person's styles, SoundFont and drums that cannot be used."""
        folder = styles_folder(settings)
        sounds = sounds_for(settings.of(self.name), COMPOSER_SAMPLE_RATE)
        return (*(style_problems(folder) if folder is not None else ()), *sounds.problems)

    def understand(self, prompt: str, settings: GeneratorSettings, /) -> tuple[Reading, ...]:
        return readings(prompt, styles(styles_folder(settings)))

    def generate(self, request: ClipRequest, settings: GeneratorSettings, /) -> Generation:
        """Compose and play a clip of whole bars.

        Raises
        ------
        UserError
            See ``check_request``; also BarsTooLong where the style or metre that the prompt names makes them so.
        """
        check_request(request, self)
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
                self.name: COMPOSER_VERSION,
                "infiniloop-studio": _studio_version(),
                "numpy": np.__version__,
                **sounds.versions,
            },
        )


def styles_folder(settings: GeneratorSettings) -> Path | None:
    """Return the folder of the person's own styles, None where there is none."""
    named = settings.of(Composer.name).text("styles")
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
