# SPDX-License-Identifier: GPL-3.0-or-later
"""Streaming plays a clip while it is still being made: its loop grows by each part that the generator hands over.

The loop is all there is of the clip so far. What is added is swapped in at its place, long before that is heard; when
the clip is whole, its own loop takes the place in the same way. Should the generator stop in the middle, what there is
goes on as a loop like any other.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from engine.session.baking import LoopInHand
from engine.session.clip_maker import ClipMaker
from engine.session.clip_recipe import recipe_of_clip
from engine.session.leading import Led
from engine.session.options import StudioOptions
from engine.session.ports import NextId, Ports
from engine.session.presenter import LoopPresenter
from engine.session.running import Running
from engine.session.up_next import UpNext
from engine.values import Clip, ClipResult, JobFailed, LoopFindings, MusicFacts, Progress
from engine.worker.jobs import Measured, MeasureJob

LEAST_S = 1.0
"""Seconds of a clip that there are at least before it is heard."""
STEADY = 0.8
"""Share of the speed at which a clip is made so far on which one can count until its end."""
FINDING_S = 3.0
"""Seconds that looking for the clip's own loop takes, once it is made."""
GROWS_S = 2.0
"""Seconds by which a loop grows at least, but for the last time."""


def keeps_ahead(made_s: float, whole_s: float, speed: float) -> bool:
    """Return whether a clip that is heard from now on is made, and its loop found, before it is played to its end.

    Parameters
    ----------
    made_s, whole_s
        Seconds of it that are made, and that it will have.
    speed
        Seconds of music that are made in a second.
    """
    return made_s >= LEAST_S and (whole_s - made_s) / (STEADY * speed) + FINDING_S <= whole_s


class Streaming:
    """Streaming has the clip that is awaited be heard before it is done, where it is made fast enough."""

    def __init__(
        self,
        ports: Ports,
        running: Running,
        maker: ClipMaker,
        presenter: LoopPresenter,
        *,
        up_next: UpNext,
        next_id: NextId,
    ) -> None:
        self._ports, self._next_id = ports, next_id
        self._maker, self._presenter, self._up_next, self._baker = maker, presenter, up_next, presenter.baker
        self._job_id: int | None = None
        self._chunks: list[Clip] = []
        # What came first, and when: only what follows tells how fast it is made.
        self._first_s, self._since_s = 0.0, 0.0
        self._lufs = -math.inf
        self._is_measuring = False
        # As it is heard, or about to be; None while it is not.
        self._loop: LoopInHand | None = None
        # All of it, while a part of it may be on its way in: the rest follows when that leads.
        self._whole: LoopInHand | None = None
        maker.progressed.connect(self._on_progressed)
        maker.gave_up.connect(self._end)
        running.changed.connect(self._on_running_changed)

    @property
    def _made_s(self) -> float:
        return sum(one.duration_s for one in self._chunks)

    @property
    def _options(self) -> StudioOptions:
        assert self._maker.options is not None
        return self._maker.options

    def _is_awaited(self) -> bool:
        """Return whether what is being made is to be heard as soon as it can: nothing else comes."""
        now = self._presenter.now_playing
        if now is None or self._up_next.n_ahead or self._up_next.is_held:
            return False
        return self._up_next.hurry or now.playing.is_starter

    def _on_progressed(self, progress: Progress) -> None:
        if progress.chunk is None:
            return
        now_s, request = self._ports.clock.now_s(), self._maker.request
        if progress.job_id != self._job_id:
            self._forget()
            self._job_id = progress.job_id
            self._first_s, self._since_s = progress.chunk.duration_s, now_s
        self._chunks.append(progress.chunk)
        made_s, passed_s = self._made_s, now_s - self._since_s
        if self._loop is not None:
            self._grow()
        elif request is not None and made_s > self._first_s and not self._is_measuring and self._is_awaited():
            speed = (made_s - self._first_s) / max(passed_s, 1e-3)
            if keeps_ahead(made_s, request.duration_s, speed):
                self._measure()

    def _on_running_changed(self, is_on: bool) -> None:
        if not is_on:
            self._end()

    def _measure(self) -> None:
        """Have it be told how loud the clip is so far, and then be heard."""
        job_id, loop = self._job_id, self._so_far()
        self._is_measuring = True

        def answer(result: Measured | JobFailed) -> None:
            if job_id != self._job_id:
                return
            self._is_measuring = False
            if isinstance(result, JobFailed) or not math.isfinite(result.lufs) or not self._is_awaited():
                return
            self._lufs = result.lufs
            self._loop = loop = self._so_far()
            self._baker.learn(loop.loop_id, self._lufs)
            self._up_next.add(loop)
            self._presenter.look_at(loop, self._options)

        region = loop.candidate.region
        self._ports.analysis.submit(MeasureJob(self._next_id(), loop.clip, region, 0.0), answer, first=True)

    def _so_far(self) -> LoopInHand:
        """Return what there is of the clip, as a loop."""
        request = self._maker.request
        assert request is not None
        assert self._job_id is not None
        clip = Clip(np.concatenate([one.samples for one in self._chunks]), self._chunks[0].sample_rate)
        self._chunks = [clip]
        made = ClipResult(self._job_id, clip, MusicFacts(), request.seed, {})
        recipe = recipe_of_clip(request, made, created_utc=self._maker.created_utc)
        recipe = replace(recipe, algorithm=self._options.algorithm, loop=replace(recipe.loop, weak=True))
        findings = LoopFindings(recipe.algorithm, (recipe.loop,), recipe.facts)
        return LoopInHand(self._job_id, clip, recipe, findings, is_growing=True)

    def _grow(self) -> None:
        """Have what was added be heard too, if it is worth it."""
        loop, request = self._loop, self._maker.request
        assert loop is not None
        assert request is not None
        is_all = self._made_s >= request.duration_s - GROWS_S
        if (is_all or self._made_s - loop.clip.duration_s >= GROWS_S) and not self._waits(loop):
            self._loop = self._so_far()
            self._swap_in(self._loop)

    def _waits(self, loop: LoopInHand) -> bool:
        """Return whether a loop is ready and not handed over yet: it is, as it is then."""
        return any(one.loop_id == loop.loop_id for one in self._up_next.ready)

    def _swap_in(self, loop: LoopInHand) -> None:
        """Have this take the place of what is heard of the same clip, or is about to be."""
        now = self._presenter.now_playing
        if now is not None and now.playing.loop_id == loop.loop_id:
            self._presenter.retouch(loop, self._options, self._lufs, None)
        else:
            self._baker.forget(loop.loop_id)
            self._baker.learn(loop.loop_id, self._lufs)
            self._ports.player.replace(loop.loop_id, self._baker.part(loop).baked)

    def on_led(self, led: Led) -> None:
        """Go on with all there is of the clip when it leads: it grew since it was handed over."""
        for loop in (self._loop, self._whole):
            if loop is not None and led.loop_id == loop.loop_id and led.playing is not loop:
                self._swap_in(loop)
        self._whole = None

    def take_in(self, made: LoopInHand, lufs: float) -> None:
        """Have a loop that was made come next, or take the place of what is heard of its clip already."""
        loop = self._loop
        self._forget()
        if loop is not None and loop.loop_id == made.loop_id:
            self._take_place(made, lufs)
        else:
            self._come_next(made, lufs)

    def _end(self) -> None:
        """Have what there is of a clip go on as it is: no more of it will be made."""
        loop = self._loop
        self._forget()
        if loop is None:
            return
        whole = replace(loop, is_growing=False)
        # A piece is a makeshift: it makes way for whatever comes.
        self._up_next.hurry = True
        self._take_place(whole, self._lufs)

    def _come_next(self, loop: LoopInHand, lufs: float) -> None:
        self._baker.learn(loop.loop_id, lufs)
        self._up_next.add(loop)

    def _take_place(self, loop: LoopInHand, lufs: float) -> None:
        # Looked at again when it leads: what was handed over, and called off, may be heard all the same.
        self._whole, self._lufs = loop, lufs
        if self._up_next.exchange(loop.loop_id):
            self._come_next(loop, lufs)
        else:
            self._swap_in(loop)

    def _forget(self) -> None:
        self._job_id, self._chunks, self._loop, self._is_measuring = None, [], None, False
