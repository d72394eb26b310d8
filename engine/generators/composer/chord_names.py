# SPDX-License-Identifier: GPL-3.0-or-later
"""This module writes chords as musicians read them: "Am7", "F/A", "Bbmaj9"."""

from __future__ import annotations

from engine.dsp.chordnames import KINDS
from engine.generators.composer.theory import Chord, Key

_LETTERS = "CDEFGAB"
_NATURAL = (0, 2, 4, 5, 7, 9, 11)
_ACCIDENTALS = {-1: "b", 0: "", 1: "#"}
_PLAIN = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
# Letters above the tonic, and above a chord's root, by semitones.
_LETTERS_ABOVE = (0, 1, 1, 2, 2, 3, 3, 4, 5, 5, 6, 6)
_FLAT_FIFTH = 4


def chord_name(chord: Chord, key: Key) -> str:
    """Return a chord's name, its root spelled as in ``key``; an inverted one has its bass behind a stroke."""
    tonic = key.name.partition(" ")[0]
    root = _spelled(chord.root, tonic, key.tonic)
    name = root + _kind(chord.tones)
    if chord.bass % 12:
        step = _FLAT_FIFTH if chord.bass % 12 == chord.fifth else _LETTERS_ABOVE[chord.bass % 12]
        name += "/" + _lettered(chord.bass_class, (_LETTERS.index(root[0]) + step) % 7)
    return name


def _kind(tones: tuple[int, ...]) -> str:
    # A chord of tones that have no name of their own is called by the most of them that have.
    named = [kind for kind in KINDS if set(kind) <= set(tones)]
    return KINDS[max(named, key=len)] if named else ""


def _spelled(pitch_class: int, tonic: str, tonic_class: int) -> str:
    step = _LETTERS_ABOVE[(pitch_class - tonic_class) % 12]
    return _lettered(pitch_class, (_LETTERS.index(tonic[0]) + step) % 7)


def _lettered(pitch_class: int, letter: int) -> str:
    """Return a pitch class by that letter, or by its plain name where it would need two accidentals."""
    shift = (pitch_class - _NATURAL[letter] + 6) % 12 - 6
    return _LETTERS[letter] + _ACCIDENTALS[shift] if shift in _ACCIDENTALS else _PLAIN[pitch_class]
