# SPDX-License-Identifier: GPL-3.0-or-later
"""This module measures from a command to its effect, on the tape to the sample, and by a sound server's monitor.

A tone turns in the plane (left = cos, right = sin) with a period of a whole number of samples: what it should be is
known at every sample, and so is by how much it is not.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from engine.playback import commands
from engine.playback.player import Player
from engine.repeating import Repeating
from engine.tape import TapeReader, tape_block
from engine.values import BakedLoop, FloatArray, LoopRegion, TransitionPlan
from tests.soak.hearing import FileRecording

RATE = 44_100
PERIOD = 100
LEVEL = 0.25
AUDIBLE = 1.0 - 10.0 ** (-1.0 / 20.0)
"""Change of 1 dB, the smallest that a listener notices, as a share of the tone."""
BEGUN = 1e-3
STOP_FADE_MS, OVERLAP_MS = 80.0, 100.0
SETTLE_S = 0.5
EFFECT_LIMIT_S = 3.0
OPEN_LIMIT_S = 20.0
_POLL_S = 0.001
_STOPPED_S = 0.6


def tone(n_periods_each_turn: int = 1) -> BakedLoop:
    """Return a second of the tone; one that turns faster differs from it at once."""
    turn = np.exp(2j * np.pi * n_periods_each_turn * np.arange(PERIOD) / PERIOD)
    samples = np.tile(LEVEL * np.stack([turn.real, turn.imag], axis=1), (RATE // PERIOD, 1)).astype(np.float32)
    return BakedLoop(samples, RATE, LoopRegion(0, len(samples)), 0, 0.0)


@dataclass(frozen=True, slots=True)
class Effect:
    """The effect of one command.

    Attributes
    ----------
    begins_ms, audible_ms
        From the frame that was to be rendered when the command was given to the first that differs, and to the first
        that differs by 1 dB: what there is beyond the device's latency.
    heard_ms
        From the command to the 1 dB on the monitor, by the clock; None without a recording.
    device_ms
        Of that, from the tape to the monitor.
    """

    command: str
    begins_ms: float
    audible_ms: float
    heard_ms: float | None = None
    device_ms: float | None = None


class Clocks(Repeating):
    """Clocks tell when which frame was on the tape, and which sample in the recording, a thousand times a second."""

    def __init__(self, tape: TapeReader, recording: FileRecording | None) -> None:
        super().__init__("clocks", _POLL_S)
        self._tape, self._recording = tape, recording
        self._seen: list[tuple[float, int, int]] = []

    def _again(self) -> None:
        n_recorded = 0 if self._recording is None else self._recording.n_samples
        self._seen.append((time.monotonic(), self._tape.n_written, n_recorded))

    def taped_s(self, frame: int) -> float:
        """Return when the frame was on the tape."""
        return next(at for at, n_written, _ in self._seen if n_written > frame)

    def heard_s(self, sample: int) -> float:
        """Return when the recording's sample was heard, by the quickest deliveries: a few ms late at most."""
        late = min(at - n / RATE for at, _, n in self._seen if n)
        return late + sample / RATE


class LatencyBench:
    """A latency bench is an audio process that plays the tone, and the tape it plays onto."""

    def __init__(self, *, latency_s: float, silent: bool = False) -> None:
        tape = tape_block(RATE)
        self._player = Player(tape=tape)
        self.tape = TapeReader(tape)
        self._first, self._second = tone(), tone(7)
        self._player.open(None, sample_rate=RATE, latency_s=latency_s, silent=silent)
        opened = self._until(commands.Opened, commands.DeviceLost)
        assert isinstance(opened, commands.Opened), opened
        self.reported_ms = 1000.0 * opened.latency_s

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._player.close()

    def measure(self, command: str, *, recording: FileRecording | None = None) -> Effect:
        """Measure one of ``COMMANDS``, while the tone plays."""
        self._player.set_volume(1.0)
        self._player.play(1, self._first, fade_ms=5.0)
        time.sleep(SETTLE_S)
        player, now = self._player, TransitionPlan(round(OVERLAP_MS * RATE / 1000.0), entries=(), correlations=())
        order: Callable[[], None] = {
            "stop": lambda: player.stop(STOP_FADE_MS),
            "pause": lambda: player.pause(STOP_FADE_MS),
            "volume": lambda: player.set_volume(0.0),
            "skip now": lambda: player.take_over(2, self._second, 1, now),
            "new seam": lambda: player.replace(1, self._second),
        }[command]
        with Clocks(self.tape, recording) as clocks:
            self.tape.position = max(0, self.tape.n_written - 2 * PERIOD)
            first_recorded = 0 if recording is None else recording.n_samples
            time.sleep(0.02 + 0.05 * np.random.default_rng(time.monotonic_ns()).random())
            given_s, frame = time.monotonic(), self.tape.n_written
            order()
            effect, audible = self._effect(frame)
            heard_ms = device_ms = None
            if recording is not None:
                time.sleep(self.reported_ms / 1000.0 + 0.3)
                sample = int(np.flatnonzero(deviation(recording.read(first_recorded)) > AUDIBLE)[0])
                at_s = clocks.heard_s(first_recorded + sample)
                # Before the command it can only be a stumble of the sound server: then nothing is told.
                if at_s > given_s:
                    heard_ms, device_ms = 1000.0 * (at_s - given_s), 1000.0 * (at_s - clocks.taped_s(audible))
        player.stop(5.0)
        time.sleep(_STOPPED_S)
        if command == "pause":
            player.resume(5.0)
        return Effect(command, 1000.0 * (effect - frame) / RATE, 1000.0 * (audible - frame) / RATE, heard_ms, device_ms)

    def _effect(self, frame: int) -> tuple[int, int]:
        """Return the frames at which the effect begins and is audible."""
        first, played = self.tape.position, np.zeros((0, 2), np.float32)
        give_up = time.monotonic() + EFFECT_LIMIT_S
        while time.monotonic() < give_up:
            time.sleep(0.01)
            played = np.concatenate([played, self.tape.read()])
            off = deviation(played)
            audible = np.flatnonzero(off > AUDIBLE)
            if audible.size:
                begins = first + int(np.flatnonzero(off > BEGUN)[0])
                assert begins >= frame, "the tape changed before the command"
                return begins, first + int(audible[0])
        raise AssertionError("the command had no effect")

    def _until(self, *kinds: type[commands.Message]) -> commands.Message:
        give_up = time.monotonic() + OPEN_LIMIT_S
        while time.monotonic() < give_up:
            if self._player.poll(0.1):
                message = self._player.receive()
                if isinstance(message, kinds):
                    return message
        raise AssertionError("the device did not open")


COMMANDS = ("stop", "volume", "skip now", "new seam", "pause")


def deviation(played: FloatArray) -> npt.NDArray[np.float64]:
    """Return by how much each sample is not the tone that its first period began, as a share of the tone's level."""
    wanted = np.resize(played[:PERIOD], played.shape)
    off: npt.NDArray[np.float64] = np.linalg.norm(played.astype(np.float64) - wanted, axis=1) / LEVEL
    return off
