# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests check what is played when nothing new is there: what suits the prompt before what does not."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from engine.session.baking import LoopInHand
from engine.session.fallback_loops import FallbackLoops
from engine.session.history import History
from engine.session.options import StudioOptions
from engine.session.take_store import TakeStore
from engine.values import FAVOURITE, NEVER, Take
from tests.engine.session.ports import HandyWorker, ManualClock
from tests.starters import shipped


@pytest.fixture
def fallback() -> tuple[FallbackLoops, TakeStore]:
    worker = HandyWorker()
    worker.is_busy = True
    takes = TakeStore(worker, itertools.count().__next__, ManualClock())
    out = FallbackLoops(History(takes.take_id), takes, itertools.count(100).__next__)
    out.starters = shipped()
    return out, takes


def takes_of(fallback: FallbackLoops, *prompts: str) -> tuple[Take, ...]:
    recipe = fallback.starters[0].recipe
    return tuple(Take(f"take-{number}", replace(recipe, prompt=prompt), "") for number, prompt in enumerate(prompts))


def test_takes_of_the_prompt_come_before_starters(fallback: tuple[FallbackLoops, TakeStore]) -> None:
    picking, takes = fallback
    takes.takes = takes_of(picking, "dub", "lofi rain", "dub", "lofi rain")
    picking.use(StudioOptions(prompt="lofi rain"))
    assert [picking.pick(at_once=False) for _ in range(3)] == ["take-1", "take-3", "take-1"]
    picking.refuse("take-1")
    assert picking.pick(at_once=True) == "take-3"
    takes.takes = tuple(replace(one, rating=NEVER) for one in takes.takes)
    assert isinstance(picking.pick(at_once=False), LoopInHand), "rather a starter than what shall never come again"


def test_a_favourite_comes_before_what_is_merely_of_the_prompt(fallback: tuple[FallbackLoops, TakeStore]) -> None:
    picking, takes = fallback
    first, second = takes_of(picking, "lofi rain", "dub")
    takes.takes = (first, replace(second, rating=FAVOURITE))
    takes.favourites = takes.takes[1:]
    picking.use(StudioOptions(prompt="lofi rain"))
    assert picking.pick(at_once=False) == "take-1"


def test_a_favourite_comes_back_however_many_takes_are_newer(fallback: tuple[FallbackLoops, TakeStore]) -> None:
    picking, takes = fallback
    newest, old = takes_of(picking, "lofi rain", "dub")
    takes.takes, takes.favourites = (newest,), (replace(old, rating=FAVOURITE),)
    assert picking.pick(at_once=False) == "take-1"
    takes.favourites = ()
    picking.refuse("take-0")
    assert isinstance(picking.pick(at_once=False), LoopInHand)


def test_all_takes_come_before_starters_where_loops_are_recycled(fallback: tuple[FallbackLoops, TakeStore]) -> None:
    picking, takes = fallback
    assert not picking.has_takes()
    takes.takes = takes_of(picking, "dub", "house", "lofi rain", "dub")
    takes.takes = (*takes.takes[:3], replace(takes.takes[3], rating=NEVER))
    assert picking.has_takes()
    picking.use(StudioOptions(prompt="piano", recycles=True))
    assert {picking.pick(at_once=False) for _ in range(6)} == {"take-0", "take-1", "take-2"}
    takes.favourites = (replace(takes.takes[1], rating=FAVOURITE),)
    assert picking.pick(at_once=False) == "take-1"
    for one in ("take-0", "take-1"):
        picking.refuse(one)
    assert not picking.has_takes(), "one cannot follow itself"


@pytest.mark.parametrize("number", range(2))
def test_the_starter_that_suits_the_prompt_comes_first(fallback: tuple[FallbackLoops, TakeStore], number: int) -> None:
    picking, _ = fallback
    wanted = picking.starters[number]
    picking.use(StudioOptions(prompt=" ".join((wanted.recipe.prompt, *wanted.recipe.facts.tags))))
    picked = picking.pick(at_once=False)
    assert isinstance(picked, LoopInHand)
    assert picked.clip is wanted.clip
    again = picking.pick(picked, at_once=False)
    assert isinstance(again, LoopInHand)
    assert again.clip is not wanted.clip, "what sounds does not come after itself"
