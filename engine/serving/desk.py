# SPDX-License-Identifier: GPL-3.0-or-later
"""The desk takes jobs in, has them made one after the other, and drops what no client asks for any more."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from engine.errors import Cancelled, GeneratorError, GeneratorHung, StudioError, UnknownChoice
from engine.generators.base import Generator, GeneratorSettings
from engine.generators.requests import check_request, completed
from engine.generators.wire.offers import capabilities_as_dict, offered
from engine.generators.wire.requests import request_from
from engine.serving.job import Job, State
from engine.serving.limits import ServingLimits
from engine.serving.maker import Maker
from engine.values import ClipRequest

LOOK_S = 1.0
"""Seconds between two looks for jobs that no client asks for."""

_log = logging.getLogger(__name__)


class DeskFull(Exception):
    """As many clips wait as may: no other is taken in."""


class NameTaken(Exception):
    """Another request has the same name."""


class Desk:
    """A desk belongs to one event loop, from ``open`` to ``close``.

    Parameters
    ----------
    tell
        Is given a line for each job that ends.
    """

    def __init__(
        self,
        generator: Generator,
        settings: GeneratorSettings,
        maker: Maker,
        limits: ServingLimits,
        *,
        tell: Callable[[str], None] = lambda _line: None,
    ) -> None:
        self.generator, self.limits = generator, limits
        self._settings, self._maker, self._tell = settings, maker, tell
        self._jobs: dict[str, Job] = {}
        self._waiting: list[Job] = []
        self._running: set[Job] = set()
        self._is_due = asyncio.Condition()
        self._tasks: list[asyncio.Task[None]] = []
        self._n_taken = 0
        # Of its own: a maker of many at once takes more threads than the event loop has for all its other work.
        self._threads = ThreadPoolExecutor(maker.n_at_once, thread_name_prefix="making")

    def open(self) -> None:
        """Begin to make clips."""
        work = [self._work() for _ in range(self._maker.n_at_once)]
        self._tasks = [asyncio.create_task(one) for one in (*work, self._look())]

    async def close(self) -> None:
        """Give up what is being made, and end all that runs."""
        for job in list(self._jobs.values()):
            job.is_wanted = False
        await asyncio.to_thread(self._maker.close)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._threads.shutdown(wait=False)

    @property
    def n_before_next(self) -> int:
        """Return how many clips are made before one that would be asked for now begins."""
        return max(0, len(self._running) + len(self._waiting) - self._maker.n_at_once + 1)

    def offer(self) -> dict[str, Any]:
        """Return what this machine can do, ready for JSON."""
        return {
            "generator": {"name": self.generator.name, "title": self.generator.title},
            **capabilities_as_dict(self.generator.capabilities()),
            "waiting": self.n_before_next,
            "at_once": self._maker.n_at_once,
        }

    def job(self, name: str) -> Job | None:
        """Return the job of that name, which its client has now asked for; None where there is none."""
        job = self._jobs.get(name)
        if job is not None:
            job.heard_s = time.monotonic()
        return job

    def n_before(self, job: Job) -> int:
        """Return how many clips are made before that one."""
        return self._waiting.index(job) + len(self._running) if job in self._waiting else 0

    def read(self, data: object) -> ClipRequest:
        """Return the request that came as JSON. Raises ValueError for none, UserError for one that cannot be made."""
        request = request_from(data, job_id=0, generator=self.generator.name)
        own = {one.name for one in offered(self.generator.capabilities().parameters)}
        for name in request.parameters:
            if name not in own:
                choices = ", ".join(sorted(own)) or "none: it has none"
                raise UnknownChoice(name=f"parameter of {self.generator.title}", value=name[:80], choices=choices)
        check_request(completed(request, self.generator, self._settings), self.generator)
        return request

    async def submit(self, name: str, digest: str, request: ClipRequest) -> tuple[Job, bool]:
        """Take a job in; return it, and whether it is new. Raises DeskFull, NameTaken."""
        known = self.job(name)
        if known is not None:
            if known.digest != digest:
                raise NameTaken
            return known, False
        if len(self._waiting) >= self.limits.most_waiting and self.n_before_next > 0:
            raise DeskFull
        self._n_taken += 1
        job = Job(name, digest, replace(request, job_id=self._n_taken))
        self._jobs[name] = job
        self._waiting.append(job)
        self._tell_waiting()
        async with self._is_due:
            self._is_due.notify()
        return job, True

    def drop(self, job: Job) -> None:
        """Give a job up, whatever its state, and forget it."""
        job.is_wanted = False
        if job in self._waiting:
            self._waiting.remove(job)
            self._tell_waiting()
        job.cancel()
        self._jobs.pop(job.name, None)

    def _tell_waiting(self) -> None:
        for job in self._waiting:
            job.is_waiting(self.n_before(job))

    async def _work(self) -> None:
        while True:
            async with self._is_due:
                await self._is_due.wait_for(lambda: self._waiting)
                job = self._waiting.pop(0)
            self._running.add(job)
            self._tell_waiting()
            try:
                await self._make(job)
            finally:
                self._running.discard(job)
                self._tell_waiting()
            self._keep_few()

    async def _make(self, job: Job) -> None:
        loop = asyncio.get_running_loop()
        limit = loop.call_later(self.limits.longest_s, self._give_up, job)

        def tell(progress: Any) -> None:
            # The loop may be closed while the last thread still talks.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(job.progressed, progress)

        job.begin()
        try:
            result = await loop.run_in_executor(
                self._threads, self._maker.make, job.request, tell, lambda: job.is_wanted
            )
            job.finish(result)
        except Cancelled:
            if job.error is not None:
                job.fail(job.error)
            job.cancel()
        except StudioError as error:
            job.fail(error)
        except Exception as error:  # noqa: BLE001 - the process boundary: a generator's fault is an answer, not the server's end
            _log.exception("a clip was not made")
            detail = f"{type(error).__name__}: {error}".rstrip(": .")
            job.fail(GeneratorError(generator=self.generator.title, detail=detail))
        finally:
            limit.cancel()
        # Whoever was told may be gone: the terminal closed, the pipe's other end ended.
        with contextlib.suppress(OSError, ValueError):
            self._tell(_line_of(job))

    def _give_up(self, job: Job) -> None:
        job.error = GeneratorHung(generator=self.generator.title, limit_s=self.limits.longest_s)
        job.is_wanted = False

    def _keep_few(self) -> None:
        ended = [job for job in self._jobs.values() if job.has_ended and not job.n_listeners]
        for job in ended[: max(0, len(ended) - self.limits.most_kept)]:
            self.drop(job)

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            late_s = time.monotonic() - self.limits.unheard_s
            for job in list(self._jobs.values()):
                if not job.n_listeners and job.heard_s < late_s:
                    self.drop(job)


def _line_of(job: Job) -> str:
    """Return what became of a job, for the person who started the server."""
    took_s = time.monotonic() - (job.began_s or time.monotonic())
    number = job.request.job_id
    if job.state is State.DONE:
        music_s = sum(clip.duration_s for name, clip in job.sounds.items() if "." not in name)
        return f"clip {number}: {music_s:.1f} s of music in {took_s:.1f} s"
    if job.state is State.FAILED and job.failure is not None:
        return f"clip {number}: {job.failure['sentence']}"
    return f"clip {number}: given up after {took_s:.1f} s"
