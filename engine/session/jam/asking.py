# SPDX-License-Identifier: GPL-3.0-or-later
"""This module asks a generator for one layer of a jam, by fields where it takes them and by words where it does not."""

from __future__ import annotations

from engine.generators.base import Generator, GeneratorSettings
from engine.generators.layer_words import eased
from engine.generators.registry import default_generator, generator_named
from engine.generators.requests import check_request, completed
from engine.values import ClipRequest
from engine.values.jam import JAM_BARS, Groove, LayerName, LayerPrompt


def layer_request(
    job_id: int, layer: LayerName, prompt: LayerPrompt, groove: Groove, *, bars: int, settings: GeneratorSettings
) -> ClipRequest:
    """Return the request for a loop of a layer, of as many bars up to ``bars`` as its generator has room for.

    Raises
    ------
    UserError
        The generator cannot make it, or there is none of that name.
    """
    generator = generator_named(prompt.generator) if prompt.generator else default_generator()
    bars = _bars_there_is_room_for(bars, groove, generator)
    request = ClipRequest(
        job_id,
        prompt.prompt,
        generator.name,
        prompt.model,
        _duration_s(bars, groove, generator),
        seed=prompt.seed,
        bars=bars,
        bpm=groove.bpm,
        key=groove.key or None,
        metre=groove.metre,
        layer=layer.heard,
        is_eased=True,
    )
    request = completed(eased(request, generator.capabilities().takes), generator, settings)
    check_request(request, generator)
    return request


def _bars_there_is_room_for(bars: int, groove: Groove, generator: Generator) -> int:
    """Return the most bars, up to those asked for, that are no longer than the generator's longest clip."""
    longest_s = generator.capabilities().max_duration_s
    fitting = [one for one in JAM_BARS if one <= bars and _bars_s(one, groove) <= longest_s]
    return max(fitting, default=bars)


def _duration_s(bars: int, groove: Groove, generator: Generator) -> float:
    declared = generator.capabilities()
    # A generator that keeps no exact bars makes a little more, to choose from.
    wanted_s = _bars_s(bars, groove) * (1.0 if declared.takes.bars else 1.5)
    return min(max(wanted_s, declared.min_duration_s), declared.max_duration_s)


def _bars_s(bars: int, groove: Groove) -> float:
    return bars * groove.beats_per_bar * 60.0 / groove.bpm
