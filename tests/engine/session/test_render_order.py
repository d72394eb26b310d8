# SPDX-License-Identifier: GPL-3.0-or-later
"""A render's order comes back with its options and seeds, and without the machine; why it cannot be done is told."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from engine.errors import StudioError
from engine.generators.base import GeneratorSettings
from engine.generators.jobs import GenerateJob
from engine.session.made_again import request_again
from engine.session.options import StudioOptions
from engine.session.render_order import RenderOrder, SeededMaker, WhyNot, order_as_dict, order_of
from engine.values import (
    Asked,
    Clip,
    ClipRequest,
    ClipResult,
    Entry,
    MetricWeights,
    MixKind,
    MixRecipe,
    MusicFacts,
    Parameters,
    TransitionWish,
)
from tests.engine.loops.material import groove
from tests.widgets.recipes import a_recipe

THEIRS = GeneratorSettings(
    data_folder="/home/somebody/data",
    parameters={"composer": Parameters({"soundfont": "/home/somebody/own.sf2", "sounds": "synthesised", "bars": 4})},
)
OPTIONS = StudioOptions(
    "house",
    generator="composer",
    duration_s=8.0,
    min_play_s=12.0,
    weights=MetricWeights(2.0, 1.0, 0.5, 0.0),
    transition=TransitionWish(entry=Entry.NEXT_BAR, bars=2, bass_swap=False),
    generators=THEIRS,
)
MINE = GeneratorSettings(parameters={"composer": Parameters({"soundfont": "/mine.sf2", "bpm": 99.0})})


def mix(order: dict[str, Any] | None, kind: MixKind = MixKind.RENDERED) -> MixRecipe:
    return MixRecipe(kind, 44_100, 10, (), order=order)


def test_a_stranger_names_no_file_of_this_machine() -> None:
    theirs = Parameters({"soundfont": "/etc/passwd", "styles": "/theirs", "drums": "/theirs", "sounds": "synthesised"})
    request = request_again(1, replace(a_recipe(), asked=Asked(parameters=theirs)), MINE)
    assert request is not None
    places = {name: request.parameters[name] for name in ("soundfont", "styles", "drums", "sounds")}
    assert places == {"soundfont": "/mine.sf2", "styles": "", "drums": "", "sounds": "synthesised"}


def test_an_order_comes_back_but_for_what_is_the_machines() -> None:
    told = json.loads(json.dumps(order_as_dict(OPTIONS, [7, 8])))
    assert "somebody" not in json.dumps(told)
    order = order_of(mix(told), MINE)
    assert isinstance(order, RenderOrder)
    assert order.seeds == (7, 8)
    own = Parameters({"soundfont": "/mine.sf2", "sounds": "synthesised", "bars": 4})
    assert order.options.generators.of("composer") == own, "files are those of here, and nothing else that is set here"
    assert replace(order.options, generators=THEIRS) == OPTIONS


def test_why_a_mix_cannot_be_made_again() -> None:
    told = order_as_dict(OPTIONS, [7])
    assert order_of(mix(None, MixKind.RECORDED), MINE) is WhyNot.PLAYED
    assert order_of(mix(None, MixKind.HEARD), MINE) is WhyNot.PLAYED
    assert order_of(mix(None, MixKind.CUT), MINE) is WhyNot.CUT
    assert order_of(mix({**told, "generator": "of another machine"}), MINE) is WhyNot.NO_GENERATOR
    assert order_of(mix({**told, "parameters": {"bars": "many"}}), MINE) is WhyNot.NO_GENERATOR
    assert order_of(mix({**told, "duration_s": 0.1, "parameters": {}}), MINE) is WhyNot.NO_GENERATOR
    assert order_of(mix({**told, "seeds": [7, None]}), MINE) is WhyNot.NO_SEED
    assert order_of(mix({**told, "seeds": []}), MINE) is WhyNot.NO_SEED
    damages: tuple[dict[str, Any], ...] = (
        {"seeds": 3},
        {"transition": {}},
        {"weights": None},
        {"prompt": 3},
        {"algorithm": "x"},
        {"model": []},
    )
    for damage in damages:
        assert order_of(mix({**told, **damage}), MINE) is WhyNot.UNREADABLE


def test_clips_are_made_from_the_seeds_that_are_given_then_from_others() -> None:
    clip = groove(8_000, 120.0, n_bars=1)
    asked: list[int | None] = []

    def make(job: GenerateJob) -> ClipResult:
        asked.append(job.request.seed)
        if len(asked) == 2:
            raise StudioError(detail="no")
        return ClipResult(1, Clip(clip.samples, 8_000), MusicFacts(), job.request.seed or 99, {})

    maker = SeededMaker(make, (5, 6))
    for number in range(3):
        job = GenerateJob(ClipRequest(number, "x", "composer", "", 8.0), GeneratorSettings())
        if number == 1:
            with pytest.raises(StudioError):
                maker.make(job)
        else:
            maker.make(job)
    assert (asked, maker.seeds) == ([5, 6, None], [5, None, 99])
