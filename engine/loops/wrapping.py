# SPDX-License-Identifier: GPL-3.0-or-later
"""This module judges by ear whether a sound goes on at its own start where it ends, when no tag says so.

A file that was made to repeat says so in no header, as a rule. It is known by its joint: the wave goes on without a
step or a kink, neither end is faded or silent, the sound lasts whole bars, and elsewhere in it, too, what is like its
end is followed by what is like its start. A piece that was cut anywhere has a step there, or lasts no whole bars; one
that fades, or ends in silence, is quiet at an end as nowhere else.
"""

from __future__ import annotations

import numpy as np

from engine.dsp.features import Listener
from engine.dsp.rhythm import DEFAULT_BEATS_PER_BAR, Rhythm
from engine.loops.metrics import Judge, joint_jumps, phase_continuity
from engine.loops.similarity import SeamMap
from engine.units import ms_to_samples, seconds_to_samples
from engine.values import LoopRegion

LARGEST_JUMP = 2.0
"""Largest step and kink at the joint of a sound that goes on, over the RMS of such in the 10 ms around.

Of music that was cut anywhere nine in ten have more.
"""

OFF_BEATS = 0.1
"""Beats that a sound may be off whole bars and still last them: its tempo is never estimated quite right."""

EDGE_S, LONGER_EDGE_S = 0.5, 2.0
"""Seconds of either end that are compared with the rest, and (beats are uneven) with the other end."""

UNEVEN_DB = 6.0
"""Level in dB below the other end, or the quietest twentieth of the sound, at which an end is faded or silent."""

ALIKE, HARDLY_ALIKE = 0.3, 0.15
"""Likenesses of the joint to another place of the sound that prove the joint, and below which nothing does.

Between the two the partials must go on in phase as well.
"""

IN_PHASE, IN_PHASE_UNPULSED = 0.3, 0.5
"""Phase continuity from which on partials go on, with a pulse and without one (and so without bars)."""

PERIODIC = 0.85
"""Likeness throughout from which on the music is one period, again and again, and goes round only in whole ones."""

_QUIETEST_SHARE = 5.0  # per cent
_JUST_MS = 50.0
_SILENT_DB = -20.0  # re the sound's RMS


def goes_round(judge: Judge, seams: SeamMap) -> bool:
    """Return whether the sound, of which no tag tells, goes on at its start where it ends.

    ``seams`` is its map; where that has no lengths short enough to find a place like the joint, bars and waves decide.
    """
    listener = judge.listener
    if max(joint_jumps(judge, _whole(judge))) > LARGEST_JUMP or is_uneven(listener):
        return False
    context = _context(seams)
    if judge.rhythm is None:
        alike = context is not None and context >= HARDLY_ALIKE
        return alike and _sounds(judge) and _phase(judge) >= IN_PHASE_UNPULSED
    if not _lasts_bars(listener.n_samples, judge.rhythm, _period(seams)):
        return False
    if context is None or context >= ALIKE:
        return True
    return context >= HARDLY_ALIKE and _phase(judge) >= IN_PHASE


def _phase(judge: Judge) -> float:
    return phase_continuity(judge, _whole(judge))


def _whole(judge: Judge) -> LoopRegion:
    return LoopRegion(0, judge.listener.n_samples)


def _period(seams: SeamMap) -> float | None:
    """Return the approximate time in samples after which all of the music comes again; None where it does not.

    What comes again at the very end only, as in AABA, is no period.
    """
    n_frames = seams.alike.shape[0] - 1
    again = seams.throughout[: max(0, n_frames // 2 - seams.first_lag + 1)]
    column = int(again.argmax()) if again.size else 0
    if not again.size or again[column] < PERIODIC:
        return None
    return float((seams.first_lag + column) * seams.hop_length)


def _lasts_bars(n_samples: int, rhythm: Rhythm, period: float | None) -> bool:
    """Return whether a sound lasts whole bars, and whole periods where it has one."""
    n_beats = round(n_samples / rhythm.beat_samples)
    # A metre that is not the usual one may be misheard.
    whole = n_beats > 0 and any(n_beats % metre == 0 for metre in (rhythm.beats_per_bar, DEFAULT_BEATS_PER_BAR))
    if period is not None:
        whole = whole and n_beats % max(1, round(period / rhythm.beat_samples)) == 0
    return whole and abs(n_samples / rhythm.beat_samples - n_beats) <= OFF_BEATS


def is_uneven(listener: Listener) -> bool:
    """Return whether one of the sound's ends is quieter than the other, or than all the rest."""
    level = listener.level
    n, longer = (
        min(max(1, seconds_to_samples(edge_s, listener.sample_rate) // listener.hop_length), level.size)
        for edge_s in (EDGE_S, LONGER_EDGE_S)
    )
    stretches = np.add.reduceat(level, np.arange(0, level.size - n + 1, n)) / n
    usual = float(np.percentile(stretches, _QUIETEST_SHARE))
    short = min(float(level[:n].mean()), float(level[-n:].mean()))
    quieter, louder = sorted((float(level[:longer].mean()), float(level[-longer:].mean())))
    least = 10.0 ** (-UNEVEN_DB / 10.0)
    return bool(short < usual * least or quieter < louder * least)


def _sounds(judge: Judge) -> bool:
    """Return whether there is anything to hear just before and just after the joint."""
    n = min(ms_to_samples(_JUST_MS, judge.sample_rate), judge.listener.n_samples)
    sides = (judge.material(0, n), judge.material(judge.listener.n_samples - n, n))
    quiet = (judge.listener.rms * 10.0 ** (_SILENT_DB / 20.0)) ** 2
    return all(side is not None and float(np.square(side).mean()) > quiet for side in sides)


def _context(seams: SeamMap) -> float | None:
    """Return the lesser likeness before and after of the place that is most like the joint.

    None where the map has no lengths that tell it.
    """
    n_frames, n_lags = seams.alike.shape[0] - 1, seams.alike.shape[1]
    places = seams.first_lag + np.arange(n_lags)
    rest = n_frames - places - seams.first_lag
    known = (rest >= 0) & (rest < n_lags)
    if not known.any():
        return None
    places, rest = places[known], rest[known]
    after = seams.alike[0, places - seams.first_lag]
    # The sound may end anywhere within the map's last frame.
    before = np.maximum(seams.alike[places, rest], seams.alike[places, np.maximum(rest - 1, 0)])
    return float(np.minimum(after, before).max())
