# SPDX-License-Identifier: GPL-3.0-or-later
"""This module finds the progressions of a style that suit a mode: one style may be played in several."""

from __future__ import annotations

from engine.generators.composer.theory import Key, chord


def in_mode(progressions: tuple[str, ...], key: Key) -> tuple[str, ...]:
    """Return the progressions whose chords belong to the key's mode, or all where none does.

    Dominants may be of any key: they bring a leading note along in every mode.
    """
    fitting = tuple(text for text in progressions if _strangers(text, key) == 0)
    return fitting or progressions


def _strangers(text: str, key: Key) -> int:
    numerals = [numeral for bar in text.split() for numeral in bar.split(",")]
    own = [numeral for numeral in numerals if "/" not in numeral and not numeral.startswith("V")]
    # Triads decide: sevenths and ninths are chosen to fit.
    sounding = {pitch for numeral in own for pitch in chord(numeral, key, "triad").pitch_classes[:3]}
    return len(sounding - set(key.pitch_classes))
