# SPDX-License-Identifier: GPL-3.0-or-later
"""Beats and chords go on beyond what was heard, and through a gap."""

from __future__ import annotations

import numpy as np
import pytest

from engine.companion.fitting import is_loop, sounding
from engine.companion.timeline import Timeline, first_beat_from
from engine.companion.timelines import steady_beats, timeline_across
from engine.values import Clip, GivenBeats
from engine.values.guide import NO_CHORD
from tests.engine.listening.pieces import piece

CHORDS = ("Am", "F", "C", "G")


def timeline(n_bars: int = 8, *, beat_s: float = 0.5, first: int = 0, extra: int = 0) -> Timeline:
    """Return bars of four beats, a chord a bar, of which ``first`` beats come before the first downbeat."""
    n = 4 * n_bars + extra
    times_s = np.arange(n) * beat_s + 0.25
    downbeats = tuple(range(first, n, 4))
    beats = GivenBeats(tuple(times_s.tolist()), float(times_s[-1] + beat_s), "4/4", downbeats)
    begins = [(float(times_s[at]) + 0.02, CHORDS[i % 4]) for i, at in enumerate(downbeats)]
    return Timeline.of(beats, tuple(begins))


def test_beats_go_on_as_long_as_their_neighbours() -> None:
    one = timeline()
    assert one.time_s(-4) == pytest.approx(0.25 - 2.0)
    assert one.time_s(34) == pytest.approx(0.25 + 17.0)
    for beat in (-3.5, 0.0, 7.25, 31.0, 40.5):
        assert one.beat(one.time_s(beat)) == pytest.approx(beat)
    assert [beat for beat in range(-5, 40) if one.begins_bar(beat)] == list(range(-4, 40, 4))


def test_a_tempo_that_slows_down_goes_on_as_it_is_at_the_end() -> None:
    times_s = np.array([0.5 * at + 0.1 * max(0, at - 16) for at in range(32)])
    one = Timeline(times_s, "4/4", tuple(range(0, 32, 4)), ("Am",) * 32)
    assert one.time_s(34) - one.time_s(33) == pytest.approx(0.6, abs=1e-6)
    assert one.time_s(-1) == pytest.approx(-0.5, abs=1e-6)


def test_chords_go_round_as_they_did() -> None:
    one = timeline(extra=2)
    assert one.round_beats == 16
    # Two beats of the ninth bar were heard: it is the round's first, and goes on.
    assert [one.chord(beat) for beat in range(32, 52, 4)] == ["Am", "F", "C", "G", "Am"]
    assert [one.chord(beat) for beat in (33, 34, 35, 36)] == ["Am", "Am", "Am", "F"]
    assert one.chord(-1) == "G"
    assert one.chord(-5) == "C"


def test_chords_that_never_come_again_go_round_by_whole_bars() -> None:
    names = tuple(f"{root}{kind}" for kind in ("", "m") for root in "CDEFGAB")[:9]
    one = Timeline(
        np.arange(36, dtype=np.float64) * 0.5,
        "4/4",
        tuple(range(0, 36, 4)),
        tuple(name for name in names for _ in range(4)),
    )
    assert one.round_beats == 16
    assert one.chord(36) == names[5]


@pytest.mark.parametrize(
    ("chords", "n_round"), [("AAEE" * 2, 4), ("AAEE" * 3 + "AA", 4), ("AADDAAEE" * 2, 8), ("AAA", 1)]
)
def test_a_chord_that_lasts_for_bars_is_no_round(chords: str, n_round: int) -> None:
    n = 4 * len(chords)
    times_s = np.arange(n, dtype=np.float64) * 0.5
    one = Timeline(times_s, "4/4", tuple(range(0, n, 4)), tuple(name for name in chords for _ in range(4)))
    assert one.round_beats == 4 * n_round


def test_a_change_that_was_heard_once_comes_again() -> None:
    one = Timeline(np.arange(13, dtype=np.float64) * 0.5, "4/4", (0, 4, 8, 12), ("Am",) * 8 + ("E",) * 5)
    assert [one.chord(beat) for beat in range(13, 25)] == ["Am"] * 7 + ["E"] * 5


def test_the_guide_of_what_comes_has_the_bar_that_was_begun() -> None:
    one = timeline(extra=2)
    guide = one.guide(34, 48)
    assert guide.beats is not None
    assert guide.beats.downbeats == (2, 6, 10)
    assert guide.beats.times_s[0] == 0.0
    assert guide.beats.duration_s == pytest.approx(7.0)
    assert [bar.n_beats for bar in guide.beats.bars()] == [2, 4, 4, 4]
    assert [(chord.at, chord.name) for chord in guide.chords] == [(0.5, "Am"), (1.0, "F"), (2.0, "C"), (3.0, "G")]


def test_music_without_chords_leaves_them_to_the_composer() -> None:
    one = Timeline.of(steady_beats(10.0), ())
    assert not one.has_chords
    assert set(one.chords) == {NO_CHORD}
    assert one.guide(0, 8).chords == ()


@pytest.mark.parametrize("duration_s", [1.0, 1.7, 30.0])
def test_the_beats_of_music_without_a_pulse_are_slow(duration_s: float) -> None:
    beats = steady_beats(duration_s)
    assert beats.times_s[-1] < duration_s
    assert len(beats.times_s) == max(2, int(duration_s))


def test_the_first_beat_from_a_time_on() -> None:
    one = timeline()
    assert first_beat_from(one, 0.25) == 0
    assert first_beat_from(one, 0.26) == 1
    assert first_beat_from(one, -1.0) == -2


def test_a_gap_has_as_many_beats_as_fit_and_its_chords_go_on() -> None:
    one = piece("funk", "Am | F | C | G", bpm=104.0, bars=8)
    beat_s = 60.0 / 104.0
    samples = one.clip.samples.copy()
    from_s, to_s = 16 * beat_s, 22 * beat_s
    samples[round(from_s * one.clip.sample_rate) : round(to_s * one.clip.sample_rate)] = 0.0
    _, line = timeline_across(Clip(samples, one.clip.sample_rate), from_s, to_s)
    for beat in range(15, 24):
        time_s = line.time_s(line.beat(beat * beat_s))
        nearest = line.time_s(round(line.beat(time_s)))
        assert nearest == pytest.approx(beat * beat_s, abs=0.05)
    assert line.chord(round(line.beat(17.5 * beat_s))) == "Am"
    assert line.chord(round(line.beat(21.0 * beat_s))) == "F"


def test_where_a_recording_sounds() -> None:
    samples = np.zeros((44_100, 2), dtype=np.float32)
    samples[10_000:30_000] = 0.5
    first, end = sounding(Clip(samples, 44_100))
    assert first == pytest.approx(10_000, abs=900)
    assert end == pytest.approx(30_000, abs=900)
    assert sounding(Clip(samples * 0, 44_100)) == (0, 44_100)


def test_whole_bars_that_sound_to_their_end_are_a_loop() -> None:
    rate = 8_000
    line = timeline()
    steady = np.full((round(16.0 * rate), 1), 0.3, dtype=np.float32)
    zeroed = Timeline(line.times_s - 0.25, line.metre, line.downbeats, line.chords)
    assert is_loop(Clip(steady, rate), zeroed)
    assert not is_loop(Clip(steady[: 15 * rate], rate), zeroed)
    assert not is_loop(Clip(np.concatenate([steady[:-rate], steady[:rate] * 0]), rate), zeroed)
    assert not is_loop(Clip(steady, rate), line)
