# SPDX-License-Identifier: GPL-3.0-or-later
"""A loop that comes next takes over with the region that was put back meanwhile, handed over or heard already."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.session.baking import LoopInHand
from engine.values import Entry, LoopCandidate, LoopRegion
from tests.engine.session.scenes import Scene


def shorter(loop: LoopInHand) -> LoopCandidate:
    region = loop.candidate.region
    return replace(loop.candidate, region=LoopRegion(region.loop_start, region.loop_end - 4096))


@pytest.mark.soak
@pytest.mark.parametrize("is_heard", [False, True])
def test_it_takes_over_with_the_other_region(scene: Scene, is_heard: bool) -> None:
    coming = scene.loops[1]
    scene.up_next.add(coming)
    scene.up_next.ask_at(Entry.NOW)
    scene.settle()
    assert scene.handed == [coming.loop_id]
    if is_heard:
        scene.consider(incoming_id=coming.loop_id)
    wanted = shorter(coming)
    assert not scene.up_next.choose(lambda loop_id: loop_id == scene.loops[4].loop_id, wanted)
    assert scene.up_next.choose(lambda loop_id: loop_id == coming.loop_id, wanted)
    assert scene.player.n_called_off == (0 if is_heard else 1), "what is heard comes in and is exchanged when it leads"
    if not is_heard:
        scene.settle()
        assert scene.player.takeovers[-1].loop.n_samples < scene.player.takeovers[0].loop.n_samples
    scene.take_over(coming.loop_id)
    assert scene.now_playing.candidate == wanted


def test_loops_that_are_ready_have_it_at_once(scene: Scene) -> None:
    for loop in scene.loops[1:3]:
        scene.up_next.add(loop)
    wanted = shorter(scene.loops[2])
    assert scene.up_next.choose(lambda loop_id: loop_id == 2, wanted)
    assert [one.candidate for one in scene.up_next.ready] == [scene.loops[1].candidate, wanted]
