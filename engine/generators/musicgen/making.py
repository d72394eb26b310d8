# SPDX-License-Identifier: GPL-3.0-or-later
"""This module makes clips of a request: loads the model, then pass after pass, each part told as soon as it sounds."""

from __future__ import annotations

import math
import secrets
import time
from collections.abc import Generator as Steps
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import TYPE_CHECKING

from engine.errors import ModelOutOfMemory, NotTaken
from engine.generators.base import Generation, GeneratorSettings
from engine.generators.musicgen.codes import Sampling
from engine.generators.musicgen.conditions import melody_of
from engine.generators.musicgen.declared import (
    CARDS,
    DEVICE,
    FRAME_RATE,
    GUIDANCE,
    HOP,
    MODELS,
    PRECISION,
    SAMPLE_RATE,
    TEMPERATURE,
    TITLE,
    TOP_K,
    TOP_P,
)
from engine.generators.musicgen.devices import is_out_of_memory
from engine.generators.musicgen.loading import Loaded, Shelf, Wanted
from engine.generators.musicgen.passes import Asked, Parts, parts_of
from engine.generators.musicgen.sound import encoded
from engine.generators.prompt_words import tempo_in, worded
from engine.generators.requests import beats_asked, check_bars
from engine.models.found import model_folder
from engine.values import Clip, ClipRequest, ClipResult, MusicFacts, Progress

if TYPE_CHECKING:
    import torch

    from engine.values import FloatArray

CONTEXT_S = 10.0
"""How much of what went before a pass begins with, at most, seconds."""
PASS_S = 30.0
"""Length of a pass with what it begins with, seconds: the model was trained on no more."""
USUAL_BPM = 120.0
"""Tempo at which bars are made where none is asked for nor said in the prompt."""

_SEED_BITS = 32


@dataclass(frozen=True, slots=True)
class Lengths:
    """The lengths of passes, seconds; tests make them short."""

    pass_s: float = PASS_S
    context_s: float = CONTEXT_S


def make(request: ClipRequest, settings: GeneratorSettings, shelf: Shelf, lengths: Lengths = Lengths()) -> Generation:
    """Make the clips: see ``MusicGen.generate``."""
    model = request.model or MODELS[0]
    try:
        return (yield from _made(request, settings, shelf, model, lengths))
    except Exception as error:
        if not is_out_of_memory(error):
            raise
    # Outside of the handler: what the error held of the memory is free by now.
    shelf.clear()
    raise ModelOutOfMemory(generator=TITLE, model=model)


def _made(request: ClipRequest, settings: GeneratorSettings, shelf: Shelf, name: str, lengths: Lengths) -> Generation:
    yield Progress(request.job_id, None, "starting")
    card = next(one for one in CARDS if one.name == name)
    folder = model_folder(card, settings.models_folder)
    _check_restyle(request, name)
    request, duration_s = _timed(request)
    values = request.parameters
    loading = shelf.take(Wanted(name, folder, values.text(DEVICE.name), values.text(PRECISION.name)))
    while True:
        try:
            yield Progress(request.job_id, next(loading), "loading")
        except StopIteration as end:
            loaded: Loaded = end.value
            break
    seed = secrets.randbits(_SEED_BITS) if request.seed is None else request.seed
    seeds = [seed + n for n in range(request.n_clips)]
    n_samples = max(1, round(duration_s * SAMPLE_RATE))
    yield Progress(request.job_id, 0.0, "generating")
    asked = _asked(request, loaded, seeds, math.ceil(n_samples / HOP), lengths)
    clips = yield from _told(request.job_id, parts_of(loaded, asked), n_samples, len(seeds))
    versions = {name: version(name) for name in ("torch", "transformers")}
    facts = MusicFacts(bars=request.bars)
    first, *others = [
        ClipResult(request.job_id, clip, facts, seed=one, versions=versions)
        for clip, one in zip(clips, seeds, strict=True)
    ]
    return replace(first, others=tuple(others))


def _told(job_id: int, parts: Parts, n_samples: int, n_clips: int) -> Steps[Progress, None, list[Clip]]:
    """Tell of each step and of each part of the first clip; return all clips, exactly so long."""
    import numpy as np

    heard: list[list[FloatArray]] = [[] for _ in range(n_clips)]
    n_heard, started_s = 0, time.monotonic()
    for part in parts:
        chunk = None
        if part.samples is not None:
            for one, samples in zip(heard, part.samples, strict=True):
                one.append(samples[: n_samples - n_heard])
            if len(heard[0][-1]):
                chunk = Clip(heard[0][-1], SAMPLE_RATE)
            n_heard += len(heard[0][-1])
        spent_s = time.monotonic() - started_s
        left_s = spent_s * (1.0 - part.fraction) / part.fraction if part.fraction > 0.0 else None
        yield Progress(job_id, part.fraction, "generating", left_s, chunk)
    return [Clip(np.concatenate(one), SAMPLE_RATE) for one in heard]


def _asked(request: ClipRequest, loaded: Loaded, seeds: list[int], n_frames: int, lengths: Lengths) -> Asked:
    """Return what the passes are to make, in the model's own terms."""
    values, restyle = request.parameters, request.restyle
    melody = melody_of(_heard(restyle.clip, 1)[:, 0]) if restyle is not None else None
    return Asked(
        prompt=worded(request),
        negative=request.negative_prompt,
        guidance=values.number(GUIDANCE.name),
        sampling=Sampling(values.number(TEMPERATURE.name), int(values.number(TOP_K.name)), values.number(TOP_P.name)),
        seeds=tuple(seeds),
        n_frames=n_frames,
        pass_frames=round(lengths.pass_s * FRAME_RATE),
        context_frames=round(lengths.context_s * FRAME_RATE),
        before=_before(request.continue_from, loaded, lengths),
        melody=melody,
        melody_share=1.0 - restyle.strength if restyle is not None else 0.0,
    )


def _before(clip: Clip | None, loaded: Loaded, lengths: Lengths) -> torch.Tensor | None:
    """Return the codes of the end of what goes before, shape ``(1, n_codebooks, n)``; None where there is none."""
    import torch

    if clip is None:
        return None
    # A little more than is used, so that the resampling has settled.
    n_last = round((lengths.context_s + 1.0) * clip.sample_rate)
    sound = _heard(Clip(clip.samples[-n_last:], clip.sample_rate), loaded.n_channels)
    n_frames = min(len(sound) // HOP, round(lengths.context_s * FRAME_RATE))
    if n_frames == 0:
        return None
    last = torch.from_numpy(sound[-n_frames * HOP :].T.copy())[None].to(loaded.device)
    return encoded(loaded.model, last)


def _heard(clip: Clip, n_channels: int) -> FloatArray:
    """Return a clip's samples as the model hears them: 32 kHz, so many channels."""
    import numpy as np
    import soxr

    samples = clip.samples
    if clip.n_channels != n_channels:
        samples = np.repeat(samples.mean(axis=1, keepdims=True), n_channels, axis=1)
    if clip.sample_rate == SAMPLE_RATE:
        return samples
    resampled: FloatArray = soxr.resample(samples, clip.sample_rate, SAMPLE_RATE, quality="HQ")
    return resampled


def _timed(request: ClipRequest) -> tuple[ClipRequest, float]:
    """Return the request with a tempo where bars are asked for, and how long the clip lasts, seconds.

    Raises BarsTooLong.
    """
    if request.bars is None:
        return request, request.duration_s
    from engine.generators.musicgen.musicgen import MusicGen

    bpm = request.bpm or tempo_in(request.prompt) or USUAL_BPM
    check_bars(request.bars, bpm, beats_asked(request), MusicGen())
    return replace(request, bpm=bpm), request.bars * beats_asked(request) * 60.0 / bpm


def _check_restyle(request: ClipRequest, model: str) -> None:
    if request.restyle is not None and "melody" not in model:
        length = f"{request.restyle.clip.duration_s:.1f} s"
        raise NotTaken(generator=f"{TITLE} {model}", name="clip to restyle (its melody models do)", value=length)
