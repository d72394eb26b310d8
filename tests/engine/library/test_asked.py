# SPDX-License-Identifier: GPL-3.0-or-later
"""Recipes keep all that was asked for: sounds by their content; those of older studios are read as they were."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.library import recipefile
from engine.library.takes import TakeLibrary
from engine.values import (
    Asked,
    Clip,
    ClipRequest,
    GivenBeats,
    GivenChord,
    Guide,
    Layer,
    Parameters,
    Recipe,
    Repaint,
    Restyle,
    content_hash,
)
from tests.engine.library.making import noise_clip, recipe

GUIDE = Guide(
    (GivenChord(0.0, "Am7"), GivenChord(1.5, "F/A")), 2, GivenBeats(tuple(i / 2 for i in range(12)), 6.0, "6/8", (0, 6))
)
REQUEST = ClipRequest(
    1,
    "rain",
    "hum",
    "high",
    8.0,
    seed=5,
    negative_prompt="drums, città",
    bars=8,
    bpm=92.5,
    key="F# minor",
    metre="6/8",
    layer=Layer.named("drums,bass"),
    guide=GUIDE,
    continue_from=noise_clip(seed=1),
    restyle=Restyle(noise_clip(seed=2), 0.25),
    repaint=Repaint(noise_clip(seed=3), 0.5, 1.25),
    parameters=Parameters({"vibrato": 2.5, "voices": 3, "breath": True, "mouth": "open"}),
)


def test_everything_that_was_asked_for_comes_back() -> None:
    asked = Asked.of(REQUEST)
    whole = replace(recipe(), asked=asked)
    back = recipefile.parse(recipefile.text_of(whole)).recipe
    assert back == whole
    assert back.asked.guide == GUIDE
    assert pickle.loads(pickle.dumps(REQUEST)).guide == GUIDE
    assert back.asked.parameters["breath"] is True
    assert isinstance(back.asked.parameters["voices"], int)
    text = recipefile.text_of(whole)
    assert len(text) < 4000, "a sound is named, not kept"
    assert asked.continue_from == content_hash(noise_clip(seed=1)) != asked.restyle
    assert asked.strength == 0.25
    assert asked.repaint == content_hash(noise_clip(seed=3))
    assert (back.asked.repaint_start_s, back.asked.repaint_end_s) == (0.5, 1.25)


def test_a_recipe_of_an_older_studio_asks_for_nothing_more() -> None:
    data = recipe().as_dict()
    assert "asked" not in data, "what was not asked for is not written"
    assert Recipe.from_dict(data).asked == Asked()


@pytest.mark.parametrize(
    "odd",
    [
        {"bars": 0},
        {"bars": "eight"},
        {"bpm": -1.0},
        {"layer": "choir"},
        {"guide": {"chords": [], "bars": 1}},
        {"guide": {"chords": [[0.0, "Am"]], "bars": 1, "beats": {"times_s": [0.0, "x"], "duration_s": 2}}},
        {"guide": {"chords": [["Am", 0.0]], "bars": 1}},
        {"strength": 2.0},
        {"parameters": {"x": [1]}},
        {"parameters": 7},
        {"negative_prompt": 7},
    ],
)
def test_what_cannot_have_been_asked_for_is_no_recipe(odd: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"“|not a valid Layer|not an object"):
        recipefile.parse(json.dumps({**recipe().as_dict(), "asked": odd}))


def test_a_take_keeps_it_in_the_library(tmp_path: Path) -> None:
    whole = replace(recipe(), asked=Asked.of(REQUEST))
    with TakeLibrary(tmp_path) as library:
        library.add(noise_clip(), whole)
    with TakeLibrary(tmp_path) as library:
        (take,) = library.takes()
    assert take.recipe.asked == whole.asked


def test_the_hash_is_of_the_content_alone() -> None:
    clip = noise_clip(seed=3)
    same = Clip(np.asfortranarray(clip.samples), clip.sample_rate, wraps=True)
    assert content_hash(same) == content_hash(clip)
    assert len({content_hash(one) for one in (clip, Clip(clip.samples, 48_000), noise_clip(seed=4))}) == 3
    flat = Clip(clip.samples.reshape(-1, 1), clip.sample_rate)
    assert content_hash(flat) != content_hash(clip)
