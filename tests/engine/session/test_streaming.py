# SPDX-License-Identifier: GPL-3.0-or-later
"""A clip is heard before it is done only where all of it will be there in time."""

from __future__ import annotations

import pytest

from engine.session.streaming import FINDING_S, LEAST_S, STEADY, keeps_ahead


@pytest.mark.parametrize(
    ("made_s", "whole_s", "speed", "is_heard"),
    [
        (LEAST_S, 30.0, 8.0, True),  # a graphics card
        (0.5, 30.0, 8.0, False),  # not enough to begin with
        (LEAST_S, 30.0, 1.0, False),  # as fast as it is played, and then its loop is looked for
        (20.0, 30.0, 0.5, True),  # slower, and far enough
        (20.0, 30.0, 0.4, False),
        (2.0, 4.0, 100.0, True),
        (2.0, 2.5, 100.0, False),  # too short to find its loop meanwhile
    ],
)
def test_it_is_heard_only_where_it_stays_ahead(made_s: float, whole_s: float, speed: float, is_heard: bool) -> None:
    assert keeps_ahead(made_s, whole_s, speed) is is_heard


@pytest.mark.parametrize("speed", [0.4, 0.7, 1.0, 1.5, 4.0])
def test_what_is_heard_never_catches_up_with_what_is_made(speed: float) -> None:
    whole_s, made_s = 30.0, 0.0
    while not keeps_ahead(made_s, whole_s, speed):
        made_s += 0.1
    steady = STEADY * speed
    done_s = (whole_s - made_s) / steady
    for step in range(101):
        played_s = done_s * step / 100.0
        assert made_s + steady * played_s >= played_s - 1e-9
    assert whole_s - done_s >= FINDING_S - 1e-9
