# SPDX-License-Identifier: GPL-3.0-or-later
"""The tape machine works as a thread on a real tape."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest

from engine.errors import CannotWrite, NothingHeard, StudioError
from engine.library.carried import recipe_of
from engine.recording.comment_room import ROOM_BYTES
from engine.recording.machine import TapeMachine
from engine.recording.messages import Heard, MachineListener, Recorded
from engine.recording.ring import RingReader
from engine.tape import TapeWriter, tape_block
from engine.units import SILENCE_DB, amplitude_to_db
from engine.values import Lead, LoopRegion, Meters, MixKind, MixRecipe
from tests.engine.library.making import files_limited_to, recipe
from tests.engine.recording.played import decoded, frames, steps

SAMPLE_RATE = 8_000
WAIT_S = 20.0
"""Seconds that only a fault lasts."""


@dataclass
class Told:
    meters: list[Meters] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    recorded: list[Recorded] = field(default_factory=list)
    errors: list[StudioError] = field(default_factory=list)

    @property
    def n_frames(self) -> int:
        return sum(one.n_frames for one in list(self.heard))


@dataclass
class Deck:
    """A deck holds a tape, what writes on it, the machine, and which frame is heard."""

    writer: TapeWriter
    machine: TapeMachine
    told: Told
    delay: int = 0
    is_resting: bool = False

    def rest(self, n_frames: int) -> None:
        """Feed the device silence, with nothing playing, and wait until the machine has heard it."""
        until = self.told.n_frames + n_frames
        self.writer.write(np.zeros((n_frames, 2), dtype=np.float32))
        wait_for(lambda: self.told.n_frames == until)

    def play(self, n_frames: int) -> None:
        at = self.writer.n_written
        self.writer.write(frames(at, at + n_frames))

    def played(self, n_frames: int) -> None:
        """Play, and wait until the machine has heard it."""
        until = self.told.n_frames + n_frames
        self.play(n_frames)
        wait_for(lambda: self.told.n_frames == until)


def wait_for(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_S
    while not true():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.005)


@pytest.fixture
def deck(tmp_path: Path) -> Iterator[Deck]:
    tape = tape_block(SAMPLE_RATE)
    writer, told = TapeWriter(tape), Told()
    writer.write(frames(0, 1000))  # before the machine: not its own
    listener = MachineListener(told.meters.append, told.heard.append, told.recorded.append, told.errors.append)
    made: list[Deck] = []
    machine = TapeMachine(
        tape,
        tmp_path / "cache",
        listener,
        heard_frame=lambda: writer.n_written - (made[0].delay if made else 0),
        is_resting=lambda: bool(made) and made[0].is_resting,
        kept_s=3.0,
    )
    made.append(Deck(writer, machine, told))
    yield made[0]
    machine.stop()
    machine.stop()
    assert list((tmp_path / "cache").glob("*")) == []
    assert "tape machine" not in {thread.name for thread in threading.enumerate()}


def test_everything_played_is_heard_kept_and_recorded(deck: Deck, tmp_path: Path) -> None:
    path = tmp_path / "music.flac"
    deck.machine.start()
    deck.machine.record(str(path))
    for _ in range(5):
        deck.played(SAMPLE_RATE)
    loudest = float(np.abs(frames(1000, 1000 + 5 * SAMPLE_RATE)).max())
    assert max(one.peak for one in deck.told.heard) == pytest.approx(loudest)
    was = deck.machine.was_heard()
    assert (was.first, was.end) == (1000 + 2 * SAMPLE_RATE, 1000 + 5 * SAMPLE_RATE)
    with RingReader(Path(was.ring_path)) as ring:
        assert np.array_equal(steps(ring.read(was.first, was.end)), steps(frames(was.first, was.end)))
    deck.machine.stop_recording()
    wait_for(lambda: bool(deck.told.recorded))
    (recorded,) = deck.told.recorded
    assert recorded == Recorded(str(path), 5.0)
    found = decoded(path)
    assert np.array_equal(found, steps(frames(1000, 1000 + 5 * SAMPLE_RATE)))
    assert deck.told.errors == []


def test_stopping_takes_what_is_left_and_finishes_the_recording(deck: Deck, tmp_path: Path) -> None:
    path = tmp_path / "music.flac"
    deck.machine.record(str(path))
    deck.machine.start()
    wait_for(lambda: bool(deck.told.heard))
    deck.play(30_000)
    deck.machine.stop()
    assert deck.told.recorded == [Recorded(str(path), 30_000 / SAMPLE_RATE)]
    assert np.array_equal(decoded(path), steps(frames(1000, 31_000)))


def test_a_recording_begins_and_ends_with_the_frames_that_were_planned(deck: Deck, tmp_path: Path) -> None:
    path, never = tmp_path / "bars.flac", tmp_path / "never.flac"
    deck.machine.start()
    deck.machine.record(str(path), 1000 + 3 * SAMPLE_RATE)
    deck.machine.stop_recording(1000 + 5 * SAMPLE_RATE + 77)
    for _ in range(7):
        deck.played(SAMPLE_RATE)
    wait_for(lambda: bool(deck.told.recorded))
    assert deck.told.recorded == [Recorded(str(path), (2 * SAMPLE_RATE + 77) / SAMPLE_RATE)]
    expected = frames(1000 + 3 * SAMPLE_RATE, 1000 + 5 * SAMPLE_RATE + 77)
    assert np.array_equal(decoded(path), steps(expected))
    # What is armed can be called off.
    deck.machine.record(str(never), 1000 + 9 * SAMPLE_RATE)
    deck.machine.stop_recording()
    for _ in range(4):
        deck.played(SAMPLE_RATE)
    assert len(deck.told.recorded) == 1
    assert not never.exists()


def test_one_recording_after_another_and_none(deck: Deck, tmp_path: Path) -> None:
    deck.machine.start()
    deck.machine.stop_recording()
    deck.machine.record(str(tmp_path / "nothing.flac"))
    deck.machine.record(str(tmp_path / "first.flac"))
    wait_for(lambda: len(deck.told.recorded) == 1)
    deck.played(10_000)
    deck.machine.record(str(tmp_path / "second.flac"))
    wait_for(lambda: len(deck.told.recorded) == 2)
    deck.played(20_000)
    deck.machine.stop()
    names = [(Path(one.path).name, round(one.duration_s * SAMPLE_RATE)) for one in deck.told.recorded]
    assert names == [("nothing.flac", 0), ("first.flac", 10_000), ("second.flac", 20_000)]
    assert np.array_equal(decoded(tmp_path / "second.flac"), steps(frames(11_000, 31_000)))
    assert {one.name for one in tmp_path.iterdir()} == {"cache", "first.flac", "second.flac"}


def test_meters_that_rest_show_the_last_seconds_as_they_wake(deck: Deck) -> None:
    deck.machine.watch(is_watched=False)
    deck.machine.start()
    for _ in range(4):
        deck.played(SAMPLE_RATE)
    assert deck.told.meters == [], "they rest"
    was = deck.machine.was_heard()
    assert was.end - was.first == 3 * SAMPLE_RATE, "what is heard is kept all the same"
    deck.machine.watch(is_watched=True)
    wait_for(lambda: bool(deck.told.meters))
    woken = deck.told.meters[0]
    assert woken.short_term_lufs > -20.0, "as if they had never rested"
    last = frames(1000 + SAMPLE_RATE, 1000 + 4 * SAMPLE_RATE)
    assert woken.true_peak_db >= amplitude_to_db(float(np.abs(last).max())) - 0.05


def test_the_meters_show_what_is_heard_and_silence_when_the_tape_stands(deck: Deck) -> None:
    deck.machine.start()
    deck.delay = 20_000
    deck.played(20_000)
    n_told = len(deck.told.meters)
    wait_for(lambda: len(deck.told.meters) > n_told + 1)
    assert {one.true_peak_db for one in deck.told.meters} == {SILENCE_DB}, "played, but not heard yet"
    deck.delay = 0
    loudest_db = amplitude_to_db(float(np.abs(frames(1000, 21_000)).max()))
    wait_for(lambda: max(one.true_peak_db for one in list(deck.told.meters)) >= loudest_db)
    wait_for(lambda: deck.told.meters[-1].short_term_lufs > -20.0)
    wait_for(lambda: deck.told.meters[-1] == Meters(SILENCE_DB, SILENCE_DB))


def test_the_loops_that_led_are_told(deck: Deck) -> None:
    with pytest.raises(NothingHeard):
        deck.machine.was_heard()
    deck.machine.start()
    starts = [1000, 5000, 20_000, 30_000, 35_000]
    made = [Lead(start, recipe(f"prompt {number}")) for number, start in enumerate(starts)]
    deck.machine.note_lead(made[0].frame, made[0].recipe)
    for _ in range(5):
        deck.played(SAMPLE_RATE)
    for lead in made[1:]:
        deck.machine.note_lead(lead.frame, lead.recipe)
    # Three seconds are kept, from 17 000 on: the second one leads there.
    assert deck.machine.was_heard().leads == tuple(made[1:])
    deck.delay = 10_000
    assert deck.machine.was_heard().end == 1000 + 5 * SAMPLE_RATE - 10_000


def test_a_change_of_the_loop_that_leads_is_told(deck: Deck) -> None:
    found, other = recipe("one"), recipe("two")
    by_hand = replace(found, loop=replace(found.loop, region=LoopRegion(10, 500)))
    judged = replace(by_hand, loop=replace(by_hand.loop, score=0.25))
    deck.machine.note_change(found)
    deck.machine.note_lead(1000, found)
    deck.machine.start()
    deck.played(2_000)
    deck.machine.note_change(by_hand)
    deck.played(2_000)
    # The same region, of which more is known.
    deck.machine.note_change(judged)
    deck.machine.note_change(found)
    # Before that was mixed in another loop had taken over.
    deck.machine.note_lead(4_500, other)
    assert deck.machine.was_heard().leads == (Lead(1000, found), Lead(3_000, judged), Lead(4_500, other))


def test_pauses_are_neither_kept_nor_recorded(deck: Deck, tmp_path: Path) -> None:
    path = tmp_path / "music.flac"
    deck.machine.record(str(path))
    deck.machine.start()
    played = []
    made = []
    for number in range(3):
        at = deck.writer.n_written
        made.append(recipe(f"prompt {number}"))
        deck.machine.note_lead(at, made[-1])
        deck.played(2_000)
        deck.rest(3_000)  # the music's own silence
        played += [frames(at, at + 2_000), np.zeros((3_000, 2), dtype=np.float32)]
        deck.is_resting = True
        for _ in range(3):
            deck.rest(30_000)
        # It plays again before anybody is told.
        at = deck.writer.n_written
        deck.played(1_000)
        played.append(frames(at, at + 1_000))
        deck.is_resting = False
    was = deck.machine.was_heard()
    assert was.leads == tuple(Lead(1000 + 6_000 * number, one) for number, one in enumerate(made))
    assert (was.first, was.end) == (1000, 19_000)
    with RingReader(Path(was.ring_path)) as ring:
        assert np.array_equal(steps(ring.read(was.first, was.end)), steps(np.concatenate(played)))
    deck.machine.stop()
    assert np.array_equal(decoded(path), steps(np.concatenate(played)))


def test_a_recording_says_which_loops_are_in_it(deck: Deck, tmp_path: Path) -> None:
    path = tmp_path / "music.flac"
    made = [recipe(f"loop {number}") for number in range(5)]
    deck.machine.start()
    deck.machine.note_lead(1000, made[0])
    deck.played(SAMPLE_RATE)
    deck.machine.record(str(path))
    deck.played(SAMPLE_RATE)
    wait_for(lambda: path.exists() and recipe_of(path) is not None)
    said = recipe_of(path)
    assert isinstance(said, MixRecipe), "also of a recording that is interrupted"
    assert [lead.recipe for lead in said.leads] == [made[0]]
    deck.machine.note_lead(deck.writer.n_written, made[1])
    deck.played(SAMPLE_RATE)
    deck.is_resting = True
    deck.rest(SAMPLE_RATE)
    deck.is_resting = False
    deck.machine.note_lead(deck.writer.n_written, made[2])
    # Longer than anything is kept.
    for _ in range(6):
        deck.played(SAMPLE_RATE)
    deck.machine.note_lead(deck.writer.n_written, made[3])
    deck.machine.note_change(replace(made[3], title="Known by now"))
    deck.played(SAMPLE_RATE)
    deck.machine.note_lead(deck.writer.n_written + SAMPLE_RATE, made[4])
    deck.machine.stop_recording()
    wait_for(lambda: bool(deck.told.recorded))
    said = recipe_of(path)
    assert isinstance(said, MixRecipe)
    assert (said.kind, said.sample_rate, said.n_samples) == (MixKind.RECORDED, SAMPLE_RATE, 9 * SAMPLE_RATE)
    wanted = [(0, made[0]), (1, made[1]), (2, made[2]), (8, replace(made[3], title="Known by now"))]
    assert [(lead.frame / SAMPLE_RATE, lead.recipe) for lead in said.leads] == wanted
    assert len(decoded(path)) == said.n_samples


def test_samples_that_are_no_numbers_are_silence(deck: Deck, tmp_path: Path) -> None:
    deck.machine.start()
    bad = frames(1000, 11_000).copy()
    bad[::100, 0] = np.nan
    bad[50::100, 1] = np.inf
    deck.writer.write(bad)
    wait_for(lambda: deck.told.n_frames == 10_000)
    was = deck.machine.was_heard()
    expected = np.where(np.isfinite(bad), bad, np.float32(0.0))
    with RingReader(Path(was.ring_path)) as ring:
        assert np.array_equal(steps(ring.read(was.first, was.end)), steps(expected))
    assert max(one.peak for one in deck.told.heard) < 1.0


def test_frames_that_nobody_read_in_time_are_a_new_beginning(deck: Deck, expected_logs: list[str]) -> None:
    expected_logs.append("were overwritten before they were read")
    for _ in range(40):
        deck.play(SAMPLE_RATE)
    deck.machine.start()
    wait_for(lambda: deck.told.n_frames == 29 * SAMPLE_RATE)
    was = deck.machine.was_heard()
    with RingReader(Path(was.ring_path)) as ring:
        assert np.array_equal(steps(ring.read(was.first, was.end)), steps(frames(was.first, was.end)))


# --- a full disk ------------------------------------------------------------------------------------------------------


def test_no_space_for_the_ring_is_told_once_and_the_rest_goes_on(deck: Deck, tmp_path: Path) -> None:
    path = tmp_path / "music.flac"
    with files_limited_to(300_000):
        deck.machine.record(str(path))
        deck.machine.start()
        deck.played(10_000)
    assert [type(error) for error in deck.told.errors] == [CannotWrite]
    assert ".ring" in str(deck.told.errors[0])
    with pytest.raises(CannotWrite, match=r"\.ring"):
        deck.machine.was_heard()
    # There is room again, and who asks has it looked at.
    deck.played(10_000)
    heard = deck.machine.was_heard()
    assert (heard.first, heard.end) == (11_000, 21_000)
    with RingReader(Path(heard.ring_path)) as reader:
        assert np.array_equal(steps(reader.read(11_000, 21_000)), steps(frames(11_000, 21_000)))
    deck.machine.stop()
    assert np.array_equal(decoded(path), steps(frames(1000, 21_000)))
    assert len(deck.told.errors) == 1
    assert max(one.true_peak_db for one in deck.told.meters) > -3.0


def test_no_space_for_the_recording_is_told_once_and_the_rest_goes_on(deck: Deck, tmp_path: Path) -> None:
    path = tmp_path / "music.flac"
    deck.machine.record(str(path))
    deck.machine.start()
    # The limit is on a file's length: the ring's 33 s fit, and the room for the recording's comment.
    with files_limited_to(6 * 34 * SAMPLE_RATE + ROOM_BYTES):
        while not deck.told.recorded:
            deck.played(20_000)
            assert deck.writer.n_written < 60 * SAMPLE_RATE
    assert [type(error) for error in deck.told.errors] == [CannotWrite]
    found = decoded(path)
    assert deck.told.recorded == [Recorded(str(path), len(found) / SAMPLE_RATE)]
    assert len(found) > 30 * SAMPLE_RATE
    assert np.array_equal(found, steps(frames(1000, 1000 + len(found))))
    assert deck.machine.was_heard().end == deck.writer.n_written


def test_a_place_that_cannot_be_recorded_to(deck: Deck, tmp_path: Path) -> None:
    path = str(tmp_path / "missing" / "music.flac")
    deck.machine.record(path)
    deck.machine.start()
    wait_for(lambda: bool(deck.told.recorded))
    assert deck.told.recorded == [Recorded(path, 0.0)]
    assert [type(error) for error in deck.told.errors] == [CannotWrite]
