# SPDX-License-Identifier: GPL-3.0-or-later
"""The control client tells a studio that runs something, and hears its answers and what happens there."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import time
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any, Self

from app.control import place
from app.control.wire import MOST_CONNECTIONS, VERSION, Request, request_line
from app.program import program_name
from engine.errors import NoStudioRuns, NoStudioThere, StudioBusy, StudioLeft, StudioSilent, StudioSpeaksOther

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
        # Events that came before an answer that was waited for.
        self._events: deque[dict[str, Any]] = deque()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._file = self._socket.makefile("rb")
        try:
            _connect(self._socket, pid)
            self.greeting = self._read(GREETING_S)
        except BaseException:
            self.close()
            raise
        theirs = self.greeting.get("protocol")
        if theirs == VERSION:
            return
        self.close()
        if theirs is None and self.greeting.get("ok") is False:
            raise StudioBusy(pid=pid, limit=MOST_CONNECTIONS)
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
        end_s = time.monotonic() + limit_s
        self._socket.settimeout(limit_s)
        try:
            self._socket.sendall(request_line(Request(verb, tuple(words), 1)))
        except TimeoutError as error:
            raise StudioSilent(pid=self.pid, limit_s=limit_s) from error
        except OSError as error:
            raise StudioLeft(pid=self.pid) from error
        while True:
            if (left_s := end_s - time.monotonic()) <= 0.0:
                raise StudioSilent(pid=self.pid, limit_s=limit_s)
            told = self._read(left_s, limit_s)
            if "event" not in told:
                return told
            self._events.append(told)

    def events(self) -> Iterator[dict[str, Any]]:
        """Yield what happens in the studio from ``ask("follow")`` on, until it ends."""
        with contextlib.suppress(StudioLeft):
            while True:
                told = self._events.popleft() if self._events else self._read(None)
                if "event" in told:
                    yield told

    def _read(self, left_s: float | None, limit_s: float | None = None) -> dict[str, Any]:
        """Return the next line, if it comes within ``left_s`` of the seconds that it had."""
        self._socket.settimeout(left_s)
        try:
            line = self._file.readline()
        except TimeoutError as error:
            raise StudioSilent(pid=self.pid, limit_s=left_s if limit_s is None else limit_s) from error
        except OSError as error:
            raise StudioLeft(pid=self.pid) from error
        if not line.endswith(b"\n"):
            raise StudioLeft(pid=self.pid)
        try:
            told = json.loads(line)
        except ValueError:
            told = None
        if not isinstance(told, dict):
            raise StudioSpeaksOther(pid=self.pid, theirs="?", ours=VERSION)
        return told


def _connect(one: socket.socket, pid: int) -> None:
    """Connect to a studio. Raises OSError, TimeoutError where it takes none within ``GREETING_S``.

    The socket of one that was killed is removed.
    """
    # By Python's own time limit it would not wait at all where many are before it: Linux then says “try again”.
    seconds = int(GREETING_S)
    limit = struct.pack("ll", seconds, round(1e6 * (GREETING_S - seconds)))
    one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
    try:
        one.connect(str(place.socket_of(pid)))
    except BlockingIOError as error:
        raise TimeoutError from error
    except ConnectionRefusedError:
        place.socket_of(pid).unlink(missing_ok=True)
        raise


def running() -> list[int]:
    """Return the numbers of the studios that run, the one that was started last first."""
    found = []
    for pid in place.listed():
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            try:
                _connect(probe, pid)
            except TimeoutError:
                pass  # it is there, and takes none at the moment
            except OSError:
                continue
        found.append(pid)
    return found


def connected(pid: int | None = None) -> Client:
    """Return a client of the studio with that number, or of the one that was started last.

    Raises
    ------
    NoStudioRuns, NoStudioThere, StudioBusy, StudioSilent, StudioSpeaksOther
    """
    for one in place.listed():
        if pid not in (None, one):
            continue
        try:
            return Client(one)
        except TimeoutError as error:
            raise StudioSilent(pid=one, limit_s=GREETING_S) from error
        except (OSError, StudioLeft):
            continue  # it ended, just now or long ago
    if pid is not None and (others := running()):
        raise NoStudioThere(pid=pid, choices=", ".join(map(str, others)))
    raise NoStudioRuns(program=program_name())
