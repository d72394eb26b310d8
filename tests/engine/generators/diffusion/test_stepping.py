# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests check how a long call becomes steps that end when they are closed."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from engine.generators.base import finished
from engine.generators.diffusion.stepping import Stopped, stepped


def count(tell: Callable[[int], None]) -> str:
    for one in range(5):
        tell(one)
    return "done"


def test_all_that_is_told_is_yielded_and_the_result_returned() -> None:
    heard: list[int] = []
    assert finished(stepped(count), heard) == "done"
    assert heard == [0, 1, 2, 3, 4]


def test_the_work_waits_for_each_step_and_ends_where_it_is_closed() -> None:
    reached: list[int] = []
    ended: list[type[BaseException]] = []

    def work(tell: Callable[[int], None]) -> None:
        try:
            for one in range(100):
                reached.append(one)
                tell(one)
        except Stopped as error:
            ended.append(type(error))
            raise

    n_threads = threading.active_count()
    steps = stepped(work)
    for _ in range(3):
        next(steps)
    steps.close()
    assert reached == [0, 1, 2], "nothing is computed ahead of who asks"
    assert ended == [Stopped]
    assert threading.active_count() == n_threads


def test_work_that_goes_on_when_it_is_stopped_is_stopped_again() -> None:
    stops: list[int] = []

    def stubborn(tell: Callable[[int], None]) -> None:
        for one in range(3):
            try:
                tell(one)
            except Stopped:
                stops.append(one)

    steps = stepped(stubborn)
    next(steps)
    steps.close()
    assert stops == [0, 1, 2]


def test_what_goes_wrong_in_the_work_goes_wrong_for_who_asks() -> None:
    def work(tell: Callable[[int], None]) -> None:
        tell(1)
        raise ValueError("no such layer")

    steps = stepped(work)
    assert next(steps) == 1
    with pytest.raises(ValueError, match="no such layer"):
        next(steps)
