# SPDX-License-Identifier: GPL-3.0-or-later
"""By how long clips take on this machine, those that come too late are shortened, bridged or left out as fallbacks."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from engine.errors import CannotWrite, GeneratorError, StatisticsDamaged, StudioError
from engine.generators.base import GeneratorSettings
from engine.generators.jobs import GenerateJob
from engine.library.carried import Carried
from engine.library.recipe_lines import Line, lines_of
from engine.session.baking import LoopInHand
from engine.session.clip_maker import ClipMaker
from engine.session.keeping_up import length_that_keeps_up
from engine.session.options import Happening, StudioOptions
from engine.session.pace_book import PaceBook, PaceFile
from engine.values import ClipRequest, ClipResult, JobFailed, MachinePace, PaceRun, Progress
from engine.worker.pace_jobs import PaceJob
from tests.engine.session.ports import HandyWorker, ManualClock, SlowGenerators

WISH = StudioOptions("house", generator="musicgpt", model="medium", duration_s=20.0, min_play_s=30.0)
FAILURE = GeneratorError(generator="MusicGPT", detail="it stopped")
# On this machine a clip of 20 s takes a minute and a half with one model, half a minute with the other.
MEDIUM = [PaceRun("musicgpt", "medium", one, 4.5 * one, load_s=20.0) for one in (10.0, 20.0)]
SMALL = [PaceRun("musicgpt", "small-quant", one, 1.5 * one) for one in (10.0, 20.0)]


@dataclass
class Desk:
    """A clip maker whose generators answer when the test says so, with one clip that the composer made."""

    clip: LoopInHand
    clock: ManualClock = field(default_factory=ManualClock)
    generators: SlowGenerators = field(default_factory=SlowGenerators)
    told: list[str] = field(default_factory=list)
    progress: list[Progress] = field(default_factory=list)
    made: list[LoopInHand] = field(default_factory=list)
    book: PaceBook = field(default_factory=PaceBook)

    def __post_init__(self) -> None:
        ids = itertools.count(1).__next__
        self.maker = ClipMaker(self.generators, HandyWorker(), ids, self.clock, self.book)
        self.maker.happened.connect(lambda one: self.told.append(str(one)) if isinstance(one, Happening) else None)
        self.maker.progressed.connect(self.progress.append)
        self.maker.made.connect(lambda loop, _lufs: self.made.append(loop))

    @property
    def asked(self) -> ClipRequest:
        """Return what was asked for last."""
        return [one.request for one in self.generators.sent if isinstance(one, GenerateJob)][-1]

    def wants(self, options: StudioOptions) -> tuple[str, str, float]:
        self.maker.make(options)
        return self.asked.generator, self.asked.model, self.asked.duration_s

    def finish(self, *, load_s: float = 0.0, making_s: float = 1.0) -> None:
        """Have what was asked for last be made, in so many seconds."""
        job_id = self.asked.job_id
        self.generators.received.emit(Progress(job_id, None, "starting"))
        self.clock.pass_s(load_s)
        self.generators.received.emit(Progress(job_id, None, "generating"))
        self.clock.pass_s(making_s)
        clip = self.clip
        self.generators.received.emit(ClipResult(job_id, clip.clip, clip.recipe.facts, 3, {}))

    def fail(self) -> None:
        self.generators.received.emit(JobFailed(self.asked.job_id, FAILURE))
        self.clock.pass_s(3.0)


@pytest.fixture
def desk(composed: LoopInHand) -> Desk:
    return Desk(composed)


def know(desk: Desk, *runs: PaceRun) -> None:
    for one in runs:
        desk.book.took(one)


# --- measuring --------------------------------------------------------------------------------------------------------


def test_each_clip_that_is_made_is_a_run_and_its_recipe_says_how_long_it_took(desk: Desk) -> None:
    desk.maker.make(WISH)
    desk.finish(load_s=12.0, making_s=60.0)
    (run,) = desk.book.pace.runs
    assert (run.generator, run.model, run.load_s, run.making_s) == ("musicgpt", "medium", 12.0, 60.0)
    assert run.clip_s == desk.clip.clip.duration_s
    (loop,) = desk.made
    assert loop.recipe.making_s == 60.0
    assert type(loop.recipe).from_dict(loop.recipe.as_dict()) == loop.recipe
    assert Line("making took, s", "60") in lines_of(Carried(loop.recipe))


def test_what_is_cancelled_or_fails_is_none(desk: Desk) -> None:
    desk.maker.make(WISH)
    desk.fail()
    desk.maker.cancel()
    assert desk.book.pace == MachinePace()


def test_the_next_clip_tells_what_is_left_by_the_last_one(desk: Desk) -> None:
    desk.maker.make(WISH)
    desk.finish(load_s=12.0, making_s=10.0)
    desk.maker.make(replace(WISH, duration_s=desk.clip.clip.duration_s))
    desk.generators.received.emit(Progress(desk.asked.job_id, None, "generating"))
    desk.clock.pass_s(4.0)
    desk.generators.received.emit(Progress(desk.asked.job_id, None, "generating"))
    assert [one.left_s for one in desk.progress[-2:]] == [pytest.approx(10.0), pytest.approx(6.0)]


def test_before_a_loop_was_made_earlier_days_say_how_long_one_takes(desk: Desk) -> None:
    desk.maker.make(WISH)
    assert desk.maker.usual_s is None
    know(desk, *MEDIUM)
    assert desk.maker.usual_s == 110.0, "its model has to be loaded"
    desk.finish(making_s=50.0)
    assert desk.maker.usual_s == 50.0
    desk.maker.make(replace(WISH, model="small-quant"))
    assert desk.maker.usual_s is None, "another model takes another time"


# --- a length that keeps up -------------------------------------------------------------------------------------------


def test_a_clip_is_as_long_as_asked_unless_it_is_to_keep_up(desk: Desk) -> None:
    know(desk, *SMALL)
    slow = replace(WISH, model="small-quant")
    assert desk.wants(slow) == ("musicgpt", "small-quant", 20.0)
    assert desk.wants(replace(slow, keep_up=True)) == ("musicgpt", "small-quant", 17.0)
    assert desk.wants(replace(slow, keep_up=True, min_play_s=60.0)) == ("musicgpt", "small-quant", 20.0)


def test_bars_that_are_set_say_how_long_a_clip_is(desk: Desk) -> None:
    runs = [PaceRun("composer", "", one, 3.0 * one) for one in (10.0, 20.0)]
    know(desk, *runs)
    wish = StudioOptions("house", generator="composer", keep_up=True)
    assert desk.wants(wish)[2] == 8.0
    assert desk.wants(replace(wish, generators=GeneratorSettings().with_values("composer", {"bars": 4})))[2] == 20.0


def test_of_a_generator_that_is_not_there_the_length_stays() -> None:
    pace = MachinePace().with_runs([PaceRun("gone", "", 10.0, 900.0)])
    assert length_that_keeps_up(pace, "gone", "", asked_s=20.0, play_s=30.0) == 20.0


# --- bridging ---------------------------------------------------------------------------------------------------------


def test_a_clip_that_is_far_too_late_is_bridged_once_and_comes_then(desk: Desk) -> None:
    # Even five seconds of it take longer than a loop plays.
    know(desk, *(replace(one, making_s=100.0 + one.making_s) for one in MEDIUM))
    wish = replace(WISH, keep_up=True)
    assert desk.wants(wish) == ("composer", "", 20.0)
    assert desk.told == ["MusicGPT takes about 210 s: the composer bridges until its clip is there"]
    desk.finish()
    assert desk.wants(wish) == ("musicgpt", "medium", 20.0), "as long as asked: it is late anyhow"
    desk.finish(making_s=190.0)
    assert desk.wants(wish)[0] == "composer", "the next one is bridged as well"
    desk.finish()
    assert desk.wants(wish)[0] == "musicgpt"
    assert len(desk.told) == 1, "which is told once"


def test_nothing_is_bridged_while_the_music_in_hand_lasts_or_where_it_was_not_asked_for(desk: Desk) -> None:
    know(desk, *(replace(one, making_s=100.0 + one.making_s) for one in MEDIUM))
    assert desk.wants(WISH)[0] == "musicgpt"
    desk.maker.set_in_hand(600.0)
    assert desk.wants(replace(WISH, keep_up=True))[0] == "musicgpt"


def test_a_model_is_bridged_while_it_loads_and_no_more_when_it_is_there(desk: Desk) -> None:
    know(desk, *(PaceRun("musicgpt", "medium", one, one, load_s=300.0) for one in (10.0, 20.0)))
    wish = replace(WISH, keep_up=True)
    assert desk.wants(wish)[0] == "composer"
    desk.finish()
    assert desk.wants(wish)[0] == "musicgpt"
    desk.finish(load_s=300.0, making_s=20.0)
    assert desk.wants(wish)[0] == "musicgpt"
    desk.finish(making_s=20.0)
    desk.generators.died.emit("musicgpt", StudioError(detail="it died"))
    assert desk.wants(wish)[0] == "composer", "it has to be loaded again"


def test_what_bridges_is_no_news_of_the_generator_that_fails(desk: Desk) -> None:
    """Between its failures the composer bridges, and it is given up all the same."""
    know(desk, *(replace(one, making_s=100.0 + one.making_s) for one in MEDIUM))
    wish = replace(WISH, keep_up=True)
    for generator in ("composer", "musicgpt"):
        assert desk.wants(wish)[0] == generator
        desk.finish() if generator == "composer" else desk.fail()
    assert desk.asked.generator == "musicgpt", "its second try, which needs no further bridge"
    desk.fail()
    assert (desk.asked.model, desk.asked.duration_s) == ("small-quant", 10.0), "of the other fallback nothing is known"
    assert desk.told[-1] == "MusicGPT makes nothing: its model “small-quant” is tried"


# --- the fallbacks ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "in_hand_s", "instead"),
    [
        ([], 30.0, ("musicgpt", "medium", 10.0)),
        (MEDIUM, 300.0, ("musicgpt", "medium", 10.0)),
        (MEDIUM, 0.0, ("musicgpt", "small-quant", 10.0)),
        ([*MEDIUM, *SMALL], 0.0, ("musicgpt", "small-quant", 10.0)),
        ([*MEDIUM, *(replace(one, making_s=200.0) for one in SMALL)], 0.0, ("composer", "", 20.0)),
    ],
    ids=["nothing known", "time enough", "no time", "no time, a quick one", "no time, slow ones"],
)
def test_what_would_come_too_late_is_left_out_of_the_fallbacks(
    desk: Desk, known: list[PaceRun], in_hand_s: float, instead: tuple[str, str, float]
) -> None:
    know(desk, *known)
    desk.maker.make(WISH)
    desk.fail()
    desk.maker.set_in_hand(in_hand_s)
    desk.fail()
    assert (desk.asked.generator, desk.asked.model, desk.asked.duration_s) == instead


# --- the book ---------------------------------------------------------------------------------------------------------


class Shelf:
    """This queue does each job of the library's process at once, or when the test says so."""

    def __init__(self) -> None:
        self.waits = False
        self.waiting: list[tuple[PaceJob, Callable[[object], None]]] = []

    def submit(self, job: PaceJob, answer: Callable[[object], None], **_how: bool) -> None:
        self.waiting.append((job, answer))
        if not self.waits:
            self.go_on()

    def go_on(self) -> None:
        from engine.worker.jobs import run

        while self.waiting:
            job, answer = self.waiting.pop(0)
            try:
                answer(run(job))
            except StudioError as error:
                answer(JobFailed(job.job_id, error))

    def withdraw(self, _job_id: int) -> None: ...

    def clear(self) -> None: ...


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


def opened(path: Path, shelf: Shelf) -> tuple[PaceBook, list[object]]:
    book, failures = PaceBook(PaceFile(str(path), shelf, itertools.count(1).__next__)), list[object]()
    book.failed.connect(failures.append)
    book.read()
    return book, failures


def test_the_book_is_there_again_at_the_next_start(tmp_path: Path, shelf: Shelf) -> None:
    path = tmp_path / "statistics.json"
    book, failures = opened(path, shelf)
    for one in SMALL:
        book.took(one)
    again, _ = opened(path, shelf)
    assert again.pace.runs == tuple(SMALL)
    assert failures == []


def test_what_was_made_before_the_file_was_read_is_not_lost(tmp_path: Path, shelf: Shelf) -> None:
    path = tmp_path / "statistics.json"
    opened(path, shelf)[0].took(SMALL[0])
    shelf.waits = True
    book, _ = opened(path, shelf)
    book.took(MEDIUM[0])
    assert list(book.pace.runs) == [MEDIUM[0]]
    shelf.go_on()
    assert list(book.pace.runs) == [SMALL[0], MEDIUM[0]]


def test_what_is_forgotten_can_be_brought_back_before_what_was_made_since(tmp_path: Path, shelf: Shelf) -> None:
    path = tmp_path / "statistics.json"
    book, _ = opened(path, shelf)
    told: list[MachinePace] = []
    book.changed.connect(told.append)
    book.took(SMALL[0])
    book.forget()
    assert list(book.pace.runs) == list(opened(path, shelf)[0].pace.runs) == []
    book.took(MEDIUM[0])
    book.bring_back()
    assert list(book.pace.runs) == list(opened(path, shelf)[0].pace.runs) == [SMALL[0], MEDIUM[0]]
    book.bring_back()
    assert list(book.pace.runs) == [SMALL[0], MEDIUM[0]], "once"
    assert told[-1] == book.pace


def test_a_damaged_file_is_told_once(tmp_path: Path, shelf: Shelf) -> None:
    path = tmp_path / "statistics.json"
    path.write_text("no JSON")
    book, failures = opened(path, shelf)
    book.took(SMALL[0])
    assert [type(one) for one in failures] == [StatisticsDamaged]
    assert opened(path, shelf)[0].pace.runs == (SMALL[0],)


def test_a_place_that_cannot_be_written_is_told_once_until_it_can(tmp_path: Path, shelf: Shelf) -> None:
    (tmp_path / "data").write_text("a file in its place")
    book, failures = opened(tmp_path / "data" / "statistics.json", shelf)
    book.took(SMALL[0])
    book.took(SMALL[1])
    assert [type(one) for one in failures] == [CannotWrite]
    assert book.pace.runs == tuple(SMALL), "it is known as long as the studio runs"
    (tmp_path / "data").unlink()
    book.took(MEDIUM[0])
    kept = opened(tmp_path / "data" / "statistics.json", shelf)[0].pace.runs
    assert kept == book.pace.runs == (*SMALL, MEDIUM[0]), "what could not be written goes with the next"
    (tmp_path / "data" / "statistics.json").unlink()
    (tmp_path / "data").rmdir()
    (tmp_path / "data").write_text("again")
    book.took(MEDIUM[1])
    assert [type(one) for one in failures] == [CannotWrite] * 2
