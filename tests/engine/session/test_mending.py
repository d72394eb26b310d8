# SPDX-License-Identifier: GPL-3.0-or-later
"""The seam that plays is mended by a painter made by hand, judged as it really is, and only what is better is heard."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest

from engine.errors import Cancelled, GeneratorFailed, GeneratorHung, LoopTooShort, NothingPaints, StudioError
from engine.generators.diffusion import StableAudio3
from engine.generators.jobs import CancelJob, GenerateJob
from engine.session.baking import Baker, LoopInHand
from engine.session.made_again import MENDED_BY, request_again
from engine.session.mending import MOST_TRIES, WAIT_S, Mending
from engine.session.options import Happening, StudioOptions
from engine.session.ports import Ports
from engine.session.presenter import LoopPresenter
from engine.values import (
    Algorithm,
    Clip,
    ClipRequest,
    ClipResult,
    JobFailed,
    Licence,
    LoopCandidate,
    LoopMetrics,
    LoopRegion,
    MusicFacts,
    Progress,
    Recipe,
    Repaint,
)
from engine.values.mending import MendingState
from engine.worker.mending_jobs import Painter, PainterJob
from tests.engine.loops.test_mending import BPM, RATE, REGION, bad, broken, perfect
from tests.engine.session.ports import DeafPlayer, HandyWorker, ManualClock, SlowGenerators

OPTIONS = StudioOptions("plucked notes")
STABLE = Painter(0, "stableaudio3", "Stable Audio 3", "small")
FREE = Licence("MIT", is_commercial=True)
NARROW = Licence("not for sale", is_commercial=False)


class Shelf:
    """A shelf tells who paints as a test says, at once or when it is asked to."""

    def __init__(self) -> None:
        self.painter: Painter | Exception = STABLE
        self.asked: list[tuple[PainterJob, Callable[[Any], None]]] = []
        self.is_slow = False

    def submit(self, job: Any, answer: Callable[[Any], None], **_how: bool) -> None:
        assert isinstance(job, PainterJob)
        self.asked.append((job, answer))
        if not self.is_slow:
            self.answer()

    def answer(self) -> None:
        job, answer = self.asked[-1]
        answer(JobFailed(job.job_id, self.painter) if isinstance(self.painter, Exception) else self.painter)

    def withdraw(self, job_id: int) -> None: ...

    def clear(self) -> None: ...


def broken_loop(loop_id: int = 7, region: LoopRegion = REGION) -> LoopInHand:
    metrics = LoopMetrics(0.5, 0.5, 0.5, 0.5)
    recipe = Recipe(
        prompt="plucked notes",
        generator="stableaudio",
        model="open",
        duration_s=8.0,
        seed=1,
        versions={"diffusers": "1"},
        title="Broken",
        artist="Artist",
        facts=MusicFacts(tempo_bpm=BPM, key="A minor"),
        wraps=False,
        algorithm=Algorithm.ADVANCED,
        loop=LoopCandidate(region, 0.5, metrics, bars=2, weak=False),
        created_utc="2026-01-01T00:00:00+00:00",
    )
    return LoopInHand.of_recipe(loop_id, broken(), recipe)


@dataclass
class Bench:
    """A bench has a loop with a broken seam playing, and a painter that answers when it is told to."""

    making: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.clock, self.generators, self.shelf = ManualClock(), SlowGenerators(), Shelf()
        self.worker, ids = HandyWorker(), itertools.count(100).__next__
        self.presenter = LoopPresenter(self.worker, ids, Baker(1.0, -16.0), self.clock, set)
        self.presenter.lead(broken_loop(), OPTIONS)
        ports = Ports(DeafPlayer(), self.generators, self.worker, self.shelf, self.clock)
        self.mending = Mending(ports, ids, self.presenter, self.making.__contains__)
        self.mending.options = OPTIONS
        self.told: list[str] = []
        self.errors: list[StudioError] = []
        self.states: list[MendingState] = []
        self.swaps: list[int | None] = []
        self.mending.happened.connect(self._hear)
        self.mending.failed.connect(self.errors.append)
        self.mending.changed.connect(self.states.append)
        self.presenter.baked_again.connect(self.swaps.append)

    def _hear(self, happening: Happening) -> None:
        self.told.append(str(happening))

    @property
    def asked(self) -> list[ClipRequest]:
        return [one.request for one in self.generators.sent if isinstance(one, GenerateJob)]

    @property
    def cancelled(self) -> list[int]:
        return [one.job_id for one in self.generators.sent if isinstance(one, CancelJob)]

    @property
    def playing(self) -> LoopInHand:
        assert self.presenter.now_playing is not None
        return self.presenter.now_playing.playing

    def paint(self, painter: Callable[[Repaint], Clip], licence: Licence | None = FREE) -> None:
        request = self.asked[-1]
        assert request.repaint is not None
        made = ClipResult(request.job_id, painter(request.repaint), MusicFacts(), 5, {}, licence=licence)
        self.generators.received.emit(made)

    def fail(self, error: Exception) -> None:
        self.generators.received.emit(JobFailed(self.asked[-1].job_id, error))


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_what_should_stand_there_is_kept_and_plays_at_its_place(bench: Bench) -> None:
    before = bench.playing
    bench.mending.begin()
    (request,) = bench.asked
    assert bench.generators.sent_to == ["stableaudio3"]
    assert (request.model, request.prompt, request.repaint is not None) == ("small", "plucked notes", True)
    assert bench.shelf.asked[0][0].generator == "stableaudio", "its own generator is asked for first"
    assert bench.mending.state == MendingState("Stable Audio 3", is_working=True)
    bench.generators.received.emit(Progress(request.job_id, 0.25, "painting"))
    assert bench.mending.state.fraction == 0.25
    bench.paint(perfect, NARROW)
    assert bench.swaps[0] is None
    assert bench.mending.state == MendingState("Stable Audio 3")
    (told,) = bench.told
    assert told.startswith("Stable Audio 3 mended the seam of “Broken”: ")
    after = bench.playing
    assert (after.loop_id, after.candidate.region) == (before.loop_id, REGION)
    assert after.clip.samples.shape == before.clip.samples.shape
    assert after.recipe.versions == {"diffusers": "1", MENDED_BY: "Stable Audio 3 small"}
    assert after.recipe.licence == NARROW, "whoever sells it has to know"
    assert request_again(1, after.recipe, OPTIONS.generators) is None, "its seed does not make it again"
    now = bench.presenter.now_playing
    assert now is not None
    step = np.abs(now.baked.samples[0] - now.baked.samples[-1]).max()
    assert step < 0.1, "what plays has no click: the crossfade mixes the loop with itself"
    assert bench.errors == []


def test_a_painter_of_short_clips_hears_as_much_as_it_takes(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(StableAudio3, "max_duration_s", 3.1)
    bench.mending.begin()
    (request,) = bench.asked
    assert request.repaint is not None
    assert request.repaint.clip.duration_s == pytest.approx(3.1, abs=1e-4)
    assert request.repaint.clip.duration_s <= 3.1
    bench.paint(lambda repaint: repaint.clip)
    (told,) = bench.told
    assert told.startswith("Stable Audio 3 painted no better seam")
    assert bench.errors == [], "what is judged is what was painted"


def test_a_recipe_of_the_time_before_licences_keeps_that_of_its_model(bench: Bench) -> None:
    loop = broken_loop(8)
    bench.presenter.lead(replace(loop, recipe=replace(loop.recipe, generator="musicgen", model="small")), OPTIONS)
    bench.mending.begin()
    bench.paint(perfect, FREE)
    licence = bench.playing.recipe.licence
    assert licence is not None
    assert not licence.is_commercial


def test_no_overlap_undoes_the_mending(bench: Bench) -> None:
    bench.mending.begin()
    bench.paint(perfect)
    now = bench.presenter.now_playing
    assert now is not None
    own = now.playing.clip.read(REGION.loop_start, REGION.n_samples)
    for overlap_ms in (1.0, 480.0, 5000.0):
        baked = Baker(overlap_ms, -16.0).part(now.playing).baked
        assert baked.overlap_samples > 0
        gain = np.abs(baked.samples).max() / np.abs(own).max()
        assert baked.n_samples == round(REGION.n_samples * baked.sample_rate / RATE)
        assert baked.correlation == 1.0, overlap_ms
        assert gain == pytest.approx(1.0, abs=0.05)


def test_noise_is_refused_and_nothing_changes(bench: Bench) -> None:
    clip = bench.playing.clip
    bench.mending.begin()
    bench.paint(bad)
    assert bench.playing.clip is clip
    assert bench.swaps == []
    (told,) = bench.told
    assert told.startswith("Stable Audio 3 painted no better seam for “Broken”: it stays at ")
    assert bench.mending.state == MendingState("Stable Audio 3")


def test_it_is_called_off_and_what_comes_late_is_of_no_use(bench: Bench) -> None:
    clip = bench.playing.clip
    bench.mending.begin()
    bench.mending.begin()
    assert len(bench.asked) == 1, "one at a time"
    bench.mending.cancel()
    assert bench.cancelled == [bench.asked[0].job_id]
    assert bench.told == ["The seam of “Broken” is not mended: it was called off"]
    bench.paint(perfect)
    bench.fail(Cancelled())
    bench.mending.cancel()
    assert bench.playing.clip is clip
    assert (len(bench.told), bench.errors) == (1, [])
    # Before it is known who paints, too.
    bench.shelf.is_slow = True
    bench.mending.begin()
    bench.mending.cancel()
    bench.shelf.answer()
    assert len(bench.asked) == 1


@pytest.mark.parametrize("is_painted", [False, True])
def test_another_loop_or_region_that_plays_meanwhile_has_it_dropped(bench: Bench, is_painted: bool) -> None:
    bench.mending.begin()
    if is_painted:
        bench.worker.is_busy = True
        bench.paint(perfect)
    other = broken_loop(8)
    bench.presenter.lead(other, OPTIONS)
    assert bench.told == ["The seam of “Broken” is not mended: something else plays by now"]
    assert bench.cancelled == ([] if is_painted else [bench.asked[0].job_id])
    bench.worker.is_busy = False
    if not is_painted:
        bench.paint(perfect)
    assert bench.playing.clip is other.clip
    bench.mending.begin()
    bench.presenter.set_region(LoopRegion(REGION.loop_start, REGION.loop_end - 100))
    assert len(bench.told) == 2
    assert not bench.mending.state.is_working


def test_the_music_that_comes_goes_first(bench: Bench) -> None:
    bench.making.add("stableaudio3")
    bench.mending.begin()
    bench.clock.pass_s(WAIT_S)
    assert bench.asked == []
    bench.making.clear()
    bench.clock.pass_s(WAIT_S)
    assert len(bench.asked) == 1
    for n_tries in range(2, MOST_TRIES + 1):
        bench.fail(Cancelled())
        bench.clock.pass_s(WAIT_S)
        assert len(bench.asked) == n_tries
    bench.fail(Cancelled())
    bench.clock.pass_s(WAIT_S)
    assert len(bench.asked) == MOST_TRIES
    assert [type(one) for one in bench.errors] == [Cancelled]
    assert not bench.mending.state.is_working


def test_where_nothing_paints_one_sentence_says_the_way_out(bench: Bench) -> None:
    bench.mending.look()
    assert bench.mending.state == MendingState("Stable Audio 3")
    bench.shelf.painter = Painter(0)
    bench.mending.look()
    assert bench.mending.state == MendingState()
    bench.mending.begin()
    (error,) = bench.errors
    assert isinstance(error, NothingPaints)
    assert "models setup diffusion" in str(error)
    assert (bench.asked, bench.mending.state) == ([], MendingState())
    bench.shelf.painter = StudioError(detail="the disk")
    bench.mending.begin()
    assert bench.errors[-1] is bench.shelf.painter


def test_what_fails_is_told_and_the_next_one_begins(bench: Bench) -> None:
    bench.mending.begin()
    bench.fail(GeneratorFailed(generator="Stable Audio 3", exit_code=1, detail="it fell"))
    bench.mending.begin()
    bench.generators.died.emit("composer", StudioError(detail="another one"))
    assert bench.mending.state.is_working
    bench.generators.died.emit("stableaudio3", StudioError(detail="gone"))
    bench.mending.begin()
    bench.clock.pass_s(599.0)
    assert bench.mending.state.is_working
    bench.clock.pass_s(2.0)
    assert [type(one) for one in bench.errors] == [GeneratorFailed, StudioError, GeneratorHung]
    assert [one for one, _ in bench.generators.given_up] == ["stableaudio3"]
    assert not bench.mending.state.is_working


def test_a_loop_that_is_too_short_is_not_begun(bench: Bench) -> None:
    bench.presenter.lead(broken_loop(9, LoopRegion(0, RATE)), OPTIONS)
    bench.mending.begin()
    assert [type(one) for one in bench.errors] == [LoopTooShort]
    assert bench.shelf.asked == []


def test_what_the_clip_was_not_to_have_is_not_said_to_who_mends(bench: Bench) -> None:
    """Models without guidance refuse a negative prompt."""
    loop = broken_loop(8)
    recipe = replace(loop.recipe, asked=replace(loop.recipe.asked, negative_prompt="drums"))
    bench.presenter.lead(replace(loop, recipe=recipe), OPTIONS)
    bench.mending.begin()
    assert [one.negative_prompt for one in bench.asked] == [""]
