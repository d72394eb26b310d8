# SPDX-License-Identifier: GPL-3.0-or-later
"""This module makes room in the library, a moment at a time, so that nothing else waits for it."""

from __future__ import annotations

from engine.library.room import free_bytes, library_limit_bytes, low_bytes
from engine.library.takes import made_before
from engine.values import RoomTaken
from engine.worker.library_jobs import Purged, PurgeJob
from engine.worker.open_library import opened

PURGE_S = 0.05
"""Seconds for which a job goes on removing takes."""

_least_bytes: dict[str, float] = {}
"""Bytes by folder that its takes held when this process first looked, or may hold since, without a limit set."""


def purge(job: PurgeJob) -> Purged:
    """Remove some of what there is no room for. Raises what opening the library does, CannotRead and CannotWrite."""
    library = opened(job.library_folder)
    before = library.used_bytes()
    free = free_bytes(library.folder)
    least_bytes = _least_bytes.setdefault(job.library_folder, before)
    limit_bytes = library_limit_bytes(job.room, before, free, least_bytes=least_bytes)
    if job.room.limit_bytes <= 0.0:
        _least_bytes[job.library_folder] = limit_bytes
    removed: tuple[str, ...] = ()
    # What is not read yet may be a favourite; each job reads on, unless it has to begin anew.
    goes_on = library.n_unread > 0 and not (library.is_provisional or library.is_locked)
    if not goes_on and not library.is_read_only:
        oldest = made_before(job.room.limit_days)
        is_low = free is not None and free < low_bytes(library.folder)
        done = library.purge(limit_bytes, oldest=oldest, spared=job.spared, is_disk_low=is_low, budget_s=PURGE_S)
        # Where nothing went, another studio is at the folder: the next take's job tries again.
        removed, goes_on = done.removed, bool(done.removed) and not done.is_done
    used = library.used_bytes()
    taken = RoomTaken(used, library.n_takes, limit_bytes, free_bytes(library.folder), low_bytes(library.folder))
    return Purged(job.job_id, removed, before - used, goes_on, taken)
