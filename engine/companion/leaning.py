# SPDX-License-Identifier: GPL-3.0-or-later
"""Generators with knobs for brightness and density are turned towards how bright and how dense other music is."""

from __future__ import annotations

import math
from collections.abc import Sequence

from engine.values import Kind, Parameter
from engine.values.jam import Character

USUAL_CENTRE_HZ, USUAL_ONSETS_PER_BEAT = 400.0, 1.5
"""These are the brightness and the density to which a knob in its middle belongs; an octave more or less is its end."""


def leans(
    parameters: Sequence[Parameter], heard: Sequence[Character], beat_s: float, strength: float = 0.0
) -> dict[str, float]:
    """Return where the knobs for brightness and density are turned, in [-1, 1], those apart that stay in the middle.

    Parameters
    ----------
    parameters
        Those that the generator declares.
    heard
        What the music to go by is like, part by part; silent parts say nothing.
    strength
        How far what is made may go from it, in [0, 1]: half of the way stays as close as can be.
    """
    sounding = [one for one in heard if one.centre_hz > 0.0]
    knobs = [one.name for one in parameters if one.kind is Kind.NUMBER and one.low < 0.0 < one.high]
    return {name: lean for name in knobs if sounding and (lean := _lean(name, sounding, beat_s, strength))}


def _lean(name: str, heard: Sequence[Character], beat_s: float, strength: float) -> float:
    if name == "brightness":
        octaves = sum(math.log2(one.centre_hz / USUAL_CENTRE_HZ) for one in heard) / len(heard)
    elif name == "density":
        per_beat = sum(one.onsets_per_s for one in heard) * beat_s / len(heard)
        octaves = math.log2(max(per_beat, 0.1) / USUAL_ONSETS_PER_BEAT)
    else:
        return 0.0
    return round(max(-1.0, min(1.0, octaves)) * min(1.0, 2.0 * (1.0 - strength)), 2)
