# SPDX-License-Identifier: GPL-3.0-or-later
"""This module keeps the score maps of the loop that plays, as long as somebody looks at them."""

from __future__ import annotations

import logging

from psygnal import Signal

from engine.session.now_playing import NowPlaying
from engine.session.ports import Jobs, NextId
from engine.values import Clip, JobFailed, LoopRegion, MapWindow
from engine.worker.jobs import MapJob, Mapped

_log = logging.getLogger(__name__)


class LoopMapping:
    """Loop mapping has the worker map the clip that plays, once there is nothing else for it to do.

    The maps of all of a clip come first, then those of the window that is looked at. Maps of a clip that plays no more
    are forgotten, and what comes too late is dropped.

    Signals
    -------
    changed(ScoreMaps | None)
        Other maps are there: of all of the clip, or of a window; None for a clip that is not mapped yet.
    """

    changed = Signal(object)

    def __init__(self, jobs: Jobs, next_id: NextId) -> None:
        self._jobs = jobs
        self._next_id = next_id
        self._now: NowPlaying | None = None
        self._is_wanted = False
        self._window: MapWindow | None = None
        self._clip: Clip | None = None
        # What the maps of all of the clip stand for; None while there are none.
        self._known: tuple[LoopRegion, ...] | None = None
        self._asked: tuple[int, MapWindow | None, tuple[LoopRegion, ...]] | None = None

    def want(self, is_wanted: bool) -> None:
        """Map what plays from now on, or do not; maps that are there stay until the clip is another."""
        self._is_wanted = is_wanted
        if is_wanted:
            self._look()
        else:
            self._withdraw()

    def refine(self, window: MapWindow | None) -> None:
        """Map these loops of the clip as finely as all of them were; None is what is there already."""
        self._window = window
        if self._asked is not None and self._asked[1] is not None and self._asked[1] != window:
            self._withdraw()
        self._look()

    def close(self) -> None:
        """Ask for nothing more."""
        self._is_wanted = False
        self._asked = None

    def look_at(self, now: NowPlaying) -> None:
        """Map this loop, which plays now, or of which more is known now."""
        self._now = now
        if now.playing.clip is not self._clip:
            self._withdraw()
            self._clip, self._known, self._window = now.playing.clip, None, None
            self.changed.emit(None)
        self._look()

    def _look(self) -> None:
        """Ask for what is wanted and not there, one thing at a time."""
        now = self._now
        if not self._is_wanted or self._asked is not None or now is None:
            return
        known = tuple(one.region for one in now.findings.in_own_order)
        if self._known != known:
            self._ask(now, None, known)
        elif self._window is not None:
            self._ask(now, self._window, known)

    def _ask(self, now: NowPlaying, window: MapWindow | None, known: tuple[LoopRegion, ...]) -> None:
        job_id = self._next_id()
        self._asked = job_id, window, known

        def answer(result: Mapped | JobFailed) -> None:
            if self._asked is None or self._asked[0] != job_id:
                return
            self._asked = None
            if window is None:
                self._known = known
            elif self._window == window:
                self._window = None
            if isinstance(result, JobFailed):
                # The music goes on without; the panel says that nothing is mapped.
                _log.info("no score map of “%s”: %s", now.playing.recipe.title, result.error)
            else:
                self.changed.emit(result.maps)
            self._look()

        job = MapJob(job_id, now.playing.clip, now.findings.facts, window, known)
        self._jobs.submit(job, answer, idle=True)

    def _withdraw(self) -> None:
        if self._asked is not None:
            self._jobs.withdraw(self._asked[0])
            self._asked = None
