# SPDX-License-Identifier: GPL-3.0-or-later
"""The history brings loops back in order, however long ago they led, and memory holds a few clips."""

from __future__ import annotations

import pytest

from engine.session.baking import LoopInHand
from engine.session.history import KEPT_CLIPS, KEPT_LOOPS, History
from tests.starters import shipped


@pytest.fixture(scope="module")
def loops() -> list[LoopInHand]:
    starter = shipped()[0]
    return [LoopInHand.of_recipe(loop_id, starter.clip, starter.recipe) for loop_id in range(KEPT_LOOPS + 50)]


def test_loops_come_back_latest_first_the_older_ones_as_takes(loops: list[LoopInHand]) -> None:
    history = History("take-{}".format)
    for loop in loops[:30]:
        history.add(loop)
    back = []
    while (latest := history.latest) is not None:
        back.append((latest.loop_id, latest.loop is not None, latest.take_id))
        history.take_back()
    assert [loop_id for loop_id, _, _ in back] == list(range(29, -1, -1))
    assert [in_memory for _, in_memory, _ in back] == [True] * KEPT_CLIPS + [False] * (30 - KEPT_CLIPS)
    assert all(take_id == f"take-{loop_id}" for loop_id, in_memory, take_id in back if not in_memory)


def test_what_was_never_kept_is_forgotten_with_its_clip(loops: list[LoopInHand]) -> None:
    history = History(lambda _loop_id: "")
    for loop in loops[:30]:
        history.add(loop)
    assert len(history) == KEPT_CLIPS


def test_a_long_night_leaves_no_more_than_a_few_clips(loops: list[LoopInHand]) -> None:
    history = History("take-{}".format)
    for loop in loops:
        history.add(loop)
    assert len(history) == KEPT_LOOPS
    assert len(list(history.loops())) == KEPT_CLIPS


def test_what_must_not_come_back_does_not_by_whichever_name(loops: list[LoopInHand]) -> None:
    history = History("take-{}".format)
    for loop in [*loops[:12], *loops[:3]]:
        history.add(loop)
    history.forget(2)
    history.forget(99, "take-1")
    found = set()
    while history.latest is not None:
        found.add(history.latest.loop_id)
        history.take_back()
    assert found == {0, 3, 4, 5, 6, 7, 8, 9, 10, 11}


def test_those_that_led_longest_ago_are_offered_first_each_once(loops: list[LoopInHand]) -> None:
    history = History("take-{}".format)
    for loop_id in (1, 2, 3, 1):
        history.add(loops[loop_id])
    assert [loop.loop_id for loop in history.loops()] == [2, 3, 1]


def test_clips_of_minutes_are_let_go_by_their_size(loops: list[LoopInHand], monkeypatch: pytest.MonkeyPatch) -> None:
    one = loops[0].clip.samples.nbytes
    for n_bytes, n_kept in ((3 * one, 3), (one // 2, 1)):
        monkeypatch.setattr("engine.session.history.KEPT_BYTES", n_bytes)
        history = History(lambda _loop_id: "")
        for loop in loops[:6]:
            history.add(loop)
        # What led last comes back, however large it is.
        assert [one.loop_id for one in history.loops()] == list(range(6))[-n_kept:]
