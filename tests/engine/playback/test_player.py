# SPDX-License-Identifier: GPL-3.0-or-later
"""The audio process plays on a real sound server: the speakers have the loop, whatever happens around it."""

from __future__ import annotations

import subprocess
import sys
import time

import numpy as np
import psutil
import pytest

from engine.errors import NoDevice
from engine.playback.commands import Began, DeviceLost, Devices, Opened, Stopped, TookOver
from engine.playback.player import Player
from engine.tape import TapeReader, tape_block
from engine.values import BakedLoop, FloatArray, TransitionPlan
from tests.engine.playback.material import RATE, loop_of, noise
from tests.engine.playback.parent import FADE_MS, LATENCY_S, WAIT_S, Parent, noise_loop
from tests.soundserver import SoundServer

SECONDS = 5.0


def _differing(heard: FloatArray, loop: BakedLoop) -> tuple[int, int]:
    """Return how many samples were heard from the first sound on, and how many (the first fade apart) are wrong."""
    first = int(np.flatnonzero(heard.any(axis=1))[0])
    heard = heard[first:]
    wanted = loop.samples[np.arange(len(heard)) % loop.n_samples]
    fade = round(FADE_MS * RATE / 1000.0)
    return len(heard), int((heard != wanted).any(axis=1)[fade:].sum())


@pytest.mark.alone
@pytest.mark.audio
def test_every_sample_is_the_loops_while_large_loops_arrive(sound_server: SoundServer, parent: Parent) -> None:
    loop, large = noise_loop(2 * RATE + 17), noise_loop(30 * RATE, seed=2)
    assert parent.open().sample_rate == RATE
    with sound_server.recording() as recording:
        parent.player.play(1, loop, fade_ms=FADE_MS)
        give_up = time.monotonic() + 60.0
        while recording.seconds < SECONDS + 1.0:
            parent.player.replace(99, large)
            parent.listen(0.1)
            assert time.monotonic() < give_up
        n_heard, n_wrong = _differing(recording.samples, loop)
    assert n_heard > SECONDS * RATE
    assert n_wrong == 0
    last = parent.wait_until(lambda _: True)
    assert last.xruns == 0
    assert last.endless.loop_id == 1
    assert last.endless.turns >= 2
    assert 0.0 < last.load < 0.5


@pytest.mark.alone
@pytest.mark.audio
def test_takeover_and_stop_are_heard_and_told(sound_server: SoundServer, parent: Parent) -> None:
    first, second = noise_loop(RATE // 2, seed=1), noise_loop(RATE, seed=2)
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
    assert {1, 2} <= {one.endless.loop_id for one in parent.snapshots}
    assert any(one.endless.incoming_id == 2 and 0.0 < one.endless.fade < 1.0 for one in parent.snapshots)
    sounding = np.flatnonzero(heard.any(axis=1))
    heard_s = (sounding[-1] - sounding[0]) / RATE
    assert 1.0 < heard_s < WAIT_S
    start = sounding[0] + RATE // 2
    overlap = RATE // 10
    np.testing.assert_array_equal(heard[start + overlap : start + RATE], second.samples[overlap:])
    assert not heard[-RATE // 2 :].any()


@pytest.mark.audio
def test_an_idle_device_is_given_back_and_taken_again(sound_server: SoundServer, parent: Parent) -> None:
    parent.open()
    assert sound_server.n_streams() == 1
    parent.player.play(1, noise_loop(RATE), fade_ms=FADE_MS)
    parent.wait_until(lambda one: one.endless.loop_id == 1)
    parent.player.stop(20.0)
    parent.wait_for(Stopped)
    give_up = time.monotonic() + WAIT_S
    while sound_server.n_streams():
        parent.listen(0.1)
        assert time.monotonic() < give_up
    parent.player.stop(20.0)
    parent.wait_for(Stopped)
    parent.player.play(2, noise_loop(RATE), fade_ms=FADE_MS)
    parent.wait_until(lambda one: one.endless.loop_id == 2)
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
    parent.player.play(1, noise_loop(RATE // 2), fade_ms=FADE_MS)
    snapshot = parent.wait_until(lambda one: one.endless.turns >= 2)
    assert (snapshot.endless.loop_id, snapshot.device, snapshot.latency_s) == (1, "", 0.0)
    assert -25.0 < snapshot.rms_db[0] < -10.0
    parent.player.list_devices()
    assert parent.wait_for(Devices).devices == ()


def test_the_silent_clock_may_go_faster_than_life(parent: Parent) -> None:
    parent.player.open(None, sample_rate=RATE, latency_s=LATENCY_S, silent=True, speed=20.0)
    assert parent.wait_for(Opened).device == ""
    parent.player.play(1, noise_loop(RATE), fade_ms=FADE_MS)
    parent.wait_until(lambda one: one.endless.turns >= 40)


def test_a_loop_of_another_rate_is_a_mistake_that_disturbs_nothing(parent: Parent) -> None:
    parent.player.open(None, sample_rate=RATE, latency_s=LATENCY_S, silent=True)
    parent.player.play(1, noise_loop(RATE), fade_ms=FADE_MS)
    parent.wait_for(Began)
    parent.player.play(2, loop_of(noise(16_000), sample_rate=32_000), fade_ms=FADE_MS)
    parent.player.set_volume(0.5)
    parent.wait_until(lambda one: one.endless.turns >= 1)
    assert {one.endless.loop_id for one in parent.snapshots} <= {None, 1}


def test_a_parent_that_does_not_read_holds_nothing_up(parent: Parent) -> None:
    parent.player.open(None, sample_rate=RATE, latency_s=LATENCY_S, silent=True)
    # Far more events than its socket holds, were they sent regardless; then the last command would never be obeyed.
    for _ in range(4000):
        parent.player.stop(0.0)
    parent.player.play(1, noise_loop(RATE), fade_ms=FADE_MS)
    give_up = time.monotonic() + WAIT_S
    while (snapshot := parent.player.snapshot()) is None or snapshot.endless.loop_id != 1:
        assert time.monotonic() < give_up
        time.sleep(0.01)
    parent.wait_for(Began)
    assert sum(isinstance(one, Stopped) for one in parent.messages) == 4000


@pytest.mark.alone
@pytest.mark.audio
def test_the_tape_is_what_is_heard_and_events_tell_their_place_on_it(sound_server: SoundServer, parent: Parent) -> None:
    first, second = noise_loop(RATE // 2, seed=1), noise_loop(RATE, seed=2)
    parent.open()
    with sound_server.recording() as recording:
        parent.player.play(1, first, fade_ms=0.0, position=1000)
        began = parent.wait_for(Began)
        parent.listen(0.2)
        parent.player.take_over(2, second, 1, TransitionPlan(2))
        took_over = parent.wait_for(TookOver)
        parent.listen(0.3)
        heard = recording.samples
    taped = parent.reader.read()
    np.testing.assert_array_equal(taped[began.tape_frame + 1 :][:5000], first.samples[1001:6001])
    # The middle of two samples is the second one.
    np.testing.assert_array_equal(taped[took_over.tape_frame + 1 :][:5000], second.samples[2:5002])
    heard = heard[np.flatnonzero(heard.any(axis=1))[0] :][: RATE // 2]
    taped = taped[np.flatnonzero(taped.any(axis=1))[0] :][: len(heard)]
    np.testing.assert_array_equal(heard, taped)


def test_a_pause_stands_still_and_goes_on_where_it_was(parent: Parent) -> None:
    parent.player.open(None, sample_rate=RATE, latency_s=LATENCY_S, silent=True)
    parent.player.play(1, noise_loop(4 * RATE), fade_ms=FADE_MS)
    parent.wait_until(lambda one: one.endless.position_samples > RATE // 4)
    parent.player.pause(10.0)
    parent.wait_until(lambda one: one.endless.is_paused and one.peak_db[0] < -100.0)
    still = parent.snapshots[-1].endless.position_samples
    parent.listen(0.5)
    assert parent.snapshots[-1].endless.position_samples == still
    parent.player.resume(10.0)
    moved = parent.wait_until(lambda one: not one.endless.is_paused and one.endless.position_samples != still)
    assert still < moved.endless.position_samples < still + RATE
    assert moved.endless.turns == 0


@pytest.mark.audio
def test_after_a_kill_another_player_goes_on_at_the_same_place_on_the_same_tape(sound_server: SoundServer) -> None:
    tape, loop = tape_block(RATE), noise_loop(RATE * 4)
    reader = TapeReader(tape)
    before = Player(tape=tape)
    before.open(None, sample_rate=RATE, latency_s=LATENCY_S)
    before.play(1, loop, fade_ms=0.0)
    while reader.n_written < RATE // 2:
        time.sleep(0.01)
    snapshot = before.snapshot()
    assert snapshot is not None
    before.kill()
    end = reader.n_written
    after = Player(tape=tape)
    after.open(None, sample_rate=RATE, latency_s=LATENCY_S)
    after.play(1, loop, fade_ms=0.0, position=snapshot.endless.position_samples)
    give_up = time.monotonic() + WAIT_S
    while reader.n_written < end + RATE // 2:
        assert time.monotonic() < give_up
        time.sleep(0.01)
    after.close()
    taped = reader.read()[end:]
    first = int(np.flatnonzero(taped.any(axis=1))[0])
    place = snapshot.endless.position_samples
    np.testing.assert_array_equal(taped[first + 1 :][:10_000], loop.samples[place + 1 : place + 10_001])


def test_a_spare_lives_holds_no_device_and_costs_next_to_nothing(parent: Parent) -> None:
    give_up = time.monotonic() + WAIT_S
    while not parent.player.heartbeat().beats:
        assert time.monotonic() < give_up
        time.sleep(0.01)
    process, beats = psutil.Process(parent.player.pid), parent.player.heartbeat().beats
    before = sum(process.cpu_times()[:2])
    parent.listen(3.0)
    assert parent.player.heartbeat().beats > beats
    assert sum(process.cpu_times()[:2]) - before < 0.1
    assert not parent.messages
    snapshot = parent.player.snapshot()
    assert snapshot is not None
    assert (snapshot.endless.loop_id, snapshot.device) == (None, "")


def test_a_spare_that_is_told_to_play_tells_of_it_at_once(parent: Parent) -> None:
    def beats() -> int:
        return parent.player.heartbeat().beats

    give_up, first = time.monotonic() + WAIT_S, beats()
    while beats() == first:
        assert time.monotonic() < give_up
        time.sleep(0.001)
    # Its next beat as a spare is half a second away.
    before = beats()
    parent.player.open(None, sample_rate=RATE, latency_s=LATENCY_S, silent=True)
    parent.listen(0.4)
    assert beats() > before + 2


def test_a_process_that_stands_still_shows_no_heartbeat(parent: Parent) -> None:
    parent.player.open(None, sample_rate=RATE, latency_s=LATENCY_S, silent=True)
    parent.wait_for(Opened)
    process = psutil.Process(parent.player.pid)
    process.suspend()
    parent.listen(0.1)
    beats = parent.player.heartbeat().beats
    parent.listen(0.3)
    assert parent.player.heartbeat().beats == beats
    process.resume()
    parent.wait_until(lambda _: parent.player.heartbeat().beats > beats)


_SHORT_LIVED_PARENT = """
import time
from engine.playback.player import Player
from tests.engine.playback.material import RATE, loop_of, noise

player = Player()
player.open(None, sample_rate=RATE, latency_s=0.2)
player.play(1, loop_of(noise(RATE)), fade_ms=10.0)
while not ((snapshot := player.snapshot()) and snapshot.endless.turns):
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
    while sound_server.n_streams():
        assert time.monotonic() < give_up
