# SPDX-License-Identifier: GPL-3.0-or-later
"""A real window plays into a real sound server with everything in the way, and what is heard is the tape."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QTimer, Slot

from app.main_window import MainWindow
from app.paths import RESOURCES
from engine.qt.studio import StudioEngine
from engine.repeating import Repeating
from engine.shared import SharedBlock
from engine.tape import TAPE_CHANNELS, TapeReader
from engine.values import FloatArray, PlaybackSnapshot
from tests.dropouts import Dropout, follow
from tests.soak.hearing import SAMPLE_RATE, FileRecording
from tests.soak.trouble import GilHolder, analysing

REPAINT_MS = 50
AUDIBLE = 0.003
SOUND_LIMIT_S = 10.0
_TICK_S = 0.1
_TAIL_S = 0.5


class TapeCopy(Repeating):
    """A copy of everything that is written on a tape while the copy is open, in a file: 20 MiB a minute."""

    def __init__(self, tape: SharedBlock) -> None:
        super().__init__("tape copy", _TICK_S)
        self._reader = TapeReader(tape)
        self._file = tempfile.TemporaryFile("w+b", buffering=0, prefix="tape-")  # noqa: SIM115 - open as long as the copy
        self._whole: FloatArray | None = None

    def __exit__(self, *_: object) -> None:
        super().__exit__()
        self._whole = self.read()
        self._file.close()

    def read(self) -> FloatArray:
        """Return the copy so far: float32, shape ``(n_frames, 2)``."""
        assert not self._reader.n_missed, "the tape was not copied in time"
        if self._whole is not None:
            return self._whole
        held = os.pread(self._file.fileno(), os.fstat(self._file.fileno()).st_size, 0)
        whole = len(held) // (4 * TAPE_CHANNELS) * TAPE_CHANNELS
        return np.frombuffer(held, dtype=np.float32, count=whole).reshape(-1, TAPE_CHANNELS)

    def _again(self) -> None:
        self._file.write(np.ascontiguousarray(self._reader.read(), dtype=np.float32).tobytes())


@dataclass(frozen=True, slots=True)
class Heard:
    """The music as it was heard.

    Attributes
    ----------
    compared_s
        For how long recording and tape were compared, bit for bit.
    latency_s
        Which the device reported, at most.
    held_s, rounds_s
        How long each hold of the GIL and each round of analyses took.
    n_loops
        That led.
    """

    dropouts: tuple[Dropout, ...]
    compared_s: float
    xruns: int
    latency_s: float
    held_s: tuple[float, ...]
    rounds_s: tuple[float, ...]
    n_repaints: int
    n_loops: int


class _Notes(QObject):
    """The notes of the window's thread during the play."""

    def __init__(self, window: MainWindow, engine: StudioEngine) -> None:
        super().__init__()
        self._window = window
        self.n_repaints, self.xruns, self.latency_s = 0, 0, 0.0
        self.loop_ids: set[int] = set()
        engine.output.snapshot_taken.connect(self._on_snapshot)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_timer)
        self._timer.start(REPAINT_MS)

    def end(self) -> None:
        """Stop repainting."""
        self._timer.stop()

    @Slot(object)
    def _on_snapshot(self, snapshot: PlaybackSnapshot) -> None:
        self.xruns = snapshot.xruns
        self.latency_s = max(self.latency_s, snapshot.latency_s)
        if snapshot.endless.loop_id is not None:
            self.loop_ids.add(snapshot.endless.loop_id)

    @Slot()
    def _on_timer(self) -> None:
        # Painted anew from its picture, not copied from the screen's memory.
        self._window.spectrogram_panel.plot.viewport().repaint()
        self.n_repaints += 1


def listen(window: MainWindow, engine: StudioEngine, live: Callable[[float], None], seconds: float) -> Heard:
    """Press AVVIA, live for ``seconds`` while the GIL is held, clips are analysed and the spectrogram repaints; FERMA.

    ``live`` lets the window live for so many seconds. ``PULSE_SERVER`` names a private sound server.
    """
    starter = RESOURCES / "starters" / "starter-house.flac"
    notes = _Notes(window, engine)
    with FileRecording() as recording, TapeCopy(engine.tape) as tape:
        window.prompt_bar.start_button.click()
        _until_heard(recording, live)
        with GilHolder() as holder, analysing(Path(starter)) as rounds:
            live(seconds)
        window.prompt_bar.start_button.click()
        live(_TAIL_S + 2.0 * _TICK_S)
        notes.end()
        followed = follow(recording.read(), tape.read())
    return Heard(
        followed.dropouts,
        followed.n_samples / SAMPLE_RATE,
        notes.xruns,
        notes.latency_s,
        tuple(holder.held_s),
        tuple(rounds),
        notes.n_repaints,
        len(notes.loop_ids),
    )


def _until_heard(recording: FileRecording, live: Callable[[float], None]) -> None:
    for _ in range(round(SOUND_LIMIT_S / _TICK_S)):
        live(_TICK_S)
        if np.abs(recording.read()).max(initial=0.0) > AUDIBLE:
            return
    raise AssertionError(f"nothing was heard within {SOUND_LIMIT_S:g} s")
