# SPDX-License-Identifier: GPL-3.0-or-later
"""The process that fetches models: gigabytes come here, and nothing else waits for them.

It reads the jobs of ``engine.worker.asset_jobs`` from its channel, and answers with ``FetchProgress``, then
``AssetsListed``, ``AssetDone`` or ``AssetFailed``. One asset at a time is fetched; what is here it tells meanwhile.
When the channel closes, what came so far stays for the next time, and the process exits.
"""

from __future__ import annotations

import logging
import os
import time
from collections import deque
from collections.abc import Callable
from collections.abc import Generator as Steps
from functools import partial
from pathlib import Path
from typing import Any

from engine.child import missing_part, weigh_session
from engine.errors import Cancelled, StudioError
from engine.generators.assets import (
    asset_named,
    check_asset,
    discard_asset,
    get_asset,
    list_assets,
    remove_asset,
)
from engine.models.machine import free_bytes, total_memory_bytes
from engine.owner import Owner, OwnerGone
from engine.pipe import Pipe, child_connection
from engine.values.assets import FetchProgress
from engine.worker.asset_jobs import (
    AssetDone,
    AssetFailed,
    AssetsListed,
    CheckAsset,
    DiscardAsset,
    GetAsset,
    ListAssets,
    RemoveAsset,
    StopFetching,
)

_log = logging.getLogger(__name__)

PROGRESS_INTERVAL_S = 0.1
"""Seconds between two reports of the same stage, at least."""
NICENESS = 5
"""Niceness of the process: checksums take a core for a while, and the sound and the window go first."""
WAITING = "waiting for its turn"

Slow = GetAsset | CheckAsset
Quick = RemoveAsset | DiscardAsset


class Fetcher:
    """The fetcher serves one channel until it closes."""

    def __init__(self, connection: Pipe) -> None:
        self._owner = Owner(connection)
        self._waiting: deque[Slow] = deque()
        self._stopped: set[str] = set()
        self._stage, self._told_s = "", 0.0
        self._steps: object = None

    def serve(self) -> None:
        """Do jobs until the other end closes the channel, then return."""
        try:
            while True:
                while not self._waiting:
                    self._take(self._owner.receive())
                self._do(self._waiting.popleft())
        except OwnerGone:
            _log.debug("the connection closed")

    def _do(self, job: Slow) -> None:
        self._stage = ""
        self._stopped.discard(job.name)
        self._answer(job, lambda: self._followed(job))

    def _answer(self, job: Slow | Quick | ListAssets, work: Callable[[], object]) -> None:
        """Do a job, and send its result or why there is none."""
        answer: object
        try:
            answer = work()
        except StudioError as error:
            answer = AssetFailed(job.job_id, _name_of(job), error)
        except OwnerGone:
            raise
        except Exception as error:
            if missing_part(error) is not None:
                raise
            # The process boundary: whatever went wrong becomes the job's result, and the process lives on.
            _log.exception("%s failed", type(job).__name__)
            detail = f"{type(error).__name__}: {error}".rstrip(": .")
            answer = AssetFailed(job.job_id, _name_of(job), StudioError(detail=detail))
        self._owner.send(answer)

    def _followed(self, job: Slow) -> AssetDone:
        """Take one step after the other, telling how far it is. Raises Cancelled."""
        one = asset_named(job.name)
        steps: Steps[FetchProgress, None, Any]
        steps = get_asset(one, job.settings) if isinstance(job, GetAsset) else check_asset(one, job.settings)
        # Kept: it must not be closed when the owner is gone, as that would remove what is to be gone on with.
        self._steps = steps
        while True:
            try:
                progress = next(steps)
            except StopIteration as end:
                deed = "got" if isinstance(job, GetAsset) else "checked"
                return AssetDone(job.job_id, job.name, deed, end.value or ())
            self._tell(progress)
            if job.name in self._stopped and progress.can_cancel:
                steps.close()
                raise Cancelled

    def _tell(self, progress: FetchProgress) -> None:
        """Take in what waits, and tell how far it is, now and then."""
        while self._owner.poll():
            self._take(self._owner.receive())
        now_s = time.monotonic()
        if progress.stage != self._stage or now_s - self._told_s >= PROGRESS_INTERVAL_S:
            self._stage, self._told_s = progress.stage, now_s
            self._owner.send(progress)

    def _take(self, message: object) -> None:
        if isinstance(message, GetAsset | CheckAsset):
            self._waiting.append(message)
            self._owner.send(FetchProgress(message.name, WAITING))
        elif isinstance(message, StopFetching):
            self._stop(message.name)
        elif isinstance(message, ListAssets | RemoveAsset | DiscardAsset):
            self._answer(message, partial(_done, message))
        else:
            _log.error("not a message: %r", message)

    def _stop(self, name: str) -> None:
        waiting = [one for one in self._waiting if one.name == name]
        for one in waiting:
            self._waiting.remove(one)
            self._owner.send(AssetFailed(one.job_id, one.name, Cancelled()))
        if not waiting:
            self._stopped.add(name)


def _done(job: ListAssets | Quick) -> AssetsListed | AssetDone:
    if isinstance(job, ListAssets):
        from engine.models.hub import usual_folder

        folder = job.settings.models_folder or usual_folder()
        free = free_bytes(Path(folder).expanduser())
        return AssetsListed(job.job_id, list_assets(job.settings), folder, free, total_memory_bytes())
    one = asset_named(job.name)
    if isinstance(job, DiscardAsset):
        discard_asset(one, job.settings)
        return AssetDone(job.job_id, job.name, "discarded")
    remove_asset(one, job.settings)
    return AssetDone(job.job_id, job.name, "removed")


def _name_of(job: Slow | Quick | ListAssets) -> str:
    return "" if isinstance(job, ListAssets) else job.name


def main() -> None:
    """Run the process."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    weigh_session(os.nice(NICENESS))
    fetcher = Fetcher(child_connection())
    fetcher.serve()
    # At once: leaving in order would close a download that is under way, and so throw away what it has.
    os._exit(0)


if __name__ == "__main__":
    main()
