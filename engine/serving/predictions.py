# SPDX-License-Identifier: GPL-3.0-or-later
"""Predictions are played one after the other, in the companion's process and never in the server's."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Protocol

from engine.companion.jobs import TITLE, Predicted, PredictJob
from engine.generators.base import GeneratorSettings
from engine.generators.capabilities import Limits
from engine.serving.desk import DeskFull
from engine.serving.warm import WarmProcess
from engine.values import Clip
from engine.values.play_along import AlongOrder

HOST = "engine.companion.host"
LIMITS = Limits(load_s=180.0)
"""The companion's process says nothing before it has played: within so long."""


class Companion(Protocol):
    """A companion plays along with recordings, until it is closed."""

    def predict(self, recording: Clip, order: AlongOrder, *, needs_beat: bool) -> Clip:
        """Return what is played: see ``engine.companion.predicting.predicted``."""

    def close(self) -> None:
        """End all that runs."""


class HostCompanion:
    """This companion has a process play, started when it is asked, kept warm, and ended when idle.

    Parameters
    ----------
    log
        Where the process's messages go; None is this process's stderr.
    """

    def __init__(self, settings: GeneratorSettings, *, log: IO[str] | None = None) -> None:
        self._settings = settings
        self._process = WarmProcess(HOST, TITLE, LIMITS, log=log)
        self._numbers = itertools.count(1)

    def predict(self, recording: Clip, order: AlongOrder, *, needs_beat: bool) -> Clip:
        number = next(self._numbers)
        job = PredictJob(number, recording, order, self._settings, needs_beat)
        made: Predicted = self._process.answer(job, number, lambda _progress: None, lambda: True)
        return made.clip

    def close(self) -> None:
        self._process.close()


class Predictions:
    """Predictions belong to one event loop, until they are closed.

    Parameters
    ----------
    most_waiting
        Number of them that may wait for the one that is played.
    """

    def __init__(self, companion: Companion, most_waiting: int) -> None:
        self._companion, self._most_waiting = companion, most_waiting
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="predicting")
        self._n_asked = 0

    @property
    def is_full(self) -> bool:
        """Return whether as many wait as may."""
        return self._n_asked > self._most_waiting

    async def predict(self, recording: Clip, order: AlongOrder, *, needs_beat: bool = False) -> Clip:
        """Return what is played. One that is cancelled while it waits is left out; once begun, it is played to its end.

        Raises DeskFull, and what the companion raises.
        """
        if self.is_full:
            raise DeskFull
        asked = self._threads.submit(self._companion.predict, recording, order, needs_beat=needs_beat)
        self._n_asked += 1
        loop = asyncio.get_running_loop()

        def is_done(_asked: object) -> None:
            # The loop may be closed while the last thread still ends.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._count_down)

        asked.add_done_callback(is_done)
        return await asyncio.wrap_future(asked)

    def _count_down(self) -> None:
        self._n_asked -= 1

    async def close(self) -> None:
        """Give up what is played, and end the companion."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        await asyncio.to_thread(self._companion.close)
