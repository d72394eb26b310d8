# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that come faster than a screen shows them are told at its pace, the first at once, and the last of all."""

from __future__ import annotations

from engine.qt.pacing import REST_S, Paced
from tests.engine.session.ports import ManualClock


def test_the_first_is_told_at_once_and_the_last_in_the_end() -> None:
    clock, told = ManualClock(), list[object]()
    paced = Paced(clock, lambda *values: told.append(values))
    paced.tell(0, "a")
    assert told == [(0, "a")]
    for number in range(1, 10):
        paced.tell(number, "b")
    assert len(told) == 1
    clock.pass_s(1.5 * REST_S)
    assert told[1:] == [(9, "b")]
    paced.tell(10, "c")
    assert len(told) == 2, "it was told just now"
    clock.pass_s(10 * REST_S)
    assert told[2:] == [(10, "c")]
    paced.tell(11, "d")
    assert told[3:] == [(11, "d")]
