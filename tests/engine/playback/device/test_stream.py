# SPDX-License-Identifier: GPL-3.0-or-later
"""A device's stream is heard from its start."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from tests.engine.playback.material import RATE
from tests.soundserver import SoundServer

# As on a busy machine, the first piece comes at once and the second one late. In a process of its own: who plays goes
# before others, and is ended by the system when it does so for too long.
PROGRAM = f"""
import sys, time
from engine.playback.device.feed import Feed
from engine.playback.mix.mixer import Mixer
from engine.playback.device.stream import DeviceStream
from tests.engine.playback.parent import noise_loop

class SlowToFollow(Feed):
    n_pulls = 0

    def pull(self, out):
        self.n_pulls += 1
        if self.n_pulls == 2:
            time.sleep(0.025)
        super().pull(out)

mixer = Mixer({RATE})
mixer.play(1, noise_loop({RATE}, seed=int(sys.argv[1])), fade_ms=10.0)
stream = DeviceStream(None, sample_rate={RATE}, latency_s=0.2)
stream.attach(SlowToFollow(mixer, None))
stream.start()
time.sleep(0.6)
stream.close()
print(stream.xruns)
"""

pytestmark = pytest.mark.audio


@pytest.mark.parametrize("start", range(3))
def test_a_start_whose_second_piece_is_late_is_heard_whole(sound_server: SoundServer, start: int) -> None:
    with sound_server.recording() as recording:
        told = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(start)], stdout=subprocess.PIPE, text=True, check=True, timeout=60
        )
        recording.wait(0.1)
    heard = np.flatnonzero(np.abs(recording.samples).max(axis=1) > 1e-5)
    assert len(heard) > RATE // 10
    # One sample of noise may well be next to nothing.
    assert np.diff(heard).max() < 5
    assert int(told.stdout) == 0
