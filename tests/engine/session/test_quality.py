# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests check whether a clip is worse than usual and there is time for another, made and told of once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from psygnal import Signal

from engine.session.baking import LoopInHand
from engine.session.generation import Generation
from engine.session.options import Happening, StudioOptions
from engine.session.quality import FEWEST_TAKES, WORSE_BY, is_time_to_make_again, is_worse, usual_score
from engine.session.running import Running
from engine.values import LoopCandidate, LoopMetrics, LoopRegion, MusicInHand, Recipe
from tests.starters import shipped
from tests.widgets.recipes import a_recipe

GOOD = LoopCandidate(LoopRegion(0, 100), 0.9, LoopMetrics(0.9, 0.9, 0.9, 0.9), 4, weak=False)
WEAK = replace(GOOD, score=0.05, bars=None, weak=True)


def recipes(*scores: float, generator: str = "composer") -> list[Recipe]:
    return [a_recipe(generator=generator, loop=replace(GOOD, score=score)) for score in scores]


def test_what_is_usual_is_the_median_of_one_generators_takes() -> None:
    mixed = recipes(0.9, 0.8, 0.1, 0.7, 0.6) + recipes(0.0, 0.0, 0.0, generator="musicgpt")
    assert usual_score(mixed, "composer") == 0.7
    assert usual_score(mixed, "musicgpt") is None, f"{FEWEST_TAKES} are needed"
    assert usual_score(recipes(*([0.2] * 100), *([0.9] * 1000)), "composer") == 0.2, "the newest tell"


def test_worse_than_usual_and_weak_while_nothing_is_usual() -> None:
    assert is_worse(WEAK, None)
    assert not is_worse(GOOD, None)
    assert is_worse(replace(GOOD, score=0.7), 0.9)
    assert not is_worse(replace(GOOD, score=0.9 - WORSE_BY / 2), 0.9)
    assert not is_worse(WEAK, 0.1), "where all are weak it would be for nothing"


@pytest.mark.parametrize(
    ("prepared_s", "making_s", "is_time"),
    [(60.0, 10.0, True), (15.0, 10.0, False), (0.0, 0.1, False), (600.0, None, False)],
)
def test_music_in_hand_comes_first(prepared_s: float, making_s: float | None, is_time: bool) -> None:
    assert is_time_to_make_again(MusicInHand(prepared_s, 2, making_s)) is is_time


class Maker:
    """This maker makes what the test hands over, and counts how often it is asked."""

    made = Signal(object, float)
    progressed = Signal(object)
    failed = Signal(object, float)
    happened = Signal(object)

    def __init__(self) -> None:
        self.usual_s = 5.0
        self.n_asked = self.n_at_once = 0
        self.is_busy = self.makes_nothing = False

    def set_in_hand(self, _seconds: float | None) -> None:
        pass

    def make(self, _options: StudioOptions, *, n: int = 1) -> None:
        self.n_at_once = n
        self.n_asked += 1
        self.is_busy = True

    def finish(self, loop: LoopInHand) -> None:
        self.is_busy = False
        self.made.emit(loop, -16.0)

    def cancel(self) -> None:
        self.is_busy = False


class Queue:
    """This queue holds what is ready."""

    def __init__(self) -> None:
        self.ready: list[LoopInHand] = []
        self.hurry = False
        self.next_loop = None

    @property
    def n_ahead(self) -> int:
        return len(self.ready)

    def plays_s(self, min_play_s: float) -> list[float]:
        return [min_play_s] * len(self.ready)

    def exchange(self, loop_id: int) -> bool:
        before = len(self.ready)
        self.ready = [one for one in self.ready if one.loop_id != loop_id]
        return len(self.ready) < before


class Scene:
    def __init__(self) -> None:
        self.maker, self.queue, running = Maker(), Queue(), Running()
        running.begin()
        self.making = Generation(self.maker, running, self.queue, lambda: recipes(*([0.8] * 9)))  # type: ignore[arg-type]
        self.lines: list[Happening] = []
        self.making.happened.connect(self.lines.append)
        self.making.made.connect(lambda loop, _lufs: self.queue.ready.append(loop))
        self.options = StudioOptions(prompt="house")

    def begin(self, **changes: object) -> None:
        self.options = replace(self.options, **changes)  # type: ignore[arg-type]
        self.making.begin(self.options)
        self.making.tell_hand(0.0, 30.0, 30.0)

    @property
    def ready(self) -> list[int]:
        return [one.loop_id for one in self.queue.ready]


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture(scope="module")
def loops() -> dict[str, LoopInHand]:
    starter = shipped()[0]

    def loop(loop_id: int, score: float) -> LoopInHand:
        recipe = replace(
            starter.recipe, generator="composer", loop=replace(starter.recipe.loop, score=score, weak=score < 0.2)
        )
        return LoopInHand.of_recipe(loop_id, starter.clip, recipe)

    return {"weak": loop(1, 0.1), "better": loop(2, 0.7), "worst": loop(3, 0.05), "good": loop(4, 0.95)}


def test_a_clip_worse_than_usual_is_made_again_once_and_told_in_one_line(
    scene: Scene, loops: dict[str, LoopInHand]
) -> None:
    scene.begin()
    scene.maker.finish(loops["weak"])
    assert scene.ready == [1], "it is in hand until there is a better one"
    assert scene.maker.n_asked == 2
    assert len(scene.lines) == 1
    assert "another one is made" in str(scene.lines[0])
    scene.maker.finish(loops["better"])
    assert scene.ready == [2]
    assert scene.maker.n_asked == 2, "once"


def test_what_comes_out_worse_still_changes_nothing(scene: Scene, loops: dict[str, LoopInHand]) -> None:
    scene.begin()
    scene.maker.finish(loops["weak"])
    scene.maker.finish(loops["worst"])
    assert scene.ready == [1, 3]
    assert scene.maker.n_asked == 2, "no third try"


def test_a_good_clip_is_taken_as_it_is(scene: Scene, loops: dict[str, LoopInHand]) -> None:
    scene.begin()
    scene.maker.finish(loops["good"])
    assert (scene.ready, scene.maker.n_asked) == ([4], 1)


@pytest.mark.parametrize("why", ["the setting", "no time", "a hurry"])
def test_it_is_left_as_it_is_where(scene: Scene, loops: dict[str, LoopInHand], why: str) -> None:
    scene.begin(make_again=why != "the setting")
    scene.queue.hurry = why == "a hurry"
    if why == "no time":
        scene.maker.usual_s = 600.0
        scene.making.tell_hand(0.0, 30.0, 30.0)
    scene.maker.finish(loops["weak"])
    assert (scene.ready, scene.maker.n_asked) == ([1], 1)


def test_another_wish_forgets_what_was_worse(scene: Scene, loops: dict[str, LoopInHand]) -> None:
    scene.begin()
    scene.maker.finish(loops["weak"])
    scene.begin(prompt="dub")
    scene.maker.finish(loops["better"])
    assert scene.ready == [1, 2], "what the old wish left is up next's to drop"
