# SPDX-License-Identifier: GPL-3.0-or-later
"""The listener tells bars and samples that belong together, also where what is heard lies before the last block."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from engine.playback.device.feed import Feed
from engine.playback.device.listener import Listener
from engine.playback.mix.clock import BarClock
from engine.playback.mix.mixer import Mixer
from tests.engine.playback.material import RATE, loop_of, noise

BPM = Fraction(137)


def test_the_bars_are_those_of_the_sample_that_is_heard() -> None:
    mixer, clock = Mixer(RATE), BarClock(RATE, BPM)
    begun = -4000 / clock.bar_samples
    mixer.set_clock(BPM, 4, bars=begun)
    mixer.play(1, loop_of(noise(50_000, level=0.1)), fade_ms=5.0, channel=1)
    feed = Feed(mixer, None)
    listener, latency = Listener(feed), mixer.latency_samples

    def bars_at(heard: int) -> float:
        return float(begun + (heard - latency) / clock.bar_samples)

    # Commands are taken up while nobody pulls: what waits in the limiter is as good as heard.
    feed.pull(np.zeros((0, 2), np.float32))
    for heard in (latency, 0, 40, latency):
        assert abs(listener.listen(heard).bars - bars_at(heard)) < 1e-9, heard
    for _ in range(5):
        feed.pull(np.zeros((441, 2), np.float32))
    for heard in (100, 900, 900, 2000, 5 * 441, 5 * 441 + latency):
        assert abs(listener.listen(heard).bars - bars_at(heard)) < 1e-9, heard
