# SPDX-License-Identifier: GPL-3.0-or-later
"""Devices come and go; the music goes on: at most two seconds later, where it was, and back on its own."""

from __future__ import annotations

import signal
import time

import numpy as np
import psutil
import pytest

from engine.errors import DeviceError
from engine.playback.commands import DeviceLost, Devices, LatencyRaised, Opened, Stopped
from engine.playback.device.adapting import BOUT_S, N_BOUTS, OVERLOADED_STEP, STEP
from tests.engine.playback.material import RATE
from tests.engine.playback.parent import FADE_MS, LATENCY_S, WAIT_S, Parent, noise_loop
from tests.soundserver import SoundServer

DESK = ("ALSA", "desk")
LOST_S = 2.0
"""Seconds that the music may stand still when its device goes."""

pytestmark = pytest.mark.audio


def sounds(server: SoundServer, seconds: float = 0.3) -> bool:
    return bool(server.record(seconds)[-RATE // 10 :].any())


def wait_until_it_sounds(server: SoundServer, *, sounding: bool = True) -> None:
    give_up = time.monotonic() + WAIT_S
    while sounds(server) != sounding:
        assert time.monotonic() < give_up


def assert_taped(parent: Parent, seed: int = 0) -> None:
    """Check that the tape is the loop from its start, without a sample missing, with any device."""
    loop, taped = noise_loop(RATE, seed=seed), parent.reader.read()
    assert parent.reader.n_missed == 0
    taped = taped[np.flatnonzero(taped.any(axis=1))[0] :]
    fade = round(FADE_MS * RATE / 1000.0)
    wanted = loop.samples[np.arange(len(taped)) % loop.n_samples]
    np.testing.assert_array_equal(taped[fade:], wanted[fade:])


def test_a_device_that_vanishes_is_told_and_comes_back(mortal_server: SoundServer, parent: Parent) -> None:
    parent.open()
    parent.player.play(1, noise_loop(RATE), fade_ms=FADE_MS)
    parent.wait_until(lambda one: one.endless.turns >= 1)
    mortal_server.stop()
    assert parent.taped_s(LOST_S) > 0.1
    lost = [one for one in parent.messages if isinstance(one, DeviceLost)]
    assert isinstance(lost[0].error, DeviceError)
    assert parent.snapshots[-1].device == ""
    # The music goes on unheard, at the pace of life.
    begun_s = time.monotonic()
    taped_s = parent.taped_s(1.0)
    assert taped_s == pytest.approx(time.monotonic() - begun_s, abs=0.2)
    mortal_server.start()
    assert parent.wait_for(Opened).device
    wait_until_it_sounds(mortal_server)
    assert sum(isinstance(one, DeviceLost) for one in parent.messages) == 1
    assert_taped(parent)


def test_a_server_that_hangs_holds_nothing_up(mortal_server: SoundServer, parent: Parent) -> None:
    parent.open()
    parent.player.play(1, noise_loop(RATE), fade_ms=FADE_MS)
    parent.wait_until(lambda one: one.endless.turns >= 1)
    mortal_server.signal(signal.SIGSTOP)
    parent.wait_for(DeviceLost)
    assert parent.taped_s(LOST_S) > 1.0
    # It is being waited for, which must not look like a process that hangs.
    beats = parent.player.heartbeat().beats
    parent.listen(0.5)
    assert parent.player.heartbeat().beats > beats
    mortal_server.signal(signal.SIGCONT)
    parent.wait_for(Opened)
    wait_until_it_sounds(mortal_server)
    assert_taped(parent)


@pytest.mark.parametrize("is_lost", [False, True])
def test_a_server_that_hangs_does_not_keep_the_music_from_another(
    mortal_server: SoundServer, desk_server: SoundServer, parent: Parent, is_lost: bool
) -> None:
    parent.open()
    parent.player.play(1, noise_loop(RATE), fade_ms=FADE_MS)
    parent.wait_until(lambda one: one.endless.turns >= 1)
    mortal_server.signal(signal.SIGSTOP)
    try:
        if is_lost:
            parent.wait_for(DeviceLost)
        parent.player.open(DESK, sample_rate=RATE, latency_s=LATENCY_S)
        assert parent.wait_for(Opened).device == "desk"
        wait_until_it_sounds(desk_server)
    finally:
        mortal_server.signal(signal.SIGCONT)
    assert_taped(parent)


def test_a_latency_at_which_sound_is_lost_becomes_longer_and_is_told_once(
    sound_server: SoundServer, parent: Parent
) -> None:
    parent.open()
    parent.player.play(1, noise_loop(RATE), fade_ms=FADE_MS)
    parent.wait_until(lambda one: one.endless.turns >= 1)
    process = psutil.Process(parent.player.pid)
    give_up = time.monotonic() + WAIT_S
    while not any(isinstance(one, LatencyRaised) for one in parent.messages):
        assert time.monotonic() < give_up
        process.suspend()
        time.sleep(1.5 * LATENCY_S)
        process.resume()
        parent.listen(1.1 * BOUT_S)
    longer = parent.wait_until(lambda one: one.latency_s > 1.5 * LATENCY_S)
    assert longer.xruns >= N_BOUTS
    # By one step, or by two at once where this machine happens to be overloaded.
    steps = {STEP, OVERLOADED_STEP}
    assert any(longer.latency_s == pytest.approx(step * LATENCY_S, abs=0.02) for step in steps)
    # Nothing else is told: it is one device all the while, and the music goes on without a sample missing.
    told = [one for one in parent.messages if isinstance(one, LatencyRaised | Opened | DeviceLost)]
    assert told[1:] == [LatencyRaised(LATENCY_S)]
    wait_until_it_sounds(sound_server)
    assert_taped(parent)


def test_no_device_is_opened_for_nothing_while_the_wished_one_is_away(
    sound_server: SoundServer, parent: Parent
) -> None:
    parent.player.open(("ALSA", "nowhere"), sample_rate=RATE, latency_s=LATENCY_S)
    assert parent.wait_for(Opened).device == "default"
    parent.player.play(1, noise_loop(RATE), fade_ms=FADE_MS)
    wait_until_it_sounds(sound_server)
    parent.player.stop(FADE_MS)
    parent.wait_for(Stopped)
    parent.wait_until(lambda one: not one.device)
    told = len(parent.messages)
    parent.listen(1.0)
    assert parent.messages[told:] == []
    assert parent.snapshots[-1].device == ""
    # Asked for, it stands in again.
    parent.player.play(2, noise_loop(RATE, seed=1), fade_ms=FADE_MS)
    assert parent.wait_for(Opened).device == "default"
    wait_until_it_sounds(sound_server)


def test_the_default_device_stands_in_for_a_named_one_until_it_is_back(
    mortal_server: SoundServer, desk_server: SoundServer, parent: Parent
) -> None:
    parent.player.open(DESK, sample_rate=RATE, latency_s=LATENCY_S)
    assert parent.wait_for(Opened).device == "desk"
    parent.player.play(1, noise_loop(RATE), fade_ms=FADE_MS)
    wait_until_it_sounds(desk_server)
    desk_server.stop()
    assert "desk" in str(parent.wait_for(DeviceLost).error)
    assert parent.wait_for(Opened).device == "default"
    wait_until_it_sounds(mortal_server)
    desk_server.start()
    assert parent.wait_for(Opened).device == "desk"
    wait_until_it_sounds(desk_server)
    wait_until_it_sounds(mortal_server, sounding=False)
    # The helper that looked for it goes, too.
    give_up = time.monotonic() + WAIT_S
    while psutil.Process(parent.player.pid).children():
        parent.listen(0.1)
        assert time.monotonic() < give_up
    assert_taped(parent)


def test_another_device_takes_over_where_the_one_before_ended(
    mortal_server: SoundServer, desk_server: SoundServer, parent: Parent
) -> None:
    parent.open()
    parent.player.play(1, noise_loop(RATE), fade_ms=FADE_MS)
    wait_until_it_sounds(mortal_server)
    parent.player.open(DESK, sample_rate=RATE, latency_s=0.1)
    assert parent.wait_for(Opened).device == "desk"
    wait_until_it_sounds(desk_server)
    wait_until_it_sounds(mortal_server, sounding=False)
    # Another latency is another stream on the same device.
    parent.player.open(DESK, sample_rate=RATE, latency_s=LATENCY_S)
    assert parent.wait_for(Opened).latency_s == pytest.approx(LATENCY_S, abs=0.02)
    parent.wait_until(lambda one: one.device == "desk")
    wait_until_it_sounds(desk_server)
    assert not any(isinstance(one, DeviceLost) for one in parent.messages)
    assert_taped(parent)


def test_devices_are_listed_anew_while_it_plays(
    mortal_server: SoundServer, desk_server: SoundServer, parent: Parent
) -> None:
    desk_server.stop()
    parent.open()
    parent.player.play(1, noise_loop(RATE), fade_ms=FADE_MS)
    parent.wait_until(lambda one: one.endless.turns >= 1)
    parent.player.list_devices()
    assert DESK[1] not in [one.name for one in parent.wait_for(Devices).devices]
    desk_server.start()
    parent.player.list_devices()
    names = [one.name for one in parent.wait_for(Devices).devices]
    assert {DESK[1], "default"} <= set(names)
    assert parent.snapshots[-1].xruns == 0
    assert_taped(parent)
