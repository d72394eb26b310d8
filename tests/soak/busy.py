# SPDX-License-Identifier: GPL-3.0-or-later
"""Music beside four busy processes and a disk writer, all at ordinary priority, on a PulseAudio as it comes.

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
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Slot

from app.main_window import MainWindow
from engine.qt.options import Happening
from engine.qt.studio import StudioEngine
from engine.values import FloatArray, PlaybackSnapshot
from tests.soak.hearing import SAMPLE_RATE, FileRecording
from tests.soundserver import SoundServer

N_BUSY = 4
GAP_S = 0.005
_SILENT = 1e-5
_BEGIN_S = 5.0
_BUSY = "while True: pass"
_WRITER = """
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
    """What was heard.

    Attributes
    ----------
    gaps_s
        The lengths of all silences of more than ``GAP_S``, in seconds.
    latencies_s
        Each latency that the device had, in seconds, in their order.
    told
        What the console said of the latency.
    """

    seconds: float
    gaps_s: tuple[float, ...]
    xruns: int
    latencies_s: tuple[float, ...]
    told: tuple[str, ...]


@contextmanager
def own_server() -> Iterator[None]:
    """A PulseAudio as it comes, of this process's user: its children's default, and PulseAudio's own programs'."""
    with tempfile.TemporaryDirectory(prefix="busy-") as home:
        server = SoundServer(Path(home), is_gentle=False)
        server.start()
        os.environ.update(server.environment)
        try:
            yield
        finally:
            server.stop()


@contextmanager
def others() -> Iterator[None]:
    """Busy processes and a disk writer, each a session of its own, as programs that a person started are."""
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
        engine.conductor.snapshot_taken.connect(self._on_snapshot)
        engine.conductor.happened.connect(self._on_happened)

    @Slot(object)
    def _on_snapshot(self, snapshot: PlaybackSnapshot) -> None:
        self.xruns = snapshot.xruns
        if snapshot.device and snapshot.latency_s not in self.latencies_s[-1:]:
            self.latencies_s.append(snapshot.latency_s)

    @Slot(object)
    def _on_happened(self, happening: Happening) -> None:
        if "latency" in happening.template:
            self.told.append(str(happening))


def play_beside(window: MainWindow, engine: StudioEngine, live: Callable[[float], None], seconds: float) -> Beside:
    """Press AVVIA, live for ``seconds`` beside the others, FERMA. ``live`` lets the window live for so many seconds."""
    notes = _Notes(engine)
    with FileRecording(latency_ms=500) as recording:
        window.prompt_bar.start_button.click()
        live(_BEGIN_S)
        first, n_before = recording.n_samples, notes.xruns
        with others():
            live(seconds)
        heard = recording.read(first)
        window.prompt_bar.start_button.click()
        live(1.0)
    return Beside(
        len(heard) / SAMPLE_RATE,
        tuple(gaps_s(heard)),
        notes.xruns - n_before,
        tuple(notes.latencies_s),
        tuple(notes.told),
    )


def gaps_s(heard: FloatArray) -> list[float]:
    """The lengths of all silences of more than ``GAP_S``, in seconds."""
    is_silent = np.concatenate([[False], np.abs(heard).max(axis=1) < _SILENT, [False]])
    edges = np.flatnonzero(np.diff(is_silent.astype(np.int8))).reshape(-1, 2)
    lengths_s = np.diff(edges, axis=1)[:, 0] / SAMPLE_RATE
    return [float(one) for one in lengths_s if one > GAP_S]
