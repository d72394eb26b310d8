# SPDX-License-Identifier: GPL-3.0-or-later
"""The composer's scores and people's MIDI files are notes in one shape."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.benchmarks.loopcases.cases import DoubleArray


@dataclass(frozen=True, slots=True)
class Played:
    """A note from ``at_s`` for ``length_s`` seconds; ``force`` is in (0, 1]."""

    at_s: float
    length_s: float
    midi: int
    force: float


@dataclass(frozen=True, slots=True)
class Stroke:
    """A drum piece struck at ``at_s`` seconds."""

    at_s: float
    piece: str
    force: float


@dataclass(frozen=True, slots=True)
class Line:
    """A player's notes, with its role ("bass", "lead", …) and its instrument."""

    role: str
    instrument: str
    notes: tuple[Played, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """A whole piece as it is written.

    Attributes
    ----------
    tonic, is_minor
        As claimed, pitch class from 0 (C).
    steps_per_bar
        Sixteenths of a bar.
    """

    style: str
    tonic: int
    is_minor: bool
    bars: int
    bar_s: float
    beats_per_bar: int
    steps_per_bar: int
    lines: tuple[Line, ...]
    strokes: tuple[Stroke, ...]

    @property
    def step_s(self) -> float:
        return self.bar_s / self.steps_per_bar

    @property
    def duration_s(self) -> float:
        return self.bars * self.bar_s

    def of(self, *roles: str) -> list[Played]:
        """Return the notes of the lines with these roles, or of all, in the order of time."""
        some = [note for line in self.lines if not roles or line.role in roles for note in line.notes]
        return sorted(some, key=lambda note: (note.at_s, note.midi))


def chroma_of(notes: list[Played], start_s: float = 0.0, end_s: float = float("inf")) -> DoubleArray:
    """Return how long each pitch class sounds within a time, seconds, shape ``(12,)``."""
    out = np.zeros(12)
    for note in notes:
        out[note.midi % 12] += max(0.0, min(note.at_s + note.length_s, end_s) - max(note.at_s, start_s))
    return out
