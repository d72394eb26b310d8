# SPDX-License-Identifier: GPL-3.0-or-later
"""This module asks a generator for what the companion plays: for a stretch of the recording's timeline."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from engine.companion.leaning import leans
from engine.companion.timeline import Timeline
from engine.generators.registry import generator_named
from engine.values import Clip, ClipRequest, Layer, Parameters, Repaint, Restyle
from engine.values.heard_music import HeardMusic
from engine.values.play_along import AlongOrder

LEAD_BARS = 1
"""Number of bars that are asked for before the first that is heard: what rings on from a clip's end begins there."""
VARY_STRENGTH = 0.5
"""How far a model goes from a recording that it varies, in [0, 1]."""


@dataclass(frozen=True, eq=False, slots=True)
class Asked:
    """This is asked of a generator, of whose clip so many seconds lie before the first that is heard."""

    request: ClipRequest
    lead_s: float


def along_timeline(
    order: AlongOrder, heard: HeardMusic, timeline: Timeline, first: int, until_s: float, *, leads_in: bool = True
) -> Asked:
    """Return what is asked of a generator that keeps to chords and beats, from a beat on until a time."""
    begin = first - LEAD_BARS * timeline.per_bar * leads_in
    end = max(math.ceil(timeline.beat(until_s) - 1e-6), first + 1)
    request = replace(asked_of(order, heard, timeline), guide=timeline.guide(begin, end))
    return Asked(request, timeline.time_s(first) - timeline.time_s(begin))


def going_on(order: AlongOrder, heard: HeardMusic, timeline: Timeline, before: Clip, seconds: float) -> Asked:
    """Return what is asked of a model that goes on from a sound."""
    request = replace(asked_of(order, heard, timeline), continue_from=before, duration_s=seconds)
    return Asked(request, 0.0)


def restyled(order: AlongOrder, heard: HeardMusic, timeline: Timeline, whole: Clip) -> Asked:
    """Return what is asked of a model that plays a sound in another way."""
    request = asked_of(order, heard, timeline)
    return Asked(replace(request, restyle=Restyle(whole, VARY_STRENGTH), duration_s=whole.duration_s), 0.0)


def repainted(order: AlongOrder, heard: HeardMusic, timeline: Timeline, whole: Clip) -> Asked:
    """Return what is asked of a model that makes a part of a sound anew."""
    request = asked_of(order, heard, timeline)
    return Asked(replace(request, repaint=Repaint(whole, order.from_s, order.to_s), duration_s=whole.duration_s), 0.0)


def asked_of(order: AlongOrder, heard: HeardMusic, timeline: Timeline) -> ClipRequest:
    """Return the request without what is to be played along with: in the recording's key, as bright and as dense."""
    generator = generator_named(order.generator or "composer")
    declared = generator.capabilities()
    beat_s = (timeline.times_s[-1] - timeline.times_s[0]) / max(1, len(timeline.times_s) - 1)
    knobs = leans(declared.parameters, (heard.character,), beat_s) if order.layer == Layer.EVERYTHING else {}
    prompt = order.style or heard.style
    return ClipRequest(
        1,
        prompt,
        generator.name,
        order.model,
        heard.duration_s,
        seed=order.seed if declared.takes.seed else None,
        key=heard.key if declared.takes.key and timeline.has_chords else None,
        layer=order.layer,
        stems=declared.takes.stems,
        parameters=Parameters(knobs),
    )
