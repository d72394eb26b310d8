# SPDX-License-Identifier: GPL-3.0-or-later
"""Heard on a real sound server: the audio process is killed, hangs or gives silence, and the music is soon back."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from engine.generators.base import GeneratorSettings
from engine.qt.options import StudioOptions
from engine.units import samples_to_seconds, seconds_to_samples
from engine.values import BakedLoop, FloatArray
from tests.engine.qt.conftest import Listener, opener
from tests.listening import align
from tests.soundserver import SAMPLE_RATE, SoundServer
from tests.standins import install_musicgpt

pytestmark = [pytest.mark.gui, pytest.mark.audio, pytest.mark.alone, pytest.mark.slow]

QUIET = 0.001
"""Of the music's own rests hardly any is as quiet for as long as a device takes to open."""


@pytest.fixture
def expected_logs() -> list[str]:
    return ["process stopped (exit code -9)", "did not answer within"]


@pytest.fixture
def studio(qtbot: QtBot, sound_server: SoundServer, tmp_path: Path, options: StudioOptions) -> Iterator[Listener]:
    """A starter loop plays on and on: its generator never answers."""
    settings = GeneratorSettings(musicgpt_path=str(install_musicgpt(tmp_path / "bin", misdeed="hang")))
    options = replace(options, generator="musicgpt", model="small", generators=settings)
    with opener(qtbot, tmp_path)(options) as listener:
        listener.until(lambda: listener.view.proof is not None and listener.view.peaks is not None, "all is known")
        listener.start()
        listener.until_spare()
        yield listener


def gaps_s(recording: FloatArray) -> list[tuple[int, float]]:
    """Silences of 50 ms and more between music: where each begins, and its length in seconds."""
    loud = np.flatnonzero(np.abs(recording).max(axis=1) > QUIET)
    assert loud.size, "nothing was heard"
    lengths = np.diff(loud)
    return [
        (int(loud[at]), samples_to_seconds(int(lengths[at]), SAMPLE_RATE))
        for at in np.flatnonzero(lengths > seconds_to_samples(0.05, SAMPLE_RATE))
    ]


def place_s(heard: FloatArray, loop: BakedLoop) -> float:
    """Where in the loop the first sample heard is, in seconds."""
    return samples_to_seconds(-align(heard, loop.samples) % loop.n_samples, SAMPLE_RATE)


def hear(studio: Listener, server: SoundServer, deed: signal.Signals) -> tuple[float, float]:
    """The silence after a deed done to the audio process, and how far the music then is from where it was; seconds."""
    stage = studio.engine.conductor._showing.stage
    assert stage is not None
    loop, pid = stage.baked, studio.process("audio").pid
    with server.recording() as recording:
        studio.qtbot.wait(2500)
        os.kill(pid, deed)
        studio.until_another("audio", pid)
        studio.qtbot.wait(3500)
    samples = recording.samples
    at, length_s = max(gaps_s(samples), key=lambda gap: gap[1])
    second = seconds_to_samples(1.0, SAMPLE_RATE)
    end = at + seconds_to_samples(length_s, SAMPLE_RATE)
    before = place_s(samples[at - second : at], loop) + 1.0
    # Past the fade.
    skip = seconds_to_samples(0.1, SAMPLE_RATE)
    after = place_s(samples[end + skip : end + skip + second], loop) - 0.1
    period_s = samples_to_seconds(loop.n_samples, SAMPLE_RATE)
    moved_s = (after - before + period_s / 2.0) % period_s - period_s / 2.0
    return length_s, moved_s


def test_a_killed_audio_process_is_hardly_missed(studio: Listener, sound_server: SoundServer) -> None:
    silence_s, moved_s = hear(studio, sound_server, signal.SIGKILL)
    assert silence_s < 1.0
    assert abs(moved_s) < 0.2
    assert studio.sentences == ["The audio process stopped (exit code -9) and was started again."]
    # And again, by the next spare.
    studio.until_spare()
    studio.qtbot.wait(1000)
    silence_s, moved_s = hear(studio, sound_server, signal.SIGKILL)
    assert silence_s < 1.0
    assert abs(moved_s) < 0.2


def test_an_audio_process_that_hangs_is_replaced(studio: Listener, sound_server: SoundServer) -> None:
    silence_s, moved_s = hear(studio, sound_server, signal.SIGSTOP)
    assert silence_s < 3.0
    assert abs(moved_s) < 0.2
    assert studio.sentences == ["The audio process did not answer within 2 s and was started again."]


def test_the_other_processes_and_the_spare_are_not_missed_at_all(studio: Listener, sound_server: SoundServer) -> None:
    with sound_server.recording() as recording:
        studio.qtbot.wait(1500)
        studio.until_spare().kill()
        for name in ("analysis", "generator"):
            studio.until_another(name, studio.kill(name))
        studio.qtbot.wait(1500)
    begun = seconds_to_samples(0.5, SAMPLE_RATE)
    assert [length_s for at, length_s in gaps_s(recording.samples) if at > begun and length_s > 0.3] == []
    studio.until_spare()
    assert len(studio.failures) == 2
