# SPDX-License-Identifier: GPL-3.0-or-later
"""Form: phrases, how much happens in each bar of a piece, and which players that lets in."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

PHRASE_BARS = 4
"""Bars of a phrase, where the piece has as many."""

_NEEDS = {"chords": 0.0, "bass": 0.34, "pad": 0.42, "lead": 0.52, "arp": 0.6, "counter": 0.72}
"""How much has to happen in a bar for a player to be in it."""
DRUMS_NEED, PERCUSSION_NEED = 0.42, 0.62
_NEARLY = 0.15
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


def make_form(arc: str, bars: int, energy: float) -> Form:
    """Return the form of so many bars.

    Parameters
    ----------
    arc
        A style's way through a clip: "steady", "wave", "build", "break" or "swell".
    energy
        How much is asked for in all, in [-1, 1]; 0 is the style's own.
    """
    phrase_bars = PHRASE_BARS if bars >= PHRASE_BARS else max(1, min(2, bars))
    curve = _ARCS[arc] if bars >= PHRASE_BARS else _steady
    shift = 0.3 * energy
    return Form(phrase_bars, tuple(min(1.0, max(0.05, curve((bar + 0.5) / bars) + shift)) for bar in range(bars)))


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


def _steady(place: float) -> float:
    return 0.7 + 0.06 * math.sin(2.0 * math.pi * (place - 0.2))


def _wave(place: float) -> float:
    return 0.66 + 0.2 * math.sin(2.0 * math.pi * (place - 0.3))


def _swell(place: float) -> float:
    return 0.56 - 0.3 * math.cos(2.0 * math.pi * place)


def _build(place: float) -> float:
    """Rise over the first half, hold the breath, and come out of it."""
    if place < 0.5:
        return 0.4 + 0.8 * place
    return 0.3 if place < 0.625 else 0.95


def _break(place: float) -> float:
    """Play on, drop nearly everything in the third quarter, and come back."""
    if 0.5 <= place < 0.75:
        return 0.32
    return 0.8 if place < 0.5 else 0.95


_ARCS = {"steady": _steady, "wave": _wave, "swell": _swell, "build": _build, "break": _break}
ARCS = tuple(_ARCS)
"""Names of the ways through a clip."""
