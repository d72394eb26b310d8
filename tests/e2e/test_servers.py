# SPDX-License-Identifier: GPL-3.0-or-later
"""The sound servers of distributions work as they come: AVVIA sounds at once and goes on; nothing opens anew."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest
from PySide6.QtCore import Qt

from app.commands import sound_server
from app.settings import Settings
from engine.values import FloatArray
from tests.e2e.conftest import Opened, Studio
from tests.e2e.hearing import AUDIBLE, heard_anything
from tests.pipewire import PipeWireServer
from tests.soundserver import SAMPLE_RATE, Recording, SoundServer

pytestmark = [pytest.mark.gui, pytest.mark.audio, pytest.mark.alone]

LATENCY_S = 0.06
AT_ONCE_S = 0.15
"""Seconds beyond the device's latency within which sound comes at once."""
TRIES = 3
"""Number of tries: a busy machine delays some clicks, a server that works ahead delays all."""
READY_S = 2.2
"""Seconds after which a PulseAudio that worked ahead when the studio began plays what is asked of it."""
GAP_S = 0.005
SILENT = 1e-5
STALLS_S = (0.08, 0.15, 0.3)
BETWEEN_S = 0.6
VISIT_S = 0.4
CYCLE_S = 0.011
"""Seconds in one of PipeWire's cycles as it works here: 512 frames at 48 kHz."""

OTHERS = (
    ["pacat", "--playback", "--raw"],
    ["pacat", "--playback", "--raw", "--latency-msec=20"],
    ["pacat", "--record", "--raw"],
)
"""Other programs: one that is in no hurry, one that is, one that listens."""

SERVERS: dict[str, Callable[[Path], SoundServer]] = {
    "PulseAudio": lambda home: SoundServer(home, is_gentle=False),
    "PipeWire by ALSA's plugin for PulseAudio": lambda home: PipeWireServer(home, way="pulse"),
    "PipeWire by its own plugin": lambda home: PipeWireServer(home, way="alsa"),
}


# All other end-to-end tests play on PulseAudio.
@pytest.fixture(params=[pytest.param(one, marks=pytest.mark.soak) if one == "PulseAudio" else one for one in SERVERS])
def server(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[SoundServer]:
    """Start each of the servers as the system's default."""
    with tempfile.TemporaryDirectory(prefix="server-") as home:
        server = SERVERS[request.param](Path(home))
        try:
            server.start()
            for name, value in server.environment.items():
                monkeypatch.setenv(name, value)
            yield server
        finally:
            server.stop()


def test_avvia_sounds_at_once_and_what_happens_beside_it_makes_no_gap(
    server: SoundServer, opened: Opened, settings: Settings
) -> None:
    # PulseAudio works no further ahead than whoever listens asks for: there the recorder asks for nothing.
    is_patient = not isinstance(server, PipeWireServer)
    settings = replace(settings, latency_ms=round(1000 * LATENCY_S), min_play_s=60.0)
    with opened(settings) as studio, server.recording(is_patient=is_patient) as recording:
        studio.live(READY_S if is_patient else 0.0)
        for _ in range(TRIES):
            late_s = start(studio, recording)
            if late_s < LATENCY_S + AT_ONCE_S:
                break
            # A click that follows another one at once is a double click, which stops nothing.
            studio.live(0.5)
            studio.stop()
            studio.live(0.5)
        assert late_s < LATENCY_S + AT_ONCE_S
        assert_goes_through(server)
        (told,) = sound_server.server(settings)
        assert told.figures["server"] == ("PipeWire" if isinstance(server, PipeWireServer) else "PulseAudio")
        begun_s = recording.seconds
        for command in OTHERS:
            with visiting(server, command):
                studio.live(VISIT_S)
            studio.live(VISIT_S)
        gaps = gaps_s(recording, begun_s)
        # Without real time PipeWire loses a cycle of its own now and then: the soak hears its own player do so, too.
        if isinstance(server, PipeWireServer) and len(gaps) == 1 and gaps[0] < CYCLE_S:
            gaps = []
        assert gaps == []
        begun_s = recording.seconds
        for stall_s in STALLS_S:
            stand_still(stall_s)
            studio.live(BETWEEN_S)
        studio.until(lambda: recording.seconds > begun_s + sum(STALLS_S) + len(STALLS_S) * BETWEEN_S, "it is recorded")
        assert sum(gaps_s(recording, begun_s)) < sum(STALLS_S) + len(STALLS_S) * LATENCY_S
        assert np.abs(recording.samples[-SAMPLE_RATE // 10 :]).max() > AUDIBLE, "it plays on"
        assert studio.failures == []


@contextmanager
def visiting(server: SoundServer, command: list[str]) -> Iterator[None]:
    """Run another program on the server, which plays silence or listens."""
    environment = {**os.environ, **server.pulse_environment}
    with (
        Path("/dev/zero").open("rb") as silence,
        subprocess.Popen(command, env=environment, stdin=silence, stdout=subprocess.DEVNULL) as other,
    ):
        yield
        assert other.poll() is None, "it ended by itself"
        other.kill()


def start(studio: Studio, recording: Recording) -> float:
    """Click AVVIA and return how many seconds after the click the first sound was heard."""
    clicked_s: list[float] = []
    button, told = studio.window.prompt_bar.start_button, lambda: clicked_s.append(time.monotonic())
    button.clicked.connect(told, Qt.ConnectionType.DirectConnection)
    n_before = len(recording.samples)
    studio.start()
    button.clicked.disconnect(told)
    studio.until(lambda: heard_anything(recording.samples[n_before:]), "a sound")
    first = np.flatnonzero(np.abs(recording.samples[n_before:]).max(axis=1) > AUDIBLE)[0]
    return (n_before + float(first)) / SAMPLE_RATE - recording.place_s(clicked_s[0])


def gaps_s(recording: Recording, from_s: float) -> list[float]:
    """Return the lengths of all silences of more than ``GAP_S`` since then, in seconds."""
    heard: FloatArray = recording.samples[round(from_s * SAMPLE_RATE) :]
    is_silent = np.concatenate([[False], np.abs(heard).max(axis=1) < SILENT, [False]])
    edges = np.flatnonzero(np.diff(is_silent.astype(np.int8))).reshape(-1, 2)
    lengths_s = np.diff(edges, axis=1)[:, 0] / SAMPLE_RATE
    return [float(one) for one in lengths_s if one > GAP_S]


def audio_processes() -> list[psutil.Process]:
    """Return the audio processes: the one that plays, and the spare."""
    children = psutil.Process().children(recursive=True)
    return [one for one in children if "engine.playback.device.audio_process" in one.cmdline()]


def assert_goes_through(server: SoundServer) -> None:
    """Check that ALSA's default device led where it was meant to: its plug-in for PulseAudio says its name there."""
    goes_by_pulse = "ALSA plug-in [" in server.streams()
    assert goes_by_pulse == (not isinstance(server, PipeWireServer) or server.way == "pulse")


def stand_still(seconds: float) -> None:
    processes = audio_processes()
    for one in processes:
        one.suspend()
    time.sleep(seconds)
    for one in processes:
        one.resume()
