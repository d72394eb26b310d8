# SPDX-License-Identifier: GPL-3.0-or-later
"""This module talks with MusicGPT's server: messages over its WebSocket, files over HTTP; it decides nothing.

Each message is a JSON object with one key, which says what it is. Every client hears of every job.
"""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from websockets.exceptions import InvalidHandshake, WebSocketException
from websockets.sync.client import connect

HOST = "127.0.0.1"
OPEN_S = 2.0
"""Seconds in which a server that runs must answer a connection, and greet."""
CLOSE_S = 0.3
"""Seconds in which it must answer that the connection is to be closed; then it is cut."""
FETCH_S = 5.0
"""Seconds without a byte after which the fetching of a file is given up."""
MAX_MESSAGE_BYTES = 64 * 2**20
"""Bytes of the longest message that is read: the list of all chats of a person who keeps a hundred thousand."""
_READ_BYTES = 2**18


class ConnectionLost(Exception):
    """The server does not answer, or no longer."""


class NotMusicGPT(Exception):
    """Something answers that does not speak as MusicGPT's server does."""


@dataclass(frozen=True, slots=True)
class Info:
    """The server's greeting says which model it has loaded, and on which device."""

    model: str
    device: str


@dataclass(frozen=True, slots=True)
class Event:
    """An event of a job: ``kind`` is Start, Progress, Result or Error, and the fields that it lacks are empty."""

    kind: str
    clip_id: str
    progress: float = 0.0
    relpath: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Chats:
    """The names of all chats that the server keeps."""

    chat_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat as the server keeps it: the jobs that it knows of, as they began, and how those ended that did."""

    known: frozenset[str]
    ended: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """The server did not understand a message; it does not say which."""

    text: str


Message = Info | Event | Chats | Chat | Refusal


class Connection:
    """A connection to the server on a port of this machine.

    Raises ConnectionLost when none answers, NotMusicGPT when something else does.

    Attributes
    ----------
    info
        What the server said of itself.
    """

    def __init__(self, port: int) -> None:
        self._closing = ExitStack()
        try:
            self._socket = self._closing.enter_context(
                connect(
                    f"ws://{HOST}:{port}/ws",
                    # Nothing on this machine is reached through a proxy, whatever the environment says.
                    proxy=None,
                    compression=None,
                    open_timeout=OPEN_S,
                    close_timeout=CLOSE_S,
                    # A server at work may be slow to answer: when it is given up is decided elsewhere.
                    ping_interval=None,
                    max_size=MAX_MESSAGE_BYTES,
                    # All is read at once: a client that lags behind never hears of its job again.
                    max_queue=None,
                )
            )
        except InvalidHandshake as error:
            raise NotMusicGPT(str(error)) from error
        except (OSError, WebSocketException) as error:
            raise ConnectionLost(str(error)) from error
        try:
            self.info = self._greeting()
        except BaseException:
            self.close()
            raise

    def send(self, kind: str, **fields: str | int) -> None:
        """Send a message. Raises ConnectionLost."""
        try:
            self._socket.send(json.dumps({kind: fields}))
        except (OSError, WebSocketException) as error:
            raise ConnectionLost(str(error)) from error

    def receive(self, timeout_s: float) -> Message | None:
        """Return the next message; None when there is none in time, or none of a kind that is known.

        Raises ConnectionLost, and NotMusicGPT when it makes no sense.
        """
        try:
            data = self._socket.recv(timeout_s)
        except TimeoutError:
            return None
        except (OSError, WebSocketException) as error:
            raise ConnectionLost(str(error)) from error
        try:
            return _understood(json.loads(data))
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
            raise NotMusicGPT(f"it said {data[:80]!r}") from error

    def close(self) -> None:
        """Close the connection."""
        self._closing.close()

    def _greeting(self) -> Info:
        greeting = self.receive(OPEN_S)
        if greeting is None:
            raise ConnectionLost("it greets nobody")
        if not isinstance(greeting, Info):
            raise NotMusicGPT(f"it greets by {greeting}")
        return greeting


def _understood(told: Any) -> Message | None:
    ((kind, value),) = told.items()
    if kind == "Info":
        return Info(str(value["model"]), str(value["device"]))
    if kind == "Generation":
        ((event, fields),) = value.items()
        return _event(str(event), fields)
    if kind == "Chats":
        return Chats(tuple(str(one["chat_id"]) for one in value))
    if kind == "Chat":
        _, entries = value
        known, ended = set(), []
        for one in entries:
            ((who, entry),) = one.items()
            known.add(str(entry["id"]))
            if who == "Ai":
                ended.append(_event("Error" if entry["error"] else "Result", entry))
        return Chat(frozenset(known), tuple(ended))
    return Refusal(str(value)) if kind == "Error" else None


def _event(kind: str, fields: Any) -> Event:
    return Event(
        kind,
        str(fields["id"]),
        progress=float(fields.get("progress", 0.0)),
        relpath=str(fields.get("relpath", "")),
        error=str(fields.get("error", "")),
    )


def fetch(port: int, relpath: str, *, limit_s: float) -> Iterator[bytes]:
    """Yield a file of the server's, part by part, within ``limit_s`` seconds.

    Raises
    ------
    FileNotFoundError
        It has none of that name.
    ConnectionLost
        It does not answer, or not to the end.
    """
    connection, deadline_s = http.client.HTTPConnection(HOST, port, timeout=FETCH_S), time.monotonic() + limit_s
    try:
        connection.request("GET", f"/files/{relpath}")
        answer = connection.getresponse()
        while part := answer.read(_READ_BYTES) if answer.status == http.HTTPStatus.OK else b"":
            yield part
            if time.monotonic() > deadline_s:
                break
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise ConnectionLost(str(error) or type(error).__name__) from error
    finally:
        connection.close()
    if answer.status == http.HTTPStatus.NOT_FOUND:
        raise FileNotFoundError(relpath)
    if answer.status != http.HTTPStatus.OK:
        raise ConnectionLost(f"{answer.status} {answer.reason}")
    if answer.length:
        raise ConnectionLost(f"{answer.length} bytes are missing")
