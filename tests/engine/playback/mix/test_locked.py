# SPDX-License-Identifier: GPL-3.0-or-later
"""Loops that are in step with the bar clock stay so for hours, come in at their place, and change tempo together."""

from __future__ import annotations

import math
from collections import deque
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from engine.dsp.nudge import nudged_end
from engine.playback.commands import Began, Play
from engine.playback.mix.clock import BarClock
from engine.playback.mix.locked import LockedVoice
from engine.playback.mix.mixer import Mixer
from engine.values import BarLock, FloatArray
from tests.engine.playback.material import RATE, largest_step, loop_of, noise, tone
from tests.engine.playback.mixing import Command, Script, n_overlap, rendered, told

TEMPO = Fraction(137)
CLOCK = BarClock(RATE, TEMPO)
FASTER = Fraction(174)
BAR = math.ceil(CLOCK.bar_samples)
"""Samples of a loop of one bar: those of its longer turns."""


def launch(channel: int, loop_id: int, samples: FloatArray, lock: BarLock) -> Command:
    loop = loop_of(samples)
    return lambda mixer: mixer.play(loop_id, loop, fade_ms=lock.fade_ms, channel=channel, lock=lock)


def start(mixer: Mixer) -> None:
    mixer.set_clock(TEMPO, 4, bars=Fraction(0))


@pytest.mark.parametrize("bars", [1, 3])
def test_each_turn_begins_with_the_clocks_own_sample(bars: int) -> None:
    loop = noise(math.ceil(bars * CLOCK.bar_samples), level=0.1)
    out = rendered([(0, start), (0, launch(1, 1, loop, BarLock(bars, fade_ms=4.0)))], 10 * BAR, 512)
    line = CLOCK.line_of(1)
    turns = [CLOCK.line_of(1 + number * bars) for number in range(11)]
    end = nudged_end(loop, len(loop) - 1)
    shorter = np.vstack([loop[: len(loop) - 1 - len(end)], end])
    lengths = [after - before for before, after in pairwise(turns)]
    expected = np.concatenate([loop if n == len(loop) else shorter for n in lengths])
    np.testing.assert_array_equal(out[line:], expected[: 10 * BAR - line])


@given(
    bpm=st.fractions(min_value=60, max_value=200, max_denominator=97),
    bars=st.sampled_from([1, 2, 4, 8]),
    beats=st.integers(2, 7),
    line=st.integers(-3, 1000),
)
@settings(max_examples=5, deadline=None, phases=[Phase.explicit, Phase.generate])
def test_ten_hours_later_it_is_where_the_clock_is(bpm: Fraction, bars: int, beats: int, line: int) -> None:
    clock = BarClock(RATE, bpm, beats, Fraction(12_345, 7))
    n_samples = math.ceil(bars * clock.bar_samples)
    samples = np.zeros((n_samples, 1), np.float32)
    voice = LockedVoice.made(loop_of(samples), samples, BarLock(bars))
    time = clock.line_of(line)
    voice.enter(clock, Fraction(line), time)
    retired: deque[object] = deque()
    while time < 10 * 3600 * RATE:
        place, turns = voice.place
        assert time == clock.line_of(line + turns * bars) + place
        n = voice.straight_samples()
        assert len(voice.read(n)[0]) == n
        voice.move_on(n, retired)
        time += n
    assert not retired


@pytest.mark.parametrize("turns", [97, 5000, 20_000])
def test_a_shorter_turn_has_no_step(turns: int) -> None:
    """A tone at up to a quarter of the rate goes on as it is, but for 2 cents in the last 23 ms."""
    loop = tone(BAR, turns=turns)
    out = rendered([(0, start), (0, launch(1, 1, loop, BarLock(1)))], 5 * BAR, 512)[BAR:]
    turn_samples = [CLOCK.line_of(number + 1) - CLOCK.line_of(number) for number in range(1, 4)]
    assert {BAR, BAR - 1} == set(turn_samples)
    step = 2.0 * np.pi * turns / BAR
    bend = np.abs(out[2:] - 2.0 * np.cos(step) * out[1:-1] + out[:-2])
    # What the equation of an oscillator leaves: nothing, but for the change of pitch.
    assert bend.max() < 1.1 * 2.0 * 0.4 * np.sin(step) * step / 1024.0 + 1e-4


def test_a_loop_shorter_than_its_turn_repeats_in_it_and_a_longer_one_is_cut() -> None:
    for n_samples in (BAR // 3, 2 * BAR):
        loop = noise(n_samples, level=0.1)
        out = rendered([(0, start), (0, launch(1, 1, loop, BarLock(1)))], 5 * BAR, 512)
        for number in range(1, 4):
            line, end = CLOCK.line_of(number), CLOCK.line_of(number + 1)
            np.testing.assert_array_equal(out[line:end], loop[np.arange(end - line) % n_samples])


def test_what_is_swapped_in_on_a_beat_comes_in_at_its_place() -> None:
    lead, then = noise(BAR * 2, seed=1, level=0.1), noise(BAR * 2, seed=2, level=0.1)
    beat = Fraction(1, 4)
    lock = BarLock(2, every=beat, anchor=Fraction(1), fade_ms=4.0)
    mixer = Mixer(RATE)
    asked = CLOCK.line_of(Fraction(9, 4)) + 10
    script = [(0, start), (0, launch(1, 1, lead, BarLock(2))), (asked, launch(1, 2, then, lock))]
    out = rendered(script, 4 * BAR, 512, mixer)
    line = CLOCK.line_of(Fraction(10, 4))
    into = line - CLOCK.line_of(1)
    np.testing.assert_array_equal(out[line : line + 1000], then[into : into + 1000])
    assert told(mixer)[-1] == (line, Began(2, channel=1, bars=Fraction(10, 4), anchor=Fraction(1)))


def test_a_swap_at_the_loops_end_waits_for_it() -> None:
    lead, then = noise(4 * BAR, seed=1, level=0.1), noise(BAR, seed=2, level=0.1)
    mixer = Mixer(RATE)
    lock = BarLock(1, every=Fraction(4), first=Fraction(1))
    script = [(0, start), (0, launch(1, 1, lead, BarLock(4))), (2 * BAR, launch(1, 2, then, lock))]
    rendered(script, 6 * BAR, 512, mixer)
    assert told(mixer)[-1] == (CLOCK.line_of(5), Began(2, channel=1, bars=Fraction(5), anchor=Fraction(5)))


def test_a_swap_has_no_step_above_the_musics_own() -> None:
    lead, then = tone(BAR, turns=300), tone(BAR, turns=417)
    for fade_ms in (4.0, 10.0, 40.0):
        lock = BarLock(1, every=Fraction(1, 4), anchor=Fraction(0), fade_ms=fade_ms)
        script = [(0, start), (0, launch(1, 1, lead, BarLock(1))), (3 * BAR // 2, launch(1, 2, then, lock))]
        out = rendered(script, 4 * BAR, 512)
        # In the middle of a crossfade of equal power both sides are heard at 0.707.
        assert largest_step(out[BAR:]) < 1.02 * 0.7072 * (largest_step(lead) + largest_step(then))


# --- tempo ------------------------------------------------------------------------------------------------------------


def plays(locks: tuple[BarLock, BarLock], loops: tuple[FloatArray, FloatArray]) -> tuple[Play, ...]:
    return tuple(
        Play(10 + number, loop_of(loop), lock.fade_ms, channel=number, lock=lock)
        for number, (lock, loop) in enumerate(zip(locks, loops, strict=True), 1)
    )


@pytest.mark.parametrize("block", [pytest.param(1, marks=pytest.mark.soak), 512, 5000])
def test_tempo_and_loops_change_with_the_same_sample(block: int) -> None:
    if block == 1:
        total, asked = 2 * BAR + 3000, 2 * BAR - 4000
    else:
        total, asked = 7 * BAR, BAR + 5000
    slow = noise(2 * BAR, seed=1, level=0.05), noise(BAR, seed=2, level=0.05)
    quick = BarClock(RATE, FASTER)
    fast = tuple(noise(math.ceil(n * quick.bar_samples), seed=n, level=0.05) for n in (2, 1))
    mixer = Mixer(RATE)
    new = plays((BarLock(2, anchor=Fraction(1), fade_ms=5.0), BarLock(1, fade_ms=5.0)), (fast[0], fast[1]))
    script: Script = [
        (0, start),
        (0, launch(1, 1, slow[0], BarLock(2))),
        (10, launch(2, 2, slow[1], BarLock(1))),
        (asked, lambda m: m.retime(FASTER, 4, new)),
    ]
    out = rendered(script, total, block, mixer)
    line = CLOCK.line_of(2)
    assert told(mixer)[2:] == [
        (line, Began(11, channel=1, bars=Fraction(2), anchor=Fraction(1))),
        (line, Began(12, channel=2, bars=Fraction(2), anchor=Fraction(2))),
    ]
    clock = CLOCK.retimed(FASTER, 4, line)
    n = min(total - line, 2000)
    into = line - clock.line_of(1)
    np.testing.assert_allclose(out[line : line + n], fast[0][into : into + n] + fast[1][:n], atol=1e-6)
    if total > 5 * BAR:
        # Bars go on being counted, and the turns with them.
        at = clock.line_of(5)
        np.testing.assert_allclose(out[at : at + 2000], fast[0][:2000] + fast[1][:2000], atol=1e-6)
        assert mixer.blocks[-1].bars_after(0) == pytest.approx(
            float(clock.bars_at(mixer.blocks[-1].first_sample - mixer.latency_samples))
        )


def test_a_change_of_tempo_is_replaced_by_the_next_one_and_needs_locks() -> None:
    loop, fast = noise(BAR, seed=1, level=0.1), noise(BAR // 2, seed=2, level=0.1)
    mixer = Mixer(RATE)
    first, then = ((Play(number, loop_of(fast), 5.0, channel=1, lock=BarLock(1, fade_ms=5.0)),) for number in (2, 3))
    script: Script = [
        (0, start),
        (0, launch(1, 1, loop, BarLock(1))),
        (BAR + 100, lambda m: m.retime(Fraction(90), 4, first)),
        (BAR + 200, lambda m: m.retime(FASTER, 3, then)),
    ]
    rendered(script, 4 * BAR, 512, mixer)
    line = CLOCK.line_of(2)
    assert told(mixer)[1] == (line, Began(3, channel=1, bars=Fraction(2), anchor=Fraction(2)))
    assert mixer.blocks[-1].clock.bpm == FASTER
    assert mixer.blocks[-1].clock.beats_per_bar == 3
    with pytest.raises(ValueError, match="lock"):
        mixer.retime(FASTER, 4, (Play(1, loop_of(fast), 5.0),))


def test_what_has_begun_its_crossfade_is_heard_and_what_waits_can_be_called_off() -> None:
    lead, then = noise(BAR, seed=1, level=0.1), noise(BAR, seed=2, level=0.1)
    line, fade = CLOCK.line_of(2), n_overlap(40.0)
    for asked, begins in ((line - fade - 10, False), (line - fade + 10, True)):
        mixer = Mixer(RATE)
        script: Script = [
            (0, start),
            (0, launch(1, 1, lead, BarLock(1))),
            (BAR + 100, launch(1, 2, then, BarLock(1, fade_ms=40.0))),
            (asked, lambda m: m.call_off(channel=1)),
        ]
        rendered(script, 3 * BAR, 512, mixer)
        assert (told(mixer)[-1][1] == Began(2, channel=1, bars=Fraction(2), anchor=Fraction(2))) is begins


def test_a_stop_while_it_comes_in_ends_it() -> None:
    mixer = Mixer(RATE)
    line = CLOCK.line_of(1)
    script: Script = [
        (0, start),
        (0, launch(1, 1, noise(BAR, level=0.1), BarLock(1, fade_ms=40.0))),
        (line - 500, lambda m: m.stop(5.0)),
    ]
    out = rendered(script, 3 * BAR, 512, mixer)
    assert out[line - 600 : line - 500].any()
    assert not out[line:].any()
    assert mixer.is_silent
    assert not any(isinstance(event, Began) for _, event in told(mixer))


@pytest.mark.parametrize(("at", "line"), [(0, 0), (BAR + 5000, 0), (2 * BAR, 2), (4 * BAR, 4)])
def test_one_that_may_not_begin_before_a_line_begins_there_or_late_with_its_next_turn(at: int, line: int) -> None:
    """A jam's start: the clock begins before bar 0, and loops may come after it."""
    loop = noise(math.ceil(2 * CLOCK.bar_samples), level=0.1)
    lock = BarLock(2, Fraction(2), fade_ms=4.0, not_before=Fraction(0))
    begins = CLOCK.line_of(Fraction(3, 2))

    def count_in(mixer: Mixer) -> None:
        mixer.set_clock(TEMPO, 4, bars=Fraction(-3, 2))

    mixer = Mixer(RATE)
    script: Script = [(0, count_in), (at, launch(1, 1, loop, lock))]
    rendered(script, begins + 6 * BAR, 512, mixer)
    ((sample, event),) = told(mixer)
    assert isinstance(event, Began)
    assert (event.bars, event.anchor) == (Fraction(line), Fraction(line))
    assert abs(sample - begins - CLOCK.line_of(line)) <= 1
