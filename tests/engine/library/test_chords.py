# SPDX-License-Identifier: GPL-3.0-or-later
"""A take's recipe keeps the chords of its clip; what cannot be chords is no recipe."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from engine.errors import StudioError
from engine.library import recipefile
from engine.values import PlayedChord, PlayedScore
from tests.engine.library.making import recipe

CHORDS = (PlayedChord(0, "Am7"), PlayedChord(88_200, "F/A"))


def test_chords_come_back_as_they_were_written() -> None:
    whole = replace(recipe(), chords=CHORDS)
    text = recipefile.text_of(whole)
    assert recipefile.parse(text).recipe == whole
    assert json.loads(text)["chords"] == [[0, "Am7"], [88_200, "F/A"]]


def test_a_recipe_of_an_older_studio_has_none() -> None:
    data = recipe().as_dict()
    assert "chords" not in data
    assert recipefile.parse(json.dumps(data)).recipe.chords == ()


@pytest.mark.parametrize(
    "odd",
    [
        "Am",
        [["Am", 0]],
        [[0]],
        [[-1, "Am"]],
        [[0.5, "Am"]],
        [[0, 7]],
        [[5, "Am"], [5, "F"]],
        [[0, "A" * 33]],
        [[n, "A"] for n in range(1025)],
    ],
)
def test_what_cannot_be_chords_is_no_recipe(odd: Any) -> None:
    with pytest.raises((ValueError, StudioError)):
        recipefile.parse(json.dumps({**recipe().as_dict(), "chords": odd}))


def test_no_score_has_chords_that_no_recipe_would_take() -> None:
    with pytest.raises(ValueError, match="follow"):
        PlayedScore(100, 44_100, 1, (4, 4), None, (PlayedChord(9, "C"), PlayedChord(3, "G")), (), ())
