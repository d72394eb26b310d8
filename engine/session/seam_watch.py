# SPDX-License-Identifier: GPL-3.0-or-later
"""The seam watch has the seam of the loop that plays drawn at sample level, as long as it is looked at."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from psygnal import Signal

from engine.loops.seam_picture import beats_of
from engine.session.now_playing import NowPlaying
from engine.session.options import LoopView
from engine.session.ports import Jobs, NextId
from engine.values import Clip, JobFailed, LoopRegion
from engine.worker.jobs import SeamDrawn, SeamJob

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Seam:
    """A seam is all that its picture depends on; clips are told apart by identity."""

    clip: Clip
    region: LoopRegion
    overlap_ms: float
    n_beats: int


class SeamWatch:
    """The seam watch asks for one picture at a time, the newest, while the worker has nothing else to do.

    Signals
    -------
    drawn(SeamPicture): of what plays, or of the region that the person is about to choose
    """

    drawn = Signal(object)

    def __init__(self, jobs: Jobs, next_id: NextId) -> None:
        self._jobs = jobs
        self._next_id = next_id
        self._is_wanted = False
        self._now: NowPlaying | None = None
        # The region that an edge is being moved to, and what played when it was: that it takes the place of.
        self._moving: LoopRegion | None = None
        self._playing: tuple[int, LoopRegion] | None = None
        self._asked: _Seam | None = None

    def want(self, is_wanted: bool) -> None:
        """Have seams drawn from now on, or no more: nothing is computed for a panel that is not seen."""
        self._is_wanted = is_wanted
        if is_wanted:
            self._ask()
        else:
            self._asked = None

    def follow(self, now: NowPlaying, view: LoopView) -> None:
        """Have the seam drawn of what plays now, if it is another."""
        playing = view.loop_id, view.region
        if playing != self._playing:
            self._playing, self._moving = playing, None
        self._now = now
        self._ask()

    def look_at(self, region: LoopRegion) -> None:
        """Have the seam drawn that this region of the clip would have, until another plays."""
        if self._now is not None and region.loop_end <= self._now.playing.clip.n_samples:
            self._moving = region
            self._ask()

    def _ask(self) -> None:
        now = self._now
        if now is None or not self._is_wanted:
            return
        clip, findings = now.playing.clip, now.findings
        # As the bar lines are counted: the best that was found begins a bar.
        first_beat = findings.best.region.loop_start
        beats = beats_of(findings.grid, now.playing.recipe.facts, first_beat, clip.n_samples, clip.sample_rate)
        region = self._moving or now.candidate.region
        seam = _Seam(clip, region, now.overlap_ms, 0 if beats is None else int(beats.beats.size))
        if seam == self._asked:
            return
        self._asked = seam

        def answer(result: SeamDrawn | JobFailed) -> None:
            if isinstance(result, JobFailed):
                _log.info("no picture of the seam: %s", result.error)
            # One that is a step behind the hand is shown: a long crossfade would else stand still while it moves.
            elif self._is_wanted and seam.clip is now.playing.clip:
                self.drawn.emit(result.picture)

        job = SeamJob(self._next_id(), clip, seam.region, seam.overlap_ms, beats)
        # Music comes first, and of several seams only the newest.
        self._jobs.submit(job, answer, instead=True, idle=True)
