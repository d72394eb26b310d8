# SPDX-License-Identifier: GPL-3.0-or-later
"""This module asks the analysis worker about loops that play or are to play."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from psygnal import Signal

from engine.session.baking import LoopInHand
from engine.session.options import ProvedSeam, StudioOptions
from engine.session.ports import Jobs, NextId
from engine.values import Algorithm, JobFailed, LoopRegion, SpectrogramWindow
from engine.worker.jobs import (
    DrawJob,
    FindJob,
    Found,
    Measured,
    MeasureJob,
    Pictures,
    RedrawJob,
    Redrawn,
    Scored,
    ScoreJob,
)

_log = logging.getLogger(__name__)


class LoopAnalysis:
    """Loop analysis draws loops, finds candidates in them, judges regions, proves their seams and measures loudness.

    Signals
    -------
    learned(LoopInHand, Pictures | SpectrogramImage | LoopFindings | ProvedSeam), measured(loop_id, LUFS),
    failed(StudioError)

    Attributes
    ----------
    window
        With which windows spectrograms are drawn.
    """

    learned = Signal(object, object)
    measured = Signal(int, float)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, next_id: NextId) -> None:
        self._jobs = jobs
        self._next_id = next_id
        self.window = SpectrogramWindow.MEDIUM
        # What is asked of which loop, and not answered yet.
        self._asked: set[tuple[object, ...]] = set()

    def _ask(
        self,
        job: DrawJob | RedrawJob | FindJob | MeasureJob,
        loop: LoopInHand,
        answer: Callable[[Any], None],
        *how: object,
    ) -> None:
        """Ask the worker for a job unless it is being done (like this): a loop may lead before the answer is there."""
        asked = type(job), loop.loop_id, *how
        if asked in self._asked:
            return

        def answered(result: Any) -> None:
            self._asked.discard(asked)
            answer(result)

        self._asked.add(asked)
        self._jobs.submit(job, answered)

    def draw(self, loop: LoopInHand) -> None:
        """Draw pictures of the clip: ``learned``."""

        def answer(result: Pictures | JobFailed) -> None:
            if isinstance(result, JobFailed):
                self.failed.emit(result.error)
            else:
                self.learned.emit(loop, result)

        self._ask(DrawJob(self._next_id(), loop.clip, self.window), loop, answer)

    def redraw(self, loop: LoopInHand) -> None:
        """Draw the clip's spectrogram with other windows: ``learned``, unless yet others are wanted by then."""
        window = self.window

        def answer(result: Redrawn | JobFailed) -> None:
            if isinstance(result, JobFailed):
                self.failed.emit(result.error)
            elif window == self.window:
                self.learned.emit(loop, result.spectrogram)

        self._ask(RedrawJob(self._next_id(), loop.clip, window), loop, answer, window)

    def find_candidates(self, loop: LoopInHand, options: StudioOptions) -> None:
        """Find candidates of a starter or a take, after the best one's proof: ``learned``.

        Its own loop is known, so without others it plays as well: then nothing new is learned.
        """

        def answer(result: Found | JobFailed) -> None:
            if isinstance(result, JobFailed):
                _log.info("no candidates of “%s”: %s", loop.recipe.title, result.error)
                self.learned.emit(loop, loop.findings)
                return
            findings = result.findings
            if findings.proof is not None:
                overlap_ms = findings.best.overlap_beyond(search.overlap_ms)
                self.learned.emit(loop, ProvedSeam(findings.best, overlap_ms, findings.proof))
            self.learned.emit(loop, findings)

        search = options.search(loop.recipe.facts)
        self._ask(FindJob(self._next_id(), loop.clip, search), loop, answer)

    def judge(self, loop: LoopInHand, region: LoopRegion, overlap_ms: float, algorithm: Algorithm) -> None:
        """Judge a region as a candidate, and prove its seam: ``learned``; of several that wait only the last."""

        def answer(result: Scored | JobFailed) -> None:
            if isinstance(result, JobFailed):
                self.failed.emit(result.error)
            else:
                self.learned.emit(loop, ProvedSeam(result.candidate, overlap_ms, result.proof))
                self.measured.emit(loop.loop_id, result.lufs)

        job = ScoreJob(self._next_id(), loop.clip, region, loop.recipe.facts, overlap_ms, algorithm)
        self._jobs.submit(job, answer, instead=True)

    def measure(self, loop: LoopInHand, overlap_ms: float) -> None:
        """Measure how loud a starter or a take is: ``measured``."""

        def answer(result: Measured | JobFailed) -> None:
            if isinstance(result, JobFailed):
                _log.info("no loudness of “%s”: %s", loop.recipe.title, result.error)
            else:
                self.measured.emit(loop.loop_id, result.lufs)

        overlap_ms = loop.candidate.overlap_beyond(overlap_ms)
        self._ask(MeasureJob(self._next_id(), loop.clip, loop.candidate.region, overlap_ms), loop, answer)
