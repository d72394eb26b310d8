# SPDX-License-Identifier: GPL-3.0-or-later
"""A count-in clicks with the clock's own samples, is over with bar 0, and is the same whatever the block's size."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from engine.dsp.click import BEAT_HZ, click
from engine.playback.mix.clock import BarClock
from engine.playback.mix.mixer import Mixer
from tests.engine.playback.material import RATE
from tests.engine.playback.mixing import Script, rendered

BPM = Fraction("97.3")
BEFORE = Fraction(6, 5)
"""Bars before bar 0 at which the clock is set."""


def counted(beats: int, n_bars: int = 1) -> Script:
    return [
        (0, lambda mixer: mixer.set_clock(BPM, beats, bars=-BEFORE)),
        (0, lambda mixer: mixer.count_in(n_bars)),
    ]


def clock_of(beats: int) -> BarClock:
    return BarClock(RATE, BPM, beats).retimed(BPM, beats, 0, -BEFORE)


@pytest.mark.parametrize("beats", [4, 3, 7])
def test_it_clicks_with_each_beat_of_the_bar_before_the_first(beats: int) -> None:
    clock = clock_of(beats)
    total = clock.line_of(2)
    out = rendered(counted(beats), total, 512)
    wanted = np.zeros((total, 2), np.float32)
    for number in range(-beats, 0):
        at = clock.line_of(Fraction(number, beats))
        sound = click(RATE, is_accented=number == -beats)
        wanted[at : at + len(sound)] += sound
    assert np.abs(out - wanted).max() < 1e-6
    assert not out[clock.line_of(0) :].any(), "nothing in what is recorded"


@pytest.mark.parametrize("block", [1, 7, 513, 4096, 100_000])
def test_it_is_the_same_in_blocks_of_any_size(block: int) -> None:
    clock = clock_of(4)
    # In blocks of one sample the first click is enough.
    ended = clock.line_of(Fraction(-1, 2) if block > 1 else -1) + 100
    script = [*counted(4), (ended, lambda mixer: mixer.count_in(0))]
    total = clock.line_of(0) + 100 if block > 1 else ended + 3000
    assert np.array_equal(rendered(script, total, block), rendered(script, total, 64))


def test_one_that_is_ended_is_heard_to_the_end_of_its_click() -> None:
    clock = clock_of(4)
    third = clock.line_of(Fraction(-1, 2))
    mixer = Mixer(RATE)
    script = [*counted(4), (third + 100, lambda mixer: mixer.count_in(0))]
    out = rendered(script, clock.line_of(Fraction(1, 2)), 512, mixer)
    sound = click(RATE, is_accented=False)
    assert np.abs(out[third : third + len(sound)] - sound).max() < 1e-6
    assert not out[third + len(sound) :].any()
    assert mixer.is_silent


def test_a_click_has_no_step() -> None:
    for is_accented in (True, False):
        sound = click(RATE, is_accented=is_accented)[:, 0]
        assert sound[0] == 0.0
        assert abs(sound[-1]) < 1e-3
        steepest = 2.0 * np.pi * 2.0 * BEAT_HZ / RATE * np.abs(sound).max()
        assert np.abs(np.diff(sound)).max() < steepest
