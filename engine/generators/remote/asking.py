# SPDX-License-Identifier: GPL-3.0-or-later
"""This module asks a machine over HTTP, one yield at a time while it waits, so that a cancel always comes in.

Each question has a time limit, each answer a largest size. Closing the steps closes the connection.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import time
from collections.abc import Coroutine, Generator, Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, TypeVar

import httpx

from engine.errors import (
    RemoteBusy,
    RemoteError,
    RemoteNotOurs,
    RemoteSilent,
    RemoteTokenMissing,
    RemoteTokenWrong,
    RemoteUnknown,
)
from engine.generators.remote.speaker import Machine
from engine.values import Progress

POLL_S = 0.1
"""Seconds between two yields while an answer is awaited."""
WRITE_S = 60.0
"""Seconds without progress after which a machine that does not take what is sent is given up."""
SHOWN_CHARACTERS = 200
"""Number of characters of a machine's own words that are shown to a person, at most."""

UNAUTHORISED = (401, 403)
"""Answers to a wrong key, or to none."""
BUSY = (409, 429, 503)
"""Answers of a machine that has too much to do."""
ABSENT = (404, 405, 501)
"""Answers of a server that does not know what it is asked."""

Told = TypeVar("Told")

Wait = Generator[None, None, Told]
"""A wait yields while there is nothing to do, and returns what came."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer is what a machine sent back, whatever its status.

    Attributes
    ----------
    path
        What it was asked for.
    body
        All of it, decoded as its headers say; empty where it was not wanted.
    """

    path: str
    status: int
    body: bytes = b""

    @property
    def is_fine(self) -> bool:
        return 200 <= self.status < 300

    def told(self) -> dict[str, Any]:
        """Return the JSON object that it is; empty where it is something else."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}

    def complaint(self) -> str:
        """Return what the machine says is wrong, as a person reads it: “out of memory”; "" where it says nothing."""
        told = self.told()
        words = told.get("error") or told.get("detail")
        if isinstance(words, dict):
            # “infiniloop serve” says more of it than a sentence.
            words = words.get("sentence")
        return f"“{shown(words)}”" if isinstance(words, str) and words.strip() else ""


class Line:
    """A line to one machine asks it one question after another; it is used within ``with``.

    Parameters
    ----------
    title
        Name of the program that is to answer, as people read it.
    headers
        What is sent with each question.
    """

    def __init__(self, machine: Machine, title: str, headers: Mapping[str, str]) -> None:
        self._machine = machine
        self._title = title
        limits = httpx.Timeout(None, connect=machine.connect_s, write=WRITE_S)
        # Packed answers could grow beyond all bounds.
        sent = {"Accept-Encoding": "identity", **headers}
        # Authorities take long to load, and only https has use for them.
        is_sealed = machine.url.lower().startswith("https")
        with self._told_as_errors():
            self._client = httpx.AsyncClient(base_url=machine.url, headers=sent, timeout=limits, verify=is_sealed)
        self._loop = asyncio.new_event_loop()

    def __enter__(self) -> Line:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            self._loop.run_until_complete(self._client.aclose())
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        finally:
            self._loop.close()

    def ask(
        self, method: str, path: str, *, limit_s: float, most_bytes: int, unread: bool = False, **content: Any
    ) -> Wait[Answer]:
        """Ask, and return the answer, whatever its status.

        Parameters
        ----------
        limit_s
            Seconds within which all of the answer has to be there.
        most_bytes
            Size of the largest answer.
        unread
            Whether status and headers are enough: the body is then left where it is.
        **content
            What is sent: ``json``, ``data``, ``files`` as httpx takes them.

        Raises
        ------
        RemoteError
            The machine cannot be reached, took too long, sent too much, or does not speak HTTP.
        """
        asked = self._ask(method, path, most_bytes, unread=unread, content=content)
        with self._told_as_errors():
            return (yield from self._waited(asked, limit_s))

    def rest(self, seconds: float) -> Wait[None]:
        """Wait for so many seconds."""
        yield from self._waited(asyncio.sleep(seconds), seconds + 10.0)

    async def _ask(
        self, method: str, path: str, most_bytes: int, *, unread: bool, content: Mapping[str, Any]
    ) -> Answer:
        async with self._client.stream(method, path, **content) as response:
            if unread:
                return Answer(path, response.status_code)
            body = bytearray()
            async for part in response.aiter_bytes():
                body += part
                if len(body) > most_bytes:
                    raise self.failed(f"its answer has more than {most_bytes / 1e6:.0f} MB")
            return Answer(path, response.status_code, bytes(body))

    def _waited(self, work: Coroutine[Any, Any, Told], limit_s: float) -> Wait[Told]:
        task = self._loop.create_task(work)
        ends_s = time.monotonic() + limit_s
        try:
            while not task.done():
                self._loop.run_until_complete(asyncio.wait({task}, timeout=POLL_S))
                if task.done():
                    break
                if time.monotonic() > ends_s:
                    raise self.failed(f"it did not answer within {limit_s:.0f} s")
                yield
            return task.result()
        finally:
            if not task.done():
                # What is closed half-way is cancelled there too: its connection ends with it.
                task.cancel()
                self._loop.run_until_complete(asyncio.gather(task, return_exceptions=True))

    def failed(self, detail: str) -> RemoteError:
        """Return the error that says so of this machine."""
        return RemoteError(machine=self._machine.place, detail=detail)

    @contextlib.contextmanager
    def _told_as_errors(self) -> Iterator[None]:
        machine = self._machine
        try:
            yield
        except httpx.ConnectTimeout as error:
            raise RemoteSilent(machine=machine.place, limit_s=machine.connect_s) from error
        except httpx.ConnectError as error:
            raise self._not_connected(error) from error
        except httpx.UnsupportedProtocol as error:
            raise self.failed("its address does not begin with http:// or https://") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            detail = shown(str(error)) or type(error).__name__
            raise self.failed(f"the connection broke off, or it is no web server ({detail})") from error

    def _not_connected(self, error: BaseException) -> RemoteError:
        causes: list[BaseException] = []
        one: BaseException | None = error
        while one is not None and one not in causes:
            causes.append(one)
            one = one.__cause__ or one.__context__
        if any(isinstance(cause, socket.gaierror) for cause in causes):
            return RemoteUnknown(machine=self._machine.place)
        if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
            return self.failed(f"it refuses connections: is {self._title}’s server running there, at that port?")
        return self.failed(f"it cannot be reached ({shown(str(error)) or 'no connection'})")

    def refusal(self, answer: Answer) -> RemoteError:
        """Return the error for an answer that is not fine."""
        place, complaint = self._machine.place, answer.complaint()
        if answer.status in UNAUTHORISED:
            return (RemoteTokenWrong if self._machine.token else RemoteTokenMissing)(machine=place)
        if answer.status in BUSY:
            return RemoteBusy(machine=place, detail=complaint or "it makes another clip")
        if answer.status in ABSENT:
            return self.not_spoken(f"HTTP {answer.status} to {answer.path}")
        return self.failed(f"it answered with HTTP {answer.status}" + (f" ({complaint})" if complaint else ""))

    def not_spoken(self, detail: str) -> RemoteError:
        """Return the error for a server that is another program's."""
        return RemoteNotOurs(machine=self._machine.place, detail=detail)


def progressing(wait: Wait[Told], job_id: int, stage: str) -> Generator[Progress, None, Told]:
    """Wait, and tell at each yield what is being done, since the machine does not tell how far it is."""
    try:
        while True:
            try:
                next(wait)
            except StopIteration as end:
                result: Told = end.value
                return result
            yield Progress(job_id, None, stage)
    finally:
        wait.close()


def shown(text: str) -> str:
    """Return a machine's words as they can be shown: one line, printable, not long, without a full stop."""
    plain = " ".join("".join(one if one.isprintable() else " " for one in text).split()).rstrip(". ")
    return plain if len(plain) <= SHOWN_CHARACTERS else plain[: SHOWN_CHARACTERS - 1] + "…"
