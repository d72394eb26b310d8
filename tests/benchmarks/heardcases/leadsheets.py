# SPDX-License-Identifier: GPL-3.0-or-later
"""A lead sheet is what musicians need of a tune: its metre, key, chords and melody. Some are drawn at random."""

from __future__ import annotations

import bisect
import math
import random
from dataclasses import dataclass
from typing import NamedTuple

from engine.dsp.keynames import key_name


class Metre(NamedTuple):
    """A metre: the felt beats of a bar, and into how many equal parts each falls."""

    beats: int
    parts: int


METRES = {"4/4": Metre(4, 2), "3/4": Metre(3, 2), "2/4": Metre(2, 2), "6/8": Metre(2, 3)}


class Change(NamedTuple):
    """A change to another chord at a beat: its root's pitch class, and its tones in semitones above that."""

    at: float
    root: int
    tones: tuple[int, ...]


class Sung(NamedTuple):
    """A note of the melody: place and length in beats, pitch as in MIDI."""

    at: float
    length: float
    pitch: int


@dataclass(frozen=True, slots=True)
class LeadSheet:
    """A lead sheet; places are counted in felt beats from the first bar on.

    Attributes
    ----------
    metre
        Name of one of ``METRES``.
    changes
        In order; the first at 0.
    """

    metre: str
    n_bars: int
    tonic: int
    is_minor: bool
    changes: tuple[Change, ...]
    melody: tuple[Sung, ...]

    @property
    def per_bar(self) -> int:
        """Return the number of beats of a bar."""
        return METRES[self.metre].beats

    @property
    def n_beats(self) -> int:
        """Return the number of beats of the whole."""
        return self.n_bars * self.per_bar

    @property
    def key(self) -> str:
        """Return the key's name."""
        return key_name(self.tonic, is_minor=self.is_minor)

    def chord_at(self, beat: float) -> Change:
        """Return the chord that sounds at a beat."""
        return self.changes[bisect.bisect_right([one.at for one in self.changes], beat + _HAIR) - 1]

    def changes_at(self, beat: float) -> bool:
        """Return whether a chord begins at a beat."""
        return abs(self.chord_at(beat).at - beat) < _HAIR


_HAIR = 1e-6
_SCALES = {False: (0, 2, 4, 5, 7, 9, 11), True: (0, 2, 3, 5, 7, 8, 10)}
_MAJOR, _MINOR, _SUSPENDED = (0, 4, 7), (0, 3, 7), (0, 5, 7)
_SEVENTHS: dict[tuple[int, ...], tuple[int, ...]] = {_MAJOR: (0, 4, 7, 11), _MINOR: (0, 3, 7, 10)}
_DOMINANT = (0, 4, 7, 10)

PROGRESSIONS = {
    False: "1564 1645 6415 1451 1425 1415 1155 1441 1625 2511 1345 1346 1464 4156 11151151 11415451 16543625 6251 4536 "
    "11415415",
    True: "1763 1674 1451 1641 1167 1473 1376 1656 1171 1415 6711 1454 1347 11415415 1145",
}
"""Progressions by degrees of the scale, of major and of minor keys."""

RHYTHMS = {
    2: "1,1 .5,.5,1 1.5,.5 2 .5,1,.5 .5,.5,.5,.5 -1,1 -.5,.5,1 .25,.25,.5,1",
    3: "3,3 2,1,3 1,1,1,3 6 2,1,2,1 -3,3",
}
"""Rhythms of two beats of a melody, a rest negative; of beats in halves in beats, of those in thirds in thirds."""


def random_sheet(rng: random.Random, *, bpm: float, metre: str, duration_s: float) -> LeadSheet:
    """Return a lead sheet that lasts about so long at that tempo."""
    is_minor, tonic = rng.random() < 0.45, rng.randrange(12)
    per = METRES[metre].beats
    n_bars = max(4, round(duration_s * bpm / 60.0 / per))
    changes = _changes(rng, tonic, is_minor=is_minor, n_bars=n_bars, per=per)
    bare = LeadSheet(metre, n_bars, tonic, is_minor, changes, ())
    return LeadSheet(metre, n_bars, tonic, is_minor, changes, _melody(rng, bare))


def _changes(rng: random.Random, tonic: int, *, is_minor: bool, n_bars: int, per: int) -> tuple[Change, ...]:
    degrees = [int(one) - 1 for one in rng.choice(PROGRESSIONS[is_minor].split())]
    each = rng.choices((per / 2, 2.0 * per, 1.0 * per), (0.2 if per == 4 else 0.0, 0.12, 0.68))[0]
    scale = _SCALES[is_minor]
    out = []
    for number in range(math.ceil(n_bars * per / each)):
        degree = degrees[number % len(degrees)]
        tones = tuple(sorted((scale[(degree + up) % 7] - scale[degree]) % 12 for up in (0, 2, 4)))
        if is_minor and degree == 4 and rng.random() < 0.6:
            tones = _MAJOR
        if rng.random() < 0.2:
            tones = _DOMINANT if degree == 4 and tones == _MAJOR else _SEVENTHS.get(tones, tones)
        elif rng.random() < 0.03:
            tones = _SUSPENDED
        out.append(Change(number * each, (tonic + scale[degree]) % 12, tones))
    # It ends at home: else the key of many a progression is anyone's guess.
    last = (n_bars - 1.0) * per
    return (*(one for one in out if one.at < last), Change(last, tonic, _MINOR if is_minor else _MAJOR))


def _melody(rng: random.Random, sheet: LeadSheet) -> tuple[Sung, ...]:
    parts = METRES[sheet.metre].parts
    unit = 1.0 if parts == 2 else 1.0 / 3.0
    rhythms = [[float(one) * unit for one in rhythm.split(",")] for rhythm in RHYTHMS[parts].split()]
    motif = [rng.choice(rhythms) for _ in range(4)]
    centre = rng.randint(60, 76)
    pitch, out = centre, []
    for pair in range(sheet.n_beats // 2):
        at = 2.0 * pair
        for length in motif[pair % 4] if rng.random() < 0.75 else rng.choice(rhythms):
            if length > 0.0:
                pitch = _sung_pitch(rng, sheet, at, pitch, centre)
                out.append(Sung(at, length * rng.uniform(0.6, 1.0), pitch))
            at += abs(length)
    return tuple(out)


def _sung_pitch(rng: random.Random, sheet: LeadSheet, at: float, before: int, centre: int) -> int:
    """Return a pitch near the one before: of the chord on a beat, of the scale between beats."""
    if abs(at - round(at)) < 0.01 or rng.random() < 0.3:
        chord = sheet.chord_at(at)
        classes = {(chord.root + tone) % 12 for tone in chord.tones}
    else:
        classes = {(sheet.tonic + step) % 12 for step in _SCALES[sheet.is_minor]}
    reach = [pitch for pitch in range(48, 96) if pitch % 12 in classes]
    return min(reach, key=lambda pitch: abs(pitch - before) + 5.0 * rng.random() + 0.3 * abs(pitch - centre))
