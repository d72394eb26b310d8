# SPDX-License-Identifier: GPL-3.0-or-later
"""The live input takes in what is played, and tells at which frames of the output's tape it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import numpy as np
from psygnal import Signal, SignalInstance

from engine.library.latencies import DevicePair, trip_between
from engine.playback.input_commands import InputLost, InputOpened, Inputs, MonitorClosed
from engine.shared import SharedBlock
from engine.tape import TapeReader
from engine.units import db_to_amplitude
from engine.values import FloatArray, PlaybackSnapshot
from engine.values.audio import STUDIO_SAMPLE_RATE
from engine.values.inputs import InputAsked, InputSnapshot

LONGEST_S = 70.0
"""Seconds of what is played that are kept at most while a phrase is recorded."""


class InputPlayer(Protocol):
    """An input's player is the audio process, as far as it takes sound in; its commands cannot fail."""

    @property
    def snapshot_taken(self) -> SignalInstance: ...

    @property
    def received(self) -> SignalInstance: ...

    @property
    def input_tape(self) -> SharedBlock:
        """Return the tape to which all that comes in is written."""

    def open_input(self, asked: InputAsked) -> None:
        """Take in what comes from a device from now on, in any process."""

    def close_input(self) -> None:
        """Take in nothing any more."""

    def set_input_gain(self, gain: float) -> None:
        """Take in louder or softer, by a linear gain."""

    def set_monitor(self, *, is_heard: bool) -> None:
        """Have what comes in be heard, or not."""

    def list_inputs(self) -> None:
        """Ask for ``Inputs``."""


class LiveInput:
    """A live input is closed until somebody opens it (``engine.session.jam.looper.Played``).

    Signals
    -------
    told(InputSnapshot | None): what comes in, tens of times a second; None where nothing does,
    opened(device), failed(StudioError), monitor_closed(), listed(tuple of InputDevice)

    Parameters
    ----------
    open_output
        Has the output run, by which takes are placed.
    latencies
        The file of measured latencies; "" is none.
    """

    told = Signal(object)
    opened = Signal(str)
    failed = Signal(object)
    monitor_closed = Signal()
    listed = Signal(object)

    def __init__(self, player: InputPlayer, open_output: Callable[[], None], latencies: str) -> None:
        self._player, self._open_output, self._latencies = player, open_output, latencies
        self._asked: InputAsked | None = None
        self._output = ""
        self._reader: TapeReader | None = None
        self._kept: list[FloatArray] = []
        self._kept_from = 0
        self._is_keeping = False
        self._ahead: int | None = None
        self._late = 0
        self._last: InputSnapshot | None = None
        player.snapshot_taken.connect(self._on_snapshot)
        player.received.connect(self._on_received)

    @property
    def is_open(self) -> bool:
        """Return whether an input is asked for."""
        return self._asked is not None

    def open(self, asked: InputAsked) -> None:
        """Take in from this device from now on."""
        self._asked, self._ahead = asked, None
        self._open_output()
        self._player.open_input(asked)

    def close(self) -> None:
        """Take in nothing any more."""
        self._asked = self._ahead = None
        self.end()
        self._player.close_input()
        self._tell(None)

    def set_gain(self, gain_db: float) -> None:
        """Take in louder or softer."""
        self._player.set_input_gain(db_to_amplitude(gain_db))

    def hear(self, *, is_heard: bool) -> None:
        """Have what comes in be heard, or not."""
        self._player.set_monitor(is_heard=is_heard)

    def list(self) -> None:
        """Ask for ``listed``."""
        self._player.list_inputs()

    # --- what is played -----------------------------------------------------------------------------------------------

    def begin(self, frame: int) -> None:
        """Keep what is played from a frame of the output's tape on: the last half minute is there still."""
        reader = self._reader = TapeReader(self._player.input_tape)
        first = frame if self._ahead is None else frame - self._ahead + self._late
        reader.position = min(max(0, first), reader.n_written)
        self._kept, self._kept_from, self._is_keeping = [], reader.position, True
        self._keep()

    def samples(self, first: int, end: int) -> FloatArray | None:
        """Return what was played to these frames; None until all of it is there, silence where something was lost."""
        if self._ahead is None or not self._is_keeping:
            return None
        self._keep()
        low, high = (frame - self._ahead + self._late - self._kept_from for frame in (first, end))
        kept = np.concatenate(self._kept) if self._kept else np.zeros((0, 2), dtype=np.float32)
        if high > len(kept):
            return None
        out = np.zeros((end - first, 2), dtype=np.float32)
        begin = max(0, low)
        if begin < high:
            out[begin - low :] = kept[begin:high]
        return out

    def end(self) -> None:
        """Keep nothing any more."""
        self._kept, self._is_keeping = [], False

    def _keep(self) -> None:
        if self._reader is None:
            return
        before = self._reader.position
        samples = self._reader.read()
        if self._reader.position - len(samples) != before:
            # The reader was away for too long: what it missed is silence.
            self._kept.append(np.zeros((self._reader.position - len(samples) - before, 2), dtype=np.float32))
        if len(samples):
            self._kept.append(samples)
        if sum(map(len, self._kept)) > LONGEST_S * STUDIO_SAMPLE_RATE:
            self._kept_from += len(self._kept.pop(0))

    # --- what is told -------------------------------------------------------------------------------------------------

    def _on_snapshot(self, snapshot: PlaybackSnapshot) -> None:
        if self._asked is None:
            return
        told = snapshot.input
        if snapshot.device != self._output:
            self._output = snapshot.device
            self._find_late()
        if told is not None and told.ahead is not None:
            self._ahead = told.ahead
        if self._is_keeping:
            self._keep()
        self._tell(told)

    def _tell(self, told: InputSnapshot | None) -> None:
        if told != self._last:
            self._last = told
            self.told.emit(told)

    def _on_received(self, message: object) -> None:
        match message:
            case InputOpened(device=device):
                self._find_late(device)
                self.opened.emit(device)
            case InputLost(error=error):
                self.failed.emit(error)
            case MonitorClosed():
                self.monitor_closed.emit()
            case Inputs(devices):
                self.listed.emit(devices)

    def _find_late(self, device: str = "") -> None:
        """Take up the latency that was measured between the devices that are open, if any was."""
        asked, name = self._asked, device or ("" if self._last is None else self._last.device)
        if asked is None or not self._latencies or not name:
            return
        pair = DevicePair(self._output, name, asked.output_ms, round(1000.0 * asked.latency_s))
        trip = trip_between(Path(self._latencies), pair)
        self._late = 0 if trip is None else round(trip.late_s * STUDIO_SAMPLE_RATE)
