# SPDX-License-Identifier: GPL-3.0-or-later
"""Music plays beside four busy processes and a disk writer, all at ordinary priority, on a sound server as it comes.

The sound server and the studio run with the rights of whoever runs this: root, or a user who may raise no priority.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Slot

from app.main_window import MainWindow
from engine.qt.studio import StudioEngine
from engine.session.options import Happening
from engine.values import FloatArray, PlaybackSnapshot
from tests.pipewire import PipeWireServer
from tests.soak.hearing import SAMPLE_RATE, FileRecording
from tests.soundserver import SoundServer

N_BUSY = 4
GAP_S = 0.005
LATENCY_MS = 60
_RECORDING_MS = 500
_PEER = "peer"
_SILENT = 1e-5
_BEGIN_S = 5.0
# Whatever ends the soak: nobody would look for a disk writer that stayed.
_ENDS_WITH_US = "import ctypes; PR_SET_PDEATHSIG, SIGKILL = 1, 9; ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, SIGKILL)"
_BUSY = f"""
{_ENDS_WITH_US}
while True:
    pass
"""
_WRITER = f"""
{_ENDS_WITH_US}
import os, sys
block = os.urandom(1 << 22)
while True:
    with open(sys.argv[1], "wb") as out:
        for _ in range(64):
            out.write(block)
            os.fsync(out.fileno())
"""


@dataclass(frozen=True, slots=True)
class Beside:
    """The sound that was heard beside the others.

    Attributes
    ----------
    gaps_s
        The lengths of all silences of more than ``GAP_S``, in seconds.
    peer_gaps_s
        The same of PulseAudio's own player at the same latency at the same time: what the system itself loses.
    latencies_s
        Each latency that the device had, in seconds, in their order.
    told
        What the console said of the latency.
    """

    seconds: float
    gaps_s: tuple[float, ...]
    peer_gaps_s: tuple[float, ...]
    xruns: int
    latencies_s: tuple[float, ...]
    told: tuple[str, ...]


class Server(StrEnum):
    """The server that plays, and how ALSA's default device leads there."""

    PULSEAUDIO = "PulseAudio"
    PIPEWIRE = "PipeWire"
    PIPEWIRE_ALSA = "PipeWire by pipewire-alsa"


def _server(which: Server, home: Path) -> SoundServer:
    if which is Server.PULSEAUDIO:
        return SoundServer(home, is_gentle=False)
    return PipeWireServer(home, way="pulse" if which is Server.PIPEWIRE else "alsa")


@contextmanager
def own_server(which: Server) -> Iterator[SoundServer]:
    """Start a server as it comes, of this process's user, as its children's default."""
    with tempfile.TemporaryDirectory(prefix="busy-") as name:
        server = _server(which, Path(name))
        server.start()
        os.environ.update(server.environment)
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def peer(server: SoundServer, address: str) -> Iterator[FileRecording]:
    """Return the noise that PulseAudio's own player plays into a sink of its own, as heard."""
    command = ["pacat", f"--server={address}", f"--device={_PEER}", "--raw", f"--latency-msec={LATENCY_MS}"]
    with server.another_sink(_PEER), subprocess.Popen([*command, "/dev/urandom"], start_new_session=True) as player:
        try:
            with FileRecording(latency_ms=_RECORDING_MS, server=address, sink=_PEER) as recording:
                yield recording
        finally:
            player.kill()


@contextmanager
def others() -> Iterator[None]:
    """Start busy processes and a disk writer, each a session of its own, as programs that a person started are."""
    with tempfile.TemporaryDirectory(prefix="written-") as folder:
        commands = [[sys.executable, "-c", _BUSY]] * N_BUSY
        commands.append([sys.executable, "-c", _WRITER, str(Path(folder) / "file")])
        running = [subprocess.Popen(one, start_new_session=True) for one in commands]
        try:
            yield
        finally:
            for one in running:
                one.kill()
                one.wait()


class _Notes(QObject):
    def __init__(self, engine: StudioEngine) -> None:
        super().__init__()
        self.xruns = 0
        self.latencies_s: list[float] = []
        self.told: list[str] = []
        engine.output.snapshot_taken.connect(self._on_snapshot)
        engine.notices.happened.connect(self._on_happened)

    @Slot(object)
    def _on_snapshot(self, snapshot: PlaybackSnapshot) -> None:
        self.xruns = snapshot.xruns
        if snapshot.device and snapshot.latency_s not in self.latencies_s[-1:]:
            self.latencies_s.append(snapshot.latency_s)

    @Slot(object)
    def _on_happened(self, happening: Happening) -> None:
        if "latency" in happening.template:
            self.told.append(str(happening))


def play_beside(
    window: MainWindow, engine: StudioEngine, live: Callable[[float], None], seconds: float, server: SoundServer
) -> Beside:
    """Press AVVIA, live for ``seconds`` beside the others, press FERMA; ``live`` lets the window live for a while."""
    notes = _Notes(engine)
    # Whose environment leads to PipeWire's own ALSA plugin leads recorders nowhere.
    address = server.pulse_environment["PULSE_SERVER"]
    with FileRecording(latency_ms=_RECORDING_MS, server=address) as recording, peer(server, address) as other:
        window.prompt_bar.start_button.click()
        live(_BEGIN_S)
        first, peer_first, n_before = recording.n_samples, other.n_samples, notes.xruns
        with others():
            live(seconds)
        heard, peer_heard = recording.read(first), other.read(peer_first)
        window.prompt_bar.start_button.click()
        live(1.0)
    return Beside(
        len(heard) / SAMPLE_RATE,
        tuple(gaps_s(heard)),
        tuple(gaps_s(peer_heard)),
        notes.xruns - n_before,
        tuple(notes.latencies_s),
        tuple(notes.told),
    )


def gaps_s(heard: FloatArray, longer_than_s: float = GAP_S) -> list[float]:
    """Return the lengths of all silences that are longer, in seconds."""
    is_silent = np.concatenate([[False], np.abs(heard).max(axis=1) < _SILENT, [False]])
    edges = np.flatnonzero(np.diff(is_silent.astype(np.int8))).reshape(-1, 2)
    lengths_s = np.diff(edges, axis=1)[:, 0] / SAMPLE_RATE
    return [float(one) for one in lengths_s if one > longer_than_s]
