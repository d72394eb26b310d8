# SPDX-License-Identifier: GPL-3.0-or-later
"""The bar clock counts in exact fractions: bars lie where they belong after hours, and through changes of tempo."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.playback.mix.clock import BarClock

RATE = 44_100
_bpm = st.fractions(min_value=30, max_value=300, max_denominator=97)


@given(bpm=_bpm, beats=st.integers(1, 12), time=st.integers(0, 10**10), every=st.integers(1, 16))
def test_a_line_is_the_first_sample_of_its_bar(bpm: Fraction, beats: int, time: int, every: int) -> None:
    clock = BarClock(RATE, bpm, beats)
    line = clock.next_line(time, every)
    number = math.floor(clock.bars_at(line))
    assert line >= time
    assert number % every == 0
    assert clock.bars_at(line - 1) < number <= clock.bars_at(line)
    assert line - time < every * clock.bar_samples + 1
    assert clock.next_line(line, every) == line


def test_ten_hours_of_bars_lie_where_they_belong() -> None:
    clock = BarClock(RATE, Fraction("92.7"), 4)
    at = 0
    for number in range(1, 4 * 3600):
        at = clock.next_line(at + 1)
        assert at == math.ceil(Fraction(60 * 4 * RATE * number * 10, 927))


@given(bpm=_bpm, to=_bpm, beats=st.integers(1, 7), time=st.integers(0, 10**9))
def test_a_change_of_tempo_keeps_the_place_in_the_bar(bpm: Fraction, to: Fraction, beats: int, time: int) -> None:
    clock = BarClock(RATE, bpm, 4)
    changed = clock.retimed(to, beats, time)
    assert changed.bars_at(time) == clock.bars_at(time)
    assert changed.bar_samples == Fraction(60 * RATE * beats) / to
    begun = clock.retimed(to, beats, time, Fraction(3, 2))
    assert abs(begun.bars_at(time) - Fraction(3, 2)) * begun.bar_samples <= Fraction(1, 2)
    assert begun.origin.denominator == 1, "bar 0 begins with a sample, as in every other run"


@pytest.mark.parametrize(("bpm", "beats"), [(Fraction(0), 4), (Fraction(-1), 4), (Fraction(100), 0)])
def test_no_clock_stands_or_goes_back(bpm: Fraction, beats: int) -> None:
    with pytest.raises(ValueError, match="bpm"):
        BarClock(RATE, bpm, beats)
