# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole way from a request to a studio clip, for the generator process and for commands alike."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.generators.base import Generation, GeneratorSettings, check_request
from engine.generators.conform import conform
from engine.generators.registry import generator_named
from engine.values import ClipRequest, Progress


@dataclass(frozen=True, slots=True)
class GenerateJob:
    """To the generator process: make this clip, instead of any other it is making."""

    request: ClipRequest
    settings: GeneratorSettings


@dataclass(frozen=True, slots=True)
class CancelJob:
    """To the generator process: stop making this clip. Ignored when it is not being made."""

    job_id: int


def make_clip(request: ClipRequest, settings: GeneratorSettings) -> Generation:
    """Check the request, have its generator make the clip, and conform it.

    Yields progress and returns the result; closing it at any yield ends the work and leaves nothing behind.

    Raises
    ------
    UserError
        The request is not one that the generator can serve (see ``check_request``, ``generator_named``).
    GeneratorError
        The generator is missing, failed, hung or made a clip that cannot be used.
    """
    generator = generator_named(request.generator)
    check_request(request, generator.capabilities())
    generator.check(settings)
    result = yield from generator.generate(request, settings)
    yield Progress(request.job_id, fraction=1.0, stage="finishing")
    clip = conform(result.clip, generator=generator.title, requested_s=request.duration_s)
    return replace(result, clip=clip)
