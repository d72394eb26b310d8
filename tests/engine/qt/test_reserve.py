# SPDX-License-Identifier: GPL-3.0-or-later
"""What comes when nothing new is there: what suits the wish before what does not."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QObject

from app.paths import RESOURCES
from engine.library.starters import load_starters
from engine.qt.baking import LoopInHand
from engine.qt.history import History
from engine.qt.links import ChildLink
from engine.qt.reserve import Reserve
from engine.qt.shelf import Shelf
from engine.qt.worker_queue import WorkerQueue
from engine.values import FAVOURITE, NEVER, Take

pytestmark = pytest.mark.gui


@pytest.fixture
def reserve(qapp: QObject) -> Iterator[tuple[Reserve, Shelf]]:
    parent = QObject()
    # Nothing is asked of the library's process: it need not run.
    link = ChildLink("engine.worker.library_process", "library", parent)
    shelf = Shelf(WorkerQueue(link, parent), itertools.count().__next__, parent)
    out = Reserve(History(shelf.take_id), shelf, itertools.count(100).__next__)
    out.starters = load_starters(RESOURCES / "starters")
    yield out, shelf
    parent.deleteLater()


def takes_of(reserve: Reserve, *prompts: str) -> tuple[Take, ...]:
    recipe = reserve.starters[0].recipe
    return tuple(Take(f"take-{number}", replace(recipe, prompt=prompt), "") for number, prompt in enumerate(prompts))


def test_takes_of_the_prompt_come_before_starters(reserve: tuple[Reserve, Shelf]) -> None:
    picking, shelf = reserve
    shelf.takes = takes_of(picking, "dub", "lofi rain", "dub", "lofi rain")
    picking.prompt = "lofi rain"
    assert [picking.pick(at_once=False) for _ in range(3)] == ["take-1", "take-3", "take-1"]
    picking.refuse("take-1")
    assert picking.pick(at_once=True) == "take-3"
    shelf.takes = tuple(replace(one, rating=NEVER) for one in shelf.takes)
    assert isinstance(picking.pick(at_once=False), LoopInHand), "rather a starter than what shall never come again"


def test_a_favourite_comes_before_what_is_merely_of_the_prompt(reserve: tuple[Reserve, Shelf]) -> None:
    picking, shelf = reserve
    first, second = takes_of(picking, "lofi rain", "dub")
    shelf.takes = (first, replace(second, rating=FAVOURITE))
    picking.prompt = "lofi rain"
    assert picking.pick(at_once=False) == "take-1"


@pytest.mark.parametrize("number", range(2))
def test_the_starter_that_suits_the_prompt_comes_first(reserve: tuple[Reserve, Shelf], number: int) -> None:
    picking, _ = reserve
    wanted = picking.starters[number]
    picking.prompt = " ".join((wanted.recipe.prompt, *wanted.recipe.facts.tags))
    picked = picking.pick(at_once=False)
    assert isinstance(picked, LoopInHand)
    assert picked.clip is wanted.clip
    again = picking.pick(picked, at_once=False)
    assert isinstance(again, LoopInHand)
    assert again.clip is not wanted.clip, "what sounds does not come after itself"
