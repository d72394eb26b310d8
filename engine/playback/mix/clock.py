# SPDX-License-Identifier: GPL-3.0-or-later
"""The bar clock counts bars in exact fractions of samples, so that they lie where they belong after hours."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction

DEFAULT_BPM = Fraction(120)
"""Beats per minute of a clock that was not set."""
DEFAULT_BEATS_PER_BAR = 4
"""Beats in a bar of a clock that was not set."""


@dataclass(frozen=True, slots=True)
class BarClock:
    """A bar clock is a tempo and a metre from a moment on. Times are samples of moving music: a pause does not count.

    Parameters
    ----------
    sample_rate
        Hz.
    bpm
        Beats per minute, above 0.
    beats_per_bar
        At least 1.
    origin
        The time at which bar 0 begins, in samples; a fraction where the tempo changed within a bar.
    """

    sample_rate: int
    bpm: Fraction = DEFAULT_BPM
    beats_per_bar: int = DEFAULT_BEATS_PER_BAR
    origin: Fraction = Fraction(0)
    bar_samples: Fraction = field(init=False)

    def __post_init__(self) -> None:
        if self.bpm <= 0 or self.beats_per_bar < 1:
            raise ValueError(f"a clock at {self.bpm} bpm with {self.beats_per_bar} beats in a bar")
        object.__setattr__(self, "bar_samples", _bar_samples(self.sample_rate, self.bpm, self.beats_per_bar))

    def has(self, bpm: Fraction, beats_per_bar: int) -> bool:
        """Return whether this is its tempo and metre."""
        return (self.bpm, self.beats_per_bar) == (bpm, beats_per_bar)

    def bars_at(self, time: int) -> Fraction:
        """Return the bars that are over at a time, with the fraction of the present one."""
        return (time - self.origin) / self.bar_samples

    def line_of(self, bars: Fraction | int) -> int:
        """Return the first sample at which so many bars are over."""
        return math.ceil(self.origin + bars * self.bar_samples)

    def bars_of_next_line(self, time: int, every: Fraction | int = 1, first: Fraction | int = 0) -> Fraction:
        """Return the bars that are over at the first line at or after ``time``: ``first`` and a multiple of ``every``.

        ``every`` is above 0; a part of a bar has lines within the bars.
        """
        # A line is with sample ceil(origin + bars), which is at or after ``time`` where that lies over time - 1.
        number = math.floor(((time - 1 - self.origin) / self.bar_samples - first) / every) + 1
        return Fraction(first + number * every)

    def next_line(self, time: int, every: Fraction | int = 1, first: Fraction | int = 0) -> int:
        """Return the first sample of ``bars_of_next_line``."""
        return self.line_of(self.bars_of_next_line(time, every, first))

    def retimed(self, bpm: Fraction, beats_per_bar: int, time: int, bars: Fraction | None = None) -> BarClock:
        """Return the clock with another tempo or metre from ``time`` on, and ``bars`` over (None: those that are).

        With ``bars``, bar 0 begins with the sample that is nearest: every bar after it then lies where it does in any
        other run.
        """
        over = self.bars_at(time) if bars is None else bars
        origin = time - over * _bar_samples(self.sample_rate, bpm, beats_per_bar)
        return BarClock(self.sample_rate, bpm, beats_per_bar, origin if bars is None else Fraction(round(origin)))


def _bar_samples(sample_rate: int, bpm: Fraction, beats_per_bar: int) -> Fraction:
    return Fraction(60 * sample_rate * beats_per_bar) / bpm
