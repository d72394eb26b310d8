# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests check chords and voice leading."""

from __future__ import annotations

import pytest

from engine.generators.composer.styles import styles
from engine.generators.composer.theory import MODES, Key, chord, lead_voices, nearest


@pytest.mark.parametrize(
    ("numeral", "mode", "colour", "classes"),
    [
        ("I", "major", "triad", {0, 4, 7}),
        ("V", "major", "seventh", {7, 11, 2, 5}),
        ("I", "major", "seventh", {0, 4, 7, 11}),
        ("ii", "major", "ninth", {2, 5, 9, 0, 4}),
        ("i", "minor", "triad", {0, 3, 7}),
        ("VI", "minor", "seventh", {8, 0, 3, 7}),
        ("bVII", "major", "triad", {10, 2, 5}),
        ("V7", "minor", "triad", {7, 11, 2, 5}),
        ("iim7b5", "minor", "triad", {2, 5, 8, 0}),
        ("I", "major", "power", {0, 7}),
    ],
)
def test_chord_tones(numeral: str, mode: str, colour: str, classes: set[int]) -> None:
    assert set(chord(numeral, Key(0, mode), colour).pitch_classes) == classes


def test_a_chord_moves_with_its_key() -> None:
    low, high = (set(chord("IV", Key(tonic, "major"), "triad").pitch_classes) for tonic in (0, 5))
    assert {(pc + 5) % 12 for pc in low} == high


@pytest.mark.parametrize("name", list(styles()))
def test_every_progression_can_be_played_and_its_voices_move_little(name: str) -> None:
    style = styles()[name]
    for mode in sorted({*style.modes, "major", "minor"}):
        key = Key(3, mode)
        for progression in style.minor if key.is_minor else style.major:
            chords = [chord(numeral, key, style.colour) for numeral in progression.replace(",", " ").split()]
            voicings = lead_voices(chords, 60, 4)
            assert len(voicings) == len(chords)
            for item, voices in zip(chords, voicings, strict=True):
                assert {voice % 12 for voice in voices} <= set(item.pitch_classes)
                assert list(voices) == sorted(voices)
                assert all(40 <= voice <= 80 for voice in voices)
            for here, following in zip(voicings, [*voicings[1:], voicings[0]], strict=True):
                moves = [abs(a - b) for a, b in zip(here, following, strict=False)]
                assert sum(moves) / len(moves) <= 5.5


def test_nearest() -> None:
    assert nearest(61.0, (0,)) == 60
    assert nearest(66.4, (0, 11)) == 71
    assert all(len(steps) == 7 for steps in MODES.values())
