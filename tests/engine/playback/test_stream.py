# SPDX-License-Identifier: GPL-3.0-or-later
"""A device's stream: what is heard of a start."""

from __future__ import annotations

import time

import numpy as np
import pytest

from engine.playback.devices import refresh_devices
from engine.playback.feed import Feed
from engine.playback.mixer import Mixer
from engine.playback.stream import DeviceStream
from engine.values import FloatArray
from tests.engine.playback.material import RATE
from tests.engine.playback.parent import noise_loop
from tests.soundserver import SoundServer

LATENCY_S = 0.2
LATE_S = 0.025

pytestmark = pytest.mark.audio


class SlowToFollow(Feed):
    """As on a busy machine: the first piece comes at once, the second one late."""

    n_pulls = 0

    def pull(self, out: FloatArray) -> None:
        self.n_pulls += 1
        if self.n_pulls == 2:
            time.sleep(LATE_S)
        super().pull(out)


@pytest.mark.parametrize("start", range(3))
def test_a_start_whose_second_piece_is_late_is_heard_whole(sound_server: SoundServer, start: int) -> None:
    refresh_devices()
    mixer = Mixer(RATE)
    mixer.play(1, noise_loop(RATE, seed=start), fade_ms=10.0)
    stream = DeviceStream(None, sample_rate=RATE, latency_s=LATENCY_S)
    with sound_server.recording() as recording:
        stream.attach(SlowToFollow(mixer, None))
        stream.start()
        recording.wait(LATENCY_S + 0.3)
        stream.close()
    heard = np.flatnonzero(np.abs(recording.samples).max(axis=1) > 1e-5)
    assert len(heard) > RATE // 10
    # One sample of noise may well be next to nothing.
    assert np.diff(heard).max() < 5
    assert stream.xruns == 0
