# SPDX-License-Identifier: GPL-3.0-or-later
"""A round trip is measured by playing a sequence five times and looking for it in what comes in."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.dsp.round_trip import Found, find, sequence
from engine.errors import InputError, LatencyUnsure, WorkerHung
from engine.playback.commands import AuditionEnded, DeviceLost, Opened
from engine.playback.input_commands import InputLost, InputOpened
from engine.playback.player import Player
from engine.tape import TapeReader, tape_block
from engine.values import FloatArray
from engine.values.audio import STUDIO_SAMPLE_RATE
from engine.values.auditions import OneShot
from engine.values.inputs import InputSide, InputSnapshot, RoundTrip

ROUNDS = 5
"""Number of times that the sequence is played."""
LONGEST_S = 1.2
"""Seconds after which what was played has come back, at the latest."""
MOST_SPREAD_S = 0.003
"""Seconds by which rounds may differ and a latency be told all the same."""
_ANSWER_S = 20.0
_SETTLE_S = 2.2
_BEFORE_S = 0.5
"""Seconds by which a device may tell of its delay too much, so that what was played seems to come in before."""
_FULL = 0.99
_POLL_S = 0.01

CABLE = "lead the output back into the input by a cable, or put the microphone beside the loudspeaker"


@dataclass(frozen=True, slots=True)
class Measured:
    """Between these devices the round trip is so long.

    Attributes
    ----------
    output, input_
        Names of the devices.
    rounds_ms
        Each round's latency.
    """

    output: str
    input_: str
    trip: RoundTrip
    rounds_ms: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """A way is where sound goes and where it comes from: (host API, name) or None for the default, and latencies."""

    output: tuple[str, str] | None
    input_: tuple[str, str] | None
    side: InputSide
    gain: float
    output_latency_s: float
    input_latency_s: float


class Measuring:
    """A measuring has a player of its own, which must play nothing else meanwhile.

    Parameters
    ----------
    player
        Told nothing yet, made with ``played``.
    played
        Reads the player's tape.
    """

    def __init__(self, player: Player, played: TapeReader, way: Way) -> None:
        self._player, self._played, self._way = player, played, way
        block = tape_block(STUDIO_SAMPLE_RATE)
        self._taken = TapeReader(block)
        self._block = block
        self._pattern = sequence(STUDIO_SAMPLE_RATE)
        self._late: list[float] = []
        self._n_rounds = 0
        self.measured: Measured | None = None
        """The round trip, once ``steps`` is over."""

    def steps(self, rounds: int = ROUNDS) -> Iterator[float]:
        """Measure, and yield which fraction is done.

        Raises
        ------
        DeviceError, InputError
            A device is not there, or does not open.
        LatencyUnsure
            What came back does not say it.
        WorkerHung, WorkerDied
        """
        output, input_ = self._open()
        yield 0.1
        told = self._settled()
        for number in range(rounds):
            self._round(told)
            yield 0.1 + 0.9 * (number + 1) / rounds
        self.measured = self._measured(output, input_, told)

    def _open(self) -> tuple[Opened, InputOpened]:
        way = self._way
        self._player.open(way.output, sample_rate=STUDIO_SAMPLE_RATE, latency_s=way.output_latency_s)
        self._player.open_input(way.input_, way.side, gain=way.gain, latency_s=way.input_latency_s, tape=self._block)
        output: Opened | None = None
        input_: InputOpened | None = None
        give_up = time.monotonic() + _ANSWER_S
        while output is None or input_ is None:
            message = self._message(give_up)
            match message:
                case Opened():
                    output = message
                case InputOpened():
                    input_ = message
                case DeviceLost(error) | InputLost(error):
                    raise error
        return output, input_

    def _message(self, give_up: float) -> object:
        if not self._player.poll(max(0.0, give_up - time.monotonic())):
            raise WorkerHung(worker="audio", limit_s=_ANSWER_S)
        return self._player.receive()

    def _settled(self) -> InputSnapshot:
        """Return what is told of the input, once it tells how it lies to the output, and does so calmly."""
        give_up, settled = time.monotonic() + _ANSWER_S, 0.0
        while time.monotonic() < give_up:
            told = self._look()
            if told is None or told.ahead is None:
                settled = time.monotonic() + _SETTLE_S
            elif time.monotonic() >= settled > 0.0:
                return told
        raise WorkerHung(worker="audio", limit_s=_ANSWER_S)

    def _look(self) -> InputSnapshot | None:
        time.sleep(_POLL_S)
        while self._player.poll():
            message = self._player.receive()
            if isinstance(message, DeviceLost | InputLost):
                raise message.error
        snapshot = self._player.snapshot()
        return None if snapshot is None else snapshot.input

    def _round(self, told: InputSnapshot) -> None:
        """Play the sequence, and note by how much it came late by what the devices tell."""
        rate, self._n_rounds = STUDIO_SAMPLE_RATE, self._n_rounds + 1
        assert told.ahead is not None
        self._played.skip_to(self._played.n_written)
        first_played = self._played.position
        self._player.play_audition(self._n_rounds, OneShot(np.repeat(self._pattern[:, None], 2, axis=1), rate))
        give_up = time.monotonic() + _ANSWER_S
        while not isinstance(self._message(give_up), AuditionEnded):
            pass
        first_taken = max(0, first_played - told.ahead - round(_BEFORE_S * rate))
        self._taken.position = first_taken
        end = self._played.n_written - told.ahead + round(LONGEST_S * rate)
        while self._taken.n_written < end:
            self._look()
            if time.monotonic() > give_up:
                raise InputError(device=told.device, detail="it gives no sound any more")
        out = find(self._played.read()[:, 0], self._pattern, rate)
        taken = self._taken.read(end)
        back = self._found(taken)
        if back is not None:
            self._late.append((first_taken + back.at + told.ahead - first_played - out.at) / rate)

    def _found(self, taken: FloatArray) -> Found | None:
        if float(np.abs(taken).max(initial=0.0)) >= _FULL:
            raise LatencyUnsure(detail="what comes in is too loud", way_out="turn the input's gain down")
        found = max((find(side, self._pattern, STUDIO_SAMPLE_RATE) for side in taken.T), key=lambda one: one.clarity)
        return found if found.is_sure else None

    def _measured(self, output: Opened, input_: InputOpened, told: InputSnapshot) -> Measured:
        if not self._late:
            raise LatencyUnsure(detail="nothing of what was played came in", way_out=CABLE)
        if len(self._late) <= self._n_rounds // 2:
            detail = f"only {len(self._late)} of {self._n_rounds} rounds were heard"
            raise LatencyUnsure(detail=detail, way_out=f"{CABLE}, and turn it up")
        spread_s = max(self._late) - min(self._late)
        if spread_s > MOST_SPREAD_S:
            detail = f"the rounds differ by {1000.0 * spread_s:.1f} ms"
            raise LatencyUnsure(detail=detail, way_out="close other programs that play, and measure again")
        told_s = output.latency_s + input_.latency_s
        late_s = statistics.median(self._late)
        trip = RoundTrip(told_s + late_s, late_s, spread_s, len(self._late))
        return Measured(output.device, told.device, trip, tuple(1000.0 * (told_s + one) for one in self._late))
