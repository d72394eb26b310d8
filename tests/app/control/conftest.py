# SPDX-License-Identifier: GPL-3.0-or-later
"""These fixtures give a control server with a stand-in for the studio behind it."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from app.control.server import ControlServer
from app.control.wire import Answer, Request
from engine.errors import NothingPlays, StudioError

LIMIT_S = 30.0

Reply = Callable[[Answer | StudioError], None]


class Studio:
    """This stands in for the studio behind the server: another thread answers, later or never.

    ``never`` is not answered until ``free`` is set, ``no`` is refused, and everything else is echoed.
    """

    def __init__(self) -> None:
        self.asked: list[Request] = []
        self.free = threading.Event()
        self.pool = ThreadPoolExecutor(4, "programs")

    def ask(self, request: Request, reply: Reply) -> None:
        self.asked.append(request)
        self.pool.submit(self._answer, request, reply)

    def _answer(self, request: Request, reply: Reply) -> None:
        if request.verb == "never":
            self.free.wait(LIMIT_S)
        reply(NothingPlays() if request.verb == "no" else Answer(" ".join(request.words), {"verb": request.verb}))


@pytest.fixture
def studio() -> Iterator[Studio]:
    one = Studio()
    yield one
    one.free.set()
    one.pool.shutdown()


@pytest.fixture
def listening(runtime: Path, studio: Studio) -> Iterator[ControlServer]:
    one = ControlServer({"kind": "studio", "version": "1.0"}, studio.ask)
    yield one
    one.close()
    assert not one.path.exists()
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("control")] == []


class Raw:
    """This is a program that speaks bytes to the socket."""

    def __init__(self, path: Path) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(LIMIT_S)
        self.socket.connect(str(path))
        self.file = self.socket.makefile("rb")

    def __enter__(self) -> Raw:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()
        self.socket.close()

    def say(self, line: bytes) -> None:
        self.socket.sendall(line)

    def hear(self) -> dict[str, Any] | None:
        line = self.file.readline()
        return json.loads(line) if line else None

    def hear_all(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.file]
