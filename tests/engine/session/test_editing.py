# SPDX-License-Identifier: GPL-3.0-or-later
"""Edits of loops and takes are told, undone and done again, wherever the loop is by then.

The session is a real one, with a real library in a temporary folder; only its processes do not run.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from app.paths import RESOURCES
from engine.errors import StudioError
from engine.library.takes import TakeLibrary
from engine.session.baking import LoopInHand
from engine.session.edits import DeletionEdit, Edit, RatingEdit, RegionEdit, TransitionChange
from engine.session.job_queue import JobQueue
from engine.session.leading import Led
from engine.session.options import Happening, Places, StudioOptions
from engine.session.ports import Ports
from engine.session.session import Session
from engine.values import (
    FAVOURITE,
    NEVER,
    ChannelSnapshot,
    JobFailed,
    LoopOrigin,
    LoopRegion,
    Mark,
    TransitionEdit,
    TransitionWish,
)
from tests.engine.library.making import noise_clip, recipe
from tests.engine.session.ports import DeafPlayer, HandyWorker, ManualClock, SlowGenerators, SlowProcess

FOUND = LoopRegion(10, 900)
WISH = TransitionWish()


class Library(HandyWorker):
    """This library's process answers at once, by what it cannot do too."""

    def submit(self, job: Any, answer: Callable[[Any], None], **how: bool) -> None:
        try:
            super().submit(job, answer, **how)
        except StudioError as error:
            answer(JobFailed(job.job_id, error))


@dataclass
class Bench:
    """A bench has a session whose library answers at once, and remembers what it tells."""

    session: Session
    folder: Path
    edits: list[Edit] = field(default_factory=list)
    told: list[Happening] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)

    def play(self, loop: LoopInHand, *, kept: bool = True) -> None:
        """Have a loop lead, as it does when it takes over."""
        session = self.session
        if kept:
            session.takes.keep(loop)
        now = session.presenter.now_playing
        before = None if now is None else now.as_it_plays()
        session.presenter.lead(loop, session.options)
        assert session.presenter.now_playing is not None
        session.led.emit(Led(session.presenter.now_playing, before))

    @property
    def region(self) -> LoopRegion:
        now = self.session.presenter.now_playing
        assert now is not None
        return now.candidate.region

    def undo(self, edit: Edit) -> None:
        self.session.editing.put(edit, undone=True)

    def redo(self, edit: Edit) -> None:
        self.session.editing.put(edit, undone=False)

    def written(self, loop: LoopInHand) -> dict[str, Any]:
        """Return what the library's file says of a loop's take."""
        path = self.folder / "takes" / f"{self.id_of(loop)}.json"
        said: dict[str, Any] = json.loads(path.read_text(encoding="ascii"))
        return said

    def id_of(self, loop: LoopInHand) -> str:
        return next(one.take_id for one in self.session.takes.takes if one.recipe.title == loop.recipe.title)

    def region_written(self, loop: LoopInHand) -> LoopRegion:
        said = self.written(loop)["loop"]
        return LoopRegion(said["loop_start"], said["loop_end"])


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    clock = ManualClock()
    options = StudioOptions("house", library_folder=str(tmp_path))
    analysis = JobQueue(SlowProcess("analysis"), clock)
    ports = Ports(DeafPlayer(), SlowGenerators(), analysis, Library(), clock)
    session = Session(options, Places(str(RESOURCES / "starters")), ports)
    session.takes.open(str(tmp_path))
    session.running.begin()
    bench = Bench(session, tmp_path)
    session.editing.edited.connect(bench.edits.append)
    session.notices.happened.connect(bench.told.append)
    session.takes.failed.connect(bench.failures.append)
    return bench


ids = itertools.count(1000)


def a_loop(title: str, *, is_starter: bool = False) -> LoopInHand:
    of = replace(recipe(title), title=title)
    return LoopInHand.of_recipe(next(ids), noise_clip(1000), of, is_starter=is_starter)


def test_a_dragged_region_goes_back_while_it_plays(bench: Bench) -> None:
    loop = a_loop("one")
    bench.play(loop)
    for region in (LoopRegion(20, 900), LoopRegion(20, 800), LoopRegion(20, 800)):
        bench.session.set_region(region)
    first, second = bench.edits
    assert isinstance(first, RegionEdit)
    assert isinstance(second, RegionEdit)
    assert (first.before.region, first.after.region, second.after.region) == (
        FOUND,
        (LoopRegion(20, 900)),
        LoopRegion(20, 800),
    )
    assert (first.was_marked, second.was_marked) == (False, True)
    assert bench.written(loop)["marks"] == [Mark.REGION]
    bench.undo(second)
    assert bench.region == bench.region_written(loop) == LoopRegion(20, 900)
    assert bench.written(loop)["marks"] == [Mark.REGION]
    bench.undo(first)
    assert bench.region == bench.region_written(loop) == FOUND
    assert bench.written(loop)["loop"]["origin"] == "found", "it is the loop that was found, not one set by hand"
    assert "marks" not in bench.written(loop), "nothing was done with it"
    now = bench.session.presenter.now_playing
    assert now is not None
    assert not now.is_chosen, "it may be varied again"
    bench.redo(first)
    bench.redo(second)
    assert bench.region == bench.region_written(loop) == LoopRegion(20, 800)
    assert now.candidate.origin is LoopOrigin.HAND
    assert bench.written(loop)["marks"] == [Mark.REGION]
    assert len(bench.edits) == 2, "what is put back is no new edit"
    assert bench.failures == []


def test_a_region_of_a_take_that_left_goes_back_in_the_library_and_in_memory(bench: Bench) -> None:
    loop, other = a_loop("one"), a_loop("two")
    bench.play(loop)
    bench.session.set_region(LoopRegion(20, 800))
    bench.play(other)
    (edit,) = bench.edits
    bench.undo(edit)
    assert bench.region == FOUND == bench.region_written(loop)
    assert "marks" not in bench.written(loop)
    past = bench.session.transport.history.latest
    assert past is not None
    assert past.loop is not None
    assert past.loop.candidate.region == FOUND, "and it plays so when one goes back to it"
    bench.redo(edit)
    assert bench.region_written(loop) == past_region(bench) == LoopRegion(20, 800)
    assert bench.written(loop)["marks"] == [Mark.REGION]
    assert bench.region == FOUND, "what plays is another loop"


def past_region(bench: Bench) -> LoopRegion:
    past = bench.session.transport.history.latest
    assert past is not None
    assert past.loop is not None
    return past.loop.candidate.region


def test_a_take_that_is_known_by_its_id_alone_is_changed_in_the_library(bench: Bench) -> None:
    loop = a_loop("one")
    bench.play(loop)
    bench.session.transport.favourite(True)
    bench.session.set_region(LoopRegion(20, 800))
    rating, region = bench.edits
    take_id = bench.id_of(loop)
    # A library that is opened anew knows no loops.
    bench.session.takes.open(str(bench.folder / "other"))
    bench.session.takes.open(str(bench.folder))
    assert not bench.session.takes.is_known(loop.loop_id)
    bench.play(a_loop("two"))
    for edit in (region, rating):
        bench.undo(edit)
    with TakeLibrary(bench.folder) as library:
        take = library.read([take_id])[0]
    assert (take.recipe.loop.region, take.rating, take.marks) == (FOUND, "", frozenset())
    assert next(one for one in bench.session.takes.takes if one.take_id == take_id) == take, "and it is shown so"
    bench.session.takes.open(str(bench.folder / "other"))
    bench.session.takes.open(str(bench.folder))
    with TakeLibrary(bench.folder) as library:
        library.remove(take_id)
    before = len(bench.told)
    bench.redo(rating)
    assert [str(one) for one in bench.told[before:]] == [
        "“one” is no longer in memory or in the library: nothing was put back"
    ]
    assert bench.failures == []


def test_a_starter_that_left_memory_is_told_and_one_that_is_past_goes_back(bench: Bench) -> None:
    starter = a_loop("starter", is_starter=True)
    bench.play(starter, kept=False)
    bench.session.set_region(LoopRegion(20, 800))
    (edit,) = bench.edits
    bench.play(a_loop("two"))
    bench.undo(edit)
    assert past_region(bench) == FOUND
    bench.session.transport.history.forget(starter.loop_id)
    before = len(bench.told)
    bench.redo(edit)
    assert ["is no longer in memory" in str(one) for one in bench.told[before:]] == [True]
    assert bench.failures == []


def test_a_loop_that_comes_next_is_changed_too(bench: Bench) -> None:
    loop, other = a_loop("one"), a_loop("two")
    bench.play(loop)
    bench.session.set_region(LoopRegion(20, 800))
    left = bench.session.presenter.now_playing
    assert left is not None
    again = left.as_it_plays()
    bench.play(other)
    bench.session.up_next.ask_back(again, WISH)
    bench.undo(bench.edits[0])
    bench.session.up_next.recall()
    assert bench.session.up_next._back is not None
    assert bench.session.up_next._back.candidate.region == FOUND


def test_a_changed_transition_goes_back_until_it_was_heard(bench: Bench) -> None:
    loop, other = a_loop("one"), a_loop("two")
    bench.play(loop)
    session = bench.session
    session.up_next.add(other)
    now = session.presenter.now_playing
    assert now is not None
    heard = ChannelSnapshot(loop.loop_id, 0, 0)
    session.up_next.consider(now, heard, WISH, min_play_s=30.0)
    session.transition_watch.follow(now, heard)
    ids = loop.loop_id, other.loop_id
    edits = TransitionEdit(*ids, overlap_ms=900.0), TransitionEdit(*ids, overlap_ms=700.0)
    for edit in edits:
        session.transition_watch.edit(edit)
    assert bench.edits == [
        TransitionChange(TransitionEdit(*ids), edits[0], "two"), TransitionChange(*edits, "two"),
    ]  # fmt: skip
    known = session.up_next.edits
    bench.told.clear()
    bench.undo(bench.edits[1])
    assert known.of(now.part, other.loop_id) == edits[0]
    bench.undo(bench.edits[0])
    assert known.of(now.part, other.loop_id) is None
    bench.redo(bench.edits[0])
    assert known.of(now.part, other.loop_id) == edits[0]
    assert len(bench.edits) == 2, "what is put back is no edit"
    assert not bench.told
    bench.play(other)
    not_put: list[Happening] = []
    session.editing.not_put.connect(not_put.append)
    bench.undo(bench.edits[0])
    assert "does not come any more" in str(bench.told[-1])
    assert len(not_put) == 1, "the notice that says what was undone is corrected"


def test_ratings_go_back_and_never_again_is_allowed_again(bench: Bench) -> None:
    loop, other = a_loop("one"), a_loop("two")
    bench.play(loop)
    transport = bench.session.transport
    transport.favourite(True)
    transport.favourite(True)
    transport.never_again()
    bench.play(other)
    liked, refused = bench.edits
    assert isinstance(liked, RatingEdit)
    assert isinstance(refused, RatingEdit)
    assert [(one.before, one.after) for one in (liked, refused)] == [("", FAVOURITE), (FAVOURITE, NEVER)]
    assert transport.fallback_loops.refuses(loop, bench.id_of(loop))
    bench.undo(refused)
    assert bench.written(loop)["rating"] == FAVOURITE
    assert not transport.fallback_loops.refuses(loop, bench.id_of(loop))
    assert [one.recipe.title for one in bench.session.takes.favourites] == ["one"]
    bench.undo(liked)
    assert "rating" not in bench.written(loop)
    assert not bench.session.takes.favourites
    bench.redo(liked)
    bench.redo(refused)
    assert bench.written(loop)["rating"] == NEVER
    assert transport.fallback_loops.refuses(loop, bench.id_of(loop))
    assert len(bench.edits) == 2


def test_never_again_done_again_goes_on_where_that_loop_plays(bench: Bench) -> None:
    loop = a_loop("one")
    bench.play(loop)
    bench.session.transport.never_again()
    (edit,) = bench.edits
    bench.undo(edit)
    assert "rating" not in bench.written(loop)
    bench.session.up_next.asked = None
    bench.redo(edit)
    assert bench.session.up_next.asked is not None
    assert bench.written(loop)["rating"] == NEVER
    assert len(bench.edits) == 1


def test_what_was_done_before_the_take_is_kept_is_undone_in_it(bench: Bench) -> None:
    loop = a_loop("one")
    library = bench.session.takes._jobs
    assert isinstance(library, HandyWorker)
    library.is_busy = True
    bench.play(loop)
    bench.session.set_region(LoopRegion(20, 800))
    bench.session.transport.favourite(True)
    for edit in reversed(bench.edits):
        bench.undo(edit)
    library.is_busy = False
    bench.session.takes._store(loop)
    assert bench.region_written(loop) == FOUND
    assert {"rating", "marks"} & set(bench.written(loop)) == set()


def test_deleted_takes_leave_the_list_and_come_back_while_the_music_goes_on(bench: Bench) -> None:
    loops = [a_loop(f"loop {number}") for number in range(4)]
    for loop in loops:
        bench.play(loop)
    bench.session.transport.favourite(True)
    takes, took = bench.session.takes, bench.session.takes.takes
    deleted = (took[0].take_id, took[2].take_id)
    bench.session.editing.delete(deleted)
    edit = bench.edits[-1]
    assert edit == DeletionEdit(str(bench.folder), deleted, "loop 3")
    assert takes.takes == (took[1], took[3])
    assert takes.ids == (took[1].take_id, took[3].take_id)
    assert not takes.favourites
    playing = loops[3].loop_id
    assert bench.session.running.is_on
    assert not takes.can_rate(playing), "there is no take to rate"
    bench.session.set_region(LoopRegion(20, 800))
    assert bench.region == LoopRegion(20, 800), "what plays can be worked on all the same"
    bench.undo(edit)
    assert takes.ids == tuple(one.take_id for one in took)
    assert [one.recipe.title for one in takes.takes] == [f"loop {number}" for number in (3, 2, 1, 0)]
    assert [one.recipe.title for one in takes.favourites] == ["loop 3"]
    assert takes.can_rate(playing), "what plays is a take again"
    assert takes.rating(playing) == FAVOURITE
    bench.redo(edit)
    assert takes.takes == (took[1], took[3])
    with TakeLibrary(bench.folder) as library:
        library._trash.take_in([])
        for path in (bench.folder / "trash").iterdir():
            path.unlink()
        assert library.restore(deleted) == ()
    before = len(bench.told)
    bench.undo(edit)
    assert [str(one) for one in bench.told[before:]] == ["Takes that are gone from the trash for good: 2"]
    assert bench.failures == []
