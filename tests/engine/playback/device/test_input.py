# SPDX-License-Identifier: GPL-3.0-or-later
"""Sound comes in through the audio process: from a real server, aligned with what is heard, and heard where asked."""

from __future__ import annotations

import numpy as np
import pytest

from engine.answer_tape import AnswerWriter, answer_block
from engine.playback.input_commands import InputLost, InputOpened, Inputs, MonitorClosed
from engine.tape import TapeReader, tape_block
from engine.values import PlaybackSnapshot
from engine.values.auditions import OneShot
from engine.values.inputs import InputSide
from tests.engine.playback.material import RATE
from tests.engine.playback.parent import LATENCY_S, Parent
from tests.soundserver import SoundServer

pytestmark = pytest.mark.audio


class Taken:
    """An input is taken in by a parent's player, from the system's default: the sink's own monitor."""

    def __init__(self, parent: Parent, side: InputSide = InputSide.BOTH, gain: float = 1.0) -> None:
        self.parent = parent
        self.tape = tape_block(RATE)
        self.reader = TapeReader(self.tape)
        parent.open()
        parent.player.open_input(None, side, gain=gain, latency_s=LATENCY_S, tape=self.tape)
        self.opened = parent.wait_for(InputOpened)

    def settled(self) -> PlaybackSnapshot:
        return self.parent.wait_until(lambda one: one.input is not None and one.input.ahead is not None)


def click(level: float = 0.4) -> OneShot:
    """Return a burst of noise, by whose edges it is found."""
    samples = np.random.default_rng(3).uniform(-level, level, (2048, 1)).astype(np.float32)
    return OneShot(np.repeat(samples, 2, axis=1), RATE)


def found(samples: np.ndarray, pattern: np.ndarray) -> int:
    """Return where a pattern begins."""
    return int(np.abs(np.correlate(samples, pattern, "valid")).argmax())


def test_what_the_sink_plays_comes_in_and_lies_where_it_was_heard(sound_server: SoundServer, parent: Parent) -> None:
    taken = Taken(parent)
    assert taken.opened.device == "default"
    assert taken.settled().input is not None
    parent.reader.skip_to(parent.reader.n_written)
    taken.reader.skip_to(taken.reader.n_written)
    first_out, first_in = parent.reader.position, taken.reader.position
    shot = click()
    parent.player.play_audition(1, shot)
    parent.listen(1.0)
    assert parent.snapshots[-1].input is not None
    ahead = parent.snapshots[-1].input.ahead
    assert ahead is not None
    pattern = shot.samples[:, 0]
    played = first_out + found(parent.reader.read()[:, 0], pattern)
    heard = first_in + found(taken.reader.read()[:, 0], pattern) + ahead
    # What servers tell of their delays is off by some milliseconds, which is what the latency is measured for.
    assert abs(heard - played) < 0.05 * RATE
    loudest = max(one.input.peak_db for one in parent.snapshots if one.input is not None)
    assert loudest == pytest.approx(-8.0, abs=1.0)
    assert parent.snapshots[-1].input.n_lost == 0


@pytest.mark.parametrize(("side", "heard"), [(InputSide.LEFT, 0.5), (InputSide.RIGHT, 0.25), (InputSide.BOTH, None)])
def test_one_side_is_taken_on_both_and_gain_counts(
    sound_server: SoundServer, parent: Parent, side: InputSide, heard: float | None
) -> None:
    taken = Taken(parent, side, gain=0.5)
    parent.player.play_audition(1, OneShot(np.full((RATE, 2), (1.0, 0.5), np.float32) * 0.5, RATE))
    parent.listen(0.9)
    samples = taken.reader.read()
    top = samples[np.abs(samples).max(axis=1) > 0.05].max(axis=0)
    want = (0.25, 0.125) if heard is None else (heard * 0.5, heard * 0.5)
    assert top.tolist() == pytest.approx(want, rel=0.05)
    parent.player.set_input_gain(2.0)
    parent.listen(0.2)
    taken.reader.read()
    parent.player.play_audition(2, OneShot(np.full((RATE, 2), 0.2, np.float32), RATE))
    parent.listen(0.9)
    assert np.abs(taken.reader.read()).max() == pytest.approx(0.4, rel=0.05)


def test_a_monitor_that_feeds_back_is_closed_and_told(sound_server: SoundServer, parent: Parent) -> None:
    Taken(parent).settled()
    with sound_server.recording() as recording:
        parent.player.set_monitor(is_heard=True)
        parent.wait_until(lambda one: one.input is not None and one.input.is_monitored)
        parent.player.play_audition(1, click())
        parent.wait_for(MonitorClosed)
        recording.wait(1.0)
    parent.wait_until(lambda one: one.input is not None and not one.input.is_monitored)
    # It was heard more than once, and is silent now.
    tail = recording.samples[-RATE // 4 :]
    assert np.abs(tail).max() < 0.01


def test_what_comes_in_is_heard_where_it_is_monitored(mortal_server: SoundServer, parent: Parent) -> None:
    with mortal_server.another_sink("guitar"):
        assert mortal_server.pactl("set-default-source", "guitar.monitor").returncode == 0
        Taken(parent).settled()
        with mortal_server.recording() as recording:
            play_into(mortal_server, "guitar", 0.2, seconds=0.5)
            recording.wait(0.5)
            assert np.abs(recording.samples).max() < 0.001
            parent.player.set_monitor(is_heard=True)
            parent.wait_until(lambda one: one.input is not None and one.input.is_monitored)
            play_into(mortal_server, "guitar", 0.2, seconds=0.5)
            recording.wait(0.5)
        assert np.abs(recording.samples).max() == pytest.approx(0.2, rel=0.1)
        assert not [one for one in parent.messages if isinstance(one, MonitorClosed)]


def play_into(server: SoundServer, sink: str, level: float, *, seconds: float) -> None:
    """Play a tone into a sink, by another program."""
    import os
    import subprocess

    tone = level * np.sin(2.0 * np.pi * 440.0 * np.arange(round(seconds * RATE)) / RATE)
    command = ["pacat", f"--device={sink}", "--raw", "--format=float32le", f"--rate={RATE}", "--channels=1"]
    data = tone.astype("<f4").tobytes()
    subprocess.run(command, input=data, env={**os.environ, **server.pulse_environment}, check=True, timeout=30)


def test_answers_are_heard_where_they_were_laid(sound_server: SoundServer, parent: Parent) -> None:
    parent.open()
    block = answer_block(RATE)
    parent.player.set_answers(block)
    writer = AnswerWriter(block)
    parent.wait_until(lambda one: one.tape_frame > RATE // 10)
    pattern = click().samples
    at = writer.taken + RATE // 2
    assert writer.lay(at, pattern) == (len(pattern), 0)
    parent.listen(1.2)
    heard = parent.reader.read()
    n_cross = RATE // 100
    begin = found(heard[:, 0], pattern[n_cross:, 0]) - n_cross
    assert parent.reader.position - len(heard) + begin == at
    parent.player.set_answers(None)
    late = writer.lay(at, pattern)
    assert late == (0, len(pattern))


def test_inputs_are_listed_and_one_that_is_not_there_is_told(sound_server: SoundServer, parent: Parent) -> None:
    parent.player.list_inputs()
    listed = parent.wait_for(Inputs)
    assert "default" in [one.name for one in listed.devices]
    parent.open()
    parent.player.open_input(("ALSA", "no such"), InputSide.BOTH, gain=1.0, latency_s=0.05, tape=tape_block(RATE))
    lost = parent.wait_for(InputLost)
    assert str(lost.error) == "Nothing can be taken in from “no such”: ALSA does not list it now."
    assert parent.snapshots[-1].input is None


def test_an_input_that_goes_comes_back(mortal_server: SoundServer, parent: Parent) -> None:
    taken = Taken(parent)
    mortal_server.stop()
    parent.wait_for(InputLost)
    mortal_server.start()
    parent.wait_for(InputOpened)
    before = taken.reader.n_written
    parent.listen(0.5)
    assert taken.reader.n_written > before
