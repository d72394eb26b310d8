# SPDX-License-Identifier: GPL-3.0-or-later
"""A launch is a loop made ready to begin, at once or with a line of the bar clock."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from engine.playback.mix.clock import BarClock
from engine.playback.mix.deck import Deck
from engine.values import BarLock, FloatArray

_NO_LOCK = BarLock(1)


@dataclass(frozen=True, slots=True)
class Retiming:
    """A retiming is a change of the clock at a line: ``time`` is its first sample, where so many ``bars`` are over."""

    clock: BarClock
    time: int
    bars: Fraction


@dataclass(eq=False, slots=True)
class Launch:
    """A launch is a loop that begins at once, or waits for a line of the bar clock, while what plays fades out.

    Attributes
    ----------
    rising
        Its gains, float32, shape ``(n_samples,)``; what plays has their mirror image.
    lock
        None is at once; otherwise the crossfade ends with the line.
    retiming
        The change of the clock with which it begins, or None.
    """

    deck: Deck
    rising: FloatArray
    lock: BarLock | None = None
    retiming: Retiming | None = None

    def line(self, time: int, clock: BarClock) -> Fraction:
        """Return the line at which it begins, if its crossfade begins at ``time`` or after."""
        if self.retiming is not None:
            return self.retiming.bars
        lock = self.lock or _NO_LOCK
        line = clock.bars_of_next_line(time + len(self.rising), lock.every, lock.first)
        return line if lock.not_before is None else max(line, lock.not_before)

    def entry(self, time: int, clock: BarClock) -> int:
        """Return the time at which its crossfade begins, at or after ``time``."""
        # A change of tempo that has been: it begins late, and at once.
        at = clock.line_of(self.line(time, clock)) if self.retiming is None else self.retiming.time
        return max(time, at - len(self.rising))


@dataclass(eq=False, slots=True)
class Launched:
    """A loop was launched when its crossfade has begun: it leads from ``line`` on, after ``left`` samples."""

    deck: Deck
    line: Fraction
    left: int
