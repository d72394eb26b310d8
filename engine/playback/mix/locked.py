# SPDX-License-Identifier: GPL-3.0-or-later
"""A locked voice reads a loop in step with the bar clock: each turn begins with the clock's own sample, for ever."""

from __future__ import annotations

import math
from collections import deque
from fractions import Fraction

from engine.dsp.nudge import nudged_end
from engine.playback.mix.clock import BarClock
from engine.playback.mix.deck import Voice
from engine.values import BakedLoop, BarLock, FloatArray


class LockedVoice(Voice):
    """A locked voice is a loop of whole bars.

    A bar is no whole number of samples, so a turn has now one sample more, now one less: the loop's samples are those
    of the longer turn, and the shorter one has an end of its own (``engine.dsp.nudge``). Of a loop that is shorter
    than its turn, the turn is filled with repeats; a longer one is cut.

    Parameters
    ----------
    samples
        float32, shape ``(n_samples, n_channels)``.
    short_end
        The end of its shorter turn, as ``made`` has it; of no samples for one that leaves out the last sample.
    """

    def __init__(self, loop: BakedLoop, samples: FloatArray, lock: BarLock, short_end: FloatArray) -> None:
        super().__init__(loop, samples, 0)
        self.lock = lock
        self._short_end = short_end
        self.anchor = Fraction(0)
        self._clock: BarClock | None = None
        # The turn that is read, counted from the anchor; how much of it is over; its length.
        self._number = self._first_number = self._over = 0
        self._turn_samples = len(samples)

    @classmethod
    def made(cls, loop: BakedLoop, samples: FloatArray, lock: BarLock) -> LockedVoice:
        """Return a voice with the end of its shorter turn, which takes a moment to compute."""
        short_end = nudged_end(samples, len(samples) - 1) if len(samples) > 1 else samples[:0]
        return cls(loop, samples, lock, short_end)

    def enter(self, clock: BarClock, line: Fraction, time: int) -> None:
        """Go with this clock, from ``time`` on, as a loop that begins where so many bars (``line``) are over."""
        self._clock = clock
        self.anchor = line if self.lock.anchor is None else self.lock.anchor
        bars = self.lock.bars
        # The turn that sounds at ``time``: the last one that begins there or before.
        number = math.floor((clock.bars_at(time) - self.anchor) / bars)
        if clock.line_of(self.anchor + (number + 1) * bars) <= time:
            number += 1
        self._first_number = math.floor((line - self.anchor) / bars)
        self._begin_turn(number)
        self._over = time - clock.line_of(self.anchor + number * bars)

    @property
    def place(self) -> tuple[int, int]:
        return self._over % len(self.samples), max(0, self._number - self._first_number)

    def straight_samples(self) -> int:
        n_samples, over = len(self.samples), self._over
        end_from = self._turn_samples - self._n_own_end
        return min((end_from if over < end_from else self._turn_samples) - over, n_samples - over % n_samples)

    def read(self, n_samples: int) -> tuple[FloatArray, FloatArray | None]:
        into = self._over - (self._turn_samples - self._n_own_end)
        if into >= 0:
            return self._short_end[into : into + n_samples], None
        first = self._over % len(self.samples)
        return self.samples[first : first + n_samples], None

    def move_on(self, n_samples: int, retired: deque[object]) -> None:  # noqa: ARG002
        self._over += n_samples
        if self._over == self._turn_samples:
            self._begin_turn(self._number + 1)

    def can_take(self, bass: FloatArray) -> bool:  # noqa: ARG002
        return False

    def begin_at(self, at: int) -> None:
        """Do nothing: the clock says where it begins."""

    def has_shape_of(self, loop: BakedLoop, samples: FloatArray) -> bool:  # noqa: ARG002
        return self.samples.shape == samples.shape

    def begun_anew(self, loop: BakedLoop, samples: FloatArray) -> Voice:
        return self.re_baked(loop, samples)

    def re_baked(self, loop: BakedLoop, samples: FloatArray) -> Voice:
        """Return another loop at the same place in the bars."""
        # Nothing is computed here, in the callback: a shorter turn of it leaves out its last sample.
        voice = LockedVoice(loop, samples, self.lock, samples[:0])
        voice.anchor, voice._clock = self.anchor, self._clock
        voice._number, voice._first_number, voice._over = self._number, self._first_number, self._over
        voice._turn_samples = self._turn_samples
        return voice

    @property
    def _n_own_end(self) -> int:
        """Number of samples at the turn's end that are not the loop's, but those of its shorter turn."""
        return len(self._short_end) if self._turn_samples == len(self.samples) - 1 else 0

    def _begin_turn(self, number: int) -> None:
        self._number, self._over = number, 0
        if self._clock is not None:
            ends = [self._clock.line_of(self.anchor + one * self.lock.bars) for one in (number, number + 1)]
            self._turn_samples = ends[1] - ends[0]
