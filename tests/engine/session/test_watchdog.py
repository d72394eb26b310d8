# SPDX-License-Identifier: GPL-3.0-or-later
"""The watchdog sees drawn histories: it acts when music is missing, never when it is not, and never too often."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.session.watchdog import (
    FIRST_PATIENCE_S,
    LONGEST_PATIENCE_S,
    SILENCE_MARGIN_S,
    STALL_S,
    WELL_S,
    Alarm,
    Remedy,
    Trouble,
    Watchdog,
    longest_silence_s,
)
from engine.values import BakedLoop, LoopRegion

SAMPLE_RATE = 44_100
TICK_S = 0.1
LOUD, QUIET = 0.1, 0.0005


@dataclass(frozen=True)
class Step:
    """A step is a stretch of a history: the same for some seconds."""

    duration_s: float
    peak: float = LOUD
    runs: bool = True
    should_play: bool = True
    gain: float = 1.0
    longest_silence_s: float = 0.5
    tick_s: float = TICK_S


class Listening:
    """A listening watchdog has its clock, and keeps what it said, and when."""

    def __init__(self) -> None:
        self.dog = Watchdog(SAMPLE_RATE)
        self.now_s = 1000.0
        self.alarms: list[tuple[float, Alarm]] = []

    def live(self, *steps: Step) -> list[tuple[float, Alarm]]:
        """Return the alarms of these steps alone, by seconds since their beginning."""
        begun_s, n_before = self.now_s, len(self.alarms)
        for step in steps:
            for _ in range(max(1, round(step.duration_s / step.tick_s))):
                self.now_s += step.tick_s
                alarm = self.dog.hear(
                    self.now_s,
                    n_frames=round(step.tick_s * SAMPLE_RATE) if step.runs else 0,
                    peak=step.peak * step.gain if step.runs else 0.0,
                    should_play=step.should_play,
                    gain=step.gain,
                    longest_silence_s=step.longest_silence_s,
                )
                if alarm:
                    self.alarms.append((self.now_s, alarm))
        return [(at_s - begun_s, alarm) for at_s, alarm in self.alarms[n_before:]]


durations = st.floats(0.1, 20.0)
ticks = st.sampled_from([0.02, 0.1, 0.3])
gains = st.floats(0.005, 1.0)
playing = st.builds(Step, durations, st.just(LOUD), gain=gains, tick_s=ticks)
own_silence = st.builds(
    lambda s, gain, tick_s: Step(s, QUIET, gain=gain, longest_silence_s=s, tick_s=tick_s), durations, gains, ticks
)
not_meant = st.builds(
    Step, durations, st.just(0.0), st.booleans(), should_play=st.just(False), gain=st.floats(0.0, 1.0), tick_s=ticks
)
turned_down = st.builds(Step, durations, st.sampled_from([0.0, LOUD]), gain=st.floats(0.0, 0.003), tick_s=ticks)
short_stall = st.builds(Step, st.floats(0.1, 0.9), runs=st.just(False))
# Something loud between two silences, as in music.
innocent = st.one_of(playing, own_silence, not_meant, turned_down, short_stall)
broken = st.one_of(
    st.builds(Step, durations, st.just(0.0), tick_s=ticks), st.builds(Step, durations, runs=st.just(False))
)


@given(history=st.lists(innocent, max_size=15))
def test_music_its_own_silences_and_silence_as_asked_are_no_alarm(history: list[Step]) -> None:
    listening = Listening()
    for step in history:
        assert listening.live(step, Step(0.2)) == []


@given(history=st.lists(innocent, max_size=8), own_s=st.floats(0.0, 10.0), gain=gains, tick_s=ticks)
def test_silence_beyond_the_loops_own_is_an_alarm(
    history: list[Step], own_s: float, gain: float, tick_s: float
) -> None:
    listening = Listening()
    for step in history:
        listening.live(step, Step(0.2))
    silence = Step(own_s + SILENCE_MARGIN_S + 2 * tick_s, QUIET, gain=gain, longest_silence_s=own_s, tick_s=tick_s)
    ((at_s, alarm),) = listening.live(silence)
    assert (alarm.trouble, alarm.remedy) == (Trouble.SILENT, Remedy.RESTART_LOOP)
    assert own_s + SILENCE_MARGIN_S <= alarm.lasted_s + 1e-6 <= at_s + 2e-6


@given(history=st.lists(innocent, max_size=8), gain=st.floats(0.0, 1.0))
def test_a_tape_that_stands_is_an_alarm_at_any_volume(history: list[Step], gain: float) -> None:
    listening = Listening()
    for step in history:
        listening.live(step, Step(0.2))
    ((at_s, alarm),) = listening.live(Step(STALL_S + 0.3, runs=False, gain=gain))
    assert (alarm.trouble, alarm.remedy) == (Trouble.STALLED, Remedy.RESTART_LOOP)
    assert STALL_S < alarm.lasted_s <= at_s + 1e-6


@given(history=st.lists(st.one_of(broken, playing), min_size=1, max_size=40))
def test_new_processes_come_ever_more_rarely(history: list[Step]) -> None:
    listening = Listening()
    listening.live(*history)
    bout = 0
    last_new_s = -math.inf
    patience_s = 0.0
    for at_s, alarm in listening.alarms:
        if alarm.remedy is Remedy.RESTART_LOOP:
            bout = 0
            assert at_s >= last_new_s + patience_s - 1e-6
            continue
        bout += 1
        assert at_s >= last_new_s + patience_s - 1e-6
        last_new_s = at_s
        patience_s = min(FIRST_PATIENCE_S * 2 ** (bout - 1), LONGEST_PATIENCE_S)


@pytest.mark.parametrize("dead", [Step(600.0, 0.0), Step(600.0, runs=False)])
def test_what_stays_dead_is_tried_again_for_ever_but_does_not_thrash(dead: Step) -> None:
    alarms = Listening().live(dead)
    assert [alarm.remedy for _, alarm in alarms] == [Remedy.RESTART_LOOP] + [Remedy.NEW_PROCESS] * (len(alarms) - 1)
    assert alarms[1][0] < 5.0, "soon at first"
    gaps = np.diff([at_s for at_s, _ in alarms])
    assert gaps[1:5] == pytest.approx([5.0, 10.0, 20.0, 40.0], abs=0.5)
    assert gaps[5:] == pytest.approx([60.0] * len(gaps[5:]), abs=0.5)
    assert len(gaps[5:]) > 5


def test_a_bout_may_last_for_days() -> None:
    alarms = Listening().live(Step(30.0 * 3600.0, runs=False, tick_s=0.5))
    assert len(alarms) > 1100
    assert alarms[-1][0] - alarms[-2][0] == pytest.approx(LONGEST_PATIENCE_S, abs=2.0)


def test_music_again_ends_the_bout() -> None:
    listening = Listening()
    dead = Step(2.0, 0.0)
    assert [a.remedy for _, a in listening.live(dead, dead)] == [Remedy.RESTART_LOOP, Remedy.NEW_PROCESS]
    assert listening.live(Step(WELL_S - 1.0)) == []
    assert [a.remedy for _, a in listening.live(dead)] == [Remedy.NEW_PROCESS], "it had not been well for long"
    assert listening.live(Step(WELL_S + 10.0)) == []
    assert [a.remedy for _, a in listening.live(dead)] == [Remedy.RESTART_LOOP]


def test_time_in_which_nobody_listened_is_no_stall() -> None:
    listening = Listening()
    assert listening.live(Step(5.0), Step(3600.0, runs=False, tick_s=3600.0), Step(5.0)) == []


def test_silence_from_one_loop_into_the_next() -> None:
    # The end of one and the beginning of the next may be silent, each for as long as it ever is.
    ending, beginning = Step(2.0, QUIET, longest_silence_s=2.0), Step(3.0, QUIET, longest_silence_s=3.0)
    assert Listening().live(Step(5.0), ending, beginning, Step(1.0)) == []
    late = Step(3.0 + SILENCE_MARGIN_S + 0.3, QUIET, longest_silence_s=3.0)
    assert len(Listening().live(Step(5.0), ending, late)) == 1


@given(heard=st.lists(st.booleans(), min_size=1, max_size=60), n_channels=st.integers(1, 2))
def test_the_longest_silence_is_found_across_the_seam(heard: list[bool], n_channels: int) -> None:
    samples = np.full((len(heard), n_channels), 0.0009, dtype=np.float32)
    samples[np.array(heard), -1] = -0.0011
    loop = BakedLoop(samples, 10, LoopRegion(0, len(heard)), overlap_samples=0, correlation=0.0)
    twice = "".join("x" if one else " " for one in heard * 2)
    expected = max(len(run) for run in twice.split("x")) / 10 if any(heard) else math.inf
    assert longest_silence_s(loop) == expected
