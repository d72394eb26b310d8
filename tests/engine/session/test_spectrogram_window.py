# SPDX-License-Identifier: GPL-3.0-or-later
"""Another window length is drawn by the worker alone, replaces the picture when it comes, and the last choice wins."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from engine.session.baking import Baker, LoopInHand
from engine.session.options import LoopView, StudioOptions
from engine.session.presenter import LoopPresenter
from engine.values import Clip, LoopCandidate, LoopMetrics, LoopRegion, SpectrogramWindow
from engine.worker import jobs
from tests.engine.session.ports import ManualClock
from tests.widgets.recipes import a_recipe

OPTIONS = StudioOptions("lofi")
NOISE = np.random.default_rng(1).standard_normal((30_000, 2)).astype(np.float32) * 0.1
SHORT, MEDIUM, LONG = SpectrogramWindow


class Drawer:
    """A drawer draws what it is asked for when a test says so, and does nothing else."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, Callable[[Any], None]]] = []

    def submit(self, job: Any, answer: Callable[[Any], None], **_how: bool) -> None:
        if isinstance(job, jobs.DrawJob | jobs.RedrawJob):
            self.asked.append((job, answer))

    def withdraw(self, job_id: int) -> None:
        pass

    def clear(self) -> None:
        self.asked.clear()

    def draw(self, at: int = 0) -> None:
        job, answer = self.asked.pop(at)
        answer(jobs.run(job))


def with_window(window: SpectrogramWindow) -> StudioOptions:
    return replace(OPTIONS, spectrogram_window=window)


def shown() -> tuple[LoopPresenter, Drawer, list[LoopView]]:
    """Return a presenter whose loop is being drawn, and what it shows, oldest first."""
    drawer, views = Drawer(), list[LoopView]()
    baker = Baker(OPTIONS.overlap_ms, OPTIONS.target_lufs)
    presenter = LoopPresenter(drawer, itertools.count(1).__next__, baker, ManualClock(), set)
    presenter.loop_changed.connect(views.append)
    loop = LoopCandidate(LoopRegion(0, 20_000), 0.9, LoopMetrics(0.9, 0.9, 0.9, 0.9), None, weak=False)
    presenter.lead(LoopInHand.of_recipe(1, Clip(NOISE, 44_100), a_recipe(loop=loop)), OPTIONS)
    return presenter, drawer, views


def window_of(view: LoopView) -> SpectrogramWindow:
    assert view.spectrogram is not None
    return view.spectrogram.window


def test_another_window_replaces_the_spectrogram_and_leaves_the_waveform() -> None:
    presenter, drawer, views = shown()
    drawer.draw()
    before = views[-1]
    presenter.use(with_window(LONG))
    assert views[-1] is before, "what is shown stays until the other is there"
    drawer.draw()
    assert (window_of(before), window_of(views[-1])) == (MEDIUM, LONG)
    assert views[-1].peaks is before.peaks
    presenter.use(with_window(LONG))
    assert drawer.asked == []


def test_the_last_choice_is_shown_in_whatever_order_pictures_come() -> None:
    presenter, drawer, views = shown()
    drawer.draw()
    for window in (LONG, SHORT, LONG):
        presenter.use(with_window(window))
    assert [job.window for job, _ in drawer.asked] == [LONG, SHORT], "what is being drawn is not asked for again"
    drawer.draw()
    drawer.draw()
    assert window_of(views[-1]) == LONG


def test_a_choice_made_while_the_clip_is_first_drawn_is_not_lost() -> None:
    presenter, drawer, views = shown()
    presenter.use(with_window(SHORT))
    assert len(drawer.asked) == 1
    drawer.draw()
    drawer.draw()
    assert window_of(views[-1]) == SHORT
    assert drawer.asked == []
