# SPDX-License-Identifier: GPL-3.0-or-later
"""This module asks a generator for one layer of a jam, by fields where it takes them and by words where it does not."""

from __future__ import annotations

import re
from dataclasses import replace

from engine.generators.base import Generator, GeneratorSettings
from engine.generators.registry import default_generator, generator_named
from engine.generators.requests import check_request, completed
from engine.values import ClipRequest
from engine.values.jam import JAM_BARS, Groove, LayerName, LayerPrompt

NO_MELODY = "melody, harmony, pitched instruments, vocals, singing"
NO_DRUMS = "drums, percussion, kick, snare, hi-hat"
"""These are not to be heard in drums, and in all other layers (jerry4loops's own words)."""

_DRUM_WORDS = re.compile(r"\bdrums?\b|\bdrum loops?\b", re.IGNORECASE)
_WORDS = {
    LayerName.DRUMS: "drum loop",
    LayerName.INSTRUMENTS: "",
    LayerName.BASS: "bass line",
    LayerName.CHORDS: "chords",
    LayerName.LEAD: "lead melody",
    LayerName.NOISE: "texture, no beat",
}
"""These words are added to a prompt for a generator that knows no layers."""


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
    takes = generator.capabilities().takes
    bars = _bars_there_is_room_for(bars, groove, generator)
    request = ClipRequest(
        job_id,
        prompt.prompt,
        generator.name,
        prompt.model,
        _duration_s(bars, groove, generator),
        seed=prompt.seed if takes.seed else None,
        bars=bars,
        bpm=groove.bpm,
        key=groove.key or None,
        metre=groove.metre,
    )
    if layer.heard.is_made_of(takes.layers):
        request = replace(request, layer=layer.heard)
    else:
        negative = NO_MELODY if layer is LayerName.DRUMS else NO_DRUMS
        request = replace(
            request,
            prompt=in_words(layer, prompt.prompt),
            negative_prompt=negative if takes.negative_prompt else "",
        )
    request = completed(request, generator, settings)
    check_request(request, generator)
    return request


def in_words(layer: LayerName, prompt: str) -> str:
    """Return a prompt for a generator that knows no layers."""
    own = _WORDS[layer]
    if layer is LayerName.DRUMS:
        return prompt if "drum loop" in prompt.lower() else f"{prompt} {own}"
    without = " ".join(_DRUM_WORDS.sub("", prompt).split()) or layer.value
    return f"{without}, {own}" if own else without


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
