# SPDX-License-Identifier: GPL-3.0-or-later
"""This module says which sound of General MIDI comes nearest to each instrument and each drum."""

from __future__ import annotations

from engine.generators.composer.instruments import INSTRUMENTS
from engine.generators.composer.sampled import KIT_PROGRAMS, PIECE_NOTES

_PROGRAMS: dict[str, int] = {
    "mandolin": 25,
    "bell": 14,
    "theremin": 78,
    "pluck": 90,
    "stab": 17,
    "sub bass": 39,
    "808 bass": 39,
    "synth bass": 38,
    "acid bass": 38,
    "reese bass": 39,
    "organ bass": 17,
    "warm pad": 89,
    "air pad": 88,
    "drone": 95,
    "supersaw": 81,
    "synth lead": 81,
    "soft lead": 80,
    "chip lead": 80,
    "chip arp": 80,
    "chip bass": 80,
}
"""Programs, from 0, of the instruments that are never played from a SoundFont."""

_DRUM_NOTES: dict[str, int] = {
    "clap": 39,
    "boom": 35,
    "taiko": 41,
    "surdo": 41,
    "tabla": 62,
    "tabla_low": 64,
    "pandeiro": 54,
    "sleigh": 54,
    "handclap": 39,
    "snap": 37,
}
"""Notes of General MIDI's drum map for the pieces that are never played from a SoundFont."""


def program_of(instrument: str) -> int:
    """Return the General MIDI program, from 0, that comes nearest to an instrument."""
    program = INSTRUMENTS[instrument].program
    return _PROGRAMS[instrument] if program is None else program


def drum_note(piece: str) -> int:
    """Return the note in General MIDI's drum map that comes nearest to a piece of a kit."""
    return PIECE_NOTES[piece].note if piece in PIECE_NOTES else _DRUM_NOTES[piece]


def kit_program(kit: str) -> int:
    """Return the drum kit that comes nearest; 0 is the standard one, which every synthesiser has."""
    return KIT_PROGRAMS.get(kit, 0)
