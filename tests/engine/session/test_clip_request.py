# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests check that settings of a generator reach its request, what is made in its place, and the recipe."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from engine.errors import BarsTooLong, OutOfRange
from engine.generators.base import GeneratorSettings
from engine.generators.jobs import GenerateJob
from engine.session.baking import LoopInHand
from engine.session.clip_maker import ClipMaker
from engine.session.clip_request import asked_of, clip_request, takes_up
from engine.session.fallback_chain import FallbackChain, FallbackStep
from engine.session.options import StudioOptions
from engine.values import Asked, ClipRequest, JobFailed, Layer, MusicFacts, Parameters
from tests.engine.generators.composer.pieces import run
from tests.engine.session.ports import HandyWorker, ManualClock, SlowGenerators

WISHES = GeneratorSettings().with_values("composer", {"seed": 7, "bars": 8, "bpm": 124.0, "key": "A minor"})
OPTIONS = StudioOptions("house", generator="composer", duration_s=20.0, generators=WISHES)
COMPOSER = FallbackStep("composer", "", 20.0)


def test_what_is_set_is_asked_for() -> None:
    request = clip_request(1, COMPOSER, OPTIONS, n_before=0)
    assert (request.seed, request.bars, request.bpm, request.key) == (7, 8, 124.0, "A minor")
    assert clip_request(1, COMPOSER, OPTIONS, n_before=3).seed == 10


def test_what_follows_other_music_is_asked_for_its_tempo_and_key_where_none_are_set() -> None:
    like = MusicFacts(tempo_bpm=97.333333, key="F# minor")
    plain = replace(OPTIONS, generators=GeneratorSettings())
    request = clip_request(1, COMPOSER, plain, n_before=0, like=like)
    assert (request.bpm, request.key) == (97.33, "F# minor")
    assert takes_up(like, plain)
    request = clip_request(1, COMPOSER, OPTIONS, n_before=0, like=like)
    assert (request.bpm, request.key) == (124.0, "A minor"), "what is set is meant"
    assert not takes_up(like, OPTIONS)
    assert not takes_up(like, replace(plain, generator="musicgpt")), "it takes neither"
    bars = replace(OPTIONS, generators=GeneratorSettings().with_values("composer", {"bars": 32}))
    slow = clip_request(1, COMPOSER, bars, n_before=0, like=MusicFacts(tempo_bpm=40.0, key="no key"))
    assert (slow.bars, slow.bpm, slow.key) == (32, None, None), "so many bars at that tempo are too long"


def test_what_comes_in_its_place_is_asked_for_the_same_music() -> None:
    generators = GeneratorSettings().with_values("musicgpt", {"path": "/opt/m", "bpm": 60.0, "bars": 16, "seed": 3})
    generators = generators.with_values("composer", {"layer": "drums", "key": "C major"})
    options = StudioOptions("house", generator="musicgpt", generators=generators)
    instead = clip_request(1, COMPOSER, options, n_before=0)
    assert (instead.bpm, instead.seed) == (60.0, 3)
    assert instead.bars is None, "16 bars at 60 bpm are too long a clip for it"
    assert (instead.layer, instead.key) == (Layer.EVERYTHING, None), "what was set for itself is another wish"
    assert {name: instead.parameters[name] for name in ("styles", "sounds", "soundfont")} == {
        "styles": "",
        "sounds": "best",
        "soundfont": "",
    }


def test_a_place_on_this_machine_is_not_kept_in_a_recipe() -> None:
    generators = GeneratorSettings().with_values("musicgpt", {"path": "/home/me/m", "loop_words": "round"})
    options = StudioOptions("house", generator="musicgpt", generators=generators)
    request = clip_request(1, FallbackStep("musicgpt", "small", 20.0), options, n_before=0)
    assert request.parameters["path"] == "/home/me/m"
    assert asked_of(request) == Asked(
        parameters=Parameters({"gpu": False, "add_loop_words": True, "loop_words": "round"})
    )


def test_a_value_that_cannot_be_is_refused() -> None:
    options = replace(OPTIONS, generators=WISHES.with_values("composer", {"bars": 1000}))
    with pytest.raises(OutOfRange, match="bars is 1000"):
        clip_request(1, COMPOSER, options, n_before=0)
    clock, generators = ManualClock(), SlowGenerators()
    maker = ClipMaker(generators, HandyWorker(), itertools.count(1).__next__, clock)
    failures: list[object] = []
    maker.failed.connect(lambda error, _retry_s: failures.append(error))
    maker.make(options)
    assert [type(one) for one in failures] == [OutOfRange]
    assert generators.sent == []
    maker.close()


def test_each_clip_of_one_wish_has_the_next_seed_and_another_wish_begins_anew() -> None:
    clock, generators = ManualClock(), SlowGenerators()
    maker = ClipMaker(generators, HandyWorker(), itertools.count(1).__next__, clock)

    def seeds() -> list[int | None]:
        return [one.request.seed for one in generators.sent if isinstance(one, GenerateJob)]

    maker.make(OPTIONS)
    maker.make(OPTIONS)
    assert seeds() == [7, 8]
    maker.make(replace(OPTIONS, volume=0.5))
    assert seeds() == [7, 8, 9]
    maker.make(replace(OPTIONS, prompt="jazz"))
    assert seeds() == [7, 8, 9, 7]
    generators.received.emit(JobFailed(4, OutOfRange(name="x", value=1, low=2, high=3)))
    clock.pass_s(3.0)
    assert seeds() == [7, 8, 9, 7, 8], "a seed that failed would fail again"
    maker.close()


def test_bars_that_are_too_long_are_left_out_of_a_shorter_clip() -> None:
    """A clip of so many bars is refused with its sentence; the next step makes music all the same."""
    options = StudioOptions("house, 124 bpm", generators=GeneratorSettings().with_values("composer", {"bars": 64}))
    chain = FallbackChain(options)
    wished = clip_request(1, chain.next_step(0.0), options, n_before=0)
    assert wished.bars == 64
    error = BarsTooLong(generator="Built-in composer", bars=64, tempo_bpm=124.0, seconds=123.9, limit_s=30.0)
    assert chain.failed(error, 0.0) is not None, "it is not tried a second time"
    shorter = clip_request(2, chain.next_step(1.0), options, n_before=1)
    assert (shorter.generator, shorter.duration_s, shorter.bars) == ("composer", 10.0, None)


def test_each_clip_goes_on_from_the_one_before_until_the_music_begins_anew() -> None:
    clock, generators, worker = ManualClock(), SlowGenerators(), HandyWorker()
    maker = ClipMaker(generators, worker, itertools.count(1).__next__, clock)
    options = StudioOptions("lofi", generator="composer", duration_s=5.0)

    def asked() -> ClipRequest:
        maker.make(options)
        job = [one for one in generators.sent if isinstance(one, GenerateJob)][-1]
        return job.request

    made: list[LoopInHand] = []
    maker.made.connect(lambda loop, _lufs: made.append(loop))
    first = asked()
    assert first.follows is None
    result = run(first)[0]
    generators.received.emit(result)
    assert made[0].recipe.family == result.family
    second = asked()
    assert second.follows == result.family
    assert asked_of(second).follows == result.family, "the recipe makes it again"
    assert Asked.from_dict(asked_of(second).as_dict()) == asked_of(second)
    maker.begin_anew()
    assert asked().follows is None


def test_a_take_that_is_picked_is_gone_on_from() -> None:
    clock, generators, worker = ManualClock(), SlowGenerators(), HandyWorker()
    maker = ClipMaker(generators, worker, itertools.count(1).__next__, clock)
    options = StudioOptions("lofi", generator="composer", duration_s=5.0)
    made: list[LoopInHand] = []
    maker.made.connect(lambda loop, _lufs: made.append(loop))

    def asked() -> ClipRequest:
        maker.make(options)
        return next(one for one in reversed(generators.sent) if isinstance(one, GenerateJob)).request

    generators.received.emit(run(asked())[0])
    old = made[0].recipe
    maker.begin_anew()
    # Nothing was made since: it is another piece, whatever it is.
    assert maker.take_up(old)
    assert asked().follows == old.family
    assert not maker.take_up(old), "it is what is gone on from already"
    generators.received.emit(run(asked())[0])
    assert maker.take_up(old), "an earlier clip of the same piece is elsewhere"
    # A clip of a model, or a sound from a file, is of no piece.
    assert not maker.take_up(replace(old, family=None))
    assert asked().follows == old.family


def test_what_eases_throws_nothing_away_and_is_heard_from_the_next_clip_on() -> None:
    eased = replace(OPTIONS, generators=WISHES.with_values("composer", {"evolve": 0.9, "energy": 0.5}))
    assert not eased.asks_for_other_music(OPTIONS)
    request = clip_request(1, COMPOSER, eased, n_before=0)
    assert (request.evolve, request.parameters["energy"]) == (0.9, 0.5)
    other = replace(OPTIONS, generators=WISHES.with_values("composer", {"layer": "drums"}))
    assert other.asks_for_other_music(OPTIONS)
    assert replace(OPTIONS, generators=WISHES.with_values("not there", {"evolve": 1.0})).asks_for_other_music(OPTIONS)
