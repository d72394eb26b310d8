# SPDX-License-Identifier: GPL-3.0-or-later
"""A jam is recorded in whole bars: armed while it plays, or after a count-in of a bar."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import cast

import pytest
from psygnal import Signal

from engine.playback.mix.clock import BarClock
from engine.recording.recorded_stems import StemPlan
from engine.session.jam.recording import JamRecorder
from engine.session.recording import Recording
from engine.shared import SharedBlock
from engine.values import PlaybackSnapshot, Recipe
from engine.values.audio import STUDIO_SAMPLE_RATE as RATE
from engine.values.jam import LayerName
from engine.values.jam_recording import JamRecordingOrder as Order
from engine.values.jam_recording import JamRecordingState, JamTake
from tests.engine.session.jam.jamming import Stage, onsets

DRUMS, BASS = LayerName.DRUMS, LayerName.BASS


@dataclass
class Deck:
    """This deck stands for the studio's recording, and notes what it is told to do at which frame."""

    recording_changed = Signal(str)
    begun = Signal(str)
    recorded = Signal(str, float)
    orders: list[tuple[str, int | None]] = field(default_factory=list)
    leads: list[tuple[int, str]] = field(default_factory=list)
    rests: list[str] = field(default_factory=list)
    stems: list[StemPlan | None] = field(default_factory=list)

    def record(self, path: str, at: int | None = None, stems: StemPlan | None = None, *, keeps_silence: bool) -> None:
        assert keeps_silence
        self.orders.append((path, at))
        self.stems.append(stems)

    def stop_recording(self, at: int | None = None) -> None:
        self.orders.append(("", at))

    def note_lead(self, tape_frame: int, _recipe: Recipe, layer: str) -> None:
        self.leads.append((tape_frame, layer))

    def note_rest(self, layer: str) -> None:
        self.rests.append(layer)


class Recorded:
    """A stage whose snapshots tell the frame of the tape, and a recorder on it."""

    def __init__(self) -> None:
        self.stage = Stage()
        self.deck = Deck()
        self.counted: list[int] = []
        self.stem_blocks: list[SharedBlock | None] = []
        self.recorder = JamRecorder(self.stage.jam, cast("object", self), cast("Recording", self.deck))  # type: ignore[arg-type]
        self.stage.player.snapshot_taken.connect(self._on_snapshot)
        self.stage.jam.set_tempo(97.3)
        self.stage.jam.set_bars(1)
        self.stage.jam.make(DRUMS)

    snapshot_taken = Signal(object)

    def count_in(self, n_bars: int) -> None:
        self.counted.append(n_bars)

    def record_stems(self, block: SharedBlock | None) -> None:
        self.stem_blocks.append(block)

    def _on_snapshot(self, snapshot: PlaybackSnapshot) -> None:
        self.snapshot_taken.emit(replace(snapshot, tape_frame=self.stage.player.mixer.rendered_samples))


@pytest.fixture
def one() -> Recorded:
    return Recorded()


def test_it_begins_and_ends_with_bars(one: Recorded) -> None:
    one.stage.jam.start()
    played = one.stage.play(4.0)
    first = onsets(played)[0]
    one.recorder.record(Order("a.flac"))
    clock = BarClock(RATE, Fraction("97.3"), 4, Fraction(first))
    ((path, at),) = one.deck.orders
    assert path == "a.flac"
    assert at is not None
    bar = one.recorder.state.begins_at
    assert bar is not None
    assert bar.denominator == 1
    assert abs(at - clock.line_of(bar)) <= 1
    assert at > one.stage.player.mixer.rendered_samples
    one.recorder.record(Order("b.flac"))  # one is on its way
    one.stage.play(6.0)
    one.recorder.stop()
    ends_at, end = one.recorder.state.ends_at, one.deck.orders[-1][1]
    assert ends_at is not None
    assert end is not None
    assert abs(end - clock.line_of(ends_at)) <= 1
    assert abs((end - at) - (ends_at - bar) * clock.bar_samples) <= 1
    one.deck.recording_changed.emit("")
    assert one.recorder.state == JamRecordingState()


def test_what_leads_is_told_by_layer_and_when_it_does_not_any_more(one: Recorded) -> None:
    one.stage.jam.make(BASS)
    one.stage.jam.start()
    first = onsets(one.stage.play(1.0))[0] + one.stage.player.mixer.latency_samples
    assert one.deck.leads == [(first, DRUMS), (first, BASS)], "both with one frame"
    one.stage.jam.silence(BASS)
    assert one.deck.rests == [BASS]
    one.stage.jam.stop()
    assert one.deck.rests == [BASS, DRUMS]


def test_what_is_armed_can_be_called_off(one: Recorded) -> None:
    one.stage.jam.start()
    one.stage.play(1.0)
    one.recorder.record(Order("a.flac"))
    one.recorder.stop()
    assert one.deck.orders[-1] == ("", None)
    assert one.recorder.state == JamRecordingState()


def test_a_jam_that_stands_counts_in(one: Recorded) -> None:
    one.recorder.record(Order("a.flac"))
    assert one.recorder.state.begins_at == 0
    assert one.counted == [1]
    played = one.stage.play(4.5)
    first = onsets(played)[0]
    # A bar of nothing but the count-in, then the first.
    assert first == pytest.approx((4 * 60.0 / 97.3 + 0.18) * RATE, abs=0.01 * RATE)
    ((_, at),) = one.deck.orders
    assert at is not None
    assert abs(at - first) <= 1


def test_a_count_in_ends_with_the_jam_and_can_be_silent(one: Recorded) -> None:
    one.recorder.record(Order("a.flac"))
    one.stage.play(1.0)
    one.recorder.stop()
    one.stage.jam.stop()
    assert one.counted == [1, 0]
    one.recorder.record(Order("a.flac", has_clicks=False))
    assert one.recorder.state.begins_at == 0
    assert one.counted == [1, 0]


def test_stems_are_put_down_while_it_is_recorded_and_no_longer(one: Recorded) -> None:
    one.stage.jam.start()
    one.stage.play(1.0)
    one.recorder.record(Order("music/a.flac", has_stems=True))
    one.recorder.stop()
    assert [one is None for one in one.stem_blocks] == [False, True], "called off"
    one.recorder.record(Order("music/a.flac", has_stems=True))
    (*_, plan), (*_, block) = one.deck.stems, one.stem_blocks
    assert plan is not None
    assert (plan.block, str(plan.folder)) == (block, "music/a stems")
    one.deck.recording_changed.emit("")
    assert one.stem_blocks[-1] is None


def test_a_take_knows_where_its_bars_begin_to_the_sample_through_a_change_of_tempo(one: Recorded) -> None:
    takes: list[JamTake] = []
    one.recorder.took.connect(takes.append)
    one.stage.jam.start()
    latency = one.stage.player.mixer.latency_samples
    first = onsets(one.stage.play(1.0))[0]
    one.recorder.record(Order("a.flac"))
    ((_, at),) = one.deck.orders
    assert at is not None
    one.deck.begun.emit("a.flac")
    assert takes == [JamTake("a.flac")], "known from the start on: should all end in a crash"
    one.stage.play(5.0)
    one.stage.jam.set_tempo(151.7)
    one.stage.play(3.0)
    (began,) = [frame - latency for loop, frame in one.stage.studio.began if loop.groove.bpm == 151.7]
    one.stage.play(6.0)
    end = one.stage.player.mixer.rendered_samples
    one.deck.recorded.emit("a.flac", (end - at) / RATE)
    take = takes[-1]
    assert [run.bar for run in take.runs] == [0, take.runs[1].bar]
    slow, fast = (BarClock(RATE, Fraction(bpm), 4).bar_samples for bpm in ("97.3", "151.7"))
    origin = BarClock(RATE, Fraction("97.3"), 4, Fraction(first))
    change = take.runs[1].bar
    begins = round((at - first) / slow)
    assert at + take.frame_of(change) == began == origin.line_of(begins + change)
    for bar in range(take.n_bars):
        exact = origin.line_of(begins + min(bar, change)) + max(0, bar - change) * fast
        assert at + take.frame_of(bar) == pytest.approx(float(exact), abs=1.0)
    assert take.n_bars == change + round((end - began) / fast)
    assert take.frame_of(take.n_bars) <= take.n_samples


def test_nothing_that_was_recorded_elsewhere_is_a_take(one: Recorded) -> None:
    takes: list[JamTake] = []
    one.recorder.took.connect(takes.append)
    one.deck.begun.emit("other.flac")
    one.deck.recorded.emit("other.flac", 3.0)
    assert takes == []
