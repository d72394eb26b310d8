# SPDX-License-Identifier: GPL-3.0-or-later
"""A server whose companion plays when it is told to, so that what waits and what is overtaken can be seen."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import uvicorn

from engine.generators.base import GeneratorSettings
from engine.generators.registry import generator_named
from engine.serving.application import Application
from engine.serving.completing import MOST_MESSAGE_BYTES
from engine.serving.desk import Desk
from engine.serving.door import Door
from engine.serving.limits import ServingLimits
from engine.serving.listening import listening_socket
from engine.serving.maker import HostMaker
from engine.serving.server import keep_log_short
from engine.values import Clip
from engine.values.play_along import AlongOrder
from tests.engine.serving.running import until

RATE = 44_100


@dataclass
class ToldCompanion:
    """A companion plays a level of 0.5, one prediction for each ``play``.

    Attributes
    ----------
    heard
        Lengths of the recordings that it began with, seconds.
    error
        Raised in the place of what is played.
    """

    heard: list[float] = field(default_factory=list)
    error: Exception | None = None
    may_play: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def predict(self, recording: Clip, order: AlongOrder, *, needs_beat: bool) -> Clip:
        self.heard.append(round(recording.duration_s, 3))
        assert self.may_play.acquire(timeout=60.0)
        if self.error is not None:
            raise self.error
        return Clip(np.full((round(order.seconds * RATE), 2), 0.5, np.float32), RATE)

    def play(self, times: int = 1) -> None:
        self.may_play.release(times)

    def close(self) -> None:
        self.play(100)


@contextlib.contextmanager
def told_server(limits: ServingLimits | None = None) -> Iterator[tuple[str, ToldCompanion]]:
    """Run a server in a thread; yield its address and its companion."""
    limits = limits or ServingLimits(per_minute=1000)
    companion = ToldCompanion()
    composer, generator_settings = generator_named("composer"), GeneratorSettings()

    def desk() -> Desk:
        return Desk(composer, generator_settings, HostMaker(composer, generator_settings), limits)

    application = Application(desk, lambda: companion, Door("", limits), limits, version="0")
    keep_log_short()
    with listening_socket("127.0.0.1", 0, token="", way_out="") as listening:
        server = uvicorn.Server(
            uvicorn.Config(
                application.app,
                ws="websockets-sansio",
                ws_max_size=MOST_MESSAGE_BYTES,
                ws_per_message_deflate=False,
                log_config=None,
                access_log=False,
                timeout_graceful_shutdown=3,
            )
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            until(lambda: server.started)
            yield f"http://127.0.0.1:{listening.getsockname()[1]}", companion
        finally:
            companion.play(100)
            server.should_exit = True
            thread.join(30.0)
        assert not thread.is_alive()
