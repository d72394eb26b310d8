# SPDX-License-Identifier: GPL-3.0-or-later
"""Loops take their style from the mix: its sound where the generator restyles, else its key, brightness, density."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from engine.generators.capabilities import Takes
from engine.generators.registry import generator_named
from engine.session.jam.harmony import LEADING
from engine.values import Clip, ClipRequest, Kind, Parameters, Restyle
from engine.values.jam import JamLoop

LONGEST_STYLE_S = 12.0
"""Length of the longest mix that is restyled, seconds, as jerry4loops takes it."""
USUAL_CENTRE_HZ, USUAL_ONSETS_PER_BEAT = 400.0, 1.5
"""These are the brightness and the density to which a knob in its middle belongs; an octave more or less is its end."""


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
    leans = {
        one.name: lean
        for one in declared.parameters
        if one.kind is Kind.NUMBER and one.low < 0.0 < one.high and (lean := _lean(one.name, playing, strength))
    }
    return replace(request, parameters=Parameters({**request.parameters, **leans})) if leans else request


def key_of(playing: Sequence[JamLoop]) -> str | None:
    """Return the key of the first layer with chords whose key is known."""
    keys = {loop.layer: loop.recipe.facts.key for loop in playing if loop.recipe.facts.key}
    return next((keys[name] for name in LEADING if name in keys), None)


def _restyles(request: ClipRequest, takes: Takes) -> bool:
    """Return whether a sound can be given to be restyled: not where one is given to go on from."""
    return takes.restyle and request.continue_from is None and request.part_of is None and request.follows is None


def _lean(name: str, playing: Sequence[JamLoop], strength: float) -> float:
    """Return where a knob of that name is turned, in [-1, 1]; 0 for one that is not of the sound."""
    heard = [loop.character for loop in playing if loop.character is not None and loop.character.centre_hz > 0.0]
    if not heard:
        return 0.0
    if name == "brightness":
        octaves = sum(math.log2(one.centre_hz / USUAL_CENTRE_HZ) for one in heard) / len(heard)
    elif name == "density":
        beat_s = 60.0 / playing[0].groove.bpm
        per_beat = sum(one.onsets_per_s for one in heard) * beat_s / len(heard)
        octaves = math.log2(max(per_beat, 0.1) / USUAL_ONSETS_PER_BEAT)
    else:
        return 0.0
    # Half of the way stays as close as can be: beyond, less and less is kept.
    return round(max(-1.0, min(1.0, octaves)) * min(1.0, 2.0 * (1.0 - strength)), 2)
