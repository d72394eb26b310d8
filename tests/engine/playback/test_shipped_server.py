# SPDX-License-Identifier: GPL-3.0-or-later
"""PulseAudio as it comes works up to two seconds ahead: music starts at once all the same, and a stall stays one."""

from __future__ import annotations

import os
import signal
import time

import numpy as np
import pytest

from engine.playback.commands import DeviceLost, Devices, Opened
from tests.engine.playback.material import RATE
from tests.engine.playback.parent import FADE_MS, LATENCY_S, Parent, noise_loop
from tests.soundserver import SoundServer

AT_ONCE_S = 0.15
"""Beyond the device's latency."""
READY_S = 2.2
"""After so long a server that worked ahead when the studio began has come to what it asks for."""

pytestmark = pytest.mark.audio


def get_ready(parent: Parent) -> None:
    """Have the process running, and its device expected."""
    parent.player.expect(None, LATENCY_S)
    parent.player.list_devices()
    parent.wait_for(Devices)
    # Listing looks for devices anew, for which no stream may be open.
    parent.player.expect(None, LATENCY_S)


@pytest.mark.parametrize("wait_s", [0.0, 0.7])
def test_music_starts_at_once_on_a_server_as_it_comes(
    shipped_server: SoundServer, parent: Parent, wait_s: float
) -> None:
    get_ready(parent)
    with shipped_server.recording(is_patient=True) as recording:
        # Whenever it is within the server's two seconds.
        parent.listen(READY_S + wait_s)
        started_s = time.monotonic()
        parent.player.open(None, sample_rate=RATE, latency_s=LATENCY_S)
        parent.player.play(1, noise_loop(RATE), fade_ms=FADE_MS)
        parent.listen(3.0)
        heard = recording.samples
        sounding = np.flatnonzero(heard.any(axis=1))
        first_s = sounding[0] / RATE - recording.place_s(started_s)
    assert first_s < LATENCY_S + AT_ONCE_S
    assert not any(isinstance(one, DeviceLost) for one in parent.messages)


def test_a_stall_costs_its_own_length_and_opens_nothing_anew(shipped_server: SoundServer, parent: Parent) -> None:
    stalls_s = (0.08, 0.15, 0.3)
    get_ready(parent)
    parent.listen(READY_S)
    parent.open()
    parent.player.play(1, noise_loop(RATE), fade_ms=FADE_MS)
    parent.wait_until(lambda one: one.turns >= 1)
    with shipped_server.recording(is_patient=True) as recording:
        for stall_s in stalls_s:
            os.kill(parent.player.pid, signal.SIGSTOP)
            time.sleep(stall_s)
            os.kill(parent.player.pid, signal.SIGCONT)
            parent.listen(1.5)
        heard = recording.samples
    silent = np.flatnonzero(np.diff(np.concatenate([[0], ~heard.any(axis=1), [0]]).astype(int))).reshape(-1, 2)
    gaps_s = [(end - start) / RATE for start, end in silent if end - start > 0.005 * RATE]
    assert sum(gaps_s) < sum(stalls_s) + len(stalls_s) * LATENCY_S
    assert sum(isinstance(one, Opened) for one in parent.messages) == 1
    assert not any(isinstance(one, DeviceLost) for one in parent.messages)
