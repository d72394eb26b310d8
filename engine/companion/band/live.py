# SPDX-License-Identifier: GPL-3.0-or-later
"""A live band hears the input of an audio process, and lays what it plays onto that process's answer tape."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from engine.answer_tape import AnswerWriter, answer_block
from engine.companion.band.band import END_S, BandTold, Planned
from engine.errors import DeviceError, InputError
from engine.playback.commands import DeviceLost, LatencyRaised, Opened
from engine.playback.input_commands import InputLost, InputOpened, MonitorClosed
from engine.playback.player import Player
from engine.tape import TapeReader, tape_block
from engine.units import seconds_to_samples
from engine.values import FloatArray
from engine.values.inputs import InputSide, InputSnapshot

MARGIN_S = 0.05
"""Seconds beyond what is taken from which on a plan begins: it is on its way for that long."""
ALIGNED_AGAIN_S = 0.008
"""Seconds by which the input may come to lie otherwise to the output before that is taken up."""


@dataclass(frozen=True, slots=True)
class LiveWay:
    """A live way is where the band plays, and where it listens.

    Attributes
    ----------
    output, input_
        (host API, name), or None for the system's default.
    late_s
        By how much what comes in is late by what the devices tell (``engine.values.inputs.RoundTrip``).
    is_monitored
        Whether the player is heard, too.
    """

    output: tuple[str, str] | None
    input_: tuple[str, str] | None
    side: InputSide
    gain: float
    output_latency_s: float
    input_latency_s: float
    late_s: float = 0.0
    is_monitored: bool = False


class Partner(Protocol):
    """A partner hears who plays, and plans what it plays with them: the band, or a model elsewhere."""

    sample_rate: int

    def hear(self, samples: FloatArray, first: int) -> None:
        """Take in a piece of what is played, ``(n_frames, 2)``, from a frame of the output's tape on."""

    def plan(self, now: int, margin: int) -> Planned | None:
        """Return what is to be played, if another plan is due."""

    def told(self) -> BandTold:
        """Return what is heard."""


class LiveBand:
    """A live band plays while it is told to go on.

    Parameters
    ----------
    player
        Told nothing yet, made with the tape that ``played`` reads.

    Attributes
    ----------
    news
        Errors of devices, and what happened to them, as they came: ``DeviceError``, ``InputError``, and messages.
    n_late
        Frames that were planned too late.
    """

    def __init__(self, player: Player, played: TapeReader, band: Partner, way: LiveWay) -> None:
        self._player, self._played, self._band, self._way = player, played, band, way
        rate = band.sample_rate
        self._input_block, self._answers = tape_block(rate), answer_block(rate)
        self._taken, self._writer = TapeReader(self._input_block), AnswerWriter(self._answers)
        self._margin = seconds_to_samples(MARGIN_S, rate)
        self._late = round(way.late_s * rate)
        self._ahead: int | None = None
        self._waiting: FloatArray = np.zeros((0, 2), dtype=np.float32)
        self._waits_from = 0
        self.news: list[DeviceError | InputError | Opened | InputOpened | LatencyRaised | MonitorClosed] = []
        self.n_late = 0

    def start(self) -> None:
        """Open the devices."""
        way, rate = self._way, self._band.sample_rate
        self._player.open(way.output, sample_rate=rate, latency_s=way.output_latency_s)
        self._player.open_input(
            way.input_, way.side, gain=way.gain, latency_s=way.input_latency_s, tape=self._input_block
        )
        self._player.set_answers(self._answers)
        if way.is_monitored:
            self._player.set_monitor(is_heard=True)

    def go_on(self, seconds: float) -> BandTold:
        """Hear and plan for so long, and return what is told then. Raises WorkerDied."""
        until = time.monotonic() + seconds
        while True:
            self._step()
            left = until - time.monotonic()
            if left <= 0.0:
                return self._band.told()
            if self._player.poll(min(left, 0.008)):
                self._note(self._player.receive())

    def take_mix(self) -> FloatArray:
        """Return what was heard since the last call, the player and the band together, as far as both are known."""
        if self._ahead is None:
            return np.zeros((0, 2), dtype=np.float32)
        first = max(self._played.position, self._waits_from)
        end = min(self._played.n_written, self._waits_from + len(self._waiting))
        if end <= first:
            return np.zeros((0, 2), dtype=np.float32)
        self._played.skip_to(first)
        band = self._played.read(end)
        own = self._waiting[first - self._waits_from : end - self._waits_from]
        self._waiting, self._waits_from = self._waiting[end - self._waits_from :], end
        # The monitor is on the tape already.
        return band if self._way.is_monitored else band + own[: len(band)]

    @property
    def input(self) -> InputSnapshot | None:
        """Return what comes in now."""
        snapshot = self._player.snapshot()
        return None if snapshot is None else snapshot.input

    def _step(self) -> None:
        told = self.input
        if told is not None and told.ahead is not None:
            self._align(told.ahead)
        if self._ahead is None:
            self._taken.skip_to(self._taken.n_written)
            return
        first = self._taken.position + self._ahead - self._late
        samples = self._taken.read()
        if len(samples):
            self._band.hear(samples, first)
            self._keep(samples, first)
        planned = self._band.plan(self._writer.taken, self._margin)
        if planned is not None and len(planned.samples):
            self.n_late += self._writer.lay(planned.first, planned.samples).n_late
        elif planned is not None:
            self._writer.end(fade_s=END_S)

    def _align(self, ahead: int) -> None:
        most = seconds_to_samples(ALIGNED_AGAIN_S, self._band.sample_rate)
        if self._ahead is None or abs(ahead - self._ahead) > most:
            self._ahead = ahead

    def _keep(self, samples: FloatArray, first: int) -> None:
        if first != self._waits_from + len(self._waiting):
            self._waiting, self._waits_from = samples, first
        else:
            self._waiting = np.concatenate([self._waiting, samples])[-30 * self._band.sample_rate :]
            self._waits_from = first + len(samples) - len(self._waiting)

    def _note(self, message: object) -> None:
        if isinstance(message, DeviceLost | InputLost):
            self.news.append(message.error)
        elif isinstance(message, Opened | InputOpened | LatencyRaised | MonitorClosed):
            self.news.append(message)
