# SPDX-License-Identifier: GPL-3.0-or-later
"""This module is a parent of the audio process as tests hold it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import pytest

from engine.playback.commands import Message, Opened
from engine.playback.player import Player
from engine.tape import TapeReader, tape_block
from engine.values import BakedLoop, PlaybackSnapshot
from tests.engine.playback.material import RATE, loop_of, noise

LATENCY_S = 0.06
FADE_MS = 10.0
WAIT_S = 20.0
MessageKind = TypeVar("MessageKind", bound=Message)


class Parent:
    """A parent reads a player's events and snapshots as the window would, and keeps them; it follows the tape."""

    def __init__(self) -> None:
        self.tape = tape_block(RATE)
        self.reader = TapeReader(self.tape)
        self.player = Player(tape=self.tape)
        self.messages: list[Message] = []
        self.snapshots: list[PlaybackSnapshot] = []

    def look(self) -> None:
        snapshot = self.player.snapshot()
        if snapshot is not None:
            self.snapshots.append(snapshot)

    def listen(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.look()
            if self.player.poll(min(left, 0.02)):
                self.messages.append(self.player.receive())

    def wait_for(self, kind: type[MessageKind], fits: Callable[[MessageKind], bool] = lambda _: True) -> MessageKind:
        give_up = time.monotonic() + WAIT_S
        while time.monotonic() < give_up:
            self.look()
            if self.player.poll(0.02):
                message = self.player.receive()
                self.messages.append(message)
                if isinstance(message, kind) and fits(message):
                    return message
        pytest.fail(f"no {kind.__name__} within {WAIT_S} s")

    def wait_until(self, fits: Callable[[PlaybackSnapshot], bool]) -> PlaybackSnapshot:
        give_up = time.monotonic() + WAIT_S
        while time.monotonic() < give_up:
            self.listen(0.01)
            if self.snapshots and fits(self.snapshots[-1]):
                return self.snapshots[-1]
        pytest.fail(f"no such snapshot within {WAIT_S} s")

    def taped_s(self, seconds: float) -> float:
        """Return how much music goes onto the tape within ``seconds``."""
        before = self.reader.n_written
        self.listen(seconds)
        return (self.reader.n_written - before) / RATE

    def open(self) -> Opened:
        self.player.open(None, sample_rate=RATE, latency_s=LATENCY_S)
        return self.wait_for(Opened)


def noise_loop(n_samples: int, seed: int = 0) -> BakedLoop:
    # So quiet that the limiter leaves every bit as it is.
    return loop_of(noise(n_samples, seed=seed, level=0.1))
