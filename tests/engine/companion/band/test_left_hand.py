# SPDX-License-Identifier: GPL-3.0-or-later
"""The left hand says the chord that it struck last, and the band plays that from the next moment on."""

from __future__ import annotations

import pytest

from engine.companion.band.band import Band, BandOrder
from engine.companion.band.left_hand import LeftHand, chord_of
from engine.generators.base import GeneratorSettings
from tests.engine.companion.band.players import RATE, perform


@pytest.mark.parametrize(
    ("notes", "name"),
    [
        ((45, 48, 52), "Am"),
        ((48, 52, 55), "C"),
        ((52, 55, 60), "C"),
        ((43, 47, 50, 53), "G7"),
        ((50, 53, 57, 60), "Dm7"),
        ((41, 45, 48, 52), "Fmaj7"),
        ((47, 50, 53), "Bdim"),
        ((48, 60, 36), ""),
        ((48, 55), ""),
        ((), ""),
        ((48, 49, 50, 51), ""),
    ],
)
def test_chords_are_named_as_musicians_name_them(notes: tuple[int, ...], name: str) -> None:
    assert chord_of(notes) == name


def test_a_chord_holds_until_another_one_is_struck_and_the_right_hand_says_nothing() -> None:
    hand = LeftHand()
    assert hand.chord == ""
    for midi in (45, 48, 52):
        hand.key(midi, 0.7)
    assert hand.chord == "Am"
    for midi in (72, 76, 79, 83):
        hand.key(midi, 0.9)
    assert hand.chord == "Am"
    for midi in (45, 48, 52):
        hand.key(midi, 0.0)
    assert hand.chord == "Am"
    for midi in (43, 47, 50):
        hand.key(midi, 0.5)
    assert hand.chord == "G"


def test_the_band_plays_the_chord_that_is_struck() -> None:
    performance = perform(104.0, bars=10)
    band = Band(BandOrder(style="pop", seed=2, sounds="synthesised"), GeneratorSettings())
    said = ["E"]
    band.say_chord = lambda: said[0]
    taken = 0
    for first in range(0, 14 * RATE, 1024):
        band.hear(performance.clip.samples[first : first + 1024], first)
        taken = first + 1024
        band.plan(taken, 2048)
    beats = [one for (_, number), one in sorted(band.beats.items())]
    assert len(beats) > 8
    assert {one.chord for one in beats} == {"E"}
    said[0] = "Am"
    # Between two beats: a change is laid at once.
    assert band.plan(taken, 2048) is not None
    assert [one for _, one in sorted(band.beats.items())][-1].chord == "Am"
