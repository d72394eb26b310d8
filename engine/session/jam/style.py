# SPDX-License-Identifier: GPL-3.0-or-later
"""Loops take their style from the mix: its sound where the generator restyles, else its key, brightness, density."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from engine.companion.leaning import leans
from engine.generators.capabilities import Takes
from engine.generators.registry import generator_named
from engine.session.jam.harmony import LEADING
from engine.values import Clip, ClipRequest, Parameters, Restyle
from engine.values.jam import JamLoop

LONGEST_STYLE_S = 12.0
"""Length of the longest mix that is restyled, seconds, as jerry4loops takes it."""


def in_style(
    request: ClipRequest, strength: float, playing: Sequence[JamLoop], mix: Callable[[float], Clip | None]
) -> ClipRequest:
    """Return the request to be made in the style of what plays, where its generator can.

    Parameters
    ----------
    strength
        How far it may go from it, in [0, 1]: 0 stays, 1 takes nothing of it.
    mix
        Returns what plays as one sound, no longer than so many seconds.
    """
    if not playing:
        return request
    declared = generator_named(request.generator).capabilities()
    if _restyles(request, declared.takes):
        sound = mix(LONGEST_STYLE_S)
        if sound is not None:
            return replace(request, restyle=Restyle(sound, strength))
    if request.key is None and declared.takes.key:
        request = replace(request, key=key_of(playing))
    heard = [loop.character for loop in playing if loop.character is not None]
    turned = leans(declared.parameters, heard, 60.0 / playing[0].groove.bpm, strength)
    return replace(request, parameters=Parameters({**request.parameters, **turned})) if turned else request


def key_of(playing: Sequence[JamLoop]) -> str | None:
    """Return the key of the first layer with chords whose key is known."""
    keys = {loop.layer: loop.recipe.facts.key for loop in playing if loop.recipe.facts.key}
    return next((keys[name] for name in LEADING if name in keys), None)


def _restyles(request: ClipRequest, takes: Takes) -> bool:
    """Return whether a sound can be given to be restyled: not where one is given to go on from."""
    return takes.restyle and request.continue_from is None and request.part_of is None and request.follows is None
