# SPDX-License-Identifier: GPL-3.0-or-later
"""The clip finder has the analysis worker judge a clip that was made, and find its loop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from engine.generators.asked_music import asked_of
from engine.session.fitting import is_exact, music_fit, to_be_measured
from engine.session.options import StudioOptions
from engine.session.ports import Jobs
from engine.values import ClipRequest, ClipResult, Dullness, JobFailed, LoopFindings, MusicFit
from engine.worker.jobs import FindJob, Found, Judged, JudgeJob, StretchClipJob, StretchedClip

NOTHING_ASKED = MusicFit()


@dataclass(frozen=True, eq=False, slots=True)
class FoundClip:
    """A found clip is one that was made, with its loop and all that was judged of it.

    Attributes
    ----------
    lufs
        Loudness of its best loop, repeated.
    dullness
        In which way it is too dull to play, or None.
    fit
        How its measured tempo and key stand to those asked for; nothing of an exact generator's.
    """

    request: ClipRequest
    made: ClipResult
    findings: LoopFindings
    lufs: float
    dullness: Dullness | None = None
    fit: MusicFit = NOTHING_ASKED


Answer = Callable[[FoundClip | Exception], None]


class ClipFinder:
    """The clip finder looks at one clip at a time; those of exact generators are not measured.

    Parameters
    ----------
    jobs
        Of the analysis worker.
    """

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._looked_at: ClipResult | None = None

    def withdraw(self) -> None:
        """Answer nothing any more about the clip that is looked at."""
        if self._looked_at is not None:
            self._jobs.withdraw(self._looked_at.job_id)
            self._looked_at = None

    def find(self, request: ClipRequest, made: ClipResult, options: StudioOptions, answer: Answer) -> None:
        """Judge a clip and find its loop."""
        self._looked_at = made
        if is_exact(request.generator):
            self._find(request, made, options, answer, None)
            return

        def then(result: Judged | JobFailed) -> None:
            if self._looked_at is not made:
                return
            if isinstance(result, JobFailed):
                answer(result.error)
            else:
                self._find(request, made, options, answer, result.dullness)

        self._jobs.submit(JudgeJob(made.job_id, made.clip), then)

    def stretch(self, found: FoundClip, speed: float, options: StudioOptions, answer: Answer) -> None:
        """Play a clip at another speed, pitch kept, and find the loop of what that gives."""
        made = self._looked_at = found.made
        request = replace(found.request, speed=found.request.speed * speed)

        def then(result: StretchedClip | JobFailed) -> None:
            if self._looked_at is not made:
                return
            if isinstance(result, JobFailed):
                answer(result.error)
                return
            stretched = self._looked_at = replace(made, clip=result.clip, score=None, stems={}, others=())
            self._find(request, stretched, options, answer, found.dullness)

        self._jobs.submit(StretchClipJob(made.job_id, made.clip, speed), then)

    def _find(
        self,
        request: ClipRequest,
        made: ClipResult,
        options: StudioOptions,
        answer: Answer,
        dullness: Dullness | None,
    ) -> None:
        search = options.search(to_be_measured(request.generator, made.facts))

        def then(result: Found | JobFailed) -> None:
            if self._looked_at is not made:
                return
            self._looked_at = None
            if isinstance(result, JobFailed):
                answer(result.error)
                return
            fit = MusicFit()
            if not is_exact(request.generator):
                fit = music_fit(asked_of(request.prompt, request.bpm, request.key), result.findings.facts)
            answer(FoundClip(request, made, result.findings, result.lufs, dullness, fit))

        self._jobs.submit(FindJob(made.job_id, made.clip, search), then)
