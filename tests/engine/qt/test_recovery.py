# SPDX-License-Identifier: GPL-3.0-or-later
"""On a real sound server the audio process is killed, hangs or gives silence, and the music is soon back."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from engine.playback.player import Player
from engine.qt.player_link import PlayerLink
from engine.session.options import StudioOptions
from engine.session.watchdog import SILENCE_MARGIN_S, STALL_S, longest_silence_s
from engine.units import samples_to_seconds, seconds_to_samples
from engine.values import BakedLoop, FloatArray
from tests.engine.qt.conftest import Listener, opener
from tests.listening import align
from tests.soundserver import SAMPLE_RATE, SoundServer
from tests.standins import install_musicgpt, musicgpt_settings

pytestmark = [pytest.mark.gui, pytest.mark.audio, pytest.mark.alone]

QUIET = 0.001
"""Amplitude below which the music's own rests hardly ever stay for as long as a device takes to open."""
OWN_S = 1.0
"""Seconds of the longest silence of a starter loop's own."""


@pytest.fixture
def expected_logs() -> list[str]:
    return ["process stopped (exit code -9)", "did not answer within", "No sound came"]


@pytest.fixture
def studio(qtbot: QtBot, sound_server: SoundServer, tmp_path: Path, options: StudioOptions) -> Iterator[Listener]:
    """A starter loop plays on and on: its generator never answers."""
    settings = musicgpt_settings(str(install_musicgpt(tmp_path / "bin", misdeed="hang")))
    options = replace(options, generator="musicgpt", model="small", generators=settings)
    with opener(qtbot, tmp_path)(options) as listener:
        listener.until(lambda: listener.view.proof is not None and listener.view.peaks is not None, "all is known")
        listener.start()
        listener.until_spare()
        yield listener


def gaps_s(recording: FloatArray) -> list[tuple[int, float]]:
    """Return the silences of 50 ms and more between music: where each begins, and its length in seconds."""
    loud = np.flatnonzero(np.abs(recording).max(axis=1) > QUIET)
    assert loud.size, "nothing was heard"
    lengths = np.diff(loud)
    return [
        (int(loud[at]), samples_to_seconds(int(lengths[at]), SAMPLE_RATE))
        for at in np.flatnonzero(lengths > seconds_to_samples(0.05, SAMPLE_RATE))
    ]


def place_s(heard: FloatArray, loop: BakedLoop) -> float:
    """Return where in the loop the first sample heard is, in seconds."""
    return samples_to_seconds(-align(heard, loop.samples) % loop.n_samples, SAMPLE_RATE)


def hear(studio: Listener, server: SoundServer, deed: signal.Signals) -> tuple[float, float]:
    """Return the silence after a deed done to the audio process, and how far off the music then is; seconds."""
    now = studio.engine.on_thread.session.presenter.now_playing
    assert now is not None
    loop, pid = now.baked, studio.process("audio").pid
    with server.recording() as recording:
        studio.qtbot.wait(1500)
        os.kill(pid, deed)
        studio.until_another("audio", pid)
        studio.qtbot.wait(2000)
    samples = recording.samples
    second = seconds_to_samples(1.0, SAMPLE_RATE)
    assert np.abs(samples[-second:]).max() > QUIET, "the music did not come back"
    period_s = samples_to_seconds(loop.n_samples, SAMPLE_RATE)
    gaps = gaps_s(samples)
    if not gaps:
        # What the server had in its buffer bridged it: all of it is music, and has gone on as if nothing had been.
        passed_s = samples_to_seconds(len(samples) - 2 * second, SAMPLE_RATE)
        moved_s = place_s(samples[-second:], loop) - place_s(samples[second : 2 * second], loop) - passed_s
        return 0.0, (moved_s + period_s / 2.0) % period_s - period_s / 2.0
    at, length_s = max(gaps, key=lambda gap: gap[1])
    end = at + seconds_to_samples(length_s, SAMPLE_RATE)
    before = place_s(samples[at - second : at], loop) + 1.0
    # Past the fade.
    skip = seconds_to_samples(0.1, SAMPLE_RATE)
    after = place_s(samples[end + skip : end + skip + second], loop) - 0.1
    moved_s = (after - before + period_s / 2.0) % period_s - period_s / 2.0
    return length_s, moved_s


def test_an_audio_process_killed_or_hung_is_hardly_missed_and_others_not_at_all(
    studio: Listener, sound_server: SoundServer
) -> None:
    # One studio: the second time it is the next spare that goes on.
    for deed, most_s in ((signal.SIGSTOP, 3.0), (signal.SIGKILL, 1.0)):
        silence_s, moved_s = hear(studio, sound_server, deed)
        assert silence_s < most_s, deed
        assert abs(moved_s) < 0.2, deed
        studio.until_spare()
    # Two look after it: on a busy machine either may be the first to say so.
    assert studio.sentences[0] in (
        "The audio process did not answer within 2 s and was started again.",
        "No sound came for 2 s, and the audio process was started again.",
    )
    # A second end soon after the first is no news; a busy machine may take longer than that.
    assert studio.sentences[1:] in ([], ["The audio process stopped (exit code -9) and was started again."])
    n_told = len(studio.failures)
    with sound_server.recording() as recording:
        studio.qtbot.wait(500)
        studio.until_spare().kill()
        for name in ("analysis", "musicgpt"):
            studio.until_another(name, studio.kill(name))
        studio.qtbot.wait(1000)
    begun = seconds_to_samples(0.5, SAMPLE_RATE)
    assert [length_s for at, length_s in gaps_s(recording.samples) if at > begun and length_s > 0.3] == []
    studio.until_spare()
    assert len(studio.failures) == n_told + 2


# --- silence that no loop explains: the process lives, and nothing comes out ------------------------------------------


def _do(deed: Callable[[Player, int, BakedLoop], None], link: PlayerLink, loop_id: int, loop: BakedLoop) -> None:
    assert link.player is not None
    deed(link.player, loop_id, loop)


def silenced(studio: Listener, server: SoundServer, deed: Callable[[Player, int, BakedLoop], None]) -> float:
    """Do something to the audio process that the engine knows nothing of, and return the silence heard, in seconds."""
    thread = studio.engine.on_thread
    now, link = thread.session.presenter.now_playing, thread.player
    assert now is not None
    loop_id, loop = now.playing.loop_id, now.baked
    before_s = longest_silence_s(loop)
    with server.recording() as recording:
        studio.qtbot.wait(1500)
        # On the engine thread, whose channel it is.
        QTimer.singleShot(0, link, partial(_do, deed, link, loop_id, loop))
        studio.until(lambda: any(line.startswith("Sound is back") for line in studio.lines), "sound is back")
        studio.qtbot.wait(1000)
    heard = recording.samples[-seconds_to_samples(0.3, SAMPLE_RATE) :]
    assert np.abs(heard).max() > QUIET or before_s > 0.3
    return max((length_s for _, length_s in gaps_s(recording.samples)), default=0.0)


def told_of_sound(studio: Listener) -> list[str]:
    """Return the lines and sentences since the last call, in turn, without their seconds."""
    lines = [re.sub(r"\d+ s", "N s", line) for line in studio.lines if "sound" in line.lower()]
    told = [*lines[:1], *(re.sub(r"\d+ s", "N s", sentence) for sentence in studio.sentences), *lines[1:]]
    studio.happenings.clear()
    studio.failures.clear()
    return told


def begin_anew(studio: Listener) -> None:
    """Stop and start, so that the next remedy is a first one again."""
    studio.until_spare()
    studio.stop()
    # The output is looked at ten times a second.
    studio.qtbot.wait(500)
    studio.start()


@pytest.mark.soak
def test_silence_that_no_loop_explains_is_ended_by_the_loop_again_or_a_new_process(
    studio: Listener, sound_server: SoundServer
) -> None:
    def feed_zeros(player: Player, loop_id: int, loop: BakedLoop) -> None:
        """Have the process hold zeros while the engine believes that a loud loop plays."""
        player.replace(loop_id, replace(loop, samples=np.zeros_like(loop.samples)))

    def mute(player: Player, _loop_id: int, _loop: BakedLoop) -> None:
        """Have the process lose its volume: the loop plays again, as silently."""
        player.set_volume(0.0)

    def give_the_device_back(player: Player, _loop_id: int, _loop: BakedLoop) -> None:
        """Have nothing pull the process's mixer any more: the process lives, and the tape stands still."""
        player.close_device()

    pid = studio.process("audio").pid
    silence_s = silenced(studio, sound_server, mute)
    assert 2.0 * SILENCE_MARGIN_S < silence_s < 2.0 * (SILENCE_MARGIN_S + OWN_S) + 2.0
    assert told_of_sound(studio) == [
        "No sound for N s: the loop was started again",
        "No sound came for N s, and the audio process was started again.",
        "Sound is back after N s",
    ]
    assert studio.process("audio").pid != pid

    begin_anew(studio)
    pid = studio.process("audio").pid
    silence_s = silenced(studio, sound_server, feed_zeros)
    assert SILENCE_MARGIN_S < silence_s < SILENCE_MARGIN_S + OWN_S + 2.0
    assert told_of_sound(studio) == ["No sound for N s: the loop was started again", "Sound is back after N s"]
    assert studio.process("audio").pid == pid, "the first remedy was enough"

    begin_anew(studio)
    assert silenced(studio, sound_server, give_the_device_back) < 2.0 * STALL_S + 2.0
    assert studio.process("audio").pid != pid
