# SPDX-License-Identifier: GPL-3.0-or-later
"""MIDI files that people wrote are read into the same notes as the composer's, to be measured alike."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.composerreport.notes import Played, Stroke
from tests.benchmarks.loopcases.cases import MaterialMissing
from tests.benchmarks.loopcases.synth import DRUMS


@dataclass(frozen=True, slots=True)
class Song:
    """A MIDI file's notes.

    Attributes
    ----------
    notes
        In seconds, without the drums.
    strokes
        The drums, whose times are in beats, not seconds: a bar has ``beats_per_bar`` of them.
    """

    notes: list[Played]
    strokes: tuple[Stroke, ...]
    beats_per_bar: float
    n_bars: int


def song(path: Path) -> Song:
    """Read a MIDI file. Raises MaterialMissing where mido is not installed."""
    reader = Reader()
    for message in _mido().MidiFile(path, clip=True):
        reader.hear(message)
    notes = sorted(reader.notes, key=lambda note: note.at_s)
    return Song(notes, tuple(reader.strokes), reader.beats_per_bar, int(reader.beat / reader.beats_per_bar))


class Reader:
    """A reader keeps where it is, in seconds and in beats, and what sounds."""

    def __init__(self) -> None:
        self.notes: list[Played] = []
        self.strokes: list[Stroke] = []
        self.beat = 0.0
        self.beats_per_bar = 4.0
        self._at_s = 0.0
        self._tempo_us = 500_000.0
        self._held: dict[tuple[int, int], tuple[float, float]] = {}

    def hear(self, message: Any) -> None:
        """Take in the next message, whose time is in seconds since the one before."""
        self._at_s += message.time
        self.beat += message.time * 1e6 / self._tempo_us
        if message.type == "set_tempo":
            self._tempo_us = float(message.tempo)
        elif message.type == "time_signature":
            self.beats_per_bar = message.numerator * 4.0 / message.denominator
        elif message.type in {"note_on", "note_off"}:
            force = message.velocity / 127.0 if message.type == "note_on" else 0.0
            self._note(message.channel, message.note, force)

    def _note(self, channel: int, note: int, force: float) -> None:
        if channel == DRUMS:
            self.strokes += [Stroke(self.beat, str(note), force)] if force else []
            return
        if held := self._held.pop((channel, note), None):
            self.notes.append(Played(held[0], self._at_s - held[0], note, held[1]))
        if force:
            self._held[channel, note] = (self._at_s, force)


def _mido() -> Any:
    try:
        import mido
    except ImportError as error:
        raise MaterialMissing("mido is missing, so no MIDI can be read: pip install mido") from error
    return mido
