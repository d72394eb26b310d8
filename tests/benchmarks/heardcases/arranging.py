# SPDX-License-Identifier: GPL-3.0-or-later
"""An arranger turns a lead sheet into notes of a band: chords, bass, melody and drums, by patterns."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from tests.benchmarks.heardcases.leadsheets import METRES, Change, LeadSheet
from tests.benchmarks.heardcases.patterns import (
    BASS,
    BASS_PROGRAMS,
    CHORD_PROGRAMS,
    CHORDS,
    DRUMS,
    FILL,
    KIT,
    MELODY_PROGRAMS,
)
from tests.benchmarks.loopcases.synth import DRUMS as DRUM_CHANNEL

BASS_CHANNEL, MELODY_CHANNEL = 3, 4
FASTEST_STEPS_PER_S = 9.0
"""Number of steps of a row, at most, that a player drawn at random plays in a second: sixteenths at 135 bpm."""
_LOWEST_BASS, _LOWEST_ROOT = 28, 36
_SHORT = 0.45  # beats
_ACCENT, _SOFT = 8, -12


class Struck(NamedTuple):
    """A note as it is arranged: place and length in beats, pitch and velocity as in MIDI."""

    at: float
    length: float
    pitch: int
    velocity: int
    channel: int


@dataclass(frozen=True, slots=True)
class Player:
    """A player of an arrangement.

    Attributes
    ----------
    pattern
        Name in the table of the player's kind; "" for the melody.
    program
        Of General MIDI, from 0.
    level
        Volume of the channel, as in MIDI.
    """

    pattern: str
    program: int
    velocity: int
    level: int


@dataclass(frozen=True, slots=True)
class Arrangement:
    """An arrangement says who plays what; None plays nothing.

    Attributes
    ----------
    fills
        Whether the drums lead into each fifth bar.
    drums_from
        First bar of the drums.
    """

    chords: tuple[Player, ...]
    bass: Player | None
    melody: Player | None
    drums: Player | None
    fills: bool = False
    drums_from: int = 0

    @property
    def players(self) -> dict[int, Player]:
        """Return the players by their channels."""
        others = {BASS_CHANNEL: self.bass, MELODY_CHANNEL: self.melody, DRUM_CHANNEL: self.drums}
        return dict(enumerate(self.chords)) | {channel: one for channel, one in others.items() if one is not None}


def random_arrangement(rng: random.Random, metre: str, bpm: float) -> Arrangement:
    """Return an arrangement in which something is heard of the chords, and no row is too fast to be played."""

    def player(names: list[str], programs: tuple[int, ...]) -> Player:
        return Player(rng.choice(names), rng.choice(programs), rng.randint(55, 100), rng.randint(65, 115))

    n_chords = rng.choices((0, 1, 2), (0.08, 0.62, 0.3))[0]
    chords = tuple(player(_names(CHORDS, metre, bpm), CHORD_PROGRAMS) for _ in range(n_chords))
    alone = n_chords == 0
    return Arrangement(
        chords,
        player(_names(BASS, metre, bpm), BASS_PROGRAMS) if alone or rng.random() < 0.8 else None,
        player([""], MELODY_PROGRAMS) if alone or rng.random() < 0.7 else None,
        player(_drums_of(metre, bpm), (0,)) if rng.random() < 0.6 else None,
        fills=rng.random() < 0.5,
        drums_from=0 if rng.random() < 0.8 else rng.randint(1, 4),
    )


def arranged(sheet: LeadSheet, arrangement: Arrangement, rng: random.Random) -> list[Struck]:
    """Return the notes of a lead sheet in an arrangement."""
    out: list[Struck] = []
    for channel, player in enumerate(arrangement.chords):
        out += _chords(sheet, player, channel, rng.randint(48, 62))
    if arrangement.bass is not None:
        out += _bass(sheet, arrangement.bass, rng)
    if (singer := arrangement.melody) is not None:
        for sung in sheet.melody:
            velocity = singer.velocity + (_ACCENT if sung.at % sheet.per_bar < 0.01 else 0)
            out.append(Struck(sung.at, sung.length, sung.pitch, velocity, MELODY_CHANNEL))
    if arrangement.drums is not None:
        out += _drums(sheet, arrangement.drums, rng, first_bar=arrangement.drums_from, fills=arrangement.fills)
    return [one for one in out if one.at < sheet.n_beats]


def _names(table: dict[str, dict[str, str]], metre: str, bpm: float) -> list[str]:
    return [name for name, rows in table.items() if metre in rows and _can_play(rows[metre], metre, bpm)]


def _drums_of(metre: str, bpm: float) -> list[str]:
    return [
        name
        for name, rows in DRUMS.items()
        if rows["metre"] == metre and all(_can_play(row, metre, bpm) for piece, row in rows.items() if piece != "metre")
    ]


def _can_play(row: str, metre: str, bpm: float) -> bool:
    return len(row) / METRES[metre].beats * bpm / 60.0 <= FASTEST_STEPS_PER_S


def _steps(sheet: LeadSheet, row: str) -> Iterator[tuple[float, str]]:
    """Yield place and sign of each stroke of a row, bar by bar."""
    for bar in range(sheet.n_bars):
        for number, sign in enumerate(row):
            if sign != ".":
                yield (bar + number / len(row)) * sheet.per_bar, sign


def _chords(sheet: LeadSheet, player: Player, channel: int, lowest: int) -> list[Struck]:
    row = CHORDS[player.pattern][sheet.metre]
    out: list[Struck] = []
    for at, sign in _steps(sheet, row):
        chord = sheet.chord_at(at)
        velocity = player.velocity + (_ACCENT if at % sheet.per_bar < 0.01 else 0)
        if sign == "o":
            for start, end, held in _held(sheet, at, (at // sheet.per_bar + 1) * sheet.per_bar):
                out += (Struck(start, end - start, one, player.velocity, channel) for one in _voiced(held, lowest))
        elif sign in "rf":
            pitch = _LOWEST_ROOT + (chord.root - _LOWEST_ROOT) % 12 + (7 if sign == "f" else 0)
            out.append(Struck(at, 0.8, pitch, velocity + _ACCENT, channel))
        elif sign == "x":
            out += (Struck(at, _SHORT, one, velocity, channel) for one in _voiced(chord, lowest))
        else:
            pitch = lowest + (chord.root - lowest) % 12 + chord.tones[int(sign) % len(chord.tones)]
            out.append(Struck(at, 1.5 * sheet.per_bar / len(row), pitch, velocity, channel))
    return out


def _held(sheet: LeadSheet, start: float, end: float) -> Iterator[tuple[float, float, Change]]:
    """Yield what is struck from ``start`` to ``end``: a stroke for each chord, with the place where it ends."""
    places = [start, *(one.at for one in sheet.changes if start < one.at < end), end]
    for first, last in itertools.pairwise(places):
        yield first, last, sheet.chord_at(first)


def _voiced(chord: Change, lowest: int) -> list[int]:
    return [lowest + (chord.root + tone - lowest) % 12 for tone in chord.tones]


def _bass(sheet: LeadSheet, player: Player, rng: random.Random) -> list[Struck]:
    row = BASS[player.pattern][sheet.metre]
    out = []
    for at, sign in _steps(sheet, row):
        chord = sheet.chord_at(at)
        if sign == "o":
            out += [
                Struck(first, last - first, _low(held), player.velocity, BASS_CHANNEL)
                for first, last, held in _held(sheet, at, (at // sheet.per_bar + 1) * sheet.per_bar)
            ]
            continue
        # Where a chord begins the bass has its root.
        above = {"f": 7, "u": 12, "w": rng.choice((*chord.tones[1:3], 12, 2, 11))}.get(sign, 0)
        pitch = _low(chord) + (0 if sheet.changes_at(at) else above)
        is_on_beat = abs(at - round(at)) < 0.01
        length = min(0.9, 0.9 * sheet.per_bar / len(row))
        out.append(Struck(at, length, pitch, player.velocity + (0 if is_on_beat else _SOFT), BASS_CHANNEL))
    return out


def _low(chord: Change) -> int:
    return _LOWEST_BASS + (chord.root - _LOWEST_BASS) % 12


def _drums(sheet: LeadSheet, player: Player, rng: random.Random, *, first_bar: int, fills: bool) -> list[Struck]:
    per, out = sheet.per_bar, []
    for piece, row in DRUMS[player.pattern].items():
        if piece == "metre":
            continue
        key, may = rng.choice(KIT[piece]), rng.random() < 0.5
        for at, sign in _steps(sheet, row):
            if at >= first_bar * per and (sign == "x" or may):
                accent = _ACCENT if at % per < 0.01 else 0
                soft = _SOFT if piece == "hat" else 0
                out.append(Struck(at, 0.2, key, player.velocity + accent + soft, DRUM_CHANNEL))
    if fills and METRES[sheet.metre].parts == 2:
        for bar in range(max(3, first_bar), sheet.n_bars, 4):
            last = (bar + 1) * per - 1
            out += (Struck(last + k / 4, 0.2, rng.choice(FILL), player.velocity, DRUM_CHANNEL) for k in range(4))
    return out
