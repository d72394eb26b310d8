# SPDX-License-Identifier: GPL-3.0-or-later
"""MIDI's clock ticks where the beats are heard; one that is heard is measured, and believed once it has settled."""

from __future__ import annotations

import math
import random

import pytest

from engine.together.clock_in import LOST_S, ClockIn
from engine.together.clock_out import CONTINUE, START, STOP, TICK, TICKS_PER_BEAT, ClockOut, JamPlace
from engine.values.together import LeaderState


class Sent:
    """A clock's messages, in time that is moved by hand, with the jam's places told 20 times a second."""

    def __init__(self) -> None:
        self.clock = ClockOut()
        self.messages: list[tuple[float, bytes]] = []

    def run(self, from_s: float, to_s: float, place: JamPlace, *, jitter_s: float = 0.0, seed: int = 1) -> None:
        """Play on from a place: its tempo is kept."""
        noise = random.Random(seed)
        now_s, told_s = from_s, from_s
        while now_s < to_s:
            if now_s >= told_s:
                bars = place.bars
                if bars is not None:
                    bars += (
                        (now_s + noise.uniform(-1, 1) * jitter_s - place.at_s) * place.bpm / 60 / place.beats_per_bar
                    )
                self.clock.tell(JamPlace(now_s, bars, place.bpm, place.beats_per_bar))
                told_s += 0.05
            messages, next_s = self.clock.due(now_s)
            self.messages += [(now_s, one) for one in messages]
            now_s = min(next_s, told_s) if next_s > now_s else now_s

    def ticks(self) -> list[float]:
        return [at_s for at_s, one in self.messages if one == TICK]


def test_nothing_is_sent_before_the_jam_is_known() -> None:
    assert ClockOut().due(5.0) == ([], math.inf)


@pytest.mark.parametrize(("bpm", "beats_per_bar"), [(60.0, 4), (127.3, 4), (200.0, 3), (93.33, 7)])
def test_it_starts_with_the_first_beat_and_ticks_24_times_in_each(bpm: float, beats_per_bar: int) -> None:
    sent = Sent()
    beat_s = 60.0 / bpm
    sent.run(0.0, 20.0, JamPlace(0.0, -0.5 / beats_per_bar, bpm, beats_per_bar))
    start = [at_s for at_s, one in sent.messages if one == START]
    assert start == [pytest.approx(0.5 * beat_s, abs=1e-6)]
    assert {one for at_s, one in sent.messages if at_s < start[0] - 1e-9} == {TICK}
    after = [at_s for at_s in sent.ticks() if at_s >= start[0] - 1e-9]
    assert after == pytest.approx([start[0] + n * beat_s / TICKS_PER_BEAT for n in range(len(after))], abs=1e-6)


def test_jitter_of_what_is_told_is_smoothed() -> None:
    sent = Sent()
    sent.run(0.0, 60.0, JamPlace(0.0, 0.0, 120.0, 4), jitter_s=0.004)
    ticks = sent.ticks()[500:]
    wanted = [ticks[0] + n * 0.5 / TICKS_PER_BEAT for n in range(len(ticks))]
    assert max(abs(one - two) for one, two in zip(ticks, wanted, strict=True)) < 0.004
    assert len(ticks) == pytest.approx(48 * 60 - 500, abs=2)


def test_it_goes_on_where_the_song_is_and_stops_with_it() -> None:
    sent = Sent()
    sent.run(0.0, 1.0, JamPlace(0.0, None, 120.0, 4))
    assert sent.ticks() == pytest.approx([n / 48 for n in range(48)], abs=1e-6), "others know the tempo meanwhile"
    # Sent from the middle of the 70th bar on.
    sent.messages.clear()
    sent.run(1.0, 2.0, JamPlace(1.0, 69.51, 120.0, 4))
    kinds = [one for _, one in sent.messages if one != TICK]
    sixteenths = math.ceil(69.51 * 16)
    assert kinds == [bytes((0xF2, sixteenths & 0x7F, sixteenths >> 7)), CONTINUE]
    at_s = next(at for at, one in sent.messages if one == CONTINUE)
    assert at_s == pytest.approx(1.0 + (sixteenths / 16 - 69.51) * 2.0, abs=1e-6)
    sent.messages.clear()
    sent.run(2.0, 3.0, JamPlace(2.0, None, 120.0, 4))
    assert sent.messages[0][1] == STOP
    sent.messages.clear()
    sent.run(3.0, 4.0, JamPlace(3.0, -0.09, 120.0, 4))
    assert [one for _, one in sent.messages if one != TICK] == [START]


def test_another_tempo_is_kept_from_its_bar_on_and_a_machine_that_stood_still_sends_no_flood() -> None:
    sent = Sent()
    sent.run(0.0, 2.0, JamPlace(0.0, 0.0, 120.0, 4))
    sent.run(2.0, 4.0, JamPlace(2.0, 1.0, 60.0, 4))
    ticks = sent.ticks()
    assert len([one for one in ticks if one < 2.0 - 1e-9]) == 96
    later = [one for one in ticks if one >= 2.0 - 1e-9]
    assert later == pytest.approx([2.0 + n / 24 for n in range(len(later))], abs=1e-6)
    messages, next_s = sent.clock.due(30.0)
    assert len(messages) <= 3, "it goes on where the song is"
    assert next_s < 30.1


def heard(bpm: float, seconds: float, *, jitter_s: float = 0.0, start: float = 100.0) -> tuple[ClockIn, float]:
    """Return a clock that has heard so many seconds of ticks from a start on, and the moment after the last one."""
    clock, noise = ClockIn(), random.Random(2)
    clock.hear("daw", START, start)
    n_ticks = round(seconds * bpm / 60 * TICKS_PER_BEAT)
    for number in range(n_ticks):
        at_s = start + number * 60.0 / bpm / TICKS_PER_BEAT
        clock.hear("daw", TICK, at_s + noise.uniform(0, 1) * jitter_s)
    return clock, at_s


@pytest.mark.parametrize("bpm", [60.0, 87.5, 120.0, 174.0, 200.0])
@pytest.mark.parametrize("jitter_s", [0.0, 0.003])
def test_a_tempo_is_measured_and_its_beats_are_in_place(bpm: float, jitter_s: float) -> None:
    clock, at_s = heard(bpm, 12.0, jitter_s=jitter_s)
    state = clock.state(at_s)
    assert state.bpm == pytest.approx(bpm, abs=0.11)
    assert state.is_playing is True
    # The beats are where they would be without the jitter, which is on one side.
    place_s = state.at_s - state.beats * 60.0 / bpm - 100.0
    assert place_s == pytest.approx(jitter_s / 2, abs=0.0012)


def test_a_tempo_that_has_not_settled_or_cannot_be_is_not_told() -> None:
    clock, at_s = heard(120.0, 3.0)
    assert clock.state(at_s).bpm is None
    for bpm, refused in ((50.0, 50.0), (240.0, 240.0)):
        clock, at_s = heard(bpm, 12.0)
        assert (clock.state(at_s).bpm, clock.state(at_s).refused_bpm) == (None, refused)
    # One that is turned meanwhile is told when it has come to rest.
    clock, at_s = heard(120.0, 10.0)
    told = []
    for number in range(1, 24 * 50):
        at_s += 60.0 / min(120.0 + number * 0.05, 140.0) / TICKS_PER_BEAT
        clock.hear("daw", TICK, at_s)
        told.append(clock.state(at_s).bpm)
    assert told[-1] == 140.0
    assert len(set(told)) <= 5, "not each of the tempos in between"


def test_start_stop_and_position_are_followed() -> None:
    clock, at_s = heard(120.0, 5.0)
    clock.hear("daw", STOP, at_s)
    beats = clock.state(at_s).beats
    assert clock.state(at_s).is_playing is False
    clock.hear("daw", TICK, at_s + 0.02)
    assert clock.state(at_s + 0.02).beats == beats, "the song stands, the tempo is still told"
    clock.hear("daw", bytes((0xF2, 16, 1)), at_s + 0.03)
    clock.hear("daw", CONTINUE, at_s + 0.03)
    clock.hear("daw", TICK, at_s + 0.04)
    state = clock.state(at_s + 0.04)
    assert (state.is_playing, state.beats) == (True, 144 / 4)
    assert not clock.hear("daw", b"\x90\x24\x40", at_s)
    assert clock.hear("other", STOP, at_s + 0.05)
    assert clock.state(at_s + 0.05).is_playing is True, "another one is not heard while this one ticks"
    assert clock.state(at_s + 0.04 + LOST_S + 0.1) == LeaderState("midi")


def test_ticks_that_come_all_at_once_have_no_tempo() -> None:
    heard = ClockIn()
    for _ in range(1000):
        heard.hear("a flood", TICK, 5.0)
    assert heard.state(5.0).bpm is None
