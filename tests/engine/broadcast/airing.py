# SPDX-License-Identifier: GPL-3.0-or-later
"""A radio on the air in this process: a thread plays a tone in real time, another one serves it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from engine.broadcast.mount import BURST_S
from engine.broadcast.server import RadioServer
from engine.broadcast.transmitter import Transmitter
from engine.repeating import Repeating
from engine.tape import TapeWriter, tape_block
from engine.values.radio import RadioPlan, RadioState
from tests.engine.broadcast.streams import RATE, tone

_STEP_S = 0.05


class _Player(Repeating):
    """The player plays in real time, as the audio process does."""

    def __init__(self, writer: TapeWriter) -> None:
        super().__init__("player", _STEP_S)
        self._writer, self._began_s, self._n_played = writer, time.monotonic(), 0
        self.level = 0.3

    def _again(self) -> None:
        n_due = round((time.monotonic() - self._began_s) * RATE) - self._n_played
        self._writer.write(tone(n_due / RATE, level=self.level, begin=self._n_played))
        self._n_played += n_due


class Airing:
    """A radio that plays a tone, reached at ``url``.

    Attributes
    ----------
    states, asks
        What the studio was told: how the radio stands, and what listeners ask for.
    """

    def __init__(self, plan: RadioPlan, *, pages: Path | None = None) -> None:
        block = tape_block(RATE)
        self.player = _Player(TapeWriter(block))
        self.transmitter = Transmitter(plan, block)
        self.asks: list[object] = []
        self.server = RadioServer(plan, self.transmitter, pages=pages, asks=self.asks.append)
        self.states: list[RadioState] = []
        self._thread = threading.Thread(target=self.server.serve, args=(self.states.append,), name="radio")
        self.port = int(self.server.url.partition("//")[2].partition("/")[0].rpartition(":")[2])
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self.player.__enter__()
        self._thread.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.server.end()
        self._thread.join()
        self.player.__exit__()

    def fill(self) -> None:
        """Wait until there is a whole burst for who joins."""
        while self.transmitter.streamed_s < BURST_S + 0.5:
            time.sleep(0.05)

    def soon(self, condition: Callable[[], bool], seconds: float = 10.0) -> None:
        """Wait until a condition holds."""
        give_up = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < give_up, "it did not come about"
            time.sleep(0.02)
