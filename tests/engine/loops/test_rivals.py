# SPDX-License-Identifier: GPL-3.0-or-later
"""Loops that contradict one another are recognised, and lower one another's scores."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.loops.confidence import contradicted
from engine.loops.rivals import Claim, strongest


@pytest.mark.parametrize(
    ("length_s", "exact", "agrees"),
    [
        (4.0, 0.0, True),  # another start of the same
        (8.0, 0.0, True),
        (8.015, 0.0, True),  # played anew, never quite in time
        (8.05, 0.0, False),
        (6.0, 0.0, False),
        (2.0, 0.0, False),  # the part of a phrase is no turns of it
    ],
)
def test_whole_turns_agree(length_s: float, exact: float, agrees: bool) -> None:
    assert Claim(length_s, 0.7, exact).agrees(Claim(4.0, 0.9, 0.2)) == agrees


def test_turns_of_what_comes_again_exactly_do_so_too() -> None:
    """Noise beside a loop is as alike after five turns of the loop as after any other time."""
    surer = Claim(3.0, 0.99, 0.9)
    assert not Claim(15.0, 0.8, 0.0).agrees(surer)
    assert Claim(15.0, 0.8, 0.6).agrees(surer)


def test_what_lasts_whole_beats_has_a_place_in_the_form_of_a_whole_and_a_tag_is_not_contradicted() -> None:
    heard = Claim(10.0, 0.93, 1.0, beat_s=0.5)
    assert heard.agrees(Claim(6.0, 0.99, 0.9))
    assert not heard.agrees(Claim(1.85, 0.99, 0.9))
    assert Claim(10.0, 0.95, 1.0, told=True).agrees(Claim(1.85, 0.99, 0.9))


def test_the_strongest_is_surer_and_no_turn_and_shares_no_turn() -> None:
    two, six, eight, five = (
        Claim(2.0, 0.97, 0.0), Claim(6.0, 0.9, 0.0), Claim(8.0, 0.95, 0.0), Claim(5.0, 0.6, 0.0)
    )  # fmt: skip
    every = [two, six, eight, five]
    assert strongest(two, every) == 0.0
    assert strongest(eight, every) == 0.0
    assert strongest(six, every) == 0.0  # six and eight are both turns of two
    assert strongest(six, [six, eight]) == 0.95
    assert strongest(six, [six, eight], margin=0.1) == 0.0
    assert strongest(five, every) == 0.97


def test_of_about_equally_sure_ones_the_waves_that_come_again_contradict() -> None:
    exact, partly, turns = Claim(3.3, 0.99, 0.9), Claim(7.1, 0.98, 0.4), Claim(6.6, 0.98, 0.4)
    assert strongest(partly, [exact, partly], margin=0.05) == 0.99
    assert strongest(exact, [exact, partly], margin=0.05) == 0.0
    assert strongest(Claim(7.1, 0.98, 0.6), [exact], margin=0.05) == 0.0
    assert strongest(replace(partly, in_bars=True), [exact], margin=0.05) == 0.0  # it has a place in the form
    assert strongest(turns, [replace(exact, exact=0.4), turns], margin=0.05) == 0.0


def test_what_is_sure_stays_so_and_what_is_doubtful_is_doubted_more() -> None:
    assert contradicted(0.6, 0.0) == 0.6
    left = [contradicted(score, 0.99) / score for score in (0.2, 0.5, 0.9, 1.0)]
    assert left == sorted(left)
    assert left[0] < 0.25
    assert left[-1] == 1.0
