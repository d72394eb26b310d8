# SPDX-License-Identifier: GPL-3.0-or-later
"""A knob that is turned is heard in the clip that plays: composed again, and swapped where a bar begins."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.errors import Cancelled
from engine.playback.mix.fades import SWAP_MS
from engine.session.baking import LoopInHand
from engine.session.knob_turns import SETTLED_S
from engine.session.remaking import BEFORE_BAR_MS, LONGEST_WAIT_S
from engine.units import ms_to_samples
from engine.values import ChannelSnapshot, Clip, JobFailed
from tests.engine.session.composing import OPTIONS, composed_loop, made
from tests.engine.session.retouching import Bench, turned
from tests.snapshots import playing


@pytest.fixture
def loop() -> LoopInHand:
    return composed_loop()


@pytest.fixture
def bench() -> Bench:
    return Bench(composed_loop())


@pytest.mark.soak
def test_the_clip_that_plays_is_composed_again_and_swapped_where_a_bar_begins(bench: Bench, loop: LoopInHand) -> None:
    options = turned(brightness=-0.8, sounds="synthesised")
    bench.turn(OPTIONS, options)
    (request,) = bench.asked
    assert (request.prompt, request.seed, request.duration_s) == (OPTIONS.prompt, 3, 8.0)
    assert (request.follows, request.evolve) == (loop.recipe.asked.follows, 0.3)
    assert request.parameters["brightness"] == -0.8
    again = made(request, options)
    bench.generators.received.emit(again)
    assert bench.swaps == [], "not before it is known where the loop is"
    now = bench.presenter.now_playing
    assert now is not None
    assert now.part.grid is not None
    before, region = now.baked, now.candidate.region
    bar = now.part.grid.bar_samples
    bench.hear(round(1.2 * bar))
    (place,) = bench.swaps
    assert place is not None
    early = ms_to_samples(BEFORE_BAR_MS, before.sample_rate)
    assert place + ms_to_samples(SWAP_MS, before.sample_rate) == pytest.approx(2 * bar - early, abs=2)
    np.testing.assert_array_equal(bench.clip.samples, again.clip.samples)
    assert (now.candidate.region, now.baked.n_samples) == (region, before.n_samples), "place for place"
    assert not np.array_equal(now.baked.samples, before.samples)
    assert (now.playing.loop_id, now.recipe.title, now.recipe.seed) == (7, "Title", 3)
    assert now.recipe.asked.parameters["brightness"] == -0.8
    assert now.playing.score == again.score is not None, "the notes that are drawn are those that are heard"
    bench.hear(round(3.1 * bar))
    assert len(bench.swaps) == 1, "it is swapped once"
    bench.turn(options, turned(brightness=0.8, sounds="synthesised"))
    bench.generators.received.emit(made(bench.asked[-1], options))
    bench.hear(round(3.9 * bar))
    last = bench.swaps[-1]
    assert last is not None
    assert last + ms_to_samples(SWAP_MS, before.sample_rate) == pytest.approx(bar - early, abs=2), "too late for bar 4"


def test_a_knob_that_still_turns_asks_for_nothing_and_one_turned_back_neither(bench: Bench) -> None:
    before = OPTIONS
    bench.knobs.use(before)
    for step in range(5):
        after = turned(energy=step / 10.0 + 0.1)
        bench.knobs.use(after)
        bench.clock.pass_s(SETTLED_S / 2.0)
        before = after
    assert bench.asked == []
    bench.clock.pass_s(SETTLED_S)
    assert [one.parameters["energy"] for one in bench.asked] == [0.5]
    bench.turn(before, OPTIONS)
    assert len(bench.asked) == 1, "it sounds so already"
    bench.turn(OPTIONS, replace(OPTIONS, generators=OPTIONS.generators.with_only("composer", {"evolve": 0.9})))
    assert len(bench.asked) == 1, "how far the next clip moves changes nothing of this one"


def test_the_music_that_comes_goes_first(bench: Bench) -> None:
    bench.is_making = True
    bench.turn(OPTIONS, turned(space=0.5))
    bench.clock.pass_s(2.0)
    assert bench.asked == []
    bench.is_making = False
    bench.clock.pass_s(SETTLED_S)
    (request,) = bench.asked
    bench.generators.received.emit(JobFailed(request.job_id, Cancelled()))
    bench.clock.pass_s(SETTLED_S + 0.01)
    assert len(bench.asked) == 2, "another clip was asked for meanwhile"


def test_what_is_of_no_use_any_more_is_dropped(bench: Bench, loop: LoopInHand) -> None:
    options = turned(space=0.5)
    bench.turn(OPTIONS, options)
    again = made(bench.asked[-1], options)
    bench.generators.received.emit(again)
    bench.presenter.lead(replace(loop, loop_id=8), options)
    bench.player.snapshot_taken.emit(playing(ChannelSnapshot(8, 0)))
    bench.player.snapshot_taken.emit(playing(ChannelSnapshot(8, 100_000)))
    assert bench.clip is loop.clip, "only the clip it was made of gives way"
    # One that comes too late, or is of another length, is not swapped either.
    bench = Bench(loop)
    bench.turn(OPTIONS, options)
    bench.clock.pass_s(LONGEST_WAIT_S + 0.1)
    bench.generators.received.emit(replace(again, job_id=bench.asked[-1].job_id))
    bench.hear(0)
    bench.hear(100_000)
    assert bench.swaps == []
    bench.turn(OPTIONS, options)
    shorter = Clip(again.clip.samples[:-1], again.clip.sample_rate, wraps=True)
    bench.generators.received.emit(replace(again, job_id=bench.asked[-1].job_id, clip=shorter))
    bench.hear(0)
    bench.hear(100_000)
    assert bench.swaps == []


@pytest.mark.parametrize("what", ["starter", "stopped", "not its own", "no seed", "no loop as a whole"])
def test_what_cannot_be_made_again_is_left_as_it_is(loop: LoopInHand, what: str) -> None:
    other = {
        "starter": replace(loop, is_starter=True),
        "not its own": replace(loop, recipe=replace(loop.recipe, generator="file")),
        "no seed": replace(loop, recipe=replace(loop.recipe, seed=None)),
        "no loop as a whole": replace(loop, clip=Clip(loop.clip.samples, loop.clip.sample_rate)),
    }.get(what, loop)
    bench = Bench(other)
    if what == "stopped":
        bench.running.end()
    bench.turn(OPTIONS, turned(energy=0.5))
    assert bench.asked == []
