# SPDX-License-Identifier: GPL-3.0-or-later
"""Timelines are made of what was heard, be it steady, without a pulse, or on both sides of a gap."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.companion.timeline import Timeline
from engine.listening.listen import QUIET_BEAT_S, listen
from engine.units import seconds_to_samples
from engine.values import Clip, GivenBeats
from engine.values.heard_music import HeardMusic

TWICE = 1.6
"""Ratio from which on the beats of two sides are taken to be those of one, told once as twice as many."""
LEAST_SIDE_S = 3.0
"""Seconds of music beside a gap that are listened to."""


def timeline_of(heard: HeardMusic) -> Timeline:
    """Return the timeline of a recording; one without a pulse has a slow, steady one."""
    return Timeline.of(heard.beats or steady_beats(heard.duration_s), heard.chords)


def steady_beats(duration_s: float) -> GivenBeats:
    """Return the beats that are given to music without a pulse: each is ``QUIET_BEAT_S`` long."""
    n_beats = max(2, int(duration_s / QUIET_BEAT_S))
    times_s = np.arange(n_beats) * min(QUIET_BEAT_S, duration_s / (n_beats + 1))
    return GivenBeats(tuple(times_s.tolist()), duration_s)


def timeline_across(recording: Clip, from_s: float, to_s: float) -> tuple[HeardMusic, Timeline]:
    """Return what is heard around a gap, and the timeline of all of it: in the gap, beats and chords go on.

    A side that is shorter than ``LEAST_SIDE_S``, or has no pulse while the other has, says nothing.
    """
    rate = recording.sample_rate
    sides = (
        (0.0, recording.samples[: seconds_to_samples(from_s, rate)]),
        (to_s, recording.samples[seconds_to_samples(to_s, rate) :]),
    )
    heard = [(at_s, listen(Clip(one, rate))) for at_s, one in sides if len(one) >= LEAST_SIDE_S * rate]
    if not heard:
        whole = listen(recording)
        return whole, timeline_of(whole)
    with_pulse = [one for one in heard if one[1].beats is not None] or heard
    lines = [_later(timeline_of(one), at_s) for at_s, one in with_pulse]
    return with_pulse[0][1], lines[0] if len(lines) == 1 else _bridged(*lines)


def _later(timeline: Timeline, by_s: float) -> Timeline:
    return replace(timeline, times_s=timeline.times_s + by_s)


def _bridged(before: Timeline, after: Timeline) -> Timeline:
    """Return two timelines as one: the beats between them are of one length, and the chords go on as before."""
    faster = before.last_beat_s / after.last_beat_s
    if faster > TWICE:
        after = after.halved()
    elif faster < 1.0 / TWICE:
        before = before.halved()
    last_s, next_s = float(before.times_s[-1]), float(after.times_s[0])
    n_between = max(0, round((next_s - last_s) / before.last_beat_s) - 1)
    between_s = np.linspace(last_s, next_s, n_between + 2)[1:-1]
    n_before = len(before.times_s)
    first_after = n_before + n_between
    return Timeline(
        np.concatenate([before.times_s, between_s, after.times_s]),
        before.metre,
        (
            *before.downbeats,
            *(beat for beat in range(n_before, first_after) if before.begins_bar(beat)),
            *(one + first_after for one in after.downbeats),
        ),
        (*before.chords, *(before.chord(beat) for beat in range(n_before, first_after)), *after.chords),
    )
