# SPDX-License-Identifier: GPL-3.0-or-later
"""The clip that plays is mapped while somebody looks, all of it first; what comes too late is dropped."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.errors import SilentClip
from engine.loops.metrics import WEIGHTS
from engine.session.baking import LoopInHand
from engine.session.mapping import LoopMapping
from engine.session.now_playing import NowPlaying
from engine.values import Clip, JobFailed, MapWindow, ScoreMaps
from engine.worker.jobs import MapJob, Mapped
from tests.engine.session.ports import HandyWorker
from tests.engine.session.scenes import new_scene

WINDOW = MapWindow(0, 1000, 2000, 3000)


class Mapper:
    """This looks at a mapping, and answers for the worker."""

    def __init__(self) -> None:
        self.jobs: list[tuple[MapJob, Callable[[Any], None]]] = []
        self.withdrawn: list[int] = []
        self.told: list[ScoreMaps | None] = []
        mapper = self

        class Worker(HandyWorker):
            def submit(self, job: Any, answer: Callable[[Any], None], **how: bool) -> None:
                assert how == {"idle": True}, "the map waits for all that the music needs"
                mapper.jobs.append((job, answer))

            def withdraw(self, job_id: int) -> None:
                mapper.withdrawn.append(job_id)

        self.mapping = LoopMapping(Worker(), itertools.count(1).__next__)
        self.mapping.changed.connect(self.told.append)

    def answer(self) -> ScoreMaps:
        job, answer = self.jobs[-1]
        window = job.window or MapWindow.of_all(job.clip.n_samples, job.clip.sample_rate)
        zeros = np.zeros((2, 2), np.int64)
        maps = ScoreMaps(
            np.zeros((4, 2, 2), np.float32), zeros, zeros, window, WEIGHTS, job.clip.n_samples, job.clip.sample_rate
        )
        answer(Mapped(job.job_id, maps))
        return maps


@pytest.fixture(scope="module")
def now() -> NowPlaying:
    return new_scene().now_playing


def other(now: NowPlaying) -> NowPlaying:
    """Return another clip that plays."""
    playing, scene = now.playing, new_scene()
    clip = Clip(playing.clip.samples, playing.clip.sample_rate)
    scene.now_playing.lead(LoopInHand.of_recipe(9, clip, playing.recipe))
    return scene.now_playing


def test_nothing_is_mapped_unless_somebody_looks(now: NowPlaying) -> None:
    one = Mapper()
    one.mapping.look_at(now)
    assert (one.jobs, one.told) == ([], [None])
    one.mapping.want(True)
    assert [job.window for job, _ in one.jobs] == [None]
    assert one.jobs[0][0].clip is now.playing.clip
    assert one.jobs[0][0].known == tuple(candidate.region for candidate in now.candidates)
    one.mapping.want(False)
    assert one.withdrawn == [one.jobs[0][0].job_id]


def test_all_comes_first_then_what_is_looked_at_and_each_once(now: NowPlaying) -> None:
    one = Mapper()
    one.mapping.want(True)
    one.mapping.look_at(now)
    one.mapping.refine(WINDOW)
    assert len(one.jobs) == 1
    whole = one.answer()
    assert [job.window for job, _ in one.jobs] == [None, WINDOW]
    part = one.answer()
    one.mapping.look_at(now)
    assert one.told == [None, whole, part]
    assert len(one.jobs) == 2, "what is there is not asked for again"


def test_only_the_window_that_was_wished_last_is_mapped(now: NowPlaying) -> None:
    one = Mapper()
    one.mapping.want(True)
    one.mapping.look_at(now)
    whole = one.answer()
    one.mapping.refine(WINDOW)
    later = replace(WINDOW, first_start=500)
    one.mapping.refine(later)
    assert one.withdrawn == [one.jobs[1][0].job_id]
    late_job, late = one.jobs[1]
    late(Mapped(late_job.job_id, whole))
    assert len(one.told) == 2, "the first answer comes too late"
    assert one.jobs[-1][0].window == later
    one.answer()
    assert one.told[-1] is not None
    assert one.told[-1].window == later


def test_another_clip_forgets_the_map_and_drops_what_comes_late(now: NowPlaying) -> None:
    one = Mapper()
    one.mapping.want(True)
    one.mapping.look_at(now)
    job, late = one.jobs[0]
    one.mapping.look_at(other(now))
    late(JobFailed(job.job_id, SilentClip(peak_db=-90.0)))
    assert one.told == [None, None]
    assert len(one.jobs) == 2
    one.answer()
    assert one.told[-1] is not None


def test_a_clip_that_cannot_be_mapped_is_asked_for_once(now: NowPlaying) -> None:
    one = Mapper()
    one.mapping.want(True)
    one.mapping.look_at(now)
    job, answer = one.jobs[0]
    answer(JobFailed(job.job_id, SilentClip(peak_db=-90.0)))
    one.mapping.look_at(now)
    assert len(one.jobs) == 1
    assert one.told == [None]
