# SPDX-License-Identifier: GPL-3.0-or-later
"""A played score says what a clip's generator had played in it: bars, chords, notes and drums, in samples."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

from engine.values.checked import Fields

MOST_CHORDS = 1024
"""Largest number of chords in a recipe that is believed."""
MAX_CHORD_CHARACTERS = 32
"""Longest name of a chord in a recipe that is believed, characters."""


@dataclass(frozen=True, slots=True)
class PlayedChord:
    """A chord sounds from sample ``start`` until the next one; ``name`` reads "Am7" or "F/A"."""

    start: int
    name: str


def chords_from(data: Fields) -> tuple[PlayedChord, ...]:
    """Return the chords in a recipe. Raises ValueError for what are none, or too many."""
    chords = tuple(PlayedChord(start, name) for start, name in data.pairs("chords"))
    _check(chords)
    return chords


def _check(chords: tuple[PlayedChord, ...]) -> None:
    if len(chords) > MOST_CHORDS or any(len(one.name) > MAX_CHORD_CHARACTERS for one in chords):
        raise ValueError("“chords” holds more, or longer ones, than a clip has")
    if any(one.start >= other.start for one, other in itertools.pairwise(chords)):
        raise ValueError("“chords” do not follow one another")


@dataclass(frozen=True, slots=True)
class PlayedNote:
    """A note of a part; one that lasts beyond the clip's end goes on at its start.

    Attributes
    ----------
    start
        Sample in ``[0, n_samples)``.
    length
        Samples, at least 1.
    midi
        MIDI note number, 60 is middle C.
    velocity
        1 to 127.
    """

    start: int
    length: int
    midi: int
    velocity: int


@dataclass(frozen=True, slots=True)
class PlayedPart:
    """A part is what one player plays; ``program`` is its General MIDI program, from 0."""

    name: str
    program: int
    notes: tuple[PlayedNote, ...]


@dataclass(frozen=True, slots=True)
class PlayedHit:
    """A hit is a drum struck at sample ``start``; ``midi`` is its note in General MIDI's drum map."""

    start: int
    midi: int
    velocity: int


@dataclass(frozen=True, slots=True)
class PlayedScore:
    """A played score holds all that is heard in a clip that wraps, as far as its generator wrote it.

    Attributes
    ----------
    metre
        As (3, 4).
    key
        As "A minor", or None.
    chords
        By their start, which is in ``[0, n_samples)``; before the first, the last one still sounds.
    drum_program
        General MIDI drum kit.
    """

    n_samples: int
    sample_rate: int
    bars: int
    metre: tuple[int, int]
    key: str | None
    chords: tuple[PlayedChord, ...]
    parts: tuple[PlayedPart, ...]
    hits: tuple[PlayedHit, ...]
    drum_program: int = 0

    def __post_init__(self) -> None:
        _check(self.chords)

    @property
    def bar_samples(self) -> float:
        """Return the length of a bar in samples."""
        return self.n_samples / self.bars

    def at_rate(self, sample_rate: int, n_samples: int) -> PlayedScore:
        """Return the same music in the samples of a clip at another rate, which has ``n_samples``."""
        if (sample_rate, n_samples) == (self.sample_rate, self.n_samples):
            return self
        factor = n_samples / self.n_samples

        def at(sample: int) -> int:
            return min(n_samples - 1, round(factor * sample))

        parts = tuple(
            replace(
                part,
                notes=tuple(
                    replace(one, start=at(one.start), length=max(1, round(factor * one.length))) for one in part.notes
                ),
            )
            for part in self.parts
        )
        return replace(
            self,
            n_samples=n_samples,
            sample_rate=sample_rate,
            chords=tuple(replace(one, start=at(one.start)) for one in self.chords),
            parts=parts,
            hits=tuple(replace(one, start=at(one.start)) for one in self.hits),
        )

    def placed(self, start: int, first: int, n_samples: int, bars: int) -> PlayedScore:
        """Return what is heard of it in a longer or shorter clip, of ``n_samples`` and ``bars``, that it is played in.

        Its sample 0 lies at ``start`` there, and nothing is heard before ``first``.
        """

        def within(sample: int) -> bool:
            return first <= sample + start < n_samples

        parts = tuple(
            replace(
                part,
                notes=tuple(
                    replace(one, start=one.start + start, length=min(one.length, n_samples - one.start - start))
                    for one in part.notes
                    if within(one.start)
                ),
            )
            for part in self.parts
        )
        sounding = [one for one in self.chords if one.start + start <= first][-1:]
        begun = [replace(one, start=first) for one in sounding if first < n_samples]
        later = [replace(one, start=one.start + start) for one in self.chords if first < one.start + start < n_samples]
        return replace(
            self,
            n_samples=n_samples,
            bars=bars,
            chords=(*begun, *later),
            parts=tuple(part for part in parts if part.notes),
            hits=tuple(replace(one, start=one.start + start) for one in self.hits if within(one.start)),
        )
