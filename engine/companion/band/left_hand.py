# SPDX-License-Identifier: GPL-3.0-or-later
"""The left hand of a keyboard says the chord that a band plays, from the moment at which it is struck."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from engine.dsp.chordnames import KINDS
from engine.dsp.keynames import tonic_name

SPLIT = 60
"""MIDI note number from which on keys are the right hand's."""
LEAST_NOTES = 3
"""Number of different pitches that say a chord; two of them are an interval."""
_ROOT_IN_BASS, _LESS_USUAL = 0.5, 0.01
_KINDS = tuple(
    (frozenset(tone % 12 for tone in tones), name) for tones, name in KINDS.items() if len(tones) >= LEAST_NOTES
)


class LeftHand:
    """A left hand is told of keys by any thread, and holds the chord that was struck last."""

    def __init__(self, split: int = SPLIT) -> None:
        self._split = split
        self._down: dict[int, float] = {}
        self._lock = threading.Lock()
        self._chord = ""

    def key(self, midi: int, velocity: float) -> None:
        """Take note of a key that goes down, with a velocity in (0, 1], or up (0)."""
        if midi >= self._split:
            return
        with self._lock:
            if velocity > 0.0:
                self._down[midi] = velocity
            else:
                self._down.pop(midi, None)
            named = chord_of(self._down)
            # What is let go says nothing: the chord stays until another one is struck.
            if named and velocity > 0.0:
                self._chord = named

    @property
    def chord(self) -> str:
        """Return the chord that was struck last; "" before the first."""
        return self._chord


def chord_of(notes: Iterable[int]) -> str:
    """Return the name of the chord of some MIDI notes, "" where they are none.

    Of several readings the one counts whose root is in the bass, then the more usual one (Pardo and Birmingham,
    "Algorithms for chordal analysis", CMJ 2002: templates at each root).
    """
    pitches = sorted(notes)
    classes = frozenset(midi % 12 for midi in pitches)
    if len(classes) < LEAST_NOTES:
        return ""
    best, name = 0.0, ""
    for root in classes:
        intervals = frozenset((one - root) % 12 for one in classes)
        for number, (tones, kind) in enumerate(_KINDS):
            if tones != intervals:
                continue
            worth = 1.0 + _ROOT_IN_BASS * (pitches[0] % 12 == root) - _LESS_USUAL * number
            if worth > best:
                best, name = worth, f"{tonic_name(root, is_minor=kind.startswith('m') and kind != 'maj7')}{kind}"
    return name
