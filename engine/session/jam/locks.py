# SPDX-License-Identifier: GPL-3.0-or-later
"""This module says with which line of the clock a loop begins that is swapped in at a bar, a beat or a loop's end."""

from __future__ import annotations

import math
from fractions import Fraction

from engine.session.jam.layer import JamLayer
from engine.values import BarLock
from engine.values.jam import Groove, JamLoop, SwapAt

_FINEST = 10**6
"""Largest denominator of bars that were told as a number."""


def lock_of(layer: JamLayer, loop: JamLoop, at: SwapAt, *, bars_over: float, beats: int, fade_ms: float) -> BarLock:
    """Return the lock of a loop that is swapped in on a layer, with so many bars over and ``beats`` in each."""
    playing, anchor = layer.playing, layer.anchor
    if at is SwapAt.LOOP_END and playing is not None and anchor is not None:
        return BarLock(loop.bars, every=Fraction(playing.bars), first=anchor, fade_ms=fade_ms)
    if at is SwapAt.BEAT:
        # In step with the bars of what plays, or with the clock's own.
        place = Fraction(math.floor(bars_over)) if anchor is None else anchor
        return BarLock(loop.bars, every=Fraction(1, beats), anchor=place, fade_ms=fade_ms)
    return BarLock(loop.bars, fade_ms=fade_ms)


def line_of(lock: BarLock, bars_over: float, groove: Groove) -> Fraction:
    """Return the line at which a loop with this lock begins, as far as can be told where it is asked for."""
    fade_bars = lock.fade_ms / 1000.0 * groove.bpm / 60.0 / groove.beats_per_bar
    earliest = Fraction(bars_over + fade_bars).limit_denominator(_FINEST)
    line = lock.first + math.ceil((earliest - lock.first) / lock.every) * lock.every
    return line if lock.not_before is None else max(line, lock.not_before)
