# SPDX-License-Identifier: GPL-3.0-or-later
"""A silent clock that runs fast plays two hours of takeovers and an hour of one loop: memory, the loop's period."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.playback import commands
from engine.playback.player import Player
from engine.tape import TapeReader, tape_block
from engine.units import ms_to_samples, seconds_to_samples
from engine.values import BakedLoop, LoopRegion, TransitionPlan
from tests.soak.memory import Held, held

RATE = 44_100
SPEED = 30.0
LOOP_S = 3.6
"""Seconds of each loop: 2000 of them are two hours."""
OVERLAP_MS = 50.0
ANSWER_LIMIT_S = 60.0
_MEASUREMENTS = 40


@dataclass(frozen=True, eq=False, slots=True)
class Soaked:
    """The state of the process after the soak.

    Attributes
    ----------
    memory
        Of the parent and the audio process, evenly spaced over the takeovers.
    n_loops
        That took over.
    """

    memory: list[list[Held]]
    n_loops: int
    took_s: float


def soak_takeovers(n_loops: int = 2000, *, speed: float = SPEED, say: Callable[[str], None] = print) -> Soaked:
    """Play loops that are each heard once and give way to a new one every time."""
    began_s = time.monotonic()
    with_player = _Playing(speed)
    memory: list[list[Held]] = []
    try:
        with_player.play(1, _noise(1))
        for number in range(2, n_loops + 2):
            with_player.take_over(number, _noise(number))
            if number % max(1, n_loops // _MEASUREMENTS) == 0:
                memory.append(held())
                say(f"{number} loops, " + ", ".join(f"{one.name} {one.own_mib:.1f} MiB" for one in memory[-1]))
    finally:
        with_player.close()
    return Soaked(memory, n_loops, time.monotonic() - began_s)


def period_drift(hours: float = 1.0, *, speed: float = SPEED) -> tuple[int, float]:
    """Return how many frames of ``hours`` of one loop are not its own, and how many turns it made.

    Every frame of the tape is compared with the loop's at ``frame % length``: had the period drifted by one sample, in
    any turn, all that came after it would differ.
    """
    playing = _Playing(speed)
    loop = _noise(7)
    n_wrong = n_heard = 0
    try:
        began = playing.play(1, loop)
        reader = playing.reader
        # Not the fade at its beginning.
        skip = RATE
        while n_heard < seconds_to_samples(3600.0 * hours, RATE):
            time.sleep(0.02)
            position = reader.position
            part = reader.read()
            assert not reader.n_missed, "the tape was not read in time"
            places = (np.arange(position, position + len(part)) - began) % loop.n_samples
            late = position - began >= skip
            n_wrong += int((part != loop.samples[places]).any(axis=1).sum()) if late else 0
            n_heard += len(part)
    finally:
        playing.close()
    return n_wrong, n_heard / loop.n_samples


def _noise(seed: int) -> BakedLoop:
    n_samples = seconds_to_samples(LOOP_S, RATE)
    samples = np.random.default_rng(seed).uniform(-0.25, 0.25, (n_samples, 2)).astype(np.float32)
    return BakedLoop(samples, RATE, LoopRegion(0, n_samples), 0, 0.0)


class _Playing:
    def __init__(self, speed: float) -> None:
        tape = tape_block(RATE)
        self._player = Player(tape=tape)
        self.reader = TapeReader(tape)
        self._lead = 0
        self._player.open(None, sample_rate=RATE, latency_s=0.05, silent=True, speed=speed)

    def play(self, loop_id: int, loop: BakedLoop) -> int:
        """Play the loop, and return the frame of its first sample."""
        self._player.play(loop_id, loop, fade_ms=5.0)
        self._lead = loop_id
        began = self._wait(commands.Began)
        assert isinstance(began, commands.Began)
        return began.tape_frame

    def take_over(self, loop_id: int, loop: BakedLoop) -> None:
        plan = TransitionPlan(ms_to_samples(OVERLAP_MS, RATE))
        self._player.take_over(loop_id, loop, self._lead, plan)
        took_over = self._wait(commands.TookOver)
        assert isinstance(took_over, commands.TookOver)
        assert took_over.loop_id == loop_id
        self._lead = loop_id

    def close(self) -> None:
        self._player.close()

    def _wait(self, kind: type[commands.Message]) -> commands.Message:
        give_up = time.monotonic() + ANSWER_LIMIT_S
        while time.monotonic() < give_up:
            if self._player.poll(0.5):
                message = self._player.receive()
                if isinstance(message, kind):
                    return message
        raise AssertionError(f"no {kind.__name__} within {ANSWER_LIMIT_S:g} s")
