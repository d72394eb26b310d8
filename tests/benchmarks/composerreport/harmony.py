# SPDX-License-Identifier: GPL-3.0-or-later
"""Harmony on the notes: which chord sounds, whether the last bar leads back, and what the bass has of it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from tests.benchmarks.composerreport.notes import Played, Written, chroma_of
from tests.benchmarks.loopcases.cases import DoubleArray

_KINDS: dict[str, tuple[int, ...]] = {
    "major": (0, 4, 7),
    "minor": (0, 3, 7),
    "dominant": (0, 4, 7, 10),
    "minor seventh": (0, 3, 7, 10),
    "major seventh": (0, 4, 7, 11),
    "diminished": (0, 3, 6),
    "half diminished": (0, 3, 6, 10),
    "suspended": (0, 5, 7),
    "power": (0, 7),
}
_BASS_WEIGHT = 0.35
_LEAST_LEAD = 0.06  # of what sounds in the last chord: a leading tone that passes by is none
_INVERTED_BY = 0.12  # how much better a chord on another root must fit before the bass is said not to have its root


@dataclass(frozen=True, slots=True)
class Sounding:
    """A chord that was named: its root, its kind, and how well it fits, in [-1, 1]."""

    root: int
    kind: str
    fit: float

    @property
    def tones(self) -> frozenset[int]:
        return frozenset((self.root + tone) % 12 for tone in _KINDS[self.kind])


def chord_of(heard: DoubleArray, bass: int | None = None) -> Sounding | None:
    """Return the chord whose tones fit what sounds best, the bass's note rather as its root; None in silence."""
    found = _ranked(heard, bass)
    return found[0] if found else None


def leads_back(piece: Written) -> bool | None:
    """Return whether the last chord of a piece asks for its first bar; None where it has no harmony.

    A chord on the fifth degree that is no minor one, one on the leading tone, a major one on the flat seventh, or any
    other that has the leading tone, but not the tonic's own chord.
    """
    start_s, end_s = piece.duration_s - 0.5 * piece.bar_s, piece.duration_s
    heard = chroma_of(_pitched(piece), start_s, end_s)
    chord = chord_of(heard, _lowest(piece, start_s, end_s))
    if chord is None:
        return None
    degree, leading = (chord.root - piece.tonic) % 12, (piece.tonic + 11) % 12
    if degree == 0:
        return False
    if degree == 7 and chord.kind in {"major", "dominant", "suspended", "power", "major seventh"}:
        return True
    if degree == 10 and chord.kind in {"major", "dominant", "power", "major seventh"}:
        return True
    return leading in chord.tones and bool(heard[leading] >= _LEAST_LEAD * heard.sum())


def inversions(piece: Written) -> tuple[int, int]:
    """Return in how many bars the bass begins with a tone that is not the chord's root, and in how many it plays."""
    above, bass = piece.of("chords", "arp", "pad"), piece.of("bass")
    inverted = n = 0
    for bar in range(piece.bars):
        start_s = bar * piece.bar_s
        early = piece.step_s
        first = next((note for note in bass if abs(note.at_s - start_s) < early), None)
        ranked = _ranked(chroma_of(above, start_s, start_s + 0.5 * piece.bar_s), None)
        if first is None or not ranked:
            continue
        n += 1
        on_bass = max((one.fit for one in ranked if one.root == first.midi % 12), default=-1.0)
        best = ranked[0]
        inverted += best.fit - on_bass > _INVERTED_BY and first.midi % 12 in best.tones
    return inverted, n


def mean_step(piece: Written) -> tuple[float, int, int]:
    """Return the melody's mean step in semitones within bars, and in how many bars it ends higher, and lower.

    Within bars only: over a whole turn of a loop it is 0 whatever is played.
    """
    lead = piece.of("lead")
    steps: list[int] = []
    rise = fall = 0
    for bar in range(piece.bars):
        early = 0.5 * piece.step_s
        inside = [note for note in lead if -early <= note.at_s - bar * piece.bar_s < piece.bar_s - early]
        pitches = [note.midi for note in inside]
        steps += [b - a for a, b in itertools.pairwise(pitches)]
        if len(pitches) > 1:
            rise += pitches[-1] > pitches[0]
            fall += pitches[-1] < pitches[0]
    return (float(np.mean(steps)) if steps else float("nan")), rise, fall


def _ranked(heard: DoubleArray, bass: int | None) -> list[Sounding]:
    if heard.sum() < 1e-6:
        return []
    weights = np.sqrt(heard / heard.sum())  # a tone that is held longer is not that much more of the chord
    if bass is not None:
        weights[bass] += _BASS_WEIGHT
    out = []
    for root in range(12):
        for kind, tones in _KINDS.items():
            mask = np.zeros(12)
            mask[[(root + tone) % 12 for tone in tones]] = 1.0
            fit = float(np.corrcoef(weights, mask)[0, 1]) if np.ptp(weights) > 0 else 0.0
            # Of two readings of the same tones the one whose root is the bass.
            out.append(Sounding(root, kind, fit + (0.05 if root == bass else 0.0)))
    return sorted(out, key=lambda one: -one.fit)


def _pitched(piece: Written) -> list[Played]:
    return piece.of("bass", "chords", "arp", "pad") or piece.of()


def _lowest(piece: Written, start_s: float, end_s: float) -> int | None:
    bass = chroma_of(piece.of("bass"), start_s, end_s)
    return int(bass.argmax()) if bass.sum() > 0 else None
