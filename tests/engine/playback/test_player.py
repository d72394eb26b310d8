# SPDX-License-Identifier: GPL-3.0-or-later
"""The audio process on a real sound server: what comes out of the speakers is the loop, whatever happens around it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import numpy as np
import psutil
import pytest

from engine.errors import DeviceError, NoDevice
from engine.playback.commands import Began, DeviceLost, Devices, Message, Opened, Stopped, TookOver
from engine.playback.player import Player
from engine.tape import TapeReader, tape_block
from engine.values import BakedLoop, FloatArray, PlaybackSnapshot, TransitionPlan
from tests.engine.playback.material import RATE, loop_of, noise
from tests.soundserver import SoundServer

LATENCY_S = 0.06
FADE_MS = 10.0
WAIT_S = 20.0
MessageKind = TypeVar("MessageKind", bound=Message)


class Parent:
    """Reads a player's events and snapshots as the window would, and keeps them; follows its tape."""

    def __init__(self) -> None:
        self.tape = tape_block(RATE)
        self.reader = TapeReader(self.tape)
        self.player = Player(tape=self.tape)
        self.messages: list[Message] = []
        self.snapshots: list[PlaybackSnapshot] = []

    def look(self) -> None:
        snapshot = self.player.snapshot()
        if snapshot is not None:
            self.snapshots.append(snapshot)

    def listen(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.look()
            if self.player.poll(min(left, 0.02)):
                self.messages.append(self.player.receive())

    def wait_for(self, kind: type[MessageKind], fits: Callable[[MessageKind], bool] = lambda _: True) -> MessageKind:
        give_up = time.monotonic() + WAIT_S
        while time.monotonic() < give_up:
            self.look()
            if self.player.poll(0.02):
                message = self.player.receive()
                self.messages.append(message)
                if isinstance(message, kind) and fits(message):
                    return message
        pytest.fail(f"no {kind.__name__} within {WAIT_S} s")

    def wait_until(self, fits: Callable[[PlaybackSnapshot], bool]) -> PlaybackSnapshot:
        give_up = time.monotonic() + WAIT_S
        while time.monotonic() < give_up:
            self.listen(0.01)
            if self.snapshots and fits(self.snapshots[-1]):
                return self.snapshots[-1]
        pytest.fail(f"no such snapshot within {WAIT_S} s")

    def taped_s(self, seconds: float) -> float:
        """How much music goes onto the tape within ``seconds``."""
        before = self.reader.n_written
        self.listen(seconds)
        return (self.reader.n_written - before) / RATE

    def open(self) -> Opened:
        self.player.open(None, sample_rate=RATE, latency_s=LATENCY_S)
        return self.wait_for(Opened)


@pytest.fixture
def parent() -> Iterator[Parent]:
    parent = Parent()
    yield parent
    parent.player.close()
    assert not psutil.pid_exists(parent.player.pid)


@pytest.fixture
def mortal_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[SoundServer]:
    """A sound server of the test's own, to be killed."""
    # Not under pytest's own folder: a socket's path has room for about 100 characters.
    with tempfile.TemporaryDirectory(prefix="mortal-") as home:
        server = SoundServer(Path(home))
        server.start()
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        yield server
        server.stop()


def _loop(n_samples: int, seed: int = 0) -> BakedLoop:
    return loop_of(np.clip(noise(n_samples, seed=seed), -1.0, 1.0))


def _differing(heard: FloatArray, loop: BakedLoop) -> tuple[int, int]:
    """From the first sound on: how many samples were heard, and how many of them (the first fade apart) are wrong."""
    first = int(np.flatnonzero(heard.any(axis=1))[0])
    heard = heard[first:]
    wanted = loop.samples[np.arange(len(heard)) % loop.n_samples]
    fade = round(FADE_MS * RATE / 1000.0)
    return len(heard), int((heard != wanted).any(axis=1)[fade:].sum())


@pytest.mark.audio
def test_ten_seconds_are_the_loop_sample_for_sample_while_large_loops_arrive(
    sound_server: SoundServer, parent: Parent
) -> None:
    loop, large = _loop(3 * RATE + 17), _loop(30 * RATE, seed=2)
    assert parent.open().sample_rate == RATE
    with sound_server.recording() as recording:
        parent.player.play(1, loop, fade_ms=FADE_MS)
        give_up = time.monotonic() + 60.0
        while recording.seconds < 11.0:
            parent.player.replace(99, large)
            parent.listen(0.1)
            assert time.monotonic() < give_up
        n_heard, n_wrong = _differing(recording.samples, loop)
    assert n_heard > 10 * RATE
    assert n_wrong == 0
    last = parent.wait_until(lambda _: True)
    assert last.xruns == 0
    assert last.loop_id == 1
    assert last.turns >= 3
    assert 0.0 < last.load < 0.5


@pytest.mark.audio
def test_takeover_and_stop_are_heard_and_told(sound_server: SoundServer, parent: Parent) -> None:
    first, second = _loop(RATE // 2, seed=1), _loop(RATE, seed=2)
    parent.open()
    with sound_server.recording() as recording:
        parent.player.play(1, first, fade_ms=FADE_MS)
        parent.player.take_over(2, second, 1, TransitionPlan(RATE // 10))
        assert parent.wait_for(TookOver).loop_id == 2
        parent.listen(1.0)
        parent.player.stop(100.0)
        parent.wait_for(Stopped)
        recording.wait(1.0)
        heard = recording.samples
    assert {1, 2} <= {one.loop_id for one in parent.snapshots}
    assert any(one.incoming_id == 2 and 0.0 < one.fade < 1.0 for one in parent.snapshots)
    sounding = np.flatnonzero(heard.any(axis=1))
    heard_s = (sounding[-1] - sounding[0]) / RATE
    assert 1.0 < heard_s < WAIT_S
    start = sounding[0] + RATE // 2
    overlap = RATE // 10
    np.testing.assert_array_equal(heard[start + overlap : start + RATE], second.samples[overlap:])
    assert not heard[-RATE // 2 :].any()


@pytest.mark.audio
def test_a_device_that_vanishes_is_told_and_comes_back(mortal_server: SoundServer, parent: Parent) -> None:
    parent.open()
    parent.player.play(1, _loop(RATE), fade_ms=FADE_MS)
    parent.wait_until(lambda one: one.turns >= 1)
    mortal_server.stop()
    assert isinstance(parent.wait_for(DeviceLost).error, DeviceError)
    silent = parent.wait_until(lambda one: one.device == "")
    # The music goes on unheard.
    parent.wait_until(lambda one: one.loop_id == 1 and one.turns > silent.turns)
    mortal_server.start()
    parent.wait_for(Opened)
    parent.wait_until(lambda one: one.device != "" and one.loop_id == 1)
    assert mortal_server.record(0.5)[-RATE // 10 :].any()
    assert sum(isinstance(one, DeviceLost) for one in parent.messages) == 1


@pytest.mark.audio
def test_an_idle_device_is_given_back_and_taken_again(sound_server: SoundServer, parent: Parent) -> None:
    parent.open()
    assert sound_server.n_streams() == 1
    parent.player.play(1, _loop(RATE), fade_ms=FADE_MS)
    parent.wait_until(lambda one: one.loop_id == 1)
    parent.player.stop(20.0)
    parent.wait_for(Stopped)
    give_up = time.monotonic() + WAIT_S
    while sound_server.n_streams():
        parent.listen(0.1)
        assert time.monotonic() < give_up
    parent.player.stop(20.0)
    parent.wait_for(Stopped)
    parent.player.play(2, _loop(RATE), fade_ms=FADE_MS)
    parent.wait_until(lambda one: one.loop_id == 2)
    assert sound_server.n_streams() == 1


@pytest.mark.audio
def test_devices_are_listed_by_name(sound_server: SoundServer, parent: Parent) -> None:
    parent.player.list_devices()
    devices = parent.wait_for(Devices).devices
    default = devices[0]
    assert default.is_default
    parent.player.open((default.host_api, default.name), sample_rate=RATE, latency_s=LATENCY_S)
    assert parent.wait_for(Opened).device == default.name
    parent.player.open((default.host_api, "no such device"), sample_rate=RATE, latency_s=LATENCY_S)
    assert "no such device" in str(parent.wait_for(DeviceLost).error)


def test_without_a_device_the_music_goes_on_in_silence(no_sound: None, parent: Parent) -> None:
    parent.player.open(None, sample_rate=RATE, latency_s=LATENCY_S)
    assert isinstance(parent.wait_for(DeviceLost).error, NoDevice)
    parent.player.play(1, _loop(RATE // 2), fade_ms=FADE_MS)
    snapshot = parent.wait_until(lambda one: one.turns >= 2)
    assert (snapshot.loop_id, snapshot.device, snapshot.latency_s) == (1, "", 0.0)
    assert -25.0 < snapshot.rms_db[0] < -10.0
    parent.player.list_devices()
    assert parent.wait_for(Devices).devices == ()


def test_the_silent_clock_may_go_faster_than_life(parent: Parent) -> None:
    parent.player.open(None, sample_rate=RATE, latency_s=LATENCY_S, silent=True, speed=20.0)
    assert parent.wait_for(Opened).device == ""
    parent.player.play(1, _loop(RATE), fade_ms=FADE_MS)
    parent.wait_until(lambda one: one.turns >= 40)


def test_a_loop_of_another_rate_is_a_mistake_that_disturbs_nothing(parent: Parent) -> None:
    parent.player.open(None, sample_rate=RATE, latency_s=LATENCY_S, silent=True)
    parent.player.play(1, _loop(RATE), fade_ms=FADE_MS)
    parent.wait_for(Began)
    parent.player.play(2, loop_of(noise(16_000), sample_rate=32_000), fade_ms=FADE_MS)
    parent.player.set_volume(0.5)
    parent.wait_until(lambda one: one.turns >= 1)
    assert {one.loop_id for one in parent.snapshots} <= {None, 1}


def test_a_parent_that_does_not_read_holds_nothing_up(parent: Parent) -> None:
    parent.player.open(None, sample_rate=RATE, latency_s=LATENCY_S, silent=True, speed=50.0)
    loop = _loop(RATE)
    # Far more events than its socket holds, were they sent regardless; then the last would never be obeyed.
    for number in range(2000):
        parent.player.play(number, loop, fade_ms=0.0)
        parent.player.stop(0.0)
    parent.player.play(5000, loop, fade_ms=0.0)
    give_up = time.monotonic() + WAIT_S
    while (snapshot := parent.player.snapshot()) is None or snapshot.loop_id != 5000:
        assert time.monotonic() < give_up
        time.sleep(0.01)
    parent.wait_for(Began, lambda one: one.loop_id == 5000)
    assert sum(isinstance(one, Stopped) for one in parent.messages) == 2000


_SHORT_LIVED_PARENT = """
import time
from engine.playback.player import Player
from tests.engine.playback.material import RATE, loop_of, noise

player = Player()
player.open(None, sample_rate=RATE, latency_s=0.2)
player.play(1, loop_of(noise(RATE)), fade_ms=10.0)
while not ((snapshot := player.snapshot()) and snapshot.turns):
    time.sleep(0.01)
print(player.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.audio
def test_the_process_goes_when_its_parent_is_killed(sound_server: SoundServer) -> None:
    with subprocess.Popen([sys.executable, "-c", _SHORT_LIVED_PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        audio = psutil.Process(int(parent.stdout.readline()))
        assert sound_server.n_streams() == 1
        parent.kill()
    give_up = time.monotonic() + WAIT_S
    while audio.is_running() and audio.status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.02)
        assert time.monotonic() < give_up
    assert sound_server.n_streams() == 0
