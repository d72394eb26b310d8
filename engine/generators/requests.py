# SPDX-License-Identifier: GPL-3.0-or-later
"""This module puts requests together from what is set, completes them, and refuses what a generator cannot make."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from engine.errors import (
    BarsTooLong,
    EmptyPrompt,
    NotTaken,
    OutOfRange,
    PromptTooLong,
    UnknownChoice,
    UserError,
    WrongKind,
)
from engine.generators.base import Declares, Generator, GeneratorSettings
from engine.generators.guides import check_guide
from engine.generators.standard import BARS, BPM, EVOLVE, KEY, METRE, NAMES, SEED, all_parameters, request_fields
from engine.values import (
    MAX_TEXT_CHARACTERS,
    MOST_VARIATIONS,
    SPEEDS,
    Clip,
    ClipRequest,
    Guide,
    Layer,
    Parameter,
    Parameters,
    ParameterValue,
    Repaint,
)

MAX_PROMPT_CHARACTERS = MAX_TEXT_CHARACTERS
"""Longest prompt, characters: people type far less, and what is pasted by mistake is far longer."""

USUAL_BEATS_PER_BAR = 4

MIN_REPAINT_S = 0.1
"""Seconds of the shortest part of a clip that can be made anew."""


def completed(request: ClipRequest, generator: Generator, settings: GeneratorSettings) -> ClipRequest:
    """Return the request with every parameter of the generator: its own value, else the one that is set."""
    declared = {one.name: one.default for one in generator.capabilities().parameters}
    kept = {name: value for name, value in settings.of(generator.name).items() if name in declared}
    return replace(request, parameters=Parameters({**declared, **kept, **request.parameters}))


def with_values(request: ClipRequest, values: Mapping[str, ParameterValue], *, n_before: int = 0) -> ClipRequest:
    """Return the request changed by these values of parameters, shared ones and the generator's own.

    ``n_before`` clips were made of the same values: each has the seed that follows. Raises WrongKind, OutOfRange,
    UnknownChoice.
    """
    shared = request_fields(values)
    if SEED.name in shared:
        shared[SEED.name] += n_before
    own = {name: value for name, value in values.items() if name not in NAMES}
    return replace(request, **shared, parameters=Parameters({**request.parameters, **own}))


def taken(values: Mapping[str, ParameterValue], generator: Generator) -> dict[str, ParameterValue]:
    """Return the values of shared parameters that this generator takes."""
    names = {one.name: one for one in all_parameters(generator.capabilities()) if one.name in NAMES}
    return {name: value for name, value in values.items() if name in names and _fits(names[name], value)}


def _fits(parameter: Parameter, value: ParameterValue) -> bool:
    try:
        parameter.checked(value)
    except UserError:
        return False
    return True


def check_request(request: ClipRequest, generator: Declares) -> None:
    """Refuse at the gate what this generator cannot make.

    Raises
    ------
    EmptyPrompt, PromptTooLong
        The prompt holds nothing but blanks, or more than ``MAX_PROMPT_CHARACTERS``.
    OutOfRange
        The duration (seconds), the bars, the tempo or a parameter is outside what can be asked for, or no number.
    UnknownChoice
        The model is none of the generator's ("" means the default, and the only one where there are none), or the key,
        or a parameter's name or value.
    NotTaken
        The request says something that the generator does not take; tempo, key, metre and bars every one takes, be it
        in words (``engine.generators.asked_music``).
    BarsTooLong
        So many bars last longer than the generator's longest clip.
    WrongKind
        A parameter's value is of another kind.
    """
    capabilities = generator.capabilities()
    if not request.prompt.strip():
        raise EmptyPrompt
    if len(request.prompt) > MAX_PROMPT_CHARACTERS:
        raise PromptTooLong(n_characters=len(request.prompt), limit=MAX_PROMPT_CHARACTERS)
    if request.model and request.model not in capabilities.models:
        if not capabilities.models:
            raise NotTaken(generator=generator.title, name="model", value=request.model)
        raise UnknownChoice(name="model", value=request.model, choices=", ".join(capabilities.models))
    _check_taken(request, generator)
    for parameter, value in (
        (BARS, request.bars),
        (BPM, request.bpm),
        (KEY, request.key),
        (METRE, request.metre),
        (EVOLVE, request.evolve),
    ):
        if value is not None:
            # What stands for nothing asked is no value of a field.
            replace(parameter, unset="").checked(value)
    _check_length(request, generator)
    own = {one.name: one for one in capabilities.parameters}
    for name, value in request.parameters.items():
        if name not in own:
            choices = ", ".join(own) or "none: it has none"
            raise UnknownChoice(name=f"parameter of {generator.title}", value=name, choices=choices)
        own[name].checked(value)


def _check_taken(request: ClipRequest, generator: Declares) -> None:
    takes = generator.capabilities().takes
    restyle, repaint = request.restyle, request.repaint
    asked = (
        ("seed", takes.seed, request.seed),
        ("negative prompt", takes.negative_prompt, request.negative_prompt or None),
        ("chords or beats to accompany", takes.guided_s > 0.0, _first_of(request.guide)),
        (
            "layer of that name" if takes.layers else "layer",
            request.layer.is_made_of(takes.layers),
            None if request.layer == Layer.EVERYTHING else str(request.layer),
        ),
        (
            "clip to continue",
            takes.continue_from,
            _length_of(request.continue_from),
        ),
        ("way to evolve", takes.family, request.evolve),
        ("clip before", takes.family, request.follows.name if request.follows is not None else None),
        ("variation", takes.variations, request.variation or None),
        ("request for stems", takes.stems, "stems" if request.stems else None),
        ("endless music", takes.endless, request.part_of.name if request.part_of is not None else None),
        ("clip to restyle", takes.restyle, _length_of(restyle.clip if restyle is not None else None)),
        ("clip to repaint", takes.repaint, _length_of(repaint.clip if repaint is not None else None)),
    )
    for name, is_taken, value in asked:
        if value is not None and not is_taken:
            raise NotTaken(generator=generator.title, name=name, value=value)
    if request.guide is not None and request.guide.beats is not None:
        for name, given in (("number of bars", request.bars), ("tempo", request.bpm), ("metre", request.metre)):
            if given is not None:
                raise NotTaken(generator=generator.title, name=f"{name} beside beats that say it", value=given)
    sources = {"clip to continue": request.continue_from, "clip to restyle": restyle, "clip to repaint": repaint}
    named = [name for name, one in sources.items() if one is not None]
    if len(named) > 1:
        raise NotTaken(generator=generator.title, name=f"{named[1]} beside another", value=named[0])
    if repaint is not None:
        _check_part(repaint)
    if restyle is not None and not 0.0 <= restyle.strength <= 1.0:
        raise OutOfRange(name="strength", value=f"{restyle.strength:g}", low="0", high="1")
    if not 0 <= request.variation <= MOST_VARIATIONS:
        raise OutOfRange(name="variation", value=request.variation, low=0, high=MOST_VARIATIONS)
    if not SPEEDS[0] <= request.speed <= SPEEDS[1]:
        raise OutOfRange(name="speed", value=f"{request.speed:g}", low=f"{SPEEDS[0]:g}", high=f"{SPEEDS[1]:g}")
    if not 1 <= request.n_clips <= takes.n_clips:
        raise OutOfRange(name="number of clips", value=request.n_clips, low=1, high=takes.n_clips)


def _check_part(repaint: Repaint) -> None:
    """Refuse a part that is none of the clip: shorter than ``MIN_REPAINT_S``, or beyond its end."""
    whole_s = repaint.clip.duration_s
    start_s, end_s = repaint.start_s, repaint.end_s
    if not 0.0 <= start_s <= whole_s - MIN_REPAINT_S:
        raise OutOfRange(
            name="start of the part", value=f"{start_s:g} s", low="0 s", high=f"{whole_s - MIN_REPAINT_S:g} s"
        )
    # A part may end within a sample behind the clip, whose length is no round number of seconds.
    if not start_s + MIN_REPAINT_S <= end_s <= whole_s + 1.0 / repaint.clip.sample_rate:
        low = f"{start_s + MIN_REPAINT_S:g} s"
        raise OutOfRange(name="end of the part", value=f"{end_s:g} s", low=low, high=f"{whole_s:g} s")


def _first_of(guide: Guide | None) -> str | None:
    if guide is None:
        return None
    return guide.chords[0].name if guide.chords else "1 bar" if guide.bars == 1 else f"{guide.bars} bars"


def _length_of(clip: Clip | None) -> str | None:
    return None if clip is None else f"{clip.duration_s:.1f} s"


def _check_length(request: ClipRequest, generator: Declares) -> None:
    capabilities = generator.capabilities()
    low, high = capabilities.min_duration_s, capabilities.max_duration_s
    guide = request.guide
    if guide is not None:
        check_guide(guide)
        high = capabilities.takes.guided_s
        if guide.beats is not None:
            METRE.checked(guide.beats.metre)
            if guide.beats.duration_s > high:
                kind = f"{high:g} s at most"
                raise WrongKind(name="length of what is accompanied", value=f"{guide.beats.duration_s:g} s", kind=kind)
            return
    if request.repaint is not None:
        if request.repaint.clip.duration_s > high:
            length = f"{request.repaint.clip.duration_s:.1f} s"
            raise OutOfRange(name="length of the clip to repaint", value=length, low=f"{low:g} s", high=f"{high:g} s")
    elif request.bars is None or not capabilities.takes.bars:
        if not math.isfinite(request.duration_s) or not low <= request.duration_s <= high:
            raise OutOfRange(name="duration", value=f"{request.duration_s:g} s", low=f"{low:g} s", high=f"{high:g} s")
    elif request.bpm is not None:
        check_bars(request.bars, request.bpm, beats_asked(request), generator, is_guided=guide is not None)


def beats_asked(request: ClipRequest) -> int:
    """Return how many beats a bar of the metre has that is asked for, or the usual number."""
    return int(request.metre.partition("/")[0]) if request.metre is not None else USUAL_BEATS_PER_BAR


def check_bars(bars: int, bpm: float, beats_per_bar: int, generator: Declares, *, is_guided: bool = False) -> None:
    """Refuse bars that last longer than this generator's longest clip. Raises BarsTooLong."""
    capabilities = generator.capabilities()
    limit_s = capabilities.takes.guided_s if is_guided else capabilities.max_duration_s
    seconds = bars * beats_per_bar * 60.0 / bpm
    if seconds > limit_s:
        raise BarsTooLong(generator=generator.title, bars=bars, tempo_bpm=bpm, seconds=seconds, limit_s=limit_s)
