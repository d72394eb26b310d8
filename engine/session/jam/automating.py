# SPDX-License-Identifier: GPL-3.0-or-later
"""Hands on knobs are recorded in step with the bars, and what they did is heard with each turn until it is cleared.

While recording is armed, a knob that is moved is written into its curve, which lasts as many bars as the jam makes:
each turn writes over what was there where the knob is held, and leaves the rest. A knob is held from its first move
until it is left; where nothing tells of that, until it has not moved for a beat. Whether it is armed or not, a hand is
heard in the place of the curve while it holds the knob.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from engine.values import ChannelParameter, Curve
from engine.values.channels import BY_RATIO, MOST_CURVE_VALUES
from engine.values.jam import LayerName

STEPS_PER_BAR = 64
"""Number of values of a bar that is recorded."""
HOLD_BEATS = 1
"""Beats without a move after which a knob is left, where nothing tells that a hand is on it."""

Place = tuple[LayerName | None, ChannelParameter]
"""A parameter of a layer's mix, or of the mix of all (None)."""


@dataclass(slots=True)
class _Hand:
    """A hand on a knob: where it has it, since when, and up to which bar that is written."""

    value: float
    moved_at: float
    written_to: float
    touches: bool = False


class Automating:
    """Automating knows the hands on knobs, and writes what they do.

    Parameters
    ----------
    curve_of, set_curve
        Give the curve of a parameter, or None, and keep another.
    beats_per_bar, bars
        Tell how many beats a bar has, and how many bars a new curve lasts.
    play
        Has a parameter move by what this says it is moved by.

    Attributes
    ----------
    is_armed
        Whether what hands do is recorded.
    """

    def __init__(
        self,
        curve_of: Callable[[Place], Curve | None],
        set_curve: Callable[[Place, Curve], None],
        beats_per_bar: Callable[[], int],
        bars: Callable[[], int],
        play: Callable[[Place], None],
    ) -> None:
        self.is_armed = False
        self._curve_of, self._set_curve = curve_of, set_curve
        self._beats_per_bar, self._bars, self._play = beats_per_bar, bars, play
        self._hands: dict[Place, _Hand] = {}
        self._touched: set[Place] = set()
        self._now: float | None = None

    def moved_by(self, place: Place) -> Curve | None:
        """Return what moves a parameter: a hand that holds it, its curve, or nothing."""
        curve, hand = self._curve_of(place), self._hands.get(place)
        return curve if curve is None or hand is None else Curve((hand.value,))

    def move(self, place: Place, before: float, value: float) -> None:
        """Take note that a hand moves a parameter there, from where it was set before."""
        if self._now is None or (not self.is_armed and self._curve_of(place) is None):
            return
        hand = self._hands.get(place)
        if hand is None:
            hand = self._hands[place] = _Hand(value, self._now, self._now, place in self._touched)
            if self.is_armed:
                self._write(place, before, value, self._now, self._now)
        elif self.is_armed:
            self._write(place, hand.value, value, hand.written_to, self._now)
        hand.value, hand.moved_at, hand.written_to = value, self._now, self._now
        if self._curve_of(place) is not None:
            self._play(place)

    def touch(self, place: Place, *, is_held: bool) -> None:
        """Take note that a hand is on a knob, or leaves it."""
        (self._touched.add if is_held else self._touched.discard)(place)
        if (hand := self._hands.get(place)) is not None:
            hand.touches = is_held
            if not is_held:
                self._leave(place)

    def arm(self, *, is_armed: bool) -> None:
        """Record what hands do from now on, or no longer."""
        self.is_armed = is_armed
        for hand in self._hands.values():
            hand.written_to = self._now or 0.0

    def go_on(self, bars: float | None) -> None:
        """Take note of the bars that are over now; None while the jam stands."""
        if bars is None:
            self._now = None
            for place in list(self._hands):
                self._leave(place)
            return
        self._now = bars
        for place, hand in list(self._hands.items()):
            if bars < hand.written_to:
                hand.written_to = hand.moved_at = bars
            if self.is_armed:
                self._write(place, hand.value, hand.value, hand.written_to, bars)
            hand.written_to = bars
            if not hand.touches and (bars - hand.moved_at) * self._beats_per_bar() >= HOLD_BEATS:
                self._leave(place)

    def forget(self, place: Place) -> None:
        """Take no more note of the hand on a knob: its curve is another."""
        self._hands.pop(place, None)

    def _leave(self, place: Place) -> None:
        del self._hands[place]
        self._play(place)

    def _write(self, place: Place, before: float, value: float, start: float, end: float) -> None:
        """Write the way from one value to another between these bars, or the value at the one."""
        curve = self._curve_of(place)
        if curve is None or len(curve.values) != _n_values(curve.bars):
            curve = _whole(curve, place, before, Fraction(self._bars()))
        values, n_values = list(curve.values), len(curve.values)
        steps_per_bar = n_values / curve.bars
        first, last = math.floor(start * steps_per_bar) + 1, math.floor(end * steps_per_bar)
        if start == end:
            first = last
        for step in range(max(first, last - n_values + 1), last + 1):
            share = 1.0 if end <= start else min(max((float(step / steps_per_bar) - start) / (end - start), 0.0), 1.0)
            values[step % n_values] = before + (value - before) * share
        if tuple(values) != curve.values or self._curve_of(place) is None:
            self._set_curve(place, Curve(tuple(values), curve.bars))


def _n_values(bars: Fraction) -> int:
    return max(1, min(round(bars * STEPS_PER_BAR), MOST_CURVE_VALUES))


def _whole(curve: Curve | None, place: Place, value: float, bars: Fraction) -> Curve:
    """Return a curve with a value at each step: one that was there, or one that stays at a value."""
    if curve is None:
        return Curve((value,) * _n_values(bars), bars)
    n_values, by_ratio = _n_values(curve.bars), place[1] in BY_RATIO
    return Curve(tuple(curve.at(step / n_values, by_ratio=by_ratio) for step in range(n_values)), curve.bars)
