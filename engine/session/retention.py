# SPDX-License-Identifier: GPL-3.0-or-later
"""Retention has the library's process remove takes that there is no room for, in small steps that hold nothing up."""

from __future__ import annotations

from collections.abc import Callable, Collection

from psygnal import Signal

from engine.errors import DiskNearlyFull
from engine.session.options import Happening
from engine.session.ports import Jobs, NextId
from engine.units import GB, MB
from engine.values import JobFailed, Room, RoomTaken
from engine.worker.library_jobs import Purged, PurgeJob

BETTER = 1.25
"""Ratio to the room that would be too little, from which on a disk is no longer nearly full."""


class Retention:
    """Retention asks for room at the start and after each take, and goes on in small steps until there is enough.

    Signals
    -------
    removed(tuple of take ids), taken(RoomTaken), happened(Happening), failed(StudioError), warned(DiskNearlyFull),
    recovered(DiskNearlyFull): it is so no more

    Parameters
    ----------
    spared
        Tells the ids of takes that stay because they play, come or are in memory.
    """

    removed = Signal(object)
    taken = Signal(object)
    happened = Signal(object)
    failed = Signal(object)
    warned = Signal(object)
    recovered = Signal(object)

    def __init__(self, jobs: Jobs, next_id: NextId, spared: Callable[[], Collection[str]]) -> None:
        self._jobs = jobs
        self._next_id = next_id
        self._spared = spared
        self._folder = ""
        self._room = Room()
        self._asked_id = 0
        self._n_removed, self._freed_bytes = 0, 0
        self._warning: DiskNearlyFull | None = None

    def use(self, folder: str, room: Room) -> None:
        """Use this library, and this room for it, from now on."""
        if (folder, room) != (self._folder, self._room):
            self._folder, self._room = folder, room
            self.look()

    def look(self) -> None:
        """See whether there is room, and make some."""
        if not self._folder:
            return
        folder, job_id = self._folder, self._next_id()
        self._asked_id = job_id

        def answer(result: Purged | JobFailed) -> None:
            if self._asked_id == job_id:
                self._asked_id = 0
            if folder == self._folder:
                self._on_purged(result)

        job = PurgeJob(job_id, folder, self._room, frozenset(self._spared()))
        self._jobs.submit(job, answer, instead=True, idle=True)

    def look_anew(self) -> None:
        """Look again, as other takes are to be spared: the steps that wait must know."""
        if self._asked_id:
            self.look()

    def _on_purged(self, result: Purged | JobFailed) -> None:
        if isinstance(result, JobFailed):
            self.failed.emit(result.error)
        else:
            self._n_removed += len(result.removed)
            self._freed_bytes += result.freed_bytes
            if result.removed:
                self.removed.emit(result.removed)
            self.taken.emit(result.taken)
            self._warn(result.taken)
            if result.goes_on:
                self.look()
                return
        self._tell()

    def _warn(self, taken: RoomTaken) -> None:
        """Warn once, well before the disk is full; again only after it was better."""
        free = taken.free_bytes
        if free is None:
            return
        if taken.is_low and self._warning is None:
            self._warning = DiskNearlyFull(path=self._folder, gigabytes=free / GB)
            self.warned.emit(self._warning)
        elif self._warning is not None and free >= BETTER * taken.low_bytes:
            self.recovered.emit(self._warning)
            self._warning = None

    def _tell(self) -> None:
        """Tell which takes were removed, in one line once all of them are gone."""
        n_takes, freed_bytes = self._n_removed, self._freed_bytes
        self._n_removed, self._freed_bytes = 0, 0
        if not n_takes:
            return
        if freed_bytes >= GB:
            fields: dict[str, object] = {"n": n_takes, "gigabytes": freed_bytes / GB}
            self.happened.emit(Happening("Room in the library: oldest takes removed: {n} ({gigabytes:.1f} GB)", fields))
        else:
            fields = {"n": n_takes, "megabytes": freed_bytes / MB}
            self.happened.emit(Happening("Room in the library: oldest takes removed: {n} ({megabytes:.1f} MB)", fields))
