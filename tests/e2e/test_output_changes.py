# SPDX-License-Identifier: GPL-3.0-or-later
"""The output is changed in the settings while music plays: it goes on there, and not a sample is lost on the way."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QTimer

from app.settings import Settings
from engine.playback.commands import LatencyRaised
from engine.values import FloatArray
from tests.dropouts import Followed, follow
from tests.e2e.conftest import LATENCY_MS, Opened, Studio
from tests.e2e.hearing import heard_anything
from tests.soak.window import TapeCopy
from tests.soundserver import SAMPLE_RATE, Recording, SoundServer

pytestmark = [pytest.mark.gui, pytest.mark.audio]

DESK = ("ALSA", "desk")
OTHER_LATENCY_MS = 90
CHANGED_S = 2.0
"""Seconds beyond the device's latency within which the music is heard in the other place."""
PAUSE_S = 0.5
"""Seconds between what one stream plays last and another first: the time to start on a busy machine."""
STAY_S = 1.5


def sounding(recording: FloatArray) -> FloatArray:
    """Return the recording from the first sample that is not silence to the last."""
    heard = np.flatnonzero(recording.any(axis=1))
    assert heard.size, "nothing was heard"
    return recording[heard[0] : heard[-1] + 1]


def until_heard(studio: Studio, recording: Recording, asked_s: float = -np.inf) -> float:
    """Wait for a sound at or after ``asked_s`` of the monotonic clock, and return the seconds after it."""
    first = max(0, round(recording.place_s(asked_s) * SAMPLE_RATE)) if np.isfinite(asked_s) else 0
    studio.until(lambda: heard_anything(recording.samples[first:]), "a sound")
    return float(np.flatnonzero(recording.samples[first:].any(axis=1))[0] / SAMPLE_RATE)


def end_on_tape(one: Followed) -> int:
    return one.first_tape_samples + one.n_samples


def test_another_device_goes_on_with_the_next_sample_and_so_does_the_one_before(
    opened: Opened, settings: Settings, sound_server: SoundServer
) -> None:
    with (
        sound_server.another_sink(DESK[1]),
        opened(replace(settings, min_play_s=300.0)) as studio,
        sound_server.recording() as ears,
        sound_server.recording(DESK[1]) as desk,
        TapeCopy(studio.engine.tape) as tape,
    ):
        studio.start()
        until_heard(studio, ears)
        studio.live(STAY_S)
        came_s = [until_heard(studio, desk, studio.set_output(device=DESK, latency_ms=LATENCY_MS))]
        studio.until(lambda: studio.window.output_panel.device_label.text() == DESK[1], "the window names it")
        studio.live(STAY_S)
        parted = len(ears.samples)
        came_s.append(until_heard(studio, ears, studio.set_output(device=None, latency_ms=LATENCY_MS)))
        studio.live(STAY_S)
        studio.stop()
        studio.live(1.0)
        heard = [sounding(one) for one in (ears.samples[:parted], desk.samples, ears.samples[parted:])]
        wanted = tape.read()
        played = [follow(one, wanted) for one in heard]
        assert [one.dropouts for one in played] == [()] * 3
        assert [one.n_samples for one in played] == [len(one) for one in heard]
        # Music, too, has samples that are nothing but zeros: those at either end are not told from silence.
        parts = [(end_on_tape(before), after.first_tape_samples) for before, after in pairwise(played)]
        assert all(end <= begin and not wanted[end:begin].any() for end, begin in parts), parts
        assert max(came_s) < CHANGED_S + LATENCY_MS / 1000.0
        assert studio.window.notice_bar.notice() == ""
        assert studio.failures == []


@pytest.mark.alone
def test_another_latency_loses_no_sample(opened: Opened, settings: Settings, sound_server: SoundServer) -> None:
    with (
        opened(replace(settings, min_play_s=300.0)) as studio,
        sound_server.recording() as recording,
        TapeCopy(studio.engine.tape) as tape,
    ):
        studio.start()
        until_heard(studio, recording)
        for latency_ms in (OTHER_LATENCY_MS, LATENCY_MS):
            studio.live(STAY_S)
            studio.set_output(device=None, latency_ms=latency_ms)
            words = f"{latency_ms} ms latency"
            studio.until(lambda words=words: studio.window.output_panel.latency_label.text() == words, words)  # type: ignore[misc]
        # The audio process says so where sound is lost at the latency that was asked for.
        thread = studio.engine.on_thread
        QTimer.singleShot(0, thread, lambda: thread.player.received.emit(LatencyRaised(LATENCY_MS / 1000.0)))
        words = f"At {LATENCY_MS} ms of latency sound was lost again and again"
        studio.until(lambda: any(words in one for one in studio.window.console_panel.lines()), "the console says so")
        studio.live(STAY_S)
        studio.stop()
        studio.live(1.0)
        followed = follow(sounding(recording.samples), tape.read())
        # Where one stream ends and the next begins there may be a breath of silence, and nothing is missing.
        assert {one.kind for one in followed.dropouts} <= {"silence"}, followed
        assert len(followed.dropouts) <= 2
        assert all(one.n_heard < PAUSE_S * SAMPLE_RATE for one in followed.dropouts), followed
        assert studio.failures == []
