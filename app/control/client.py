# SPDX-License-Identifier: GPL-3.0-or-later
"""The control client tells a studio that runs something, and hears its answers and what happens there."""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Iterator, Sequence
from typing import Any, Self

from app.control import place
from app.control.wire import VERSION, Request, request_line
from app.program import program_name
from engine.errors import NoStudioRuns, NoStudioThere, StudioLeft, StudioSilent, StudioSpeaksOther

GREETING_S = 5.0
"""Seconds in which a studio that runs says who it is."""


class Client:
    """A client is connected to one studio, and is a context: left, it is connected no more.

    Attributes
    ----------
    pid
        Number of the studio's process.
    greeting
        What it said of itself: ``kind`` (studio or terminal), ``version``.
    """

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._file = self._socket.makefile("rb")
        try:
            self._socket.settimeout(GREETING_S)
            self._socket.connect(str(place.socket_of(pid)))
            self.greeting = self._read(GREETING_S)
        except BaseException:
            self.close()
            raise
        if (theirs := self.greeting.get("protocol")) != VERSION:
            self.close()
            raise StudioSpeaksOther(pid=pid, theirs=theirs, ours=VERSION)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Leave the studio, which goes on."""
        self._file.close()
        self._socket.close()

    def ask(self, verb: str, words: Sequence[str], *, limit_s: float) -> dict[str, Any]:
        """Return what the studio answers: ``ok``, then ``text`` and ``data``, or ``error``.

        Raises
        ------
        StudioSilent
            It does not answer within ``limit_s``.
        StudioLeft
            It ended first.
        """
        try:
            self._socket.sendall(request_line(Request(verb, tuple(words), 1)))
        except OSError as error:
            raise StudioLeft(pid=self.pid) from error
        while True:
            told = self._read(limit_s)
            if "event" not in told:
                return told

    def events(self) -> Iterator[dict[str, Any]]:
        """Yield what happens in the studio from ``ask("follow")`` on, until it ends."""
        with contextlib.suppress(StudioLeft):
            while True:
                told = self._read(None)
                if "event" in told:
                    yield told

    def _read(self, limit_s: float | None) -> dict[str, Any]:
        self._socket.settimeout(limit_s)
        try:
            line = self._file.readline()
        except TimeoutError as error:
            raise StudioSilent(pid=self.pid, limit_s=limit_s) from error
        except OSError as error:
            raise StudioLeft(pid=self.pid) from error
        if not line.endswith(b"\n"):
            raise StudioLeft(pid=self.pid)
        told: dict[str, Any] = json.loads(line)
        return told


def running() -> list[int]:
    """Return the numbers of the studios that run, the one that was started last first.

    The sockets of those that were killed are removed.
    """
    found = []
    for pid in place.listed():
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            probe.settimeout(GREETING_S)
            try:
                probe.connect(str(place.socket_of(pid)))
            except ConnectionRefusedError:
                place.socket_of(pid).unlink(missing_ok=True)
                continue
            except OSError:
                continue
        found.append(pid)
    return found


def connected(pid: int | None = None) -> Client:
    """Return a client of the studio with that number, or of the one that was started last.

    Raises
    ------
    NoStudioRuns, NoStudioThere, StudioSilent, StudioSpeaksOther
    """
    every = running()
    if not every:
        raise NoStudioRuns(program=program_name())
    if pid is None:
        pid = every[0]
    elif pid not in every:
        raise NoStudioThere(pid=pid, choices=", ".join(map(str, every)))
    try:
        return Client(pid)
    except (OSError, StudioLeft) as error:
        raise NoStudioRuns(program=program_name()) from error
