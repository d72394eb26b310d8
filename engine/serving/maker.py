# SPDX-License-Identifier: GPL-3.0-or-later
"""Makers make the clips of a server: in a generator process, as the studio's own, never in the server's."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, Protocol

from engine.generators.base import Generator, GeneratorSettings
from engine.generators.jobs import GenerateJob
from engine.serving.warm import WarmProcess
from engine.values import ClipRequest, ClipResult, Progress

HOST = "engine.generators.host"


class Maker(Protocol):
    """A maker makes clips, some at once, each in a thread of its caller's."""

    n_at_once: int
    """Number of clips that it makes beside one another."""

    def make(self, request: ClipRequest, tell: Callable[[Progress], None], is_wanted: Callable[[], bool]) -> ClipResult:
        """Make a clip as its generator delivers it; return when it is there, or soon after it is no longer wanted.

        Raises StudioError, Cancelled among them.
        """

    def close(self) -> None:
        """End all that runs."""


class HostMaker:
    """This maker has one generator process, started when a clip is asked for, kept warm, and ended when idle.

    Parameters
    ----------
    log
        Where the process's messages go; None is this process's stderr.
    idle_s
        Seconds without a clip after which the process ends.

    Attributes
    ----------
    settings
        Of the clips that are asked for from now on.
    """

    n_at_once = 1

    def __init__(
        self, generator: Generator, settings: GeneratorSettings, *, log: IO[str] | None = None, idle_s: float = 300.0
    ) -> None:
        self.settings = settings
        limits = generator.capabilities().limits
        self._process = WarmProcess(HOST, generator.title, limits, log=log, idle_s=idle_s)

    @property
    def pid(self) -> int | None:
        """Return the number of the process that runs, or None."""
        return self._process.pid

    def make(self, request: ClipRequest, tell: Callable[[Progress], None], is_wanted: Callable[[], bool]) -> ClipResult:
        job = GenerateJob(request, self.settings, as_delivered=True)
        result: ClipResult = self._process.answer(job, request.job_id, tell, is_wanted)
        return result

    def close(self) -> None:
        self._process.close()
