# SPDX-License-Identifier: GPL-3.0-or-later
"""A jam's places, levels and frequencies are said as people read them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from engine.values.jam import Groove, LayerName
from engine.values.knob_travel import gain_of, hz_at, level_of, position_of_hz
from widgets.jam.tapping import TapTempo
from widgets.jam.words import (
    comes_words,
    counter_words,
    layer_words,
    level_words,
    lowpass_words,
    making_words,
    share_words,
)

FOUR, FIVE = Groove(), Groove(metre="5/4")


def test_the_counter_says_bar_and_beat_from_one_on() -> None:
    bars = (None, -1.1, 0.0, 0.249, 0.25, 11.5)
    assert [counter_words(one, FOUR) for one in bars] == ["–", "–", "1.1", "1.1", "1.2", "12.3"]
    assert [counter_words(one, FOUR) for one in (-1.0, -0.6, -0.1)] == ["4", "3", "1"], "a count-in"
    assert counter_words(2.61, FIVE) == "3.4"


@pytest.mark.parametrize(
    ("bars", "words"),
    [
        (5.2, "comes in 3 bars"),
        (5.25, "comes in 2 bars 3 beats"),
        (6.0, "comes in 2 bars"),
        (6.7, "comes in 1 bar 2 beats"),
        (7.75, "comes in 1 beat"),
        (8.0, "comes now"),
        (None, "comes when it is ready"),
    ],
)
def test_what_is_queued_says_when_it_comes(bars: float | None, words: str) -> None:
    assert comes_words(Fraction(8), bars, FOUR) == words
    assert comes_words(None, bars, FOUR) == "comes when it is ready"


def test_levels_and_frequencies() -> None:
    assert [level_words(one) for one in (0.0, -6.5, -60.0)] == ["0.0 dB", "−6.5 dB", "−∞ dB"]
    assert [lowpass_words(one) for one in (20.0, 850.0, 3210.0, 20_000.0)] == ["20 Hz", "850 Hz", "3.2 kHz", "off"]
    assert [share_words(one) for one in (0.0, 0.2)] == ["off", "20 %"]
    assert [making_words(one) for one in (-1.0, 0.4)] == ["making", "making, 40 %"]
    for hz in (20.0, 440.0, 20_000.0):
        assert hz_at(position_of_hz(hz)) == pytest.approx(hz)
    for level_db in (-59.5, -6.0, 0.0):
        assert level_of(gain_of(level_db)) == pytest.approx(level_db)
    assert (gain_of(-60.0), level_of(0.0), level_of(1.0)) == (0.0, -60.0, 0.0)


def test_taps_tell_a_tempo() -> None:
    taps = TapTempo()
    assert taps.tap(10.0) is None
    assert taps.tap(10.5) == 120.0
    assert taps.tap(11.1) == 109.1, "the mean of all"
    assert taps.tap(14.0) is None, "after a pause they begin anew"
    assert taps.tap(14.1) == 200.0
    assert taps.tap(14.1 + 1.9) == 60.0, "as slow as a jam goes"


def test_layers_are_called_as_scripts_call_them() -> None:
    assert [layer_words(name).lower() for name in LayerName] == list(LayerName)
