# SPDX-License-Identifier: GPL-3.0-or-later
"""A dull clip, or one in another tempo, is made again at most twice or stretched; the best of the tries is played."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest

from engine.errors import GeneratorError, StudioError
from engine.generators.jobs import GenerateJob
from engine.session import clip_maker
from engine.session.baking import LoopInHand
from engine.session.clip_maker import ClipMaker
from engine.session.fitting import can_stretch, fit_of, key_fit, tempo_fit
from engine.session.judging import MOST_TRIES
from engine.session.options import Happening, StudioOptions
from engine.values import (
    Algorithm,
    Asked,
    Clip,
    ClipRequest,
    ClipResult,
    Dullness,
    Fit,
    JobFailed,
    LoopCandidate,
    LoopFindings,
    LoopMetrics,
    LoopRegion,
    Misfit,
    MusicFacts,
)
from engine.worker.jobs import FindJob, Found, Judged, JudgeJob, StretchClipJob, StretchedClip
from tests.engine.session.ports import ManualClock, SlowGenerators
from tests.widgets.recipes import a_recipe

BEST = LoopCandidate(LoopRegion(0, 100), 0.9, LoopMetrics(0.9, 0.9, 0.9, 0.9), 4, weak=False)
OPTIONS = StudioOptions("house, 120 bpm, A minor", generator="musicgpt", model="small", duration_s=20.0)


@dataclass(frozen=True)
class Sound:
    """A sound is what is judged and measured of a clip that a test has made."""

    dullness: Dullness | None = None
    bpm: float | None = 120.0
    key: str | None = "A minor"


@dataclass
class Judge:
    """This worker finds in each clip what a test said of it; by a clip's first sample it knows which one it is."""

    sounds: list[Sound] = field(default_factory=list)
    speeds: list[float] = field(default_factory=list)
    known: list[MusicFacts] = field(default_factory=list)
    n_judged: int = 0

    def submit(self, job: Any, answer: Callable[[Any], None], **_how: bool) -> None:
        sound = self.sounds[round(float(job.clip.samples[0, 0]) * 1000.0)]
        if isinstance(job, JudgeJob):
            self.n_judged += 1
            answer(Judged(job.job_id, sound.dullness))
        elif isinstance(job, StretchClipJob):
            self.speeds.append(job.speed)
            self.sounds.append(replace(sound, bpm=(sound.bpm or 0.0) * job.speed))
            answer(StretchedClip(job.job_id, clip_number(len(self.sounds) - 1)))
        else:
            assert isinstance(job, FindJob)
            self.known.append(job.search.facts)
            facts = MusicFacts(sound.bpm, sound.key)
            answer(Found(job.job_id, LoopFindings(Algorithm.ADVANCED, (BEST,), facts), -16.0))

    def withdraw(self, job_id: int) -> None:
        pass

    def clear(self) -> None:
        pass


def clip_number(number: int) -> Clip:
    return Clip(np.full((100, 1), number / 1000.0, dtype=np.float32), 44_100)


class Bench:
    def __init__(self) -> None:
        self.clock, self.generators, self.judge = ManualClock(), SlowGenerators(), Judge()
        self.maker = ClipMaker(self.generators, self.judge, itertools.count(1).__next__, self.clock)
        self.made: list[LoopInHand] = []
        self.lines: list[Happening] = []
        self.failures: list[StudioError] = []
        self.maker.made.connect(lambda loop, _lufs: self.made.append(loop))
        self.maker.happened.connect(self.lines.append)
        self.maker.failed.connect(lambda error, _retry_s: self.failures.append(error))

    @property
    def asked(self) -> list[ClipRequest]:
        return [one.request for one in self.generators.sent if isinstance(one, GenerateJob)]

    def deliver(self, *sounds: Sound, facts: MusicFacts | None = None) -> None:
        """Answer the last request by clips of these sounds."""
        job_id, results = self.asked[-1].job_id, []
        for sound in sounds:
            self.judge.sounds.append(sound)
            clip = clip_number(len(self.judge.sounds) - 1)
            results.append(ClipResult(job_id, clip, facts or MusicFacts(), len(self.judge.sounds), {}))
        self.generators.received.emit(replace(results[0], others=tuple(results[1:])))

    def tempos(self) -> list[float | None]:
        return [one.recipe.facts.tempo_bpm for one in self.made]


@pytest.fixture
def bench() -> Bench:
    return Bench()


# --- what is judged -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "measured", "fit"),
    [
        (120.0, 120.4, Fit.AS_ASKED),
        (120.0, 126.0, Fit.OTHER),
        (85.0, 170.5, Fit.DOUBLE),
        (170.0, 85.2, Fit.HALF),
        (85.0, 180.0, Fit.OTHER),
        (85.0, None, Fit.NOT_HEARD),
    ],
)
def test_a_tempo_is_held_against_the_one_asked_for(asked: float, measured: float | None, fit: Fit) -> None:
    assert tempo_fit(asked, measured).fit is fit


def test_a_range_of_tempos_is_kept_to_from_further_away() -> None:
    assert tempo_fit(123.0, 118.0, is_near=True).fit is Fit.AS_ASKED
    assert tempo_fit(123.0, 100.0, is_near=True).fit is Fit.OTHER


def test_what_is_stretched_comes_to_the_nearest_way_to_count() -> None:
    fit = tempo_fit(85.0, 180.0)
    assert fit.speed * 180.0 == pytest.approx(170.0)
    assert can_stretch(fit)
    assert not can_stretch(tempo_fit(120.0, 170.0)), "too far"
    assert not can_stretch(tempo_fit(120.0, 120.0))


@pytest.mark.parametrize(
    ("asked", "measured", "fit"),
    [
        ("A minor", "A minor", Fit.AS_ASKED),
        ("A minor", "C major", Fit.RELATIVE),
        ("C major", "A minor", Fit.RELATIVE),
        ("Eb major", "C minor", Fit.RELATIVE),
        ("A minor", "A major", Fit.OTHER),
        ("A minor", "E minor", Fit.OTHER),
        ("A minor", None, Fit.NOT_HEARD),
    ],
)
def test_a_key_is_held_against_the_one_asked_for(asked: str, measured: str | None, fit: Fit) -> None:
    assert key_fit(asked, measured).fit is fit


def test_a_take_of_a_model_is_held_against_its_recipe_and_an_exact_one_against_nothing() -> None:
    recipe = a_recipe(
        generator="musicgpt", prompt="dub, 70 bpm", facts=MusicFacts(140.0, "C major"), asked=Asked(key="A minor")
    )
    fit = fit_of(recipe)
    assert fit.tempo is not None
    assert fit.key is not None
    assert (fit.tempo.fit, fit.key.fit) == (Fit.DOUBLE, Fit.RELATIVE)
    assert not fit.differs
    assert not fit_of(replace(recipe, generator="composer")).is_asked


# --- what is made again ---------------------------------------------------------------------------------------------


def test_a_good_clip_is_judged_once_and_taken(bench: Bench) -> None:
    bench.maker.make(OPTIONS)
    bench.deliver(Sound())
    assert (len(bench.made), bench.judge.n_judged, len(bench.asked)) == (1, 1, 1)
    assert bench.lines == []
    assert not bench.maker.is_busy


def test_an_exact_generators_clip_is_not_judged_and_its_facts_are_known(bench: Bench) -> None:
    bench.maker.make(replace(OPTIONS, generator="composer", model=""))
    facts = MusicFacts(120.0, "A minor", 4, 8)
    bench.deliver(Sound(Dullness.TONE), facts=facts)
    assert (len(bench.made), bench.judge.n_judged) == (1, 0)
    assert bench.judge.known == [facts]


def test_of_a_model_the_metre_alone_is_known_before_it_is_measured(bench: Bench) -> None:
    bench.maker.make(OPTIONS)
    bench.deliver(Sound(), facts=MusicFacts(120.0, "A minor", 3, 8))
    assert bench.judge.known == [MusicFacts(beats_per_bar=3)]


@pytest.mark.parametrize("dullness", Dullness)
def test_a_dull_clip_is_made_again_and_the_reason_is_said(bench: Bench, dullness: Dullness) -> None:
    bench.maker.make(OPTIONS)
    bench.deliver(Sound(dullness))
    assert bench.made == []
    assert bench.maker.is_busy
    assert len(bench.asked) == 2
    (line,) = bench.lines
    assert line.notice
    assert "another one is made" in str(line)
    bench.deliver(Sound(bpm=121.0))
    assert bench.tempos() == [121.0]
    assert bench.failures == []


def test_after_two_more_tries_the_least_dull_is_played(bench: Bench) -> None:
    bench.maker.make(OPTIONS)
    for sound in (Sound(Dullness.TONE, 101.0), Sound(Dullness.CLIPPED, 102.0), Sound(Dullness.UNCHANGING, 103.0)):
        bench.deliver(sound)
    assert bench.tempos() == [102.0]
    assert (len(bench.asked), len(bench.lines)) == (MOST_TRIES, MOST_TRIES - 1)
    assert not bench.maker.is_busy


def test_what_is_silent_each_time_is_a_failure_and_the_fallback_chain_goes_on(bench: Bench) -> None:
    bench.maker.make(OPTIONS)
    for _ in range(MOST_TRIES):
        bench.deliver(Sound(Dullness.SILENT))
    assert bench.made == []
    assert len(bench.failures) == 1
    assert bench.maker.makes_nothing
    bench.clock.pass_s(clip_maker.FIRST_RETRY_S)
    bench.deliver(Sound())
    assert len(bench.made) == 1


def test_a_dull_clip_is_played_where_no_other_can_be_made(bench: Bench) -> None:
    bench.maker.make(OPTIONS)
    bench.deliver(Sound(Dullness.METRONOME))
    error = GeneratorError(generator="MusicGPT", detail="it broke")
    bench.generators.received.emit(JobFailed(bench.asked[-1].job_id, error))
    assert len(bench.made) == 1
    assert bench.failures == []


def test_the_tries_for_one_clip_do_not_count_for_the_next(bench: Bench) -> None:
    for _ in range(3):
        bench.maker.make(OPTIONS)
        bench.deliver(Sound(Dullness.TONE))
        bench.deliver(Sound())
    assert len(bench.made) == 3


# --- another tempo, another key -------------------------------------------------------------------------------------


def test_another_tempo_is_kept_unless_the_person_wants_it_otherwise(bench: Bench) -> None:
    bench.maker.make(OPTIONS)
    bench.deliver(Sound(bpm=110.0))
    assert bench.tempos() == [110.0]
    assert bench.judge.speeds == []


def test_another_tempo_is_stretched_and_the_recipe_says_so(bench: Bench) -> None:
    bench.maker.make(replace(OPTIONS, misfit=Misfit.STRETCH))
    bench.deliver(Sound(bpm=110.0))
    assert bench.judge.speeds == [pytest.approx(120.0 / 110.0)]
    assert bench.tempos() == [pytest.approx(120.0)]
    recipe = bench.made[0].recipe
    assert recipe.asked.speed == pytest.approx(120.0 / 110.0)
    assert type(recipe).from_dict(recipe.as_dict()).asked.speed == recipe.asked.speed
    fit = fit_of(recipe)
    assert fit.tempo is not None
    assert fit.tempo.fit is Fit.AS_ASKED


@pytest.mark.parametrize("bpm", [60.0, 240.0, 120.5, None, 170.0])
def test_what_need_not_or_cannot_be_stretched_is_kept(bench: Bench, bpm: float | None) -> None:
    bench.maker.make(replace(OPTIONS, misfit=Misfit.STRETCH))
    bench.deliver(Sound(bpm=bpm))
    assert bench.tempos() == [bpm]
    assert bench.judge.speeds == []


def test_another_one_is_made_at_most_twice_and_the_nearest_is_played(bench: Bench) -> None:
    bench.maker.make(replace(OPTIONS, misfit=Misfit.AGAIN))
    for bpm in (100.0, 112.0, 140.0):
        bench.deliver(Sound(bpm=bpm))
    assert bench.tempos() == [112.0]
    assert "100 bpm, and 120 were asked for" in str(bench.lines[0])


def test_another_key_is_made_again_too_and_the_relative_one_is_not(bench: Bench) -> None:
    bench.maker.make(replace(OPTIONS, misfit=Misfit.AGAIN))
    bench.deliver(Sound(key="Bb major"))
    assert "in Bb major, and A minor was asked for" in str(bench.lines[0])
    bench.deliver(Sound(key="C major"))
    assert len(bench.made) == 1


# --- several at once ------------------------------------------------------------------------------------------------


def test_several_are_made_one_after_the_other_each_told_at_once(bench: Bench) -> None:
    bench.maker.make(OPTIONS, n=3)
    for n in (1, 2, 3):
        assert bench.maker.is_busy
        bench.deliver(Sound(bpm=100.0 + n))
        assert len(bench.made) == n
    assert not bench.maker.is_busy
    assert len({one.loop_id for one in bench.made}) == 3
    assert len(bench.asked) == 3


def test_a_generator_that_makes_several_at_once_is_asked_once(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clip_maker, "most_clips_of", lambda _name: 4)
    bench.maker.make(OPTIONS, n=3)
    assert [one.n_clips for one in bench.asked] == [3]
    bench.deliver(Sound(bpm=101.0), Sound(Dullness.TONE), Sound(bpm=103.0))
    assert bench.tempos() == [101.0, 103.0], "the dull one is not played"
    assert [one.n_clips for one in bench.asked] == [3, 1], "and another is made for it"
    bench.deliver(Sound(bpm=104.0))
    assert bench.tempos() == [101.0, 103.0, 104.0]
    assert not bench.maker.is_busy


def test_what_is_cancelled_amid_several_makes_no_more(bench: Bench) -> None:
    bench.maker.made.connect(lambda _loop, _lufs: bench.maker.cancel())
    bench.maker.make(OPTIONS, n=3)
    bench.deliver(Sound())
    assert (len(bench.made), len(bench.asked)) == (1, 1)
    assert not bench.maker.is_busy


def test_each_of_several_has_the_seed_that_follows(bench: Bench) -> None:
    settings = OPTIONS.generators.with_values("composer", {"seed": 7})
    bench.maker.make(replace(OPTIONS, generator="composer", model="", generators=settings), n=3)
    for _ in range(3):
        bench.deliver(Sound())
    assert [one.seed for one in bench.asked] == [7, 8, 9]


# --- what is heard while it is made ---------------------------------------------------------------------------------


def test_a_clip_that_is_taken_as_it_came_is_the_loop_that_is_heard_already(bench: Bench) -> None:
    given_up: list[bool] = []
    bench.maker.gave_up.connect(lambda: given_up.append(True))
    bench.maker.make(OPTIONS)
    bench.deliver(Sound())
    assert [one.loop_id for one in bench.made] == [bench.asked[0].job_id]
    assert given_up == []


@pytest.mark.parametrize("misfit", [Misfit.STRETCH, Misfit.AGAIN])
def test_one_that_is_stretched_or_made_again_is_another_loop_and_what_was_heard_of_it_goes_on(
    bench: Bench, misfit: Misfit
) -> None:
    given_up: list[bool] = []
    bench.maker.gave_up.connect(lambda: given_up.append(True))
    bench.maker.make(replace(OPTIONS, misfit=misfit))
    first = bench.asked[0].job_id
    bench.deliver(Sound(bpm=110.0))
    if misfit is Misfit.AGAIN:
        bench.deliver(Sound())
    assert given_up
    assert [one.loop_id for one in bench.made] != [first]


def test_the_titles_of_several_made_at_once_are_their_own(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clip_maker, "most_clips_of", lambda _name: 4)
    bench.maker.make(OPTIONS, n=3)
    bench.deliver(Sound(), Sound(), Sound())
    assert len({one.recipe.title for one in bench.made}) == 3
