# SPDX-License-Identifier: GPL-3.0-or-later
"""A replica makes clips in a process of the cluster, several together where they are alike, and tells how far it is.

It is one of Ray Serve's: that starts it, brings it requests, looks whether it lives, and starts another one in its
place. A generator that hangs cannot be stopped in its process, so its replica ends itself.
"""

from __future__ import annotations

import asyncio
import logging
import os
import pickle
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from engine.errors import Cancelled, GeneratorHung, StudioError
from engine.generators.base import GeneratorSettings
from engine.generators.host import PROGRESS_INTERVAL_S
from engine.generators.jobs import GenerateJob
from engine.generators.registry import generator_named
from engine.generators.service import deliver_clip, failed
from engine.serving.scaled.together import alike, apart
from engine.values import ClipRequest, ClipResult, JobFailed, Progress

GATHER_S = 0.05
"""Seconds that a request waits for others that are like it, where the generator makes several together."""
LOOK_S = 0.1
"""Seconds between two looks at whether the generator still says something."""
LAST_WORDS_S = 0.5
"""Seconds that the last words of a replica which ends itself have to reach their hearers."""
OWNER_S = 5.0
"""Seconds that the server's owner has to answer."""

_log = logging.getLogger(__name__)


class Asked:
    """A request that came to this replica, and what is told of it; it belongs to the replica's event loop."""

    def __init__(self, job: GenerateJob) -> None:
        self.request: ClipRequest = job.request
        self.settings = job.settings
        self.is_wanted = True
        self.told: asyncio.Queue[Progress | ClipResult | JobFailed] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()

    def tell(self, message: Progress | ClipResult | JobFailed) -> None:
        """Tell something, from any thread."""
        self._loop.call_soon_threadsafe(self.told.put_nowait, message)

    def is_done(self, making: asyncio.Future[Any]) -> None:
        """Tell what went wrong outside of the generator."""
        if not making.cancelled() and (error := making.exception()) is not None:
            self.tell(failed(self.request, error if isinstance(error, Exception) else RuntimeError(repr(error))))


class Group:
    """Requests that are made together, by one thread.

    Attributes
    ----------
    heard_s
        When the generator last said something (``time.monotonic``).
    has_begun
        Whether it has said anything.
    """

    def __init__(self, asked: list[Asked], title: str) -> None:
        self._asked, self._title = asked, title
        self.heard_s = time.monotonic()
        self.has_begun = False

    @property
    def is_wanted(self) -> bool:
        return any(one.is_wanted for one in self._asked)

    def make(self) -> None:
        """Make the clips and tell them; together, or where that fails one after the other."""
        if len(self._asked) > 1:
            try:
                return self._make(self._asked)
            except StudioError as error:
                _log.warning("%d clips could not be made together: %s", len(self._asked), error)
            except Exception:  # noqa: BLE001 - the process boundary, as below
                _log.exception("%d clips could not be made together", len(self._asked))
        for one in self._asked:
            try:
                self._make([one])
            except Exception as error:  # noqa: BLE001 - the process boundary: a generator's fault is an answer
                one.tell(failed(one.request, error))
        return None

    def _make(self, several: list[Asked]) -> None:
        first = several[0]
        generation = deliver_clip(
            replace(first.request, n_clips=first.request.n_clips + len(several) - 1), first.settings
        )
        told_s, stage = -PROGRESS_INTERVAL_S, ""
        try:
            while True:
                if not any(one.is_wanted for one in several):
                    raise Cancelled
                progress = next(generation)
                self.heard_s, self.has_begun = time.monotonic(), True
                if progress.chunk is None and progress.stage == stage and self.heard_s - told_s < PROGRESS_INTERVAL_S:
                    continue
                told_s, stage = self.heard_s, progress.stage
                for one in several:
                    # The parts that come are those of the first clip.
                    chunk = progress.chunk if one is first else None
                    one.tell(replace(progress, job_id=one.request.job_id, chunk=chunk))
        except StopIteration as end:
            results = apart(end.value, [one.request for one in several], self._title)
        finally:
            generation.close()
        for one, result in zip(several, results, strict=True):
            one.tell(result)


class Owner:
    """An owner lives in the cluster for as long as the server that placed the replicas is there."""

    def is_there(self) -> bool:
        return True


class Replica:
    """A replica has one generator, and makes one group of clips after the other.

    Parameters
    ----------
    generator
        Its name.
    most_together
        The most clips that are made of one request.
    owner
        An ``Owner`` of the server's: where that is gone without a word, its replicas go too.

    Raises
    ------
    StudioError
        The generator cannot run in this process.
    """

    def __init__(self, generator: str, settings: GeneratorSettings, most_together: int, owner: Any) -> None:
        from ray import serve

        _stay_at_home()
        self._owner, self._application = owner, serve.get_replica_context().app_name
        ours = generator_named(generator)
        ours.check(settings)
        self._title, self._limits = ours.title, ours.capabilities().limits
        self._most_together = most_together
        # One thread for all: what some libraries hold is the thread's.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="clips")
        # What waits for its turn is made along with what is like it. Ray Serve's own batches are of what comes within a
        # moment, like or not: each would be made as often as there are unlike requests in it.
        self._waiting: list[Asked] = []
        self._turn = asyncio.Lock()

    async def check_health(self) -> None:
        """Have the replicas taken away where their server is gone; Ray Serve calls this every other second."""
        from ray import serve
        from ray.exceptions import RayActorError

        try:
            async with asyncio.timeout(OWNER_S):
                await self._owner.is_there.remote()
        except TimeoutError:
            _log.warning("the server does not answer within %g s", OWNER_S)
        except RayActorError:
            _log.warning("the server is gone: its replicas are taken away")
            # Not waited for: this replica is one of them.
            leaving = asyncio.get_running_loop().run_in_executor(None, serve.delete, self._application)
            leaving.add_done_callback(lambda done: done.exception())

    async def make(self, packed: bytes) -> AsyncIterator[bytes]:
        """Make the clip of a ``GenerateJob``; yield ``Progress``, then one ``ClipResult`` or ``JobFailed``.

        All are pickled: sounds would else lie in the cluster's memory, and be gone with it.
        """
        asked = Asked(pickle.loads(packed))
        making = asyncio.ensure_future(self._take_turn(asked))
        making.add_done_callback(asked.is_done)
        try:
            while True:
                message = await asked.told.get()
                yield pickle.dumps(message, protocol=5)
                if not isinstance(message, Progress):
                    return
        finally:
            # Its hearer may be gone: then it is no longer wanted. The others of its group go on.
            asked.is_wanted = False

    async def _take_turn(self, asked: Asked) -> None:
        """Wait until nothing else is made, and make this with all that is like it; unless it was made with another."""
        self._waiting.append(asked)
        async with self._turn:
            if asked in self._waiting and self._most_together > 1:
                await asyncio.sleep(GATHER_S)
            for one in [one for one in self._waiting if not one.is_wanted]:
                self._waiting.remove(one)
            if asked in self._waiting:
                # It waits longest: the turn comes to one after the other.
                group = alike(self._waiting, self._most_together)[0]
                self._waiting = [one for one in self._waiting if one not in group]
                await self._watch(group)

    async def _watch(self, asked: list[Asked]) -> None:
        group = Group(asked, self._title)
        loop = asyncio.get_running_loop()
        making = loop.run_in_executor(self._thread, group.make)
        given_up_s: float | None = None
        while not making.done():
            await asyncio.wait([making], timeout=LOOK_S)
            now_s = time.monotonic()
            if group.is_wanted:
                limit_s = self._limits.silence_s if group.has_begun else self._limits.load_s
                is_late = now_s > group.heard_s + limit_s
            else:
                given_up_s = given_up_s or now_s
                limit_s = self._limits.cancel_s
                is_late = now_s > given_up_s + limit_s
            if is_late and not making.done():
                for one in asked:
                    one.tell(JobFailed(one.request.job_id, GeneratorHung(generator=self._title, limit_s=limit_s)))
                await self._end()
        making.result()

    async def _end(self) -> None:
        """End this process: a thread that hangs cannot be ended, and what else waits here is made by others."""
        _log.error("%s hangs: this replica ends, and another one takes its place", self._title)
        await asyncio.sleep(LAST_WORDS_S)
        os._exit(1)


def _stay_at_home() -> None:
    """Have a replica of a cluster that is on the loopback listen there alone.

    Ray Serve opens a port on every interface for replicas to ask one another, unencrypted, whatever the cluster's
    address is, and with no option. Ours do not use it.
    """
    import ray
    from ray.serve._private import replica

    if ray.util.get_node_ip_address() == "127.0.0.1":
        add_port = replica.add_port_to_grpc_server
        replica.add_port_to_grpc_server = lambda server, _address: add_port(server, "127.0.0.1:0")
