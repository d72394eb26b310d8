# SPDX-License-Identifier: GPL-3.0-or-later
"""A loop lives while it plays: variations of it are heard, at their place, and nothing else changes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.errors import GeneratorFailed
from engine.session.baking import LoopInHand
from engine.session.remaking import bar_places
from engine.session.varying import AHEAD_S, FIRST_S, MOST_UNHEARD
from engine.values import Clip, JobFailed, LoopRegion
from tests.engine.session.composing import OPTIONS, composed_loop
from tests.engine.session.retouching import Bench, turned, variation


@pytest.fixture
def bench() -> Bench:
    return Bench(composed_loop())


class Listener:
    """This listener hears a loop go on, a quarter of a second at a time, and composes what is asked for."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        assert bench.presenter.now_playing is not None
        self.now = bench.presenter.now_playing
        self.place = 0
        self.heard: list[int] = []
        self._n_answered = 0

    def hear(self, seconds: float, *, answers: bool = True) -> None:
        baked = self.now.baked
        for _ in range(round(4.0 * seconds)):
            turns, position = divmod(self.place, baked.n_samples)
            self.bench.hear(position, turns)
            for request in self.bench.asked[self._n_answered :] if answers else ():
                self._n_answered += 1
                answer = replace(variation(request.variation), job_id=request.job_id)
                self.bench.generators.received.emit(answer)
            if self.now.variation != (self.heard or [0])[-1]:
                self.heard.append(self.now.variation)
            self.place += baked.sample_rate // 4


def test_a_loop_is_varied_after_it_was_heard_as_it_is_written_and_is_so_again(bench: Bench) -> None:
    listener = Listener(bench)
    now, shown = listener.now, list[object]()
    bench.presenter.loop_changed.connect(shown.append)
    written, saved = now.baked, now.set_aside()
    listener.hear(2.0 * now.turn_s - AHEAD_S)
    assert bench.asked == [], "nothing before it is needed"
    assert now.turn_s < FIRST_S < 2.0 * now.turn_s
    listener.hear(AHEAD_S)
    assert listener.heard == [1], "with its third turn"
    listener.hear(50.0)
    requests = bench.asked
    assert [one.variation for one in requests] == [*range(1, len(requests) + 1)], "none comes twice"
    assert {(one.seed, one.prompt) for one in requests} == {(3, OPTIONS.prompt)}
    assert listener.heard[:4] == [1, 0, 2, 0]
    assert set(bench.swaps) == {bar_places(now.part)[0]}
    assert bench.swaps[0] == pytest.approx(written.n_samples, abs=written.sample_rate // 20)
    # Nothing that is shown, kept or saved moves.
    assert shown == []
    assert now.playing.clip is composed_loop().clip
    assert now.as_it_plays().variation == 0
    assert now.set_aside().part is now.part or now.variation
    np.testing.assert_array_equal(now.set_aside().part.baked.samples, saved.part.baked.samples)
    assert now.set_aside().recipe == saved.recipe


def test_a_variation_is_as_loud_as_the_loop_and_fits_its_place(bench: Bench) -> None:
    listener = Listener(bench)
    written, key = listener.now.baked, listener.now.part.key
    while not listener.now.variation:
        listener.hear(1.0)
    varied = listener.now.baked
    assert varied.samples.shape == written.samples.shape
    assert listener.now.part.key == replace(key, variation=1), "region, overlap and gain are the loop's own"
    assert not np.array_equal(varied.samples, written.samples)
    assert bench.presenter.now_playing is not None
    np.testing.assert_array_equal(bench.presenter.now_playing.view().correlation, written.correlation)


@pytest.mark.parametrize("why", ["the setting", "by hand", "no whole", "another version", "stopped"])
def test_what_is_not_to_be_varied_repeats_as_it_is(why: str) -> None:
    loop = composed_loop()
    other: LoopInHand = {
        "no whole": replace(loop, clip=Clip(loop.clip.samples, loop.clip.sample_rate)),
        "another version": replace(loop, recipe=replace(loop.recipe, versions={"composer": "0"})),
    }.get(why, loop)
    bench = Bench(other)
    listener = Listener(bench)
    if why == "the setting":
        bench.varying.options = turned(vary=False)
    elif why == "by hand":
        bench.presenter.set_region(LoopRegion(1000, loop.clip.n_samples - 1000))
        bench.swaps.clear()
    elif why == "stopped":
        bench.running.end()
    listener.hear(40.0)
    assert bench.swaps == []
    assert listener.heard == []
    assert len(bench.asked) == (why == "another version"), "it is not tried again and again"


def test_the_setting_is_heard_from_the_next_turn_on(bench: Bench) -> None:
    listener = Listener(bench)
    while not listener.now.variation:
        listener.hear(1.0)
    bench.varying.options = turned(vary=False)
    listener.hear(listener.now.turn_s)
    assert listener.heard == [1, 0]
    listener.hear(40.0)
    assert listener.heard == [1, 0]


def test_other_music_goes_first_and_a_failure_is_no_trouble(bench: Bench) -> None:
    bench.is_making = True
    listener = Listener(bench)
    listener.hear(20.0)
    assert bench.asked == []
    bench.is_making = False
    bench.clock.pass_s(1.0)
    for _ in range(2):
        listener.hear(1.0, answers=False)
        error = GeneratorFailed(generator="composer", exit_code=1, detail="")
        bench.generators.received.emit(JobFailed(bench.asked[-1].job_id, error))
    listener.hear(1.0, answers=False)
    assert len(bench.asked) == 2, "once for each turn"
    listener.hear(20.0)
    assert listener.heard[0] == 1
    # While another loop comes in, what is heard stays.
    bench.is_disturbed = True
    before = list(listener.heard)
    listener.hear(30.0)
    assert listener.heard == before


def test_what_the_person_does_ends_a_variation(bench: Bench) -> None:
    listener = Listener(bench)
    while not listener.now.variation:
        listener.hear(1.0)
    bench.presenter.set_region(LoopRegion(1000, listener.now.playing.clip.n_samples))
    assert (listener.now.variation, bench.swaps[-1]) == (0, None), "at once"
    bench = Bench(composed_loop())
    listener = Listener(bench)
    while not listener.now.variation:
        listener.hear(1.0)
    bench.running.end()
    assert listener.now.variation == 0, "it begins as it is written"


def test_a_loop_in_which_nothing_varied_is_heard_is_let_be(bench: Bench) -> None:
    listener = Listener(bench)
    as_written = replace(variation(1), clip=composed_loop().clip)
    n_answered = 0
    for _ in range(60):
        listener.hear(2.0, answers=False)
        for request in bench.asked[n_answered:]:
            n_answered += 1
            bench.generators.received.emit(replace(as_written, job_id=request.job_id))
    assert n_answered == MOST_UNHEARD
    assert listener.heard == []
