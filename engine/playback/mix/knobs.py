# SPDX-License-Identifier: GPL-3.0-or-later
"""A knob is where a parameter of a strip is: on its way to where it was set, or moved in step with the bars."""

from __future__ import annotations

import math

from engine.playback.mix.clock import BarClock
from engine.values import Automation, Curve, Lfo, LfoShape

_WAH_OPENS, _WAH_CLOSES = 0.12, 0.06


class Knob:
    """A knob is looked at where segments begin and end. Times are samples.

    Parameters
    ----------
    value
        Where it is set.
    by_ratio
        Whether it moves by ratio, as pitch is heard.

    Attributes
    ----------
    automation
        The oscillator or curve that moves it, or None.
    """

    def __init__(self, value: float, *, by_ratio: bool) -> None:
        self.target = value
        self.automation: Automation | None = None
        self._from = value
        self._by_ratio = by_ratio
        self._begun, self._there_at = 0, 0
        # Where and when a curve came in, and when it is there.
        self._came_from, self._came_at, self._in_at = value, 0, 0
        # Of the clock and automation whose cycle these are: parts of a sample, bar 0 and a cycle in those parts.
        self._cycle_of: tuple[BarClock, Automation] | None = None
        self._parts = self._origin = self._cycle = 1

    def go_to(self, value: float, time: int, n_samples: int) -> None:
        """Move from the value at ``time`` to ``value`` within ``n_samples``; 0 is at once."""
        self._from, self.target = self._set_at(time), value
        self._begun, self._there_at = time, time + n_samples

    @property
    def is_whole(self) -> bool:
        """Return whether a curve moves it, which is all of it."""
        return isinstance(self.automation, Curve)

    def automate(
        self, automation: Automation | None, time: int, n_samples: int, clock: BarClock, on_clock: int
    ) -> None:
        """Be moved by an oscillator or a curve, or return within ``n_samples`` from where the last one has it.

        A curve comes in within ``n_samples``. ``on_clock`` is the clock's time at ``time``.
        """
        value = self.at(time, clock, on_clock)
        if automation is None and self.automation is not None:
            self._from, self._begun, self._there_at = value, time, time + n_samples
        elif isinstance(automation, Curve):
            self._came_from, self._came_at, self._in_at = value, time, time + n_samples
        else:
            self._in_at = time
        self.automation = automation

    def come_from(self, value: float) -> None:
        """Have the curve that comes in begin here."""
        self._came_from = value

    def jump(self) -> None:
        """Be where it was set at once."""
        self._there_at = self._begun

    def at(self, time: int, clock: BarClock, on_clock: int) -> float:
        """Return where it is at ``time``, which is ``on_clock`` on the clock."""
        if self.automation is None:
            return self.target if time >= self._there_at else self._set_at(time)
        value = self._moved(self.automation, clock, on_clock)
        if time >= self._in_at:
            return value
        share = (time - self._came_at) / (self._in_at - self._came_at)
        return between(self._came_from, value, share, by_ratio=self._by_ratio)

    def is_moving(self, time: int) -> bool:
        """Return whether it is moved at ``time``, or has not arrived by then."""
        if self.automation is None:
            return time < self._there_at
        return time < self._in_at or isinstance(self.automation, Lfo) or len(self.automation.values) > 1

    def _set_at(self, time: int) -> float:
        if time >= self._there_at:
            return self.target
        share = (time - self._begun) / (self._there_at - self._begun)
        return between(self._from, self.target, share, by_ratio=self._by_ratio)

    def _moved(self, automation: Automation, clock: BarClock, time: int) -> float:
        of = self._cycle_of
        if of is None or of[0] is not clock or of[1] is not automation:
            self._cycle_of, cycle = (clock, automation), clock.bar_samples * automation.bars
            self._parts = math.lcm(cycle.denominator, clock.origin.denominator)
            self._cycle, self._origin = int(cycle * self._parts), int(clock.origin * self._parts)
        # In whole numbers: as exact as the clock's fractions, and ten times as fast.
        over = (time * self._parts - self._origin) % self._cycle / self._cycle
        if isinstance(automation, Curve):
            return automation.at(over, by_ratio=self._by_ratio)
        share = course(automation.shape, (over + automation.phase) % 1.0)
        return between(automation.low, automation.high, share, by_ratio=self._by_ratio)


class Knobs:
    """These knobs belong together; those that do not move are not asked again and again.

    Attributes
    ----------
    move
        Whether any of them moves, or may have been set since they were looked at.
    values
        Where they were when they were looked at last.
    """

    def __init__(self, *knobs: Knob) -> None:
        self.move = True
        self.values = tuple(knob.target for knob in knobs)
        self._knobs = knobs

    def at(self, time: int, clock: BarClock, on_clock: int) -> tuple[float, ...]:
        """Return where they are at ``time``, which is ``on_clock`` on the clock."""
        if self.move:
            self.values = tuple([knob.at(time, clock, on_clock) for knob in self._knobs])
            self.move = any(knob.is_moving(time) for knob in self._knobs)
        return self.values


def course(shape: LfoShape, phase: float) -> float:
    """Return how far from its low end to its high end an oscillator is, in [0, 1]."""
    match shape:
        case LfoShape.SINE:
            return 0.5 - 0.5 * math.cos(2.0 * math.pi * phase)
        case LfoShape.TRIANGLE:
            return 1.0 - abs(2.0 * phase - 1.0)
        case LfoShape.SAW:
            return phase
        case LfoShape.SQUARE:
            return 0.0 if phase < 0.5 else 1.0
        case LfoShape.WAH:
            opened = min(max((phase - 0.5) / _WAH_OPENS, 0.0), 1.0)
            return _step(min(opened, (1.0 - phase) / _WAH_CLOSES))


def _step(share: float) -> float:
    """Return the smooth step at ``share``, cut to [0, 1]."""
    share = min(max(share, 0.0), 1.0)
    return share * share * (3.0 - 2.0 * share)


def between(a: float, b: float, share: float, *, by_ratio: bool) -> float:
    """Return the value at ``share`` of the way from one to another."""
    return a * (b / a) ** share if by_ratio else a + (b - a) * share
