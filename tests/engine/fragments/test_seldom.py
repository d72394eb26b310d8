# SPDX-License-Identifier: GPL-3.0-or-later
"""A refusal that comes again and again is told once, then by its number: none is lost, and no console is filled."""

from __future__ import annotations

from engine.errors import MoreRefused, SlotFrozen, StudioError
from engine.fragments.seldom import Seldom
from tests.engine.fragments.making import until

N = 500


def number_of(told: list[StudioError]) -> int:
    return sum(int(one.fields["n"]) if isinstance(one, MoreRefused) else 1 for one in told)


def test_many_are_a_line_and_a_number() -> None:
    told: list[StudioError] = []
    seldom = Seldom(told.append, 0.05)
    for number in range(N):
        seldom.refuse(SlotFrozen(number=number))
    until(lambda: number_of(told) == N)
    assert isinstance(told[0], SlotFrozen)
    assert any(isinstance(one, MoreRefused) for one in told)
    assert len(told) < N / 2
    seldom.close()
    assert number_of(told) == N


def test_those_that_wait_are_told_at_the_end() -> None:
    told: list[StudioError] = []
    seldom = Seldom(told.append, 1000.0)
    for number in range(3):
        seldom.refuse(SlotFrozen(number=number))
    assert [type(one) for one in told] == [SlotFrozen]
    seldom.close()
    assert [type(one) for one in told] == [SlotFrozen, MoreRefused]
    assert number_of(told) == 3
