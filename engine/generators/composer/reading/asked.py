# SPDX-License-Identifier: GPL-3.0-or-later
"""A brief holds what was read in a prompt; a chip shows one thing of it, and where in the prompt it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.values import Phrase

ChipKind = Literal[
    "style", "tempo", "key", "metre", "mood", "instrument", "excluded", "feel", "nearest", "unknown", "refused"
]


@dataclass(frozen=True, slots=True)
class Brief:
    """A brief is what a prompt asks for; a field is None or empty where the prompt says nothing.

    Attributes
    ----------
    tempo_bpm
        A tempo named in figures: kept exactly.
    near_bpm
        A tempo marking ("allegro"): about this.
    pace
        -1 slow, 1 fast, 0 unsaid.
    tonic, mode
        Pitch class and name of a mode.
    metre
        As written: (6, 8).
    without
        Roles that must not play: "drums", "bass", "lead", "chords", "pad", "arp".
    solo
        Whether what is named plays alone: ``instruments``, ``wanted`` roles, and the drums where ``drums`` is true.
    unknown
        Words that mean nothing to the composer.
    fusion
        A second style, of which the piece takes something, or None.
    bars
        Length in whole bars.
    energy, density, brightness, space
        In [-1, 1]; 0 is unsaid.
    swing
        How far off-beats are late, 0 (straight) to 1; None is unsaid.
    half_time
        -1 half time, 1 double time, 0 unsaid.
    grit
        Vinyl, tape and dust, in [0, 1]; 0 is unsaid.
    rain
        How much rain falls beside the music, in [0, 1].
    excluded
        Instruments (their names in ``INSTRUMENTS``), drums (in ``PIECES``) and kits (in ``KITS``) that must not be
        heard.
    refused
        Sentences on what was understood and cannot be had.
    nearest
        Words that are not known, each with the known ones that it was taken for.
    pieces
        Drums that must be heard (their names in ``PIECES``).
    kit
        The kit that was named ("909"), or None.
    wanted
        Roles that were asked for by name ("a bass line"): with ``solo`` they play, and all others do not.
    not_styles
        Styles that the piece must not be in.
    """

    style: str | None
    tempo_bpm: float | None
    near_bpm: float | None
    pace: int
    tonic: int | None
    mode: str | None
    metre: tuple[int, int] | None
    moods: tuple[str, ...]
    instruments: tuple[str, ...]
    drums: bool
    without: frozenset[str]
    solo: bool
    unknown: tuple[str, ...]
    fusion: str | None = None
    bars: int | None = None
    energy: float = 0.0
    density: float = 0.0
    brightness: float = 0.0
    space: float = 0.0
    swing: float | None = None
    half_time: int = 0
    grit: float = 0.0
    rain: float = 0.0
    excluded: frozenset[str] = frozenset()
    refused: tuple[str, ...] = ()
    nearest: tuple[tuple[str, tuple[str, ...]], ...] = ()
    pieces: tuple[str, ...] = ()
    kit: str | None = None
    wanted: frozenset[str] = frozenset()
    not_styles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Chip:
    """A chip is a phrase for one thing that was read in ``prompt[start:end]``; ``why`` tells why it is refused."""

    phrase: Phrase
    start: int
    end: int
    kind: ChipKind
    why: Phrase | None = None

    @property
    def text(self) -> str:
        return self.phrase.text
