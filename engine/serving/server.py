# SPDX-License-Identifier: GPL-3.0-or-later
"""The server listens on an address of this machine until it is asked to end."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

import uvicorn

from engine.generators.base import Generator, GeneratorSettings
from engine.serving.application import Application
from engine.serving.completing import MOST_MESSAGE_BYTES
from engine.serving.desk import Desk
from engine.serving.door import Door
from engine.serving.limits import ServingLimits
from engine.serving.listening import address_of, listening_socket
from engine.serving.maker import Maker
from engine.serving.patient import patient_protocol
from engine.serving.predictions import HostCompanion

GRACE_S = 3
"""Seconds that open connections have at the end."""
_WAY_OUT = "--port names another one, and --port 0 takes any that is free"


@dataclass(frozen=True, slots=True)
class Serving:
    """This says what is served, where, and to whom.

    Attributes
    ----------
    host, port
        The address to listen on; port 0 is any free one.
    token
        What clients have to show, or "": then only this machine is served.
    version
        The program's version.
    """

    generator: Generator
    settings: GeneratorSettings
    version: str
    host: str = "127.0.0.1"
    port: int = 0
    token: str = field(default="", repr=False)
    limits: ServingLimits = field(default_factory=ServingLimits)


def serve(
    serving: Serving,
    maker: Maker,
    tell: Callable[[str], None],
    listens: Callable[[str], None] = lambda _: None,
) -> None:
    """Offer a generator until SIGINT, SIGTERM or SIGHUP comes, which is raised again at the end.

    Parameters
    ----------
    maker
        Closed at the end.
    tell
        Is given lines for the person who started it: first where it listens.
    listens
        Is given its address once it listens.

    Raises
    ------
    ServingNeedsToken
        Other machines could reach it, and there is no token.
    CannotListen
        The address is none of this machine's, or another program has it.
    """
    try:
        listening = listening_socket(serving.host, serving.port, token=serving.token, way_out=_WAY_OUT)
        with listening:
            place = address_of(listening)
            asked = "a token is asked for" if serving.token else "this machine only"
            tell(f"{serving.generator.title} is offered at http://{place} ({asked}); Ctrl+C ends it")
            listens(f"http://{place}")
            _run(serving, maker, tell, listening)
    finally:
        maker.close()


def keep_log_short() -> None:
    """Have strangers who send rubbish, or are not let in, fill no log with it."""
    log = logging.getLogger("uvicorn.error")
    log.setLevel(logging.ERROR)
    log.addFilter(_is_news)


def _is_news(record: logging.LogRecord) -> bool:
    # uvicorn takes a WebSocket that is refused with an answer for one that was forgotten.
    return "without completing handshake" not in record.getMessage()


def _run(serving: Serving, maker: Maker, tell: Callable[[str], None], listening: socket.socket) -> None:
    limits = serving.limits
    keep_log_short()

    def desk() -> Desk:
        return Desk(serving.generator, serving.settings, maker, limits, tell=tell)

    def companion() -> HostCompanion:
        return HostCompanion(serving.settings)

    door = Door(serving.token, limits)
    application = Application(desk, companion, door, limits, version=serving.version)
    config = uvicorn.Config(
        application.app,
        http=patient_protocol(limits.head_s),
        ws="websockets-sansio",
        ws_max_size=MOST_MESSAGE_BYTES,
        ws_per_message_deflate=False,
        loop="asyncio",
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=limits.connections,
        timeout_graceful_shutdown=GRACE_S,
    )
    server = uvicorn.Server(config)
    hung_up: list[int] = []

    def on_hang_up(number: int, _frame: FrameType | None) -> None:
        hung_up.append(number)
        server.should_exit = True

    # uvicorn handles the other two itself. Ignored, as under nohup, it stays so.
    before = signal.getsignal(signal.SIGHUP)
    if before is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, on_hang_up)
    try:
        asyncio.run(server.serve(sockets=[listening]))
    finally:
        signal.signal(signal.SIGHUP, before)
    if hung_up:
        signal.raise_signal(signal.SIGHUP)
