# SPDX-License-Identifier: GPL-3.0-or-later
"""This module is the whole way from a request to a studio clip, for the generator process and for commands alike."""

from __future__ import annotations

import logging
from dataclasses import replace

from engine.errors import GeneratorError, GeneratorOutputBad, StudioError
from engine.generators.asked_music import as_taken
from engine.generators.base import Generation, GeneratorSettings, PlaysOn
from engine.generators.chunks import with_fitted_chunks
from engine.generators.conform import conform_with
from engine.generators.licences import licence_of
from engine.generators.plain import plain_words, with_plain_words
from engine.generators.registry import generator_named, generators
from engine.generators.requests import beats_asked, check_request, completed
from engine.values import ClipRequest, ClipResult, JobFailed, Progress

log = logging.getLogger(__name__)


def make_clip(request: ClipRequest, settings: GeneratorSettings) -> Generation:
    """Complete and check the request, have its generator make the clip (or clips), and conform it.

    Yields progress, with chunks at the studio's rate, and returns the result; closing it at any yield ends the work and
    leaves nothing behind.

    Raises
    ------
    UserError
        The request is not one that the generator can serve (see ``check_request``, ``generator_named``).
    GeneratorError
        The generator is missing, failed, hung or made a clip that cannot be used.
    """
    generator = generator_named(request.generator)
    title = generator.title
    result = yield from with_fitted_chunks(deliver_clip(request, settings), title)
    yield Progress(request.job_id, fraction=1.0, stage="finishing")
    if len(result.others) != request.n_clips - 1:
        detail = f"it made {len(result.others) + 1} clips, and {request.n_clips} were asked for"
        raise GeneratorOutputBad(generator=title, detail=detail)
    # Held against what it was sent: what was said to it in words it need not keep to.
    sent = as_taken(request, generator)
    others = tuple(_conformed(one, sent, title) for one in result.others)
    return replace(_conformed(result, sent, title), others=others)


def deliver_clip(request: ClipRequest, settings: GeneratorSettings) -> Generation:
    """Complete and check the request, and have its generator make the clip, as it then delivers it.

    Yields, returns and raises as ``make_clip`` does.
    """
    generator = generator_named(request.generator)
    request = completed(request, generator, settings)
    check_request(request, generator)
    settings = settings.with_values(generator.name, request.parameters)
    generator.check(settings)
    result = yield from with_plain_words(generator.generate(as_taken(request, generator), settings), generator.title)
    # A generator that asks another machine knows the licence better.
    licence = result.licence or licence_of(request.generator, request.model)
    return replace(result, licence=licence, others=tuple(replace(one, licence=licence) for one in result.others))


def leave_music(music: str) -> None:
    """Have whatever generator plays the endless music of that name end it; what goes wrong is logged."""
    for generator in generators():
        if isinstance(generator, PlaysOn):
            try:
                generator.leave(music)
            except Exception:
                log.exception("%s could not leave its music", generator.name)


def failed(request: ClipRequest, error: Exception) -> JobFailed:
    """Return what a process answers where a clip was not made; errors that are not the studio's own are logged."""
    if isinstance(error, StudioError):
        return JobFailed(request.job_id, error)
    if isinstance(error, MemoryError):
        log.error("job %d: memory ran out", request.job_id, exc_info=error)
        detail = "this machine's memory is used up: choose a smaller model or a shorter clip"
    else:
        log.error("job %d: %s failed", request.job_id, request.generator, exc_info=error)
        detail = plain_words(" ".join(f"{type(error).__name__}: {error}".split())).rstrip(": .")
    return JobFailed(request.job_id, GeneratorError(generator=request.generator, detail=detail))


def _conformed(result: ClipResult, request: ClipRequest, title: str) -> ClipResult:
    facts, requested_s = result.facts, request.duration_s
    guide = request.guide
    if request.repaint is not None:
        requested_s = request.repaint.clip.duration_s
    elif guide is not None and guide.beats is not None:
        requested_s = guide.beats.duration_s
    elif guide is not None and request.bars is None:
        requested_s = result.clip.duration_s
    elif (bars := request.bars or result.asked_bars) is not None:
        if facts.bars != bars:
            raise GeneratorOutputBad(generator=title, detail=f"it has {facts.bars} bars, not {bars}")
        bpm = request.bpm or facts.tempo_bpm
        # Bars count in the place of the duration: at a tempo that is not told, they may last anything.
        beats = facts.beats_per_bar or beats_asked(request)
        requested_s = bars * beats * 60.0 / bpm if bpm else result.clip.duration_s
    clip, stems = conform_with(result.clip, result.stems, generator=title, requested_s=requested_s)
    score = result.score.at_rate(clip.sample_rate, clip.n_samples) if result.score is not None else None
    conformed = replace(result, clip=clip, stems=stems, score=score)
    return conformed if request.speed == 1.0 else _at_speed(conformed, request.speed)


def _at_speed(made: ClipResult, speed: float) -> ClipResult:
    """Return a clip at another speed; its notes and its parts are not those of what is heard any more."""
    from engine.dsp.stretch import stretch_clip

    bpm = made.facts.tempo_bpm
    facts = replace(made.facts, tempo_bpm=None if bpm is None else bpm * speed)
    return replace(made, clip=stretch_clip(made.clip, speed), facts=facts, score=None, stems={})
