# SPDX-License-Identifier: GPL-3.0-or-later
"""Phrases are recorded into a jam's layers by whole bars, come round in step to the sample, and grow by overdubs."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from engine.errors import LooperBusy, NoInputOpen, NothingToOverdub, OutOfRange, StudioError
from engine.session.jam.looper import Looper
from engine.session.jam.phrase_loops import groove_of
from engine.session.jam.rendering import Performance
from engine.session.rendering import ImmediateJobs
from engine.values import FloatArray
from engine.values.audio import STUDIO_SAMPLE_RATE as RATE
from engine.values.jam import Groove, LayerName
from engine.values.looper import LooperState
from tests.engine.session.jam.jamming import CLICK_SAMPLES, Stage, onsets

BPM = 120.0
BAR = 2 * RATE
N_CLICK = CLICK_SAMPLES


def ticks(at: list[float], *, hz: float = 1500.0, seconds: float = 40.0, level: float = 0.3) -> FloatArray:
    """Return a performance with a short tone at each of these bars, over a soft hum that never rests."""
    out = np.zeros((round(seconds * RATE), 2), dtype=np.float32)
    out += (0.002 * np.sin(2.0 * np.pi * 110.0 * np.arange(len(out)) / RATE)).astype(np.float32)[:, None]
    burst = level * np.cos(2.0 * np.pi * hz * np.arange(N_CLICK) / RATE) * np.linspace(1.0, 0.0, N_CLICK)
    for bars in at:
        first = round(bars * BAR)
        out[first : first + N_CLICK] += burst[: len(out) - first, None].astype(np.float32)
    return out


class Played:
    """A jam that plays muted drums, with a looper whose performance begins with bar 0."""

    def __init__(self, performance: FloatArray | None, *, starts: bool = True) -> None:
        self.stage = Stage()
        jam = self.jam = self.stage.jam
        self.failed: list[StudioError] = []
        self.states: list[LooperState] = []
        numbers = iter(range(1000, 9999))
        self.looper = jam.looper = Looper(jam, self.stage.player, ImmediateJobs(), lambda: next(numbers))
        self.looper.failed.connect(self.failed.append)
        self.looper.changed.connect(self.states.append)
        jam.set_tempo(BPM)
        mixer = self.stage.player.mixer
        if starts:
            jam.start()
            for name in (LayerName.DRUMS, LayerName.INSTRUMENTS):
                jam.mix.set_mute(name, is_muted=True)
            mixer.render(np.zeros((0, 2), dtype=np.float32))
            mixer.blocks.clear()
            lead_in = mixer.samples_until(Fraction(0)) + mixer.latency_samples
        else:
            lead_in = mixer.latency_samples
        if performance is not None:
            self.looper.played = Performance(performance, lead_in)
        self.lead_in = lead_in - mixer.latency_samples
        self.out: list[FloatArray] = []

    def until(self, bars: float) -> None:
        """Play up to so many bars."""
        done = sum(len(one) for one in self.out)
        self.out.append(self.stage.play((self.lead_in + bars * BAR - done) / RATE))

    def onset_bars(self, first: float, end: float) -> list[float]:
        """Return the bars at which a tone was heard between two."""
        heard = np.concatenate(self.out)
        # The offline player leaves out the limiter's latency.
        begin = round(self.lead_in + first * BAR)
        part = heard[begin : round(self.lead_in + end * BAR)]
        return [round(first + one / BAR, 4) for one in onsets(part)]


@pytest.mark.parametrize(("pressed", "ended"), [(0.7, 2.6), (1.1, 2.7), (0.9, 3.05)])
def test_a_phrase_begins_and_ends_with_bars_and_comes_round_in_step(pressed: float, ended: float) -> None:
    played = Played(ticks([0.5, 1.0, 1.375, 2.5, 2.75, 3.2]))
    played.until(pressed)
    played.looper.record(LayerName.BASS)
    assert played.states[-1] == LooperState(LayerName.BASS, False, Fraction(1))
    played.until(ended)
    played.looper.record(LayerName.BASS)
    assert played.states[-1].ends_at == 3
    played.until(8.0)
    assert played.failed == []
    assert played.states[-1] == LooperState()
    loop = played.jam.layers[LayerName.BASS].playing
    assert loop is not None
    assert (loop.bars, loop.title) == (2, "Phrase 1")
    # Nothing is heard of it before it was played to its end.
    assert played.onset_bars(0.0, 3.0) == []
    heard = played.onset_bars(4.0, 8.0)
    assert heard == pytest.approx([4.5, 4.75, 5.0, 5.375, 6.5, 6.75, 7.0, 7.375], abs=2e-3)


def test_a_phrase_of_three_bars_goes_on_to_four_and_one_that_is_not_ended_to_eight() -> None:
    played = Played(ticks([float(one) for one in range(16)]))
    played.until(0.9)
    played.looper.record(LayerName.LEAD)
    played.until(3.9)
    played.looper.record(LayerName.LEAD)
    assert played.states[-1].ends_at == 5
    played.until(5.5)
    assert (loop := played.jam.layers[LayerName.LEAD].playing or played.jam.layers[LayerName.LEAD].waiting) is not None
    played.looper.record(LayerName.BASS)
    played.until(15.5)
    bass = played.jam.layers[LayerName.BASS].playing
    assert bass is not None
    assert bass.bars == 8
    assert loop is not None


def test_an_overdub_is_added_where_it_was_played_and_undone_by_going_back() -> None:
    played = Played(ticks([1.0, 5.25, 6.5, 9.9]))
    played.until(0.9)
    played.looper.record(LayerName.BASS)
    played.until(2.9)
    played.looper.record(LayerName.BASS)
    played.until(4.9)
    played.looper.overdub(LayerName.BASS)
    assert played.states[-1] == LooperState(LayerName.BASS, True, Fraction(5))
    played.until(6.9)
    played.looper.overdub(LayerName.BASS)
    played.until(11.0)
    assert played.failed == []
    # The loop began at bar 1: its second bar has the overdub's second.
    assert played.onset_bars(9.0, 11.0) == pytest.approx([9.0, 9.25, 10.5], abs=2e-3)
    played.jam.go_back(LayerName.BASS)
    played.until(15.0)
    assert played.onset_bars(13.0, 15.0) == pytest.approx([13.0], abs=2e-3)
    played.jam.go_back(LayerName.BASS, 1)
    played.until(19.0)
    assert len(played.onset_bars(17.0, 19.0)) == 3


def test_a_loop_is_halved_and_doubled() -> None:
    played = Played(ticks([1.0, 1.5, 2.25]))
    played.until(0.9)
    played.looper.record(LayerName.BASS)
    played.until(2.9)
    played.looper.record(LayerName.BASS)
    played.until(4.5)
    played.looper.double(LayerName.BASS)
    played.until(6.0)
    assert (played.jam.layers[LayerName.BASS].playing or pytest.fail("no loop")).bars == 4
    played.until(9.0)
    assert played.onset_bars(7.0, 9.0) == pytest.approx([7.0, 7.5, 8.25], abs=2e-3)
    played.looper.halve(LayerName.BASS)
    played.until(11.0)
    played.looper.halve(LayerName.BASS)
    played.until(15.0)
    assert (played.jam.layers[LayerName.BASS].playing or pytest.fail("no loop")).bars == 1
    assert played.onset_bars(13.0, 15.0) == pytest.approx([13.0, 13.5, 14.0, 14.5], abs=2e-3)
    with pytest.raises(OutOfRange):
        played.looper.halve(LayerName.BASS)


def test_the_first_phrase_says_the_tempo_and_goes_on_in_time() -> None:
    length_s = 4.2
    performance = ticks([(1.0 + one * length_s / 2.0 / 4.0) / 2.0 for one in range(40)])
    played = Played(performance, starts=False)
    played.out.append(played.stage.play(1.0))
    played.looper.record(LayerName.CHORDS)
    played.out.append(played.stage.play(length_s))
    played.looper.record(LayerName.CHORDS)
    played.out.append(played.stage.play(8.0))
    assert played.failed == []
    assert played.jam.is_running
    # Blocks of the mixer are what a press is told by here.
    assert played.jam.groove.bpm == pytest.approx(2 * 4 * 60.0 / length_s, abs=2.5)
    heard = np.concatenate(played.out)
    times = np.array(onsets(heard)) / RATE
    step_s = 60.0 / played.jam.groove.bpm
    assert len(times) >= 8
    assert np.diff(times) == pytest.approx(np.full(len(times) - 1, step_s), abs=0.002)
    # As the player goes on: the next phrase's beats are those of the first.
    assert np.abs((times - 1.0 + step_s / 2.0) % step_s - step_s / 2.0).max() < 0.06


@pytest.mark.parametrize(
    ("seconds", "bars", "bpm"), [(2.4, 1, 100.0), (4.0, 2, 120.0), (9.6, 4, 100.0), (20.0, 8, 96.0), (0.5, 1, 200.0)]
)
def test_a_phrases_tempo_is_the_nearest_to_the_usual(seconds: float, bars: int, bpm: float) -> None:
    groove, n = groove_of(seconds, Groove(metre="4/4", key="A minor"))
    assert (groove.bpm, n, groove.key) == (bpm, bars, "A minor")


def test_what_is_recorded_can_be_cancelled_and_stops_with_the_jam() -> None:
    played = Played(ticks([1.0]))
    played.until(0.5)
    played.looper.record(LayerName.BASS)
    with pytest.raises(LooperBusy):
        played.looper.record(LayerName.LEAD)
    played.looper.cancel()
    assert played.states[-1] == LooperState()
    played.looper.record(LayerName.BASS)
    # Pressed again before the bar began: it was not meant.
    played.until(0.7)
    played.looper.record(LayerName.BASS)
    assert played.states[-1] == LooperState()
    played.looper.record(LayerName.BASS)
    played.jam.stop()
    assert played.states[-1] == LooperState()
    played.until(4.0)
    assert played.jam.layers[LayerName.BASS].playing is None


def test_silence_makes_no_loop_and_is_told() -> None:
    played = Played(np.zeros((20 * RATE, 2), dtype=np.float32))
    played.until(0.9)
    played.looper.record(LayerName.BASS)
    played.until(1.9)
    played.looper.record(LayerName.BASS)
    played.until(4.0)
    assert [type(one).__name__ for one in played.failed] == ["SilentClip"]
    assert played.states[-1] == LooperState()


def test_without_an_input_or_a_loop_it_says_so() -> None:
    played = Played(None)
    played.until(0.5)
    with pytest.raises(NoInputOpen):
        played.looper.record(LayerName.BASS)
    played = Played(ticks([1.0]))
    played.until(0.5)
    with pytest.raises(NothingToOverdub):
        played.looper.overdub(LayerName.BASS)
    with pytest.raises(NothingToOverdub):
        played.looper.double(LayerName.BASS)
