# SPDX-License-Identifier: GPL-3.0-or-later
"""Every written sound carries its recipe, whatever its format, and what is cut of it says so."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from engine.errors import FileMissing, NotAudio
from engine.library.audiofile import write_clip
from engine.library.carried import (
    CLIP,
    CUT,
    Carried,
    Made,
    carried_of_cut,
    carried_text,
    read_carried,
    recipe_of,
    said_of,
)
from engine.library.looptags import read_loop_tags
from engine.library.metadata import kept_metadata
from engine.library.recipe_lines import compared, recipe_lines
from engine.library.recipefile import text_of
from engine.values import Clip, LoopRegion, SaveKind, SavePlan
from tests.widgets.recipes import a_recipe

RATE = 44_100
RECIPE = a_recipe(title="Città “è” <Velvet>", prompt="rain & 85 bpm\nsecond line")
MADE = Made(SavePlan(SaveKind.TURNS, turns=3, fade_s=1.5), 480.0, 0.75, is_limited=True, part="bass")


@pytest.fixture
def clip() -> Clip:
    return Clip(np.linspace(-0.5, 0.5, 2 * RATE, dtype=np.float32).reshape(-1, 2), RATE)


@pytest.mark.parametrize("ending", [".wav", ".flac", ".ogg"])
def test_a_recipe_comes_back_from_every_format(tmp_path: Path, clip: Clip, ending: str) -> None:
    path = tmp_path / f"sound{ending}"
    write_clip(path, clip, metadata=said_of(RECIPE, MADE))
    carried = recipe_of(path)
    assert isinstance(carried, Carried)
    assert (carried.recipe, carried.made) == (RECIPE, MADE)
    texts = kept_metadata(path).texts
    assert texts["TITLE"] == (RECIPE.title,)
    assert texts["INITIALKEY"] == ("Am",)
    assert "INFINILOOP_RECIPE" not in texts, "another sound made of it is not made by it"
    assert read_loop_tags(path) == ()


def test_sounds_without_a_recipe_have_none_and_what_is_no_sound_is_told(tmp_path: Path, clip: Clip) -> None:
    path = tmp_path / "plain.wav"
    write_clip(path, clip)
    assert recipe_of(path) is None
    for text in ("", "{", "[]", '{"title": 3}', "[" * 100_000, carried_text(RECIPE)[:-2], "x" * (1 << 21)):
        write_clip(path, clip, metadata=said_of(RECIPE).with_texts(INFINILOOP_RECIPE=text or "-"))
        assert recipe_of(path) is None
    (tmp_path / "text.wav").write_text("no sound")
    with pytest.raises(NotAudio):
        recipe_of(tmp_path / "text.wav")
    with pytest.raises(FileMissing):
        recipe_of(tmp_path / "none.wav")


def test_the_file_beside_a_take_comes_first(tmp_path: Path, clip: Clip) -> None:
    path = tmp_path / "20260101T000000000000Z-0123abcd.flac"
    write_clip(path, clip, metadata=said_of(RECIPE))
    path.with_suffix(".json").write_text(text_of(a_recipe(title="Chosen since")))
    carried = recipe_of(path)
    assert isinstance(carried, Carried)
    assert (carried.recipe.title, carried.made) == ("Chosen since", CLIP)


def test_what_is_cut_carries_the_loop_that_was_taken_and_cut_again_only_the_clip(tmp_path: Path, clip: Clip) -> None:
    path, plan = tmp_path / "clip.flac", Made(SavePlan(), 100.0)
    write_clip(path, clip, metadata=said_of(RECIPE))
    region = LoopRegion(100, 9_000)
    text = carried_of_cut(path, region, None, plan)
    assert text is not None
    cut = read_carried(text)
    assert isinstance(cut, Carried)
    assert (cut.recipe.loop.region, cut.recipe.loop.bars, cut.made) == (region, None, plan)
    write_clip(path, clip, metadata=said_of(cut.recipe, plan))
    again = read_carried(carried_of_cut(path, LoopRegion(5, 50), None, plan) or "")
    assert isinstance(again, Carried)
    assert (again.recipe.loop.region, again.made) == (region, CUT), "regions of what was cut are not the clip's"


def test_a_recipe_says_no_path_of_the_machine() -> None:
    assert "/" not in json.dumps({**RECIPE.as_dict(), "made": MADE.as_dict()}).replace("“è” <Velvet>", "")


def test_two_recipes_are_held_against_each_other_line_by_line() -> None:
    left = read_carried(carried_text(RECIPE, MADE))
    right = read_carried(carried_text(a_recipe(title=RECIPE.title, prompt=RECIPE.prompt, seed=7), CLIP))
    assert isinstance(left, Carried)
    assert isinstance(right, Carried)
    assert recipe_lines(left)["seed"] == "1207"
    lines = compared(left, right)
    assert {one.name: (one.left, one.right) for one in lines if one.differs} == {
        "seed": ("1207", "7"),
        "file": ("turns", "clip"),
        "turns": ("3", ""),
        "fade, s": ("1.5", ""),
        "overlap, ms": ("480", ""),
        "gain": ("0.75", ""),
        "part": ("bass", ""),
        "limited": ("yes", ""),
    }
    assert [one for one in compared(left, left) if one.differs] == []
