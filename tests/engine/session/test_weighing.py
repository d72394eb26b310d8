# SPDX-License-Identifier: GPL-3.0-or-later
"""Weights order the candidates that are shown, and leave what plays as it is."""

from __future__ import annotations

import itertools
from dataclasses import replace

from engine.session.baking import Baker
from engine.session.options import LoopView, StudioOptions
from engine.session.presenter import LoopPresenter
from engine.values import LoopFindings, LoopMetrics, LoopRegion, MetricWeights, MusicFacts
from tests.engine.session.ports import HandyWorker, ManualClock
from tests.engine.session.scenes import new_scene

USUAL = StudioOptions("rain")
ON_THE_BEAT = replace(USUAL, weights=MetricWeights(0.0, 0.0, 1.0, 0.0))


def test_other_weights_order_the_list_anew_and_switch_nothing() -> None:
    loop = new_scene().loops[0]
    worker = HandyWorker()
    worker.is_busy = True
    presenter = LoopPresenter(worker, itertools.count(1).__next__, Baker(400.0, -16.0), ManualClock(), set)
    shown: list[LoopView] = []
    baked: list[int | None] = []
    presenter.loop_changed.connect(shown.append)
    presenter.baked_again.connect(baked.append)
    own = loop.candidate
    beats = replace(
        own, region=LoopRegion(0, own.region.n_samples // 2), metrics=LoopMetrics(0.1, 0.1, 1.0, 0.1), score=0.3
    )
    own = replace(own, metrics=LoopMetrics(0.9, 0.9, 0.6, 0.9), score=0.9)
    findings = LoopFindings(USUAL.algorithm, (own, beats), MusicFacts())
    loop = replace(loop, recipe=replace(loop.recipe, loop=own), findings=findings)
    presenter.lead(loop, USUAL)
    assert [one.candidates for one in shown] == [(own, beats)]
    presenter.use(ON_THE_BEAT)
    view = shown[-1]
    assert view.candidates == (beats, own)
    assert (view.candidate, view.current, view.found) == (own, 1, own)
    assert baked == [], "nothing else is heard"
    presenter.use(ON_THE_BEAT)
    assert len(shown) == 2, "nothing changed"
    presenter.choose_candidate(0)
    assert shown[-1].region == beats.region, "what was chosen is what stood there"
    presenter.use(USUAL)
    assert shown[-1].candidates == (own, beats)
    presenter.close()


def test_the_next_clips_are_searched_by_the_weights_and_the_lengths() -> None:
    search = replace(ON_THE_BEAT, max_loop_s=8.0).search(MusicFacts(tempo_bpm=120.0))
    assert (search.weights, search.min_loop_s, search.max_loop_s) == (ON_THE_BEAT.weights, USUAL.min_loop_s, 8.0)
    assert search.facts.tempo_bpm == 120.0
    assert USUAL.search(MusicFacts()).max_loop_s is None, "no limit"
    assert replace(USUAL, min_loop_s=5.0, max_loop_s=3.0).search(MusicFacts()).max_loop_s == 5.0
    assert USUAL.asks_for_other_music(replace(USUAL, max_loop_s=8.0))
    assert not USUAL.asks_for_other_music(ON_THE_BEAT), "what is made already is heard"
