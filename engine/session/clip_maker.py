# SPDX-License-Identifier: GPL-3.0-or-later
"""The clip maker turns options into loops in hand: it has clips generated and judged, finds loops, and tries again."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from psygnal import Signal

from engine.errors import Cancelled, RemoteError, StudioError, UserError, WorkerHung
from engine.generators.base import Limits
from engine.generators.jobs import CancelJob, GenerateJob
from engine.generators.registry import generators as all_generators
from engine.generators.registry import limits_of, most_clips_of
from engine.session.baking import LoopInHand
from engine.session.clip_finder import ClipFinder, FoundClip
from engine.session.clip_recipe import now_utc, recipe_of_clip
from engine.session.clip_request import clip_request
from engine.session.fallback_chain import REMOTE_AGAIN_S, FallbackChain, FallbackStep
from engine.session.judging import GiveUp, MakeAgain, StretchTo, Tries
from engine.session.keeping_up import KeepingUp
from engine.session.music_in_hand import MakingTime
from engine.session.options import Happening, ProvedSeam, StudioOptions
from engine.session.pace_book import PaceBook
from engine.session.pace_meter import PaceMeter
from engine.session.ports import Clock, Generators, Jobs, NextId
from engine.values import ClipRequest, ClipResult, Family, JobFailed, MusicFacts, PaceRun, Progress, Recipe

FIRST_RETRY_S = 2.0
"""Seconds between the first failure and the next try; each further failure doubles them."""
LAST_RETRY_S = 120.0
"""Most seconds between a failure and the next try; another machine may be there again at any time."""


class ClipMaker:
    """The clip maker makes one loop at a time; what fails again and again is made in another way (``FallbackChain``).

    It makes as many as it was asked for, one after the other or at once where the generator can, and tells of each as
    soon as it is there. What is too dull is made again, at most twice (``Tries``).

    Signals
    -------
    made(LoopInHand, its LUFS), progressed(Progress), failed(StudioError, retry_s), happened(Happening), gave_up(): what
    was being made will not be, as it failed or was cancelled

    Attributes
    ----------
    time
        How long loops take to make, from asking to a loop found.
    options, request
        What is being made, or was last, as it was wished and as it was asked for; None before the first.
    created_utc
        When that was begun, as its recipe tells it.
    has_earlier
        Tells whether there is music that was made before and may come again.
    """

    made = Signal(object, float)
    progressed = Signal(object)
    failed = Signal(object, float)
    happened = Signal(object)
    gave_up = Signal()

    def __init__(
        self, generators: Generators, jobs: Jobs, next_id: NextId, clock: Clock, book: PaceBook | None = None
    ) -> None:
        self._generators = generators
        self._finder = ClipFinder(jobs)
        self._next_id = next_id
        self._clock = clock
        self.options: StudioOptions | None = None
        self.has_earlier: Callable[[], bool] = lambda: False
        self._chain: FallbackChain | None = None
        self._step: FallbackStep | None = None
        self.request: ClipRequest | None = None
        self.created_utc = ""
        # Clips asked for with these options: each has a seed of its own.
        self._n_asked = 0
        # Loops that are still to be made at once, clips that are made and not looked at, and what was made for one.
        self._n_left = 0
        self._made: deque[ClipResult] = deque()
        self._first: ClipResult | None = None
        self._tries = Tries()
        # The piece that each generator is in the middle of, and as it was before what is made at once.
        self._families: dict[str, Family] = {}
        self._follows: dict[str, Family] = {}
        # What is known of the sound that was brought last: what is made goes on at its tempo, in its key.
        self._followed: MusicFacts | None = None
        self._begun_s = 0.0
        self.time = MakingTime()
        self._book = book or PaceBook()
        self._keeping_up = KeepingUp(self._book)
        self._meter: PaceMeter | None = None
        self._run: PaceRun | None = None
        self._job_id: int | None = None
        self._is_generating = False
        self._is_failing = False
        self._limits, self._silence_s = Limits(), 0.0
        self._failures = itertools.count()
        self._retry = clock.timer(self._begin)
        self._silence = clock.timer(self._on_silence)
        # By generator, the job that it is to give up, and until when it may go on.
        self._cancelled: dict[str, int] = {}
        self._unheeded = {one.name: clock.timer(partial(self._on_unheeded, one.name)) for one in all_generators()}
        generators.received.connect(self._on_received)
        generators.died.connect(self._on_died)

    @property
    def is_busy(self) -> bool:
        """Return whether a clip is being made, or waits to be tried again."""
        return self._job_id is not None or self._retry.is_active

    def is_making_by(self, generator: str) -> bool:
        """Return whether that generator is making a clip now."""
        return self._is_generating and self._step is not None and self._step.generator == generator

    @property
    def makes_nothing(self) -> bool:
        """Return whether the last try failed, and nothing was made since."""
        return self._is_failing

    @property
    def usual_s(self) -> float | None:
        """Return how long a loop takes: as those of late, before the first as the machine's pace has it; or None."""
        if self.time.mean_s is not None or self._chain is None:
            return self.time.mean_s
        return self._keeping_up.total_s(self._chain.steps[0])

    def set_in_hand(self, seconds: float | None) -> None:
        """Know for how long the music lasts if nothing more is made; None where that is not known."""
        self._keeping_up.in_hand_s = seconds

    def make(self, options: StudioOptions, *, n: int = 1) -> None:
        """Make a loop, or ``n`` at once that all go on from the same clip; what was being made is cancelled."""
        self.cancel()
        if self._chain is None or self.options is None or options.asks_for_other_clips(self.options):
            self._chain = FallbackChain(options)
            self._is_failing = False
            self.time = MakingTime()
            self._keeping_up.begin_anew()
        if self.options is None or options.asks_for_other_music(self.options):
            self._n_asked = 0
        if self.options is not None and options.prompt != self.options.prompt:
            self._followed = None
        self.options = options
        self._failures = itertools.count()
        self._n_left, self._follows = n, dict(self._families)
        self._begin()

    def try_again(self) -> None:
        """Make the next clip as it was asked for, though that failed: what it lacked may be here now."""
        if self._chain is None or self.options is None or not (self._chain.is_down or self._retry.is_active):
            return
        self._chain = FallbackChain(self.options)
        if self._retry.is_active:
            self.make(self.options)

    def begin_anew(self) -> None:
        """Have the next clip be the first of a piece, and not go on from the last one."""
        self._families.clear()
        self._followed = None

    def follow(self, facts: MusicFacts) -> bool:
        """Have the next clips go on at a tempo, in a key, as far as these are known; return whether that is news."""
        known = MusicFacts(facts.tempo_bpm, facts.key)
        if known in (MusicFacts(), self._followed):
            return False
        self._families.clear()
        self._followed = known
        return True

    def take_up(self, recipe: Recipe) -> bool:
        """Have the next clip go on from this one, if it does not already; return whether that is news."""
        self._followed = None
        family, last = recipe.family, self._families.get(recipe.generator)
        if family is None or family == last:
            return False
        self._families[recipe.generator] = family
        return True

    def cancel(self) -> None:
        """Stop making; the clip in the making is dropped."""
        self._retry.stop()
        self._silence.stop()
        if self._job_id is not None and self._is_generating:
            assert self._step is not None
            generator = self._step.generator
            self._generators.send(generator, CancelJob(self._job_id))
            if generator in self._unheeded:
                self._cancelled[generator] = self._job_id
                self._unheeded[generator].start(self._limits.cancel_s)
        self._finder.withdraw()
        self._n_left, self._tries = 0, Tries()
        self._made.clear()
        was_busy, self._job_id = self._job_id is not None, None
        self._is_generating = False
        if was_busy:
            self.gave_up.emit()

    def close(self) -> None:
        """Cancel without waiting for anything."""
        self.cancel()
        for timer in self._unheeded.values():
            timer.stop()

    def _begin(self) -> None:
        assert self.options is not None
        assert self._chain is not None
        options, self._begun_s = self.options, self._clock.now_s()
        self.created_utc = now_utc()
        step = self._step = self._keeping_up.choose(self._chain, self._begun_s, options)
        self._job_id, self._first = self._next_id(), None
        self._is_generating = True
        n_clips = max(1, min(self._n_left, most_clips_of(step.generator)))
        try:
            request = self.request = clip_request(
                self._job_id,
                step,
                options,
                n_before=self._n_asked,
                follows=self._follows.get(step.generator),
                like=self._followed,
            )
        except UserError as error:
            self._fail(error)
            return
        self._n_asked += n_clips
        request = self.request = replace(request, n_clips=n_clips)
        self._meter = PaceMeter(request, self._begun_s, self._book.expected(step, n_clips))
        if (told := self._keeping_up.told(self._chain)) is not None:
            self.happened.emit(told)
        # Until its first word its model may be loading.
        self._limits = limits_of(step.generator)
        self._listen_for(self._limits.load_s)
        self._generators.send(step.generator, GenerateJob(request, options.generators))

    def _on_received(self, message: Any) -> None:
        if not isinstance(message, Progress):
            for generator, job_id in self._cancelled.items():
                if job_id == message.job_id:
                    self._unheeded[generator].stop()
        if message.job_id != self._job_id or not self._is_generating:
            return
        self._listen_for(self._limits.silence_s)
        assert self._meter is not None
        if isinstance(message, Progress):
            self.progressed.emit(self._meter.hear(message, self._clock.now_s()))
        elif isinstance(message, ClipResult):
            self._run = self._meter.run(message, self._clock.now_s())
            if self._run is not None:
                self._book.took(self._run)
            self._silence.stop()
            self._is_generating = False
            self._first, self._made = message, deque((message, *message.others))
            self._look_at_next()
        elif isinstance(message, JobFailed):
            self._fail(message.error)

    def _on_died(self, generator: str, error: StudioError) -> None:
        if generator in self._unheeded:
            self._unheeded[generator].stop()
        self._keeping_up.lost(generator)
        if self._is_generating and self._step is not None and generator == self._step.generator:
            self._fail(error)

    def _listen_for(self, seconds: float) -> None:
        self._silence_s = seconds
        self._silence.start(seconds)

    def _on_silence(self) -> None:
        assert self._step is not None
        self._silence.start(self._silence_s)
        self._generators.give_up(self._step.generator, WorkerHung(worker=self._step.generator, limit_s=self._silence_s))

    def _on_unheeded(self, generator: str) -> None:
        self._generators.give_up(generator, WorkerHung(worker=generator, limit_s=limits_of(generator).cancel_s))

    def _look_at_next(self) -> None:
        """Judge the next clip that was made, and find its loop; make another where there is none."""
        if not self._made:
            self._begin()
            return
        assert self.options is not None
        assert self.request is not None
        self.progressed.emit(Progress(self.request.job_id, None, "finding the loop"))
        self._finder.find(self.request, self._made.popleft(), self.options, self._on_found)

    def _on_found(self, found: FoundClip | Exception) -> None:
        assert self.options is not None
        if isinstance(found, Exception):
            if self._made:
                self._look_at_next()
            else:
                self._fail(found)
            return
        decision = self._tries.decide(found, self.options.misfit)
        match decision:
            case MakeAgain():
                self.happened.emit(decision.why)
                # What was heard of it while it was made is not what comes.
                self.gave_up.emit()
                self._look_at_next()
            case GiveUp():
                self._fail(decision.error)
            case StretchTo():
                self._finder.stretch(decision.clip, decision.speed, self.options, self._on_stretched)
            case _:
                self._finish(decision.clip)

    def _on_stretched(self, found: FoundClip | Exception) -> None:
        if isinstance(found, Exception):
            self._fail(found)
        else:
            self._finish(found)

    def _finish(self, found: FoundClip) -> None:
        assert self._chain is not None
        assert self.options is not None
        assert self._step is not None
        request, made, findings = found.request, found.made, found.findings
        self._is_failing = False
        self._tries, self._failures = Tries(), itertools.count()
        if made.family is not None:
            self._families[request.generator] = made.family
        self._keeping_up.made(self._step)
        is_bridge, news, now_s = self._keeping_up.is_bridge, None, self._clock.now_s()
        if not is_bridge:
            self.time.took(now_s - self._begun_s)
            news = self._chain.worked()
        self._begun_s = now_s
        if news is not None:
            self.happened.emit(news)
        # It may be heard already, while it was made: then it goes on as the same loop.
        is_as_told = made is self._first
        if not is_as_told:
            self.gave_up.emit()
        loop_id = made.job_id if is_as_told else self._next_id()
        making_s = self._run.making_s if self._run is not None else None
        created_utc = self.created_utc if is_as_told else now_utc()
        recipe = recipe_of_clip(request, made, findings, created_utc=created_utc, making_s=making_s)
        proved = None
        if findings.proof is not None:
            overlap_ms = findings.best.overlap_beyond(self.options.overlap_ms)
            proved = ProvedSeam(findings.best, overlap_ms, findings.proof)
        loop = LoopInHand(loop_id, made.clip, recipe, findings, proved=proved, score=made.score)
        self._n_left -= 1
        job_id = self._job_id
        if self._n_left <= 0:
            self._job_id = None
            self._made.clear()
        self.made.emit(loop, found.lufs)
        if self._n_left > 0 and self._job_id == job_id:
            # The others that were to be made at once, unless something else is wanted since.
            self._look_at_next()

    def _fail(self, error: Exception) -> None:
        if not isinstance(error, Cancelled) and self.options is not None:
            best = self._tries.best(self.options.misfit)
            if best is not None:
                # One that is not what was wished for is there, and none better can be made now.
                self._silence.stop()
                self._is_generating = False
                self._finish(best)
                return
        self._job_id = None
        self._is_generating = False
        self._silence.stop()
        self.gave_up.emit()
        self._tries = Tries()
        self._made.clear()
        if isinstance(error, Cancelled):
            return
        self._is_failing = True
        news = self._step_down(error)
        if news is not None:
            # What is made now has not failed yet.
            self._failures = itertools.count()
        last_s = REMOTE_AGAIN_S if isinstance(error, RemoteError) else LAST_RETRY_S
        retry_s = min(FIRST_RETRY_S * 2.0 ** next(self._failures), last_s)
        self._retry.start(retry_s)
        self.failed.emit(error if isinstance(error, StudioError) else StudioError(detail=str(error)), retry_s)
        if news is not None:
            self.happened.emit(news)

    def _step_down(self, error: Exception) -> Happening | None:
        """Have the chain step down to what is expected to come in time; what only bridges says nothing of the chain."""
        if self._chain is None or self.options is None or self._keeping_up.is_bridge:
            return None
        play_s = self.options.least_play_s
        return self._chain.failed(
            error,
            self._clock.now_s(),
            is_late=lambda step: self._keeping_up.is_late(step, play_s),
            keeps_to_own=self.options.recycles and self.has_earlier(),
        )
