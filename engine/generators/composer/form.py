# SPDX-License-Identifier: GPL-3.0-or-later
"""Form: phrases, how much happens in each bar of a piece, and which players that lets in."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

PHRASE_BARS = 4
"""Bars of a phrase, where the piece has as many."""

_NEEDS = {"chords": 0.0, "bass": 0.34, "pad": 0.42, "lead": 0.52, "arp": 0.6, "counter": 0.72}
"""How much has to happen in a bar for a player to be in it."""
DRUMS_NEED, PERCUSSION_NEED = 0.42, 0.62
_NEARLY = 0.15
_LEAN, _USUAL = 0.3, 0.7
_LEVEL_DB, _LOUDEST_DB, _SOFTEST_DB = 9.0, 1.5, -6.0


@dataclass(frozen=True, slots=True)
class Form:
    """A form says how a piece goes through its bars.

    Attributes
    ----------
    phrase_bars
        Bars of each phrase, the last of which may be shorter.
    energy
        How much happens in each bar, in [0, 1].
    """

    phrase_bars: int
    energy: tuple[float, ...]

    @property
    def bars(self) -> int:
        return len(self.energy)

    def ends_phrase(self, bar: int) -> bool:
        """Return whether a phrase ends with this bar; the piece does with its last."""
        return (bar + 1) % self.phrase_bars == 0 or bar == self.bars - 1

    def half_phrase(self, bar: int) -> range:
        """Return the bars of the half phrase that this one is in: players come and go there."""
        half = max(1, self.phrase_bars // 2)
        first = bar - bar % half
        return range(first, min(self.bars, first + half))

    def energy_around(self, bar: int) -> float:
        """Return the mean energy of the half phrase."""
        bars = self.half_phrase(bar)
        return sum(self.energy[one] for one in bars) / len(bars)


def make_form(arc: str, bars: int, energy: float, rng: np.random.Generator) -> Form:
    """Return the form of so many bars.

    Parameters
    ----------
    arc
        A style's way through a clip: "steady", "wave", "build", "break" or "swell".
    energy
        How much is asked for in all, in [-1, 1]; 0 is the style's own.
    rng
        Draws where in the clip the arc has its turn and how deep it goes, or each clip would break in the same bars.
    """
    phrase_bars = PHRASE_BARS if bars >= PHRASE_BARS else max(1, min(2, bars))
    curve = _ARCS[arc] if bars >= PHRASE_BARS else _steady
    where, depth = (float(one) for one in rng.random(2))
    happens = [curve((bar + 0.5) / bars, where, depth) for bar in range(bars)]
    if energy > 0.0:
        happens = [one + _LEAN * energy for one in happens]
    else:
        # Where little happens anyway, less would be nothing.
        happens = [one + _LEAN * energy * min(1.0, one / _USUAL) for one in happens]
    return Form(phrase_bars, tuple(min(1.0, max(0.05, one)) for one in happens))


def is_in(role: str, form: Form, bar: int, bars: range, *, reluctance: float) -> bool:
    """Return whether a player is in a bar, of the ``bars`` in which it may be.

    ``reluctance``, about -0.1 to 0.1, is the player's own in this piece. Where nearly enough happens, the player is in
    the fullest bars at least: who plays a piece does not hang on a word such as "calm".
    """
    energy = form.energy_around(bar)
    if role == "pad" and energy < 0.45:
        # Where little happens, a pad carries it.
        return True
    need = _NEEDS[role] + reluctance
    return energy >= max(need - _NEARLY, min(need, _fullest(form, bars)))


@lru_cache(maxsize=64)
def _fullest(form: Form, bars: range) -> float:
    return max((form.energy_around(bar) for bar in bars), default=1.0)


def level_db(form: Form) -> tuple[float, ...]:
    """Return by how many decibels a player is louder or softer in each bar."""
    top = max(form.energy)
    return tuple(max(_SOFTEST_DB, min(_LOUDEST_DB, _LEVEL_DB * (one - 0.85 * top))) for one in form.energy)


def openness(form: Form) -> tuple[float, ...]:
    """Return how far a filter is open in each bar, in [0, 1]; wide open where most happens."""
    top = max(form.energy)
    return tuple(min(1.0, max(0.15, 0.25 + 0.75 * one / top)) for one in form.energy)


# Each arc gives how much happens at a place of the clip. Place, where and depth are in [0, 1).


def _steady(place: float, where: float, depth: float) -> float:
    return 0.7 + (0.04 + 0.04 * depth) * math.sin(2.0 * math.pi * (place - where))


def _wave(place: float, where: float, depth: float) -> float:
    return 0.66 + (0.17 + 0.06 * depth) * math.sin(2.0 * math.pi * (place - 0.15 - 0.3 * where))


def _swell(place: float, where: float, depth: float) -> float:
    return 0.56 - (0.26 + 0.08 * depth) * math.cos(2.0 * math.pi * (place + 0.1 - 0.2 * where))


def _build(place: float, where: float, depth: float) -> float:
    """Rise, hold the breath for an eighth of the clip, and come out of it."""
    breath = (0.375, 0.5, 0.625)[int(3.0 * where)]
    if place < breath:
        return 0.4 + 0.4 * place / breath
    return 0.36 - 0.1 * depth if place < breath + 0.125 else 0.95


def _break(place: float, where: float, depth: float) -> float:
    """Play on, drop much or nearly everything for the second or the third quarter, and come back."""
    drop = (0.25, 0.5)[int(2.0 * where)]
    if drop <= place < drop + 0.25:
        return 0.5 - 0.18 * depth
    return 0.8 if place < drop else 0.95


_ARCS = {"steady": _steady, "wave": _wave, "swell": _swell, "build": _build, "break": _break}
ARCS = tuple(_ARCS)
"""Names of the ways through a clip."""
