# SPDX-License-Identifier: GPL-3.0-or-later
"""Minutes of ill treatment are heard: children killed and stopped at random, buttons pressed without end."""

from __future__ import annotations

import os
import random
import signal
import time
from dataclasses import replace

import numpy as np
import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.settings import Settings
from tests.e2e.conftest import Opened
from tests.e2e.hearing import AUDIBLE, music
from tests.listening import align, find_faults
from tests.soundserver import SAMPLE_RATE, SoundServer

pytestmark = [pytest.mark.gui, pytest.mark.audio, pytest.mark.soak]

N_ROUNDS = 30
LONGEST_SILENCE_S = 2.5
OWN_SILENCE_S = 0.5
"""Seconds for which music may be silent by itself."""
N_CLICKS = 200


def silences_s(samples: np.ndarray) -> list[tuple[float, float]]:
    """Return where each silence that no music explains begins, and how long it lasts."""
    loud = np.flatnonzero(np.abs(samples).max(axis=1) > AUDIBLE)
    lengths = np.diff(loud)
    return [
        (float(loud[at] / SAMPLE_RATE), float(lengths[at] / SAMPLE_RATE))
        for at in np.flatnonzero(lengths > OWN_SILENCE_S * SAMPLE_RATE)
    ]


@pytest.fixture
def expected_logs() -> list[str]:
    return ["process stopped", "did not answer within", "Nothing was heard"]


@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", [1, 2])
def test_thirty_rounds_of_killing_and_stopping(
    opened: Opened, settings: Settings, sound_server: SoundServer, seed: int
) -> None:
    rng = random.Random(seed)
    with opened(replace(settings, min_play_s=15.0)) as studio, sound_server.recording() as recording:
        studio.start()
        studio.wait_for_takeover()
        done: list[tuple[float, str]] = []
        for _ in range(N_ROUNDS):
            name, pid = rng.choice(sorted(studio.engine.process_ids().items()))
            done.append((recording.place_s(time.monotonic()), name))
            os.kill(pid, rng.choice([signal.SIGKILL, signal.SIGSTOP]))
            # What hangs unnoticed, as a worker with nothing to do, is let go.
            studio.live(rng.uniform(3.0, 9.0))
            if psutil.pid_exists(pid):
                os.kill(pid, signal.SIGCONT)
        studio.live(3.0)
        told = silences_s(recording.samples)
    assert max((length_s for _, length_s in told), default=0.0) <= LONGEST_SILENCE_S
    for at_s, length_s in told:
        near = [name for when_s, name in done if at_s - 1.0 <= when_s <= at_s + length_s + 1.0]
        assert "audio" in near, f"silent for {length_s:.2f} s at {at_s:.1f} s with {near}"


@pytest.mark.timeout(900)
def test_two_hundred_clicks_of_avvia_and_ferma(opened: Opened, settings: Settings, sound_server: SoundServer) -> None:
    rng = random.Random(3)
    with opened(settings) as studio:
        own = psutil.Process()
        processes = len(own.children(recursive=True))
        button = studio.window.prompt_bar.start_button
        for _ in range(N_CLICKS):
            studio.click(button)
            studio.live(rng.choice([0.0, 0.0, 0.05, 0.3]))
        assert not studio.window.prompt_bar.is_running()
        assert button.text() == "AVVIA"
        studio.live(1.0)
        assert np.abs(sound_server.record(0.5)).max() <= AUDIBLE, "it still sounds"
        with sound_server.recording() as recording:
            studio.start()
            studio.wait_for_takeover()
            studio.live(2.0)
        assert silences_s(recording.samples) == []
        # A spare may come and go.
        assert abs(len(own.children(recursive=True)) - processes) <= 1
        assert studio.failures == []


@pytest.mark.parametrize("seed", range(20))
def test_next_forty_times_in_four_seconds(
    opened: Opened, settings: Settings, sound_server: SoundServer, seed: int
) -> None:
    rng = random.Random(seed)
    with (
        opened(replace(settings, min_play_s=300.0, beat_match=False, transition_entry="now")) as studio,
        sound_server.recording() as recording,
    ):
        studio.start()
        studio.wait_for_takeover()
        studio.live(1.0)
        bar = studio.window.transport_bar
        others = [bar.hold_button, bar.pause_button, bar.previous_button]
        for _ in range(40):
            button = bar.next_button if rng.random() < 0.7 else rng.choice(others)
            if button.isEnabled():
                QTest.mouseClick(button, Qt.MouseButton.LeftButton)
            studio.live(0.1)
        if studio.transport.is_paused:
            QTest.mouseClick(bar.pause_button, Qt.MouseButton.LeftButton)
        # What was asked for last comes in, and its crossfade ends.
        studio.until(lambda: not studio.transport.is_paused, "it goes on")
        studio.live(6.0)
        began_s, loop_id = recording.place_s(time.monotonic()), studio.view.loop_id
        studio.live(3.0)
        assert studio.view.loop_id == loop_id
        shown_now = studio.engine.on_thread.session.presenter.now_playing
        assert shown_now is not None
        shown = shown_now.baked.samples
        heard = recording.samples
        assert find_faults(music(heard), SAMPLE_RATE) == []
        last = heard[round((began_s + 0.5) * SAMPLE_RATE) :][: 2 * SAMPLE_RATE]
        at = align(last, shown)
        expected = shown[(np.arange(len(last)) - at) % len(shown)]
        assert np.abs(last - expected).max() < 0.01, "another loop is heard than the one that is shown"
        assert studio.failures == []
