# SPDX-License-Identifier: GPL-3.0-or-later
"""This speaker asks “infiniloop serve” on another machine for clips (``resources/protocol.md``).

A clip is asked for under a name of ours, so that asking again after a lost connection makes it once; its events are
numbered, so that they go on where they stopped.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Generator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from engine.errors import (
    Cancelled,
    RemoteError,
    RemoteLost,
    RemoteNotOurs,
    RemoteRefuses,
    RemoteSilent,
    RemoteUnknown,
    RemoteVersionWrong,
    UserError,
)
from engine.generators.base import Generation
from engine.generators.conform import longest_s
from engine.generators.remote.aside import aside
from engine.generators.remote.connection import Connection, of_machine, parsed
from engine.generators.remote.speaker import Machine, Offer
from engine.generators.wire import VERSION
from engine.generators.wire.failures import failure_from
from engine.generators.wire.offers import capabilities_from
from engine.generators.wire.requests import request_as_dict
from engine.generators.wire.results import gathered, sounds_of
from engine.generators.wire.sounds import LONGEST_S, sound_from
from engine.values import ClipRequest, ClipResult, Progress
from engine.values.checked import Fields

if TYPE_CHECKING:
    from websockets.sync.client import ClientConnection

RESUME_S = 30.0
"""Seconds for which a lost connection is tried again."""
REFUSED_S = 3.0
"""Seconds for which it is tried where the machine is there, and nothing listens any more."""
SILENT_S = 20.0
"""Seconds without a word after which a connection is taken for lost: the machine says that it is alive every 5 s."""
QUICK_S = 2.0
"""Seconds that a machine has to hear that a clip is not wanted any more."""
STEP_S = 0.25
"""Seconds between two yields while nothing is heard."""
_RETRY_S = (0.1, 2.0)
_MOST_STAGE = 40
_SAMPLE_BYTES = 4 * 2 * 192_000
_HEAD_BYTES = 2**16

Told = TypeVar("Told")


class InfiniloopSpeaker:
    """This speaker talks with one machine; each clip has connections of its own."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine

    def capabilities(self) -> Offer:
        connection = Connection(self.machine, read_s=self.machine.connect_s)
        try:
            said = connection.ask("GET", "/capabilities")
        finally:
            connection.close()
        try:
            fields = Fields.of(said)
            theirs = fields.whole("protocol")
            if theirs != VERSION:
                raise RemoteVersionWrong(machine=self.machine.place, theirs=theirs, ours=VERSION)
            title = fields.part("generator").text("title")[:80]
            n_waiting = fields.whole("waiting", 0) if fields.has("waiting") else 0
            return Offer(title, capabilities_from(said), n_waiting)
        except ValueError as error:
            raise RemoteNotOurs(machine=self.machine.place, detail=str(error)) from error

    def submit(self, request: ClipRequest, offer: Offer) -> Generation:
        return (yield from _Clip(self.machine, request, offer).steps())


class _Clip:
    """A clip is asked for, followed and fetched, over as many connections as it takes."""

    def __init__(self, machine: Machine, request: ClipRequest, offer: Offer) -> None:
        self._machine, self._request, self._offer = machine, request, offer
        self._connection = Connection(machine)
        self._path = f"/clips/{uuid.uuid4().hex}"
        self._after = 0
        self._progress = Progress(request.job_id, None, "waiting")

    def steps(self) -> Generation:
        try:
            yield from self._ask()
            result = yield from self._fetch()
        except (RemoteError, UserError):
            # It forgets the clip by itself, if it knows of it at all.
            raise
        except ValueError as error:
            self._drop()
            raise RemoteNotOurs(machine=self._machine.place, detail=str(error)[:200]) from error
        except BaseException:
            self._drop()
            raise
        finally:
            self._connection.close()
        self._drop()
        return result

    def _ask(self) -> Generator[Progress, None, None]:
        body = json.dumps(request_as_dict(self._request)).encode()
        yield from self._again(partial(self._connection.ask, "PUT", self._path, body))
        yield from self._follow()

    def _drop(self) -> None:
        """Tell the machine that the clip is not wanted any more; one that cannot be told forgets it by itself."""
        quick = Connection(replace(self._machine, connect_s=min(QUICK_S, self._machine.connect_s)), read_s=QUICK_S)
        try:
            quick.ask("DELETE", self._path)
        except (RemoteError, UserError):
            pass
        finally:
            quick.close()

    def _again(self, work: Callable[[], Told]) -> Generator[Progress, None, Told]:
        """Do what may be done twice until it succeeds; one that never did is not tried for long."""
        since_s, wait_s, was_there = time.monotonic(), _RETRY_S[0], False
        while True:
            try:
                return (yield from self._waiting(work))
            except (RemoteLost, RemoteSilent) as error:
                was_there = was_there or isinstance(error, RemoteLost)
                if not was_there or time.monotonic() - since_s > RESUME_S:
                    raise
            yield from self._pause(wait_s)
            wait_s = min(_RETRY_S[1], 2.0 * wait_s)

    def _waiting(self, work: Callable[[], Told]) -> Generator[Progress, None, Told]:
        steps = aside(work)
        try:
            while True:
                next(steps)
                yield self._progress
        except StopIteration as end:
            done: Told = end.value
            return done
        finally:
            steps.close()

    def _pause(self, wait_s: float) -> Generator[Progress, None, None]:
        until_s = time.monotonic() + wait_s
        while (left_s := until_s - time.monotonic()) > 0.0:
            yield self._progress
            time.sleep(min(STEP_S, left_s))

    def _follow(self) -> Generator[Progress, None, None]:
        """Yield how far the clip is until it is there. Raises RemoteError, UserError."""
        lost_s: float | None = None
        wait_s = _RETRY_S[0]
        while True:
            try:
                socket = yield from self._waiting(self._listen)
                with socket:
                    lost_s, wait_s = None, _RETRY_S[0]
                    yield from self._hear(socket)
                    return
            except (RemoteLost, RemoteSilent, RemoteRefuses, RemoteUnknown) as error:
                now_s = time.monotonic()
                lost_s = now_s if lost_s is None else lost_s
                limit_s = REFUSED_S if isinstance(error, RemoteRefuses) else RESUME_S
                if now_s - lost_s > limit_s:
                    raise
                self._progress = replace(self._progress, stage="connecting again", chunk=None)
            yield from self._pause(wait_s)
            wait_s = min(_RETRY_S[1], 2.0 * wait_s)

    def _listen(self) -> ClientConnection:
        return self._connection.listen(f"{self._path}/events?after={self._after}")

    def _hear(self, socket: ClientConnection) -> Generator[Progress, None, None]:
        """Yield what is told until the end. Raises RemoteLost where the connection ends before."""
        from websockets.exceptions import ConnectionClosed

        chunk: Fields | None = None
        heard_s = time.monotonic()
        while True:
            try:
                message = socket.recv(timeout=STEP_S)
            except TimeoutError:
                if time.monotonic() - heard_s > SILENT_S:
                    raise RemoteLost(machine=self._machine.place, detail="it fell silent") from None
                yield self._progress
                continue
            except ConnectionClosed as error:
                raise RemoteLost(machine=self._machine.place, detail="it broke off") from error
            heard_s = time.monotonic()
            if chunk is not None:
                if not isinstance(message, bytes):
                    raise ValueError("a part of the clip did not come")
                yield self._told(chunk, message)
                self._after, chunk = chunk.whole("number", 1), None
                continue
            said = Fields.of(parsed(message if isinstance(message, bytes) else message.encode(), self._machine.place))
            event = said.text("event")
            if event == "chunk":
                chunk = said
                continue
            if event != "alive":
                if self._has_ended(event, said):
                    return
                self._after = said.whole("number", 1)
            yield self._progress

    def _has_ended(self, event: str, said: Fields) -> bool:
        """Take in an event; return whether the clip is there. Raises what became of it otherwise."""
        place = self._machine.place
        if event == "done":
            return True
        if event == "waiting":
            self._progress = Progress(self._request.job_id, None, "waiting")
        elif event == "progress":
            self._told(said, None)
        elif event == "cancelled":
            raise RemoteError(machine=place, detail="it gave the clip up")
        elif event == "failed":
            error = failure_from(said.part("error").data)
            if isinstance(error, Cancelled):
                error = "it gave the clip up"
            raise of_machine(error, place)
        return False

    def _told(self, said: Fields, chunk: bytes | None) -> Progress:
        self._progress = Progress(
            self._request.job_id,
            said.number("fraction", 0.0, 1.0) if said.has("fraction") else None,
            said.text("stage")[:_MOST_STAGE],
            said.number("left_s", 0.0) if said.has("left_s") else None,
        )
        if chunk is None:
            return self._progress
        return replace(self._progress, chunk=sound_from(chunk, longest_s=self._longest_s))

    @property
    def _longest_s(self) -> float:
        """Return how long the clip may be, seconds: bars and beats may make it longer than was asked for."""
        return min(LONGEST_S, longest_s(max(self._request.duration_s, self._offer.capabilities.max_duration_s)))

    def _fetch(self) -> Generator[Progress, None, ClipResult]:
        self._progress = Progress(self._request.job_id, 1.0, "receiving")
        said: Any = yield from self._again(partial(self._connection.ask, "GET", f"{self._path}/result"))
        most_bytes = int(self._longest_s * _SAMPLE_BYTES) + _HEAD_BYTES
        sounds = {}
        for name, wraps in sounds_of(said).items():
            path = f"{self._path}/sounds/{name}"
            content = yield from self._again(partial(self._connection.read, "GET", path, most_bytes))
            sounds[name] = sound_from(content, wraps=wraps, longest_s=self._longest_s)
        return gathered(said, sounds, job_id=self._request.job_id)
