# SPDX-License-Identifier: GPL-3.0-or-later
"""This module makes clips by a diffusion model: what is asked of it, the work step by step, and what is kept of it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from engine.errors import ModelOutOfMemory
from engine.generators.base import Generation, GeneratorSettings
from engine.generators.diffusion import ace_painter, open_painter, small_painter, third_painter
from engine.generators.diffusion.asked import PAINTED, Ask, Tell
from engine.generators.diffusion.checkpoint import text_encoder_folder
from engine.generators.diffusion.declared import DEVICE, FOLDER, OFFLOAD, PRECISION
from engine.generators.diffusion.families import Family
from engine.generators.diffusion.loaded import Keeper, Wanted
from engine.generators.diffusion.machine import is_out_of_memory, place_for
from engine.generators.diffusion.plan import Plan, delivered, planned
from engine.generators.diffusion.small_config import PIPELINE as OPEN_SMALL
from engine.generators.diffusion.stepping import stepped
from engine.models.found import model_folder
from engine.values import Clip, ClipRequest, ClipResult, Parameters, Progress

PAINTERS: dict[str, Callable[[Any, Ask, Tell], list[Any]]] = {
    "AceStepPipeline": ace_painter.paint,
    "StableAudioPipeline": open_painter.paint,
    "StableAudio3Pipeline": third_painter.paint,
    OPEN_SMALL: small_painter.paint,
}
"""By the class of what a checkpoint is loaded as, what paints with it."""

MOST_SEEDS = 2**53
"""Number of the seeds that are drawn from, where none is given: as high as a person can ask for."""


def generate(family: Family, keeper: Keeper, request: ClipRequest, settings: GeneratorSettings) -> Generation:
    """Make the clips of a request; see ``Family.generate``."""
    values = Parameters({**settings.of(family.name), **request.parameters})
    plan = planned(request, family)
    seed = request.seed if request.seed is not None else secrets.randbelow(MOST_SEEDS)
    seeds = tuple((seed + nth) % MOST_SEEDS for nth in range(request.n_clips))
    wanted = _wanted(family, request, settings, values)
    if plan.untouched is not None:
        clips = [plan.untouched] * len(seeds)
        return _result(request.job_id, plan, wanted, list(zip(clips, seeds, strict=True)))
    job_id = request.job_id
    yield Progress(job_id, None, "generating" if keeper.has(wanted) else "loading")
    try:
        pipe = keeper.load(wanted, family)
        ask = plan.ask(request, seeds, values, wanted.place.device)
        yield Progress(job_id, 0.0, "generating")
        painter = PAINTERS[family.pipeline]
        work = stepped(partial(painter, pipe, ask))
        sounds: list[Any]
        began_s = time.monotonic()
        try:
            while True:
                done = next(work)
                passed_s = time.monotonic() - began_s
                stage = "generating" if done < PAINTED else "finishing"
                yield Progress(job_id, done, stage, left_s=passed_s / done * (1.0 - done))
        except StopIteration as end:
            sounds = end.value
        finally:
            # Closed at a yield: the work ends at its next step, and the pipeline can be used again.
            work.close()
            keeper.rest()
    except Exception as error:
        if not is_out_of_memory(error):
            raise
        keeper.drop()
        raise ModelOutOfMemory(generator=family.title, model=_model(family, request)) from error
    clips = [delivered(plan, Clip(sound, family.sample_rate)) for sound in sounds]
    return _result(request.job_id, plan, wanted, list(zip(clips, seeds, strict=True)))


def _wanted(family: Family, request: ClipRequest, settings: GeneratorSettings, values: Parameters) -> Wanted:
    card = family.card_of(request.model)
    place = place_for(
        card.memory_bytes,
        device=values.text(DEVICE.name) or DEVICE.default_text,
        precision=values.text(PRECISION.name) or PRECISION.default_text,
        offload=values.text(OFFLOAD.name) or OFFLOAD.default_text,
    )
    own = values.text(FOLDER.name)
    folder = Path(own) if own else model_folder(card, settings.models_folder)
    is_small = family.pipeline == OPEN_SMALL and folder.is_dir()
    return Wanted(folder, place, text_encoder_folder(folder, settings.models_folder) if is_small else None)


def _model(family: Family, request: ClipRequest) -> str:
    return request.model or family.cards[0].name


def _result(job_id: int, plan: Plan, wanted: Wanted, clips: list[tuple[Clip, int]]) -> ClipResult:
    """Return the first of the clips, each with its seed, with the others beside it."""
    versions = {
        **{name: version(name) for name in ("diffusers", "torch")},
        "checkpoint": wanted.folder.name,
        "precision": wanted.place.precision,
        "device": wanted.place.device,
    }
    first, *others = (ClipResult(job_id, clip, plan.facts, seed, versions) for clip, seed in clips)
    return replace(first, others=tuple(others))
