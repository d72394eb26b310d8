# SPDX-License-Identifier: GPL-3.0-or-later
"""Layers of a jam agree on their chords: what is made for one is played along with those that sound on another."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from engine.generators.registry import generator_named
from engine.values import ClipRequest, GivenChord, Guide
from engine.values.jam import JamLoop, LayerName

LEADING = (LayerName.INSTRUMENTS, LayerName.CHORDS, LayerName.LEAD, LayerName.BASS)
"""Layers with chords, the first of which that plays has the others follow."""


def in_harmony(layer: LayerName, request: ClipRequest, playing: Iterable[JamLoop]) -> ClipRequest:
    """Return the request to be played along with the chords of other layers, where its generator takes chords.

    It has as many bars as these chords, or a whole number of turns of them.
    """
    takes = generator_named(request.generator).capabilities().takes
    if layer not in LEADING or not takes.guided_s or request.guide is not None or request.follows or request.part_of:
        return request
    by_layer = {loop.layer: loop for loop in playing if loop.layer is not layer}
    guides = (chords_of(by_layer[name]) for name in LEADING if name in by_layer)
    guide = next((one for one in guides if one is not None), None)
    if guide is None or request.bars is None:
        return request
    return replace(request, guide=guide, bars=math.lcm(request.bars, guide.bars))


def chords_of(loop: JamLoop) -> Guide | None:
    """Return the chords of a loop, each on the nearest beat; None where they are not known."""
    bars = loop.facts.bars
    if not loop.recipe.chords or bars is None or loop.recipe.wraps is not loop.clip.wraps:
        return None
    beats = loop.groove.beats_per_bar
    n_beats = bars * beats
    by_beat: dict[int, str] = {}
    for chord in loop.recipe.chords:
        beat = round(chord.start * n_beats / loop.clip.n_samples)
        if 0 <= beat < n_beats:
            by_beat[beat] = chord.name
    if not by_beat:
        return None
    chords = tuple(GivenChord(float(Fraction(beat, beats)), name) for beat, name in sorted(by_beat.items()))
    return Guide(chords, bars)
