# SPDX-License-Identifier: GPL-3.0-or-later
"""A recipe's clip is made again with its loop, or another from a new seed, while SALVA does not need the process."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import Cancelled, NotTaken, StudioError
from engine.generators.jobs import CancelJob, GenerateJob
from engine.library.audiofile import write_clip
from engine.library.carried import Carried, said_of
from engine.session.baking import LoopInHand
from engine.session.ports import PART_MAKER, Ports
from engine.session.recipe_making import RecipeMaking
from engine.session.take_store import TakeStore
from engine.values import ClipRequest, ClipResult, JobFailed, MusicFacts, Progress
from tests.engine.session.composing import OPTIONS
from tests.engine.session.ports import DeafPlayer, HandyWorker, ManualClock, SlowGenerators


class Bench:
    """A bench has a part maker that answers when it is told to."""

    def __init__(self, folder: Path) -> None:
        self.generators, worker, clock = SlowGenerators(), HandyWorker(), ManualClock()
        ids = itertools.count(1).__next__
        ports = Ports(DeafPlayer(), self.generators, worker, worker, clock)
        self.is_free = True
        self.takes = takes = TakeStore(worker, ids, clock)
        takes.open(str(folder))
        self.making = RecipeMaking(ports, ids, takes, settings=lambda: OPTIONS.generators, is_free=lambda: self.is_free)
        self.made: list[LoopInHand] = []
        self.failures: list[StudioError] = []
        self.progress: list[Progress | None] = []
        self.read: list[tuple[str, Carried | None]] = []
        self.making.made.connect(self.made.append)
        self.making.failed.connect(self.failures.append)
        self.making.progressed.connect(lambda _title, progress: self.progress.append(progress))
        self.making.read.connect(lambda path, carried: self.read.append((path, carried)))

    @property
    def asked(self) -> list[ClipRequest]:
        return [one.request for one in self.generators.sent if isinstance(one, GenerateJob)]

    def answer(self, loop: LoopInHand, seed: int) -> None:
        result = ClipResult(self.asked[-1].job_id, loop.clip, MusicFacts(), seed, {"composer": "4"})
        self.generators.received.emit(result)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "library")


def test_the_same_clip_has_the_loop_that_was_chosen(bench: Bench, composed: LoopInHand) -> None:
    region = replace(composed.recipe.loop.region, loop_end=composed.recipe.loop.region.loop_end // 2)
    recipe = replace(composed.recipe, loop=replace(composed.recipe.loop, region=region))
    bench.making.make(recipe, is_varied=False)
    assert bench.generators.sent_to == [PART_MAKER]
    assert bench.asked[0].seed == recipe.seed
    bench.answer(composed, recipe.seed or 0)
    (loop,) = bench.made
    assert (loop.recipe.loop.region, loop.recipe.title) == (region, recipe.title)
    assert bench.progress[-1] is None
    assert [take.recipe.title for take in bench.takes.takes] == [recipe.title], "it is kept as a take"


def test_another_seed_makes_another_clip_whose_loop_is_looked_for(bench: Bench, composed: LoopInHand) -> None:
    bench.making.make(composed.recipe, is_varied=True)
    assert bench.asked[0].seed is None
    bench.answer(composed, 77)
    (loop,) = bench.made
    assert (loop.recipe.seed, loop.recipe.prompt) == (77, composed.recipe.prompt)
    assert loop.recipe.title != composed.recipe.title
    assert len(loop.findings.candidates) > 1


def test_it_waits_for_salva_can_be_cancelled_and_says_what_cannot_be(bench: Bench, composed: LoopInHand) -> None:
    bench.is_free = False
    bench.making.make(composed.recipe, is_varied=False)
    assert bench.asked == []
    bench.is_free = True
    bench.making.go_on()
    assert len(bench.asked) == 1
    bench.making.cancel()
    assert isinstance(bench.generators.sent[-1], CancelJob)
    bench.generators.received.emit(JobFailed(bench.asked[0].job_id, Cancelled()))
    assert (bench.made, bench.failures, bench.progress[-1]) == ([], [], None)
    bench.making.make(replace(composed.recipe, seed=None), is_varied=False)
    assert [type(one) for one in bench.failures] == [NotTaken]


def test_the_recipe_of_a_file_is_read(bench: Bench, composed: LoopInHand, tmp_path: Path) -> None:
    path = tmp_path / "loop.ogg"
    write_clip(path, composed.clip, metadata=said_of(composed.recipe))
    bench.making.read_file(str(path))
    ((told, carried),) = bench.read
    assert told == str(path)
    assert isinstance(carried, Carried)
    assert carried.recipe == composed.recipe
