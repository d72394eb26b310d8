# SPDX-License-Identifier: GPL-3.0-or-later
"""Playing on the real thing while everything is in its way gives, bit for bit, the sound that was mixed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.settings import Settings
from tests.benchmarks.playbackreport.latency import COMMANDS, LatencyBench
from tests.e2e.conftest import Opened
from tests.soak.trouble import EVERY_S, HOLD_S
from tests.soak.window import listen
from tests.soundserver import SoundServer

pytestmark = [pytest.mark.gui, pytest.mark.audio, pytest.mark.alone]

LATENCY_MS = 60
SECONDS = 20.0
"""Seconds of the test; ``make soak`` plays for ten minutes."""
AUDIBLE_MS = 30.0
TRIES = 3


@pytest.mark.soak
def test_no_dropout_while_the_gil_is_held(opened: Opened, settings: Settings, sound_server: SoundServer) -> None:
    with opened(replace(settings, latency_ms=LATENCY_MS)) as studio:
        heard = listen(studio.window, studio.engine, studio.live, SECONDS)
        assert heard.dropouts == (), heard
        assert heard.compared_s > SECONDS - 1.0
        assert heard.latency_s <= LATENCY_MS / 1000.0 + 1e-3
        # It was as hard as it was meant to be.
        assert len(heard.held_s) >= 0.8 * SECONDS / (EVERY_S + HOLD_S)
        assert min(heard.held_s) >= HOLD_S
        assert heard.rounds_s
        assert heard.n_repaints > SECONDS
        assert studio.failures == []


def test_commands_are_heard_at_once(sound_server: SoundServer) -> None:
    """Commands take effect in so many frames of the tape beyond the device's latency, by the best of some tries."""
    with LatencyBench(latency_s=LATENCY_MS / 1000.0) as bench:
        for command in COMMANDS:
            audible_ms: list[float] = []
            while len(audible_ms) < TRIES and min(audible_ms, default=np.inf) > AUDIBLE_MS:
                audible_ms.append(bench.measure(command).audible_ms)
            assert audible_ms[-1] <= AUDIBLE_MS, (command, audible_ms)
