# SPDX-License-Identifier: GPL-3.0-or-later
"""The maker of a cluster has each clip made by one of the replicas, and by another one where that dies."""

from __future__ import annotations

import contextlib
import logging
import pickle
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from engine.errors import Cancelled, GeneratorError
from engine.generators.base import Generator, GeneratorSettings
from engine.generators.jobs import GenerateJob
from engine.serving.scaled.cluster import Cluster, Placing, together
from engine.serving.warm import POLL_S
from engine.values import ClipRequest, ClipResult, JobFailed, Progress

MOST_TRIES = 3
"""Number of replicas that may die of one clip."""
LAST_WORD_S = 5.0
"""Seconds that a replica has to hear that a clip is given up, before the next clip."""

_log = logging.getLogger(__name__)


class ReplicaGone(Exception):
    """The replica that was making a clip is no longer there."""


class RayMaker:
    """This maker has replicas of a generator on a Ray cluster, which it places at once.

    Parameters
    ----------
    tell
        Is given lines for the person who started it.

    Raises
    ------
    RayLacksPart, ClusterUnusable
        See ``Cluster``.
    """

    def __init__(
        self,
        generator: Generator,
        settings: GeneratorSettings,
        placing: Placing,
        tell: Callable[[str], None] = lambda _line: None,
    ) -> None:
        self._generator, self._settings, self._tell = generator, settings, tell
        self._is_closed = False
        self.n_at_once = max(1, placing.most) * together(generator)
        self._cluster = Cluster(placing)
        try:
            self._handle = self._cluster.place(generator, settings, tell)
        except BaseException:
            self._cluster.close()
            raise

    def make(self, request: ClipRequest, tell: Callable[[Progress], None], is_wanted: Callable[[], bool]) -> ClipResult:
        packed = pickle.dumps(GenerateJob(request, self._settings, as_delivered=True), protocol=5)
        for _ in range(MOST_TRIES):
            try:
                return self._make(packed, tell, is_wanted)
            except ReplicaGone as error:
                self._tell(f"clip {request.job_id}: its replica is gone, another one makes it")
                _log.debug("a replica is gone: %s", error)
                # Parts that were heard already need not fit to what is made now: the clip is told as a whole.
                tell = _without_parts(tell)
        detail = f"{MOST_TRIES} replicas died of this clip, one after the other"
        raise GeneratorError(generator=self._generator.title, detail=detail)

    def _make(self, packed: bytes, tell: Callable[[Progress], None], is_wanted: Callable[[], bool]) -> ClipResult:
        hearing = _Hearing(self._handle.make.remote(packed))
        try:
            while True:
                message = hearing.next(POLL_S)
                if self._is_closed or not is_wanted():
                    raise Cancelled
                if isinstance(message, ClipResult):
                    return message
                if isinstance(message, JobFailed):
                    raise message.error
                if isinstance(message, Progress):
                    tell(message)
        finally:
            hearing.close(0.0 if self._is_closed else LAST_WORD_S)

    def close(self) -> None:
        self._is_closed = True
        self._cluster.close()


def _without_parts(tell: Callable[[Progress], None]) -> Callable[[Progress], None]:
    return lambda progress: tell(replace(progress, chunk=None))


class _Hearing:
    """This hears what a replica tells, in a thread of its own, as Ray waits for it without end."""

    def __init__(self, responses: Any) -> None:
        self._responses = responses
        self._heard: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._has_ended = False
        self._thread = threading.Thread(target=self._hear, name="hearing a replica", daemon=True)
        self._thread.start()

    def _hear(self) -> None:
        try:
            for packed in self._responses:
                self._heard.put(pickle.loads(packed))
            self._heard.put(ReplicaGone("it said no last word"))
        except Exception as error:  # noqa: BLE001 - the thread's boundary: it is raised in the other one
            self._heard.put(error)

    def next(self, timeout_s: float) -> Any:
        """Return what is told next, or None where nothing is for so long. Raises ReplicaGone, GeneratorError."""
        from ray.exceptions import RayError, RayTaskError

        try:
            message = self._heard.get(timeout=timeout_s)
        except queue.Empty:
            return None
        self._has_ended = not isinstance(message, Progress)
        if isinstance(message, RayTaskError):
            raise message
        if isinstance(message, RayError):
            raise ReplicaGone(str(message)) from message
        if isinstance(message, Exception):
            raise message
        return message

    def close(self, limit_s: float) -> None:
        """Tell the replica that no more is wanted, unless it has told all; wait so long until it has heard."""
        if not self._has_ended:
            with contextlib.suppress(Exception):  # it is gone: then it hears nothing, and makes nothing
                self._responses.cancel()
        due_s = time.monotonic() + limit_s
        self._thread.join(max(0.0, due_s - time.monotonic()))
