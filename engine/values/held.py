# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares the effects that are heard while a key is held; lengths are in beats of the bar clock."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

GATE_STEPS = 16
"""Number of steps of a gate's pattern."""
SHORTEST_BEATS, LONGEST_BEATS = Fraction(1, 16), 64
"""Lengths of a held effect in beats."""


@dataclass(frozen=True, slots=True)
class Stutter:
    """A stutter repeats what was just heard, cut at the hit that is nearest to the grid, while a room rises.

    Attributes
    ----------
    beats
        The grid, from ``SHORTEST_BEATS`` to ``LONGEST_BEATS``: ``Fraction(1, 4)`` is a sixteenth note.
    """

    beats: Fraction = Fraction(1, 4)

    def __post_init__(self) -> None:
        _check_beats(self.beats)


@dataclass(frozen=True, slots=True)
class BeatRepeat:
    """A beat repeat has the last ``beats`` heard again and again, from the next beat on."""

    beats: Fraction = Fraction(1)

    def __post_init__(self) -> None:
        _check_beats(self.beats)


@dataclass(frozen=True, slots=True)
class TapeStop:
    """A tape stop slows to a stand within ``beats``, and is up to speed again at a beat after its release."""

    beats: Fraction = Fraction(2)

    def __post_init__(self) -> None:
        _check_beats(self.beats)


@dataclass(frozen=True, slots=True)
class Brake:
    """A brake slows to a stand within ``beats``; released, the music is back with the next quarter beat."""

    beats: Fraction = Fraction(1, 2)

    def __post_init__(self) -> None:
        _check_beats(self.beats)


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate has a pattern of levels in step with the bars.

    Attributes
    ----------
    levels
        ``GATE_STEPS`` linear gains, in [0, 1].
    bars
        Length of the pattern, above 0.
    """

    levels: tuple[float, ...] = (1.0, 0.0) * (GATE_STEPS // 2)
    bars: Fraction = Fraction(1)

    def __post_init__(self) -> None:
        if len(self.levels) != GATE_STEPS or not all(0.0 <= level <= 1.0 for level in self.levels) or self.bars <= 0:
            raise ValueError(f"a gate of {self.levels} in {self.bars} bars")


@dataclass(frozen=True, slots=True)
class OwnGate:
    """A layer's own gate, whichever it is set to: a performer holds it by its key."""


HeldEffect = Stutter | BeatRepeat | TapeStop | Brake | Gate
"""These effects can be held."""

Holdable = HeldEffect | OwnGate
"""This is what a performer can hold."""


def _check_beats(beats: Fraction) -> None:
    if not SHORTEST_BEATS <= beats <= LONGEST_BEATS:
        raise ValueError(f"a held effect of {beats} beats")
