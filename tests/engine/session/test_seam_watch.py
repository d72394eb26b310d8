# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests check when a seam is drawn at sample level, and of which region."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from engine.dsp.seam import bake, cyclic
from engine.errors import StudioError
from engine.session.baking import Baker
from engine.session.options import StudioOptions
from engine.session.presenter import LoopPresenter
from engine.values import Clip, JobFailed, LoopRegion, SeamPicture
from engine.worker import jobs
from tests.engine.session.ports import ManualClock
from tests.engine.session.scenes import Scene


class Waiting:
    """This queue keeps jobs about seams until it is asked for them, and answers no other."""

    def __init__(self) -> None:
        self.seams: list[tuple[jobs.SeamJob, Callable[[Any], None]]] = []
        self.how: dict[str, bool] = {}

    def submit(self, job: Any, answer: Callable[[Any], None], **how: bool) -> None:
        if isinstance(job, jobs.SeamJob):
            self.seams.append((job, answer))
            self.how = how

    def withdraw(self, job_id: int) -> None:
        pass

    def clear(self) -> None:
        pass

    def answer(self) -> None:
        job, answer = self.seams.pop(0)
        answer(jobs.run(job))


@pytest.fixture
def waiting() -> Waiting:
    return Waiting()


@pytest.fixture
def presenter(waiting: Waiting, scene: Scene) -> LoopPresenter:
    presenter = LoopPresenter(waiting, itertools.count(1).__next__, Baker(400.0, -16.0), ManualClock(), set)
    presenter.lead(scene.loops[0], StudioOptions("lofi"))
    return presenter


@pytest.fixture
def drawn(presenter: LoopPresenter) -> list[SeamPicture]:
    out: list[SeamPicture] = []

    def take(picture: SeamPicture) -> None:
        out.append(picture)

    presenter.seam_watch.drawn.connect(take)
    return out


def test_nothing_is_drawn_for_a_panel_that_nobody_sees(
    presenter: LoopPresenter, waiting: Waiting, drawn: list[SeamPicture]
) -> None:
    presenter.bake_again()
    assert not waiting.seams
    presenter.seam_watch.want(True)
    presenter.seam_watch.want(False)
    waiting.answer()
    presenter.bake_again()
    assert not waiting.seams
    assert not drawn


def test_the_seam_that_plays_is_drawn_once_behind_all_other_work(
    presenter: LoopPresenter, waiting: Waiting, drawn: list[SeamPicture]
) -> None:
    presenter.seam_watch.want(True)
    presenter.bake_again()
    assert len(waiting.seams) == 1
    assert waiting.how == {"instead": True, "idle": True}
    waiting.answer()
    [picture] = drawn
    now = presenter.now_playing
    assert now is not None
    loop = bake(now.playing.clip, now.candidate.region, overlap_ms=400.0)
    half = picture.half_samples
    assert (picture.rendered == cyclic(loop.samples, -half, 2 * half)).all()
    assert picture.places.beats.size > 8


def test_it_follows_the_overlap_and_an_edge_that_moves(
    presenter: LoopPresenter, waiting: Waiting, drawn: list[SeamPicture]
) -> None:
    presenter.seam_watch.want(True)
    now = presenter.now_playing
    assert now is not None
    playing = now.candidate.region
    presenter._baker.overlap_ms = 30.0
    presenter.bake_again()
    moved = LoopRegion(playing.loop_start + 5, playing.loop_end)
    presenter.seam_watch.look_at(moved)
    # What else is learned meanwhile takes nothing back.
    presenter.loop_changed.emit(now.view())
    presenter.seam_watch.look_at(LoopRegion(0, now.playing.clip.n_samples + 1))
    while waiting.seams:
        waiting.answer()
    assert [(one.region, one.overlap_ms) for one in drawn] == [(playing, 400.0), (playing, 30.0), (moved, 30.0)]
    # It is chosen, and plays: the very same.
    presenter.set_region(moved)
    assert not waiting.seams
    presenter.set_region(playing)
    waiting.answer()
    assert drawn[-1].region == playing


def test_what_was_asked_of_another_clip_is_dropped_and_a_failure_is_no_end(
    presenter: LoopPresenter, waiting: Waiting, scene: Scene, drawn: list[SeamPicture]
) -> None:
    presenter.seam_watch.want(True)
    other = scene.loops[1]
    presenter.lead(replace(other, clip=Clip(other.clip.samples[::-1], other.clip.sample_rate)), StudioOptions("lofi"))
    waiting.answer()
    assert not drawn
    job, answer = waiting.seams.pop()
    answer(JobFailed(job.job_id, StudioError(detail="out of memory")))
    presenter._baker.overlap_ms = 50.0
    presenter.bake_again()
    waiting.answer()
    assert [one.overlap_ms for one in drawn] == [50.0]
