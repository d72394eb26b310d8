# SPDX-License-Identifier: GPL-3.0-or-later
"""The companion plays along with a recording: it listens first, has the music made, and puts both together."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.companion import joining, writing
from engine.companion.fitting import fitted, is_loop, placed, sounding
from engine.companion.timeline import Timeline, first_beat_from
from engine.companion.timelines import timeline_across, timeline_of
from engine.errors import NotTaken, OutOfRange
from engine.generators.registry import generator_named
from engine.listening.listen import listen
from engine.units import amplitude_to_db, seconds_to_samples
from engine.values import Clip, ClipRequest, ClipResult, FloatArray, Sound
from engine.values.heard_music import HeardMusic
from engine.values.play_along import CONTINUE_S, LEVEL_LU, LONGEST_S, Along, AlongOrder, Join, PlayedAlong

Make = Callable[[ClipRequest], ClipResult]
"""Has a request made."""

LATE_S = 0.03
"""Seconds by which a recording may end before a beat that it is joined on."""
EARLY_S = 0.005
"""Seconds before its first beat with which an accompaniment begins: a stroke is early by a hair."""
SHORTEST_S = 1.0
"""Seconds of the shortest recording, and of the shortest gap, that is played along with."""


def play_along(recording: Clip, order: AlongOrder, make: Make) -> PlayedAlong:
    """Return what comes of playing along with a recording.

    Raises
    ------
    OutOfRange
        The recording, the gap or what is to come is too short or too long.
    StudioError
        As ``make`` does, and ``listen``.
    """
    check_order(recording, order)
    match order.way:
        case Along.CONTINUE:
            return _continued(recording, order, make)
        case Along.FILL:
            return _filled(recording, order, make)
        case Along.ACCOMPANY | Along.VARY:
            return _accompanied(recording, order, make)


def check_generator(order: AlongOrder) -> None:
    """Refuse a generator that cannot play along in this way. Raises NotTaken, UnknownGenerator."""
    generator = generator_named(order.generator or "composer")
    takes = generator.capabilities().takes
    wanted = {
        Along.CONTINUE: ("recording to continue", takes.continue_from),
        Along.ACCOMPANY: ("recording to accompany", False),
        Along.FILL: ("gap to fill", takes.repaint),
        Along.VARY: ("recording to vary", takes.restyle),
    }
    name, is_taken = wanted[order.way]
    if not (takes.guided_s > 0.0 or is_taken):
        raise NotTaken(generator=generator.title, name=name, value=str(order.way))


def check_order(recording: Sound, order: AlongOrder) -> None:
    """Refuse what cannot be played along with. Raises OutOfRange."""
    lasts_s = recording.n_samples / recording.sample_rate
    if not SHORTEST_S <= lasts_s <= LONGEST_S:
        value = f"{lasts_s:.2f} s"
        raise OutOfRange(name="length of the recording", value=value, low=f"{SHORTEST_S:g} s", high=f"{LONGEST_S:g} s")
    low, high = CONTINUE_S
    if order.way is Along.CONTINUE and not low <= order.seconds <= high:
        raise OutOfRange(name="seconds to continue", value=order.seconds, low=f"{low:g}", high=f"{high:g}")
    low, high = LEVEL_LU
    if order.way is Along.ACCOMPANY and not low <= order.level_lu <= high:
        raise OutOfRange(name="level", value=f"{order.level_lu:g} LU", low=f"{low:g} LU", high=f"{high:g} LU")
    if order.way is Along.FILL:
        whole = lasts_s
        if not 0.0 <= order.from_s <= whole - SHORTEST_S:
            high_s = f"{whole - SHORTEST_S:.2f} s"
            raise OutOfRange(name="start of the gap", value=f"{order.from_s:g} s", low="0 s", high=high_s)
        if not order.from_s + SHORTEST_S <= order.to_s <= whole:
            low_s = f"{order.from_s + SHORTEST_S:g} s"
            raise OutOfRange(name="end of the gap", value=f"{order.to_s:g} s", low=low_s, high=f"{whole:.2f} s")


def _continued(recording: Clip, order: AlongOrder, make: Make) -> PlayedAlong:
    heard, rate = listen(recording), recording.sample_rate
    timeline = timeline_of(heard)
    _, end = sounding(recording)
    beat = math.floor(timeline.beat(end / rate + LATE_S) + 1e-6)
    at = min(end, seconds_to_samples(timeline.time_s(beat), rate))
    total = recording.n_samples + seconds_to_samples(order.seconds, rate)
    if keeps_to_beats(order):
        asked = writing.along_timeline(order, heard, timeline, beat, total / rate)
        n_fade = min(at, _fade_samples(timeline, beat, rate))
    else:
        before = Clip(recording.samples[:at], rate)
        asked, n_fade = writing.going_on(order, heard, timeline, before, (total - at) / rate), 0
    taken = _taken(asked.request, make(asked.request), recording, total, timeline.time_s(beat) - asked.lead_s)
    old = np.zeros_like(taken.raw)
    old[:at] = recording.samples[:at]
    gain = joining.gain_to(taken.raw[at:][: _level(rate)], rate, joining.loudness(old[:at][-_level(rate) :], rate))
    blend = joining.Blend.of(old, at - n_fade, total, gain)
    blend.hold(taken.raw, joining.ceiling_of(recording.samples), rate)
    blend.cross_in(taken.raw, at - n_fade, at, rate)
    blend.fade_out(total, seconds_to_samples(joining.END_FADE_S, rate))
    join = joining.join_of(old[: at - n_fade], (taken.raw * blend.gain)[at:], rate, at / rate, n_fade)
    return _result(heard, taken, blend, at - n_fade, join)


def _filled(recording: Clip, order: AlongOrder, make: Make) -> PlayedAlong:
    rate, total = recording.sample_rate, recording.n_samples
    heard, timeline = timeline_across(recording, order.from_s, order.to_s)
    first, last = math.floor(timeline.beat(order.from_s) + 1e-3), first_beat_from(timeline, order.to_s)
    at = min(max(0, seconds_to_samples(timeline.time_s(first), rate)), total)
    back = min(seconds_to_samples(timeline.time_s(last), rate), total)
    n_fade = _fade_samples(timeline, first, rate)
    if keeps_to_beats(order):
        asked = writing.along_timeline(order, heard, timeline, first, back / rate)
        start_s = timeline.time_s(first) - asked.lead_s
    else:
        asked, start_s = writing.repainted(order, heard, timeline, recording), 0.0
    taken = _taken(asked.request, make(asked.request), recording, total, start_s)
    before, after = recording.samples[:at], recording.samples[back:]
    sides = [joining.loudness(one, rate) for one in (before[-_level(rate) :], after[: _level(rate)])]
    gains = [
        joining.gain_to(near, rate, side if side is not None else other)
        for near, side, other in zip(
            (taken.raw[at:back][: _level(rate)], taken.raw[at:back][-_level(rate) :]), sides, sides[::-1], strict=True
        )
    ]
    begin, ends = max(0, at - n_fade), max(at, back - n_fade)
    old = recording.samples.copy()
    old[at:ends] = 0.0
    blend = joining.Blend.of(old, begin, back, gains[0], gains[1])
    blend.hold(taken.raw, joining.ceiling_of(recording.samples), rate)
    blend.cross_in(taken.raw, begin, at, rate)
    blend.cross_out(taken.raw, ends, back, rate)
    new = taken.raw * blend.gain
    near = min(_level(rate), (ends - at) // 4)
    joins = (
        joining.join_of(before[:begin], new[at:ends], rate, at / rate, at - begin, near=near),
        joining.join_of(new[at:ends], after, rate, back / rate, back - ends, near=near),
    )
    return _result(heard, taken, blend, begin, *joins)


def _accompanied(recording: Clip, order: AlongOrder, make: Make) -> PlayedAlong:
    heard, rate, total = listen(recording), recording.sample_rate, recording.n_samples
    timeline = timeline_of(heard)
    start, end = sounding(recording)
    loops, varies = is_loop(recording, timeline), order.way is Along.VARY
    first = round(timeline.beat(0.0)) if loops else first_beat_from(timeline, start / rate - joining.FADE_S)
    if varies and not keeps_to_beats(order):
        asked, start_s = writing.restyled(order, heard, timeline, recording), 0.0
    else:
        asked = writing.along_timeline(order, heard, timeline, first, total / rate, leads_in=not loops)
        start_s = timeline.time_s(first) - asked.lead_s
    taken = _taken(asked.request, make(asked.request), recording, total, start_s)
    begin = 0 if loops else max(0, seconds_to_samples(timeline.time_s(first) - EARLY_S, rate))
    level = joining.loudness(recording.samples, rate)
    wanted = level if varies or level is None else level + order.level_lu
    gain = joining.gain_to(taken.raw[begin:], rate, wanted)
    blend = joining.Blend.of(np.zeros_like(taken.raw) if varies else recording.samples, begin, total, gain)
    if not loops:
        n_fade = seconds_to_samples(joining.END_FADE_S, rate)
        blend.fade_out(min(total, end + n_fade), n_fade)
    return _result(heard, taken, blend, begin)


def _result(heard: HeardMusic, taken: _Taken, blend: joining.Blend, begin: int, *joins: Join) -> PlayedAlong:
    """Return all of it, held below full scale; the stems are what the new music is, part by part."""
    joined = blend.old + taken.raw * blend.gain
    held = joining.held_down(joined, taken.ceiling)
    gain, rate = blend.gain * np.float32(held), taken.rate
    stems = {name: Clip(taken.fitted(clip) * gain, rate) for name, clip in taken.made.stems.items()}
    return PlayedAlong(
        joined=Clip(joined * np.float32(held), rate),
        new=Clip(taken.raw * gain, rate),
        stems=stems,
        request=taken.request,
        made=taken.made,
        zero_s=taken.zero / rate,
        starts_s=begin / rate,
        heard=heard,
        joins=joins,
        gain_db=0.0 if held == 1.0 else amplitude_to_db(held),
    )


@dataclass(frozen=True, eq=False, slots=True)
class _Taken:
    """A clip that was made lies where it belongs in the whole.

    Attributes
    ----------
    zero
        The sample of what is joined at which the clip's own first one lies, most often before the first that is heard.
    n_samples, n_channels, rate, ceiling
        Of what is joined, which no sample of it exceeds.
    raw
        The clip there, float32, ``(n_samples, n_channels)``, silent where it has nothing.
    """

    request: ClipRequest
    made: ClipResult
    zero: int
    n_samples: int
    n_channels: int
    rate: int
    ceiling: float
    raw: FloatArray

    def fitted(self, clip: Clip) -> FloatArray:
        """Return another clip of the same length where this one lies."""
        return placed(fitted(clip, self.rate, self.n_channels), self.zero, self.n_samples)


def _taken(asked: ClipRequest, made: ClipResult, recording: Clip, n_samples: int, start_s: float) -> _Taken:
    rate, n_channels = recording.sample_rate, recording.n_channels
    zero = round(start_s * rate)
    raw = placed(fitted(made.clip, rate, n_channels), zero, n_samples)
    return _Taken(asked, made, zero, n_samples, n_channels, rate, joining.ceiling_of(recording.samples), raw)


def _fade_samples(timeline: Timeline, beat: int, rate: int) -> int:
    return joining.fade_samples(timeline.time_s(beat + 1) - timeline.time_s(beat), rate)


def _level(rate: int) -> int:
    """Return how many samples on either side of a join are compared."""
    return seconds_to_samples(joining.LEVEL_S, rate)


def keeps_to_beats(order: AlongOrder) -> bool:
    """Return whether the generator takes chords and beats to go along with, as the composer does."""
    return generator_named(order.generator or "composer").capabilities().takes.guided_s > 0.0
