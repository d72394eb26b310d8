# SPDX-License-Identifier: GPL-3.0-or-later
"""A count-in clicks with every beat before bar 0, in step with the bar clock."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from engine.playback.mix.clock import BarClock
from engine.values import FloatArray


class CountIn:
    """A count-in is heard beside the channels, ahead of the volume; it is over with bar 0.

    Parameters
    ----------
    accent, beat
        The click of a bar's first beat and that of the others, float32, ``(n_samples, 1)``, shorter than a beat.
    n_bars
        Number of bars before bar 0 in which it clicks.
    """

    def __init__(self, accent: FloatArray, beat: FloatArray, n_bars: int) -> None:
        self._accent, self._beat, self._n_bars = accent, beat, n_bars
        self._is_ending = False
        # The first beat, counted from bar 0, that is not clicked any more.
        self._end = 0

    def end(self) -> None:
        """Click no more from the next sample on; a click that is heard is heard to its end."""
        self._is_ending = True

    def is_over(self, time: int, clock: BarClock) -> bool:
        """Return whether nothing of it is to be heard any more."""
        return time >= clock.line_of(0) or (self._is_ending and self._end <= self._beat_at(time, clock))

    def add_to(self, out: FloatArray, time: int, clock: BarClock) -> None:
        """Add what clicks to ``out``, float32, ``(n_samples, n_channels)``, the first of them at the clock's time."""
        first = self._beat_at(time, clock)
        if self._is_ending and self._end == 0:
            self._end = first + 1
        last = min(self._beat_at(time + len(out) - 1, clock), self._end - 1)
        beats = clock.beats_per_bar
        for number in range(max(first, -self._n_bars * beats), last + 1):
            sound = self._beat if number % beats else self._accent
            at = clock.line_of(Fraction(number, beats)) - time
            begin, end = max(0, at), min(len(out), at + len(sound))
            if begin < end:
                part = out[begin:end]
                np.add(part, sound[begin - at : end - at], out=part)

    def _beat_at(self, time: int, clock: BarClock) -> int:
        """Return the number of the beat that is being counted at a time: the one with bar 0 is 0."""
        return math.floor(clock.bars_at(time) * clock.beats_per_bar)
