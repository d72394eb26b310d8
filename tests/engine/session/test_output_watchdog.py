# SPDX-License-Identifier: GPL-3.0-or-later
"""The output watchdog acts when nothing is heard that should be, and only then."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import StudioError
from engine.recording.messages import Heard
from engine.session.output_watchdog import OutputWatchdog
from engine.session.running import Running
from engine.units import db_to_amplitude
from engine.values import BakedLoop, LoopRegion
from tests.engine.session.ports import DeafPlayer, ManualClock

RATE = 44_100


class Told(DeafPlayer):
    """This player remembers what it was told."""

    def __init__(self) -> None:
        super().__init__()
        self.deeds: list[str] = []

    def play_on(self) -> None:
        self.deeds.append("play on")

    def renew(self, error: StudioError) -> None:
        self.deeds.append(str(error))

    def set_volume(self, gain: float) -> None:
        self.gain = gain


class Watched:
    def __init__(self) -> None:
        self.player, self.running, self.clock = Told(), Running(), ManualClock()
        self.running.begin()
        self.watchdog = OutputWatchdog(self.player, self.running, self.clock)
        self.lines: list[str] = []
        self.watchdog.happened.connect(lambda line: self.lines.append(str(line)))
        # A second of sound, two of silence.
        samples = np.zeros((3 * RATE, 2), dtype=np.float32)
        samples[:RATE] = 0.1
        self.watchdog.follow(BakedLoop(samples, RATE, LoopRegion(0, 3 * RATE), 0, 0.0))

    def hear(self, seconds: float, peak: float) -> None:
        for _ in range(round(10 * seconds)):
            self.clock.pass_s(0.1)
            self.watchdog.hear(Heard(RATE // 10, peak))


@pytest.fixture
def watched() -> Watched:
    return Watched()


def test_the_loops_own_silence_is_music(watched: Watched) -> None:
    for _ in range(10):
        watched.hear(1.0, 0.1)
        watched.hear(2.0, 0.0)
    assert watched.player.deeds == []


def test_silence_beyond_it_starts_the_loop_again_then_the_process(watched: Watched) -> None:
    watched.hear(1.0, 0.1)
    watched.hear(3.5, 0.0)
    assert watched.player.deeds == ["play on"]
    assert watched.lines == ["No sound for 3 s: the loop was started again"]
    watched.hear(3.5, 0.0)
    assert len(watched.player.deeds) == 2
    assert "the audio process was started again" in watched.player.deeds[1]
    assert len(watched.lines) == 1, "the end of a process is told by its link"
    watched.hear(1.0, 0.1)
    assert [line.split(" after ")[0] for line in watched.lines[1:]] == ["Sound is back"], "once"


def test_sound_that_was_stopped_is_not_back(watched: Watched) -> None:
    watched.hear(3.5, 0.0)
    watched.running.is_paused = True
    watched.hear(0.1, 0.0)
    watched.running.is_paused = False
    watched.hear(1.0, 0.1)
    assert len(watched.lines) == 1


def test_silence_that_was_asked_for_is_none(watched: Watched) -> None:
    watched.running.is_paused = True
    watched.hear(10.0, 0.0)
    watched.running.is_paused = False
    watched.player.set_volume(0.0)
    watched.hear(10.0, 0.0)
    watched.player.set_volume(0.01)
    watched.hear(10.0, 0.001)
    assert watched.player.deeds == []


def test_quiet_music_that_is_ducked_has_not_fallen_silent(watched: Watched) -> None:
    quiet = db_to_amplitude(-55.0 - 12.0)
    duck = [1.0]
    watchdog = OutputWatchdog(watched.player, watched.running, watched.clock, lambda: duck[0])
    watched.watchdog, duck[0] = watchdog, db_to_amplitude(-12.0)
    watched.hear(20.0, quiet)
    assert watched.player.deeds == []
    duck[0] = 1.0
    watched.hear(20.0, quiet)
    assert watched.player.deeds != []
