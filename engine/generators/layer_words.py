# SPDX-License-Identifier: GPL-3.0-or-later
"""This module eases a request: what its maker does not take is said in words or left out, not refused."""

from __future__ import annotations

import re
from dataclasses import replace

from engine.generators.capabilities import Takes
from engine.values import LAYERS, ClipRequest, Layer

NO_MELODY = "melody, harmony, pitched instruments, vocals, singing"
NO_DRUMS = "drums, percussion, kick, snare, hi-hat"
"""These are not to be heard in drums, and in all other layers (jerry4loops's own words)."""

_DRUM_WORDS = re.compile(r"\bdrums?\b|\bdrum loops?\b", re.IGNORECASE)
_WORDS = {"bass": "bass line", "chords": "chords", "lead": "lead melody", "noise": "texture, no beat"}
"""These words are added to a prompt for a generator that knows no layers."""


def eased(request: ClipRequest, takes: Takes) -> ClipRequest:
    """Return a request that is to be eased as this maker takes it; any other as it is."""
    if not request.is_eased:
        return request
    layer = request.layer
    if layer != Layer.EVERYTHING and not layer.is_made_of(takes.layers):
        negative = ", ".join(one for one in (request.negative_prompt, negative_words(layer)) if one)
        prompt = in_words(layer, request.prompt)
        request = replace(request, prompt=prompt, negative_prompt=negative, layer=Layer.EVERYTHING)
    return replace(
        request,
        seed=request.seed if takes.seed else None,
        negative_prompt=request.negative_prompt if takes.negative_prompt else "",
        guide=request.guide if takes.guided_s else None,
        continue_from=request.continue_from if takes.continue_from else None,
        restyle=request.restyle if takes.restyle else None,
        follows=request.follows if takes.family else None,
        evolve=request.evolve if takes.family else None,
        part_of=request.part_of if takes.endless else None,
    )


def in_words(layer: Layer, prompt: str) -> str:
    """Return a prompt for a generator that knows no layers."""
    if layer == Layer.DRUMS:
        return prompt if "drum loop" in prompt.lower() else f"{prompt} drum loop"
    name = next((name for name, one in LAYERS.items() if one == layer), "instruments")
    without = " ".join(_DRUM_WORDS.sub("", prompt).split()) or name
    own = _WORDS.get(name)
    return f"{without}, {own}" if own else without


def negative_words(layer: Layer) -> str:
    """Return what is not to be heard in a layer."""
    return NO_MELODY if layer == Layer.DRUMS else NO_DRUMS
