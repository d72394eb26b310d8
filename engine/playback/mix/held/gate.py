# SPDX-License-Identifier: GPL-3.0-or-later
"""A gate opens and closes in step with the bars."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from engine.playback.mix.clock import BarClock
from engine.playback.mix.held.base import Held, step
from engine.playback.mix.held.history import History
from engine.units import ms_to_samples
from engine.values import FloatArray
from engine.values.held import GATE_STEPS

EDGE_MS = 3.0
"""Time in which a step's level is reached, from the clock's line on."""


class Gates(Held):
    """A gate is heard from the key on, and until it is up.

    Parameters
    ----------
    levels
        Linear gains of ``GATE_STEPS`` steps.
    bars
        Length of all of them.
    """

    def __init__(self, sample_rate: int, levels: tuple[float, ...], bars: Fraction) -> None:
        super().__init__(sample_rate)
        self.fade_samples = max(1, ms_to_samples(EDGE_MS, sample_rate))
        self._levels, self._step = levels, bars / GATE_STEPS
        # The step that is heard: its number, its line, and the next one's.
        self._number, self._line, self._next = 0, 0, -1

    def begin(self, time: int, clock: BarClock) -> None:
        self._rise_at, self._rise_n = time, self.fade_samples
        self._go_with(clock, time)

    def let_go(self, time: int, clock: BarClock) -> None:  # noqa: ARG002
        self._fall_at, self._fall_n = time, self.fade_samples

    def _go_with(self, clock: BarClock, time: int) -> None:
        self._clock = clock
        self._number = math.floor(clock.bars_at(time) / self._step)
        if clock.line_of((self._number + 1) * self._step) <= time:
            self._number += 1
        self._line = clock.line_of(self._number * self._step)
        self._next = clock.line_of((self._number + 1) * self._step)

    def _marks(self) -> tuple[int, ...]:
        return self._line + self.fade_samples, self._next

    def _arrive(self, time: int, clock: BarClock) -> None:
        if time >= self._next:
            self._go_with(clock, time)

    def _process_piece(self, samples: FloatArray, time: int, clock: BarClock, history: History) -> None:  # noqa: ARG002
        if self.is_over(time):
            return
        level = np.float32(self._levels[self._number % GATE_STEPS])
        gains: FloatArray | np.float32 = level
        if time < self._line + self.fade_samples:
            before = np.float32(self._levels[(self._number - 1) % GATE_STEPS])
            gains = before + (level - before) * step(time - self._line, len(samples), self.fade_samples)
        share = self._share(time, len(samples))
        if share is not None:
            gains = np.float32(1.0) + share * (gains - np.float32(1.0))
        if isinstance(gains, np.ndarray):
            samples *= gains[:, None]
        elif gains != 1.0:
            samples *= gains
