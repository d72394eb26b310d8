# SPDX-License-Identifier: GPL-3.0-or-later
"""A job is a clip that another machine asked for: what became of it, told to every client that listens."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from engine.generators.wire.failures import failure_as_dict
from engine.generators.wire.results import spread
from engine.values import Clip, ClipRequest, ClipResult, Progress

ALIVE_S = 5.0
"""Seconds without a word after which a client is told that the connection still stands."""


class State(StrEnum):
    """A state says what has become of a job."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDS = (State.DONE, State.FAILED, State.CANCELLED)
"""States after which nothing more is told."""


@dataclass(frozen=True, slots=True)
class Event:
    """An event is told once to each listener; one with a chunk is followed by its sound."""

    number: int
    said: dict[str, Any]
    chunk: Clip | None = None


@dataclass(eq=False, slots=True)
class Job:
    """A job belongs to the server's event loop: no other thread touches it.

    Attributes
    ----------
    name
        What its client calls it: long and random, so that none can be guessed.
    digest
        Of the request's body: the same name with another body is a mistake.
    result, sounds
        What was made, ready for JSON, and its sounds by name; both None and empty until then.
    heard_s
        When a client last asked for it (``time.monotonic``).
    """

    name: str
    digest: str
    request: ClipRequest
    state: State = State.WAITING
    result: dict[str, Any] | None = None
    sounds: dict[str, Clip] = field(default_factory=dict)
    failure: dict[str, Any] | None = None
    n_listeners: int = 0
    heard_s: float = field(default_factory=time.monotonic)
    is_wanted: bool = True
    error: Exception | None = None
    began_s: float | None = None
    _events: list[Event] = field(default_factory=list)
    _n_told: int = 0
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def has_ended(self) -> bool:
        return self.state in ENDS

    def as_dict(self, n_before: int) -> dict[str, Any]:
        """Return its state ready for JSON; ``n_before`` others are made before it."""
        out: dict[str, Any] = {"clip": self.name, "state": str(self.state), "events": self._n_told}
        if self.state is State.WAITING:
            out["waiting"] = n_before
        if self.failure is not None:
            out["error"] = self.failure
        return out

    def is_waiting(self, n_before: int) -> None:
        """Tell how many are made before it."""
        self._tell({"event": "waiting", "waiting": n_before}, replaces=True)

    def begin(self) -> None:
        """Tell that it is being made."""
        self.state, self.began_s = State.RUNNING, time.monotonic()
        self._tell({"event": "progress", "stage": "starting", "fraction": None, "left_s": None}, replaces=True)

    def progressed(self, progress: Progress) -> None:
        """Tell how far it is; a part of the clip goes along."""
        if self.has_ended:
            return
        said = {"stage": progress.stage, "fraction": progress.fraction, "left_s": progress.left_s}
        if progress.chunk is None:
            self._tell({"event": "progress", **said}, replaces=True)
        else:
            self._tell({"event": "chunk", **said}, chunk=progress.chunk)

    def finish(self, result: ClipResult) -> None:
        """Tell that it is there."""
        self.result, self.sounds = spread(result)
        self._end(State.DONE, {"event": "done"})

    def fail(self, error: Exception) -> None:
        """Tell that it will not be there, and why."""
        self.failure = failure_as_dict(error)
        self._end(State.FAILED, {"event": "failed", "error": self.failure})

    def cancel(self) -> None:
        """Tell that it was given up."""
        self._end(State.CANCELLED, {"event": "cancelled"})

    def _end(self, state: State, said: dict[str, Any]) -> None:
        if not self.has_ended:
            self.state, self.is_wanted = state, False
            self._tell(said)

    def _tell(self, said: dict[str, Any], *, chunk: Clip | None = None, replaces: bool = False) -> None:
        self._n_told += 1
        # How far it was a moment ago is of no use to a client that comes later.
        if replaces and self._events and self._events[-1].said["event"] in ("waiting", "progress"):
            self._events.pop()
        self._events.append(Event(self._n_told, {"number": self._n_told, **said}, chunk))
        self._changed.set()
        self._changed = asyncio.Event()

    async def events(self, after: int) -> AsyncIterator[Event | None]:
        """Yield what is told after event number ``after``, to the end; None where nothing was for ``ALIVE_S``."""
        while True:
            changed = self._changed
            for one in [one for one in self._events if one.number > after]:
                after = one.number
                yield one
            if self.has_ended and after >= self._n_told:
                return
            if changed is self._changed:
                try:
                    async with asyncio.timeout(ALIVE_S):
                        await changed.wait()
                except TimeoutError:
                    yield None
