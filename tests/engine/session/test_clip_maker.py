# SPDX-License-Identifier: GPL-3.0-or-later
"""The clip maker gives each generator the time that it declares, and no other one is given up for it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace

import pytest

from engine.errors import Cancelled, GeneratorError, GeneratorMissing, RemoteRefuses, StudioError, WorkerHung
from engine.generators.base import Limits
from engine.generators.jobs import CancelJob, GenerateJob
from engine.session import clip_maker
from engine.session.clip_maker import ClipMaker
from engine.session.fallback_chain import REMOTE_AGAIN_S
from engine.session.options import StudioOptions
from engine.values import JobFailed, Progress
from tests.engine.session.ports import HandyWorker, ManualClock, SlowGenerators

LIMITS = {"remote": Limits(), "musicgpt": Limits(load_s=300.0, silence_s=30.0, cancel_s=5.0), "composer": Limits()}
OPTIONS = StudioOptions("house", generator="musicgpt", model="small", duration_s=20.0)


@dataclass
class Bench:
    clock: ManualClock = field(default_factory=ManualClock)
    generators: SlowGenerators = field(default_factory=SlowGenerators)
    failures: list[StudioError] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.maker = ClipMaker(self.generators, HandyWorker(), itertools.count(1).__next__, self.clock)
        self.maker.failed.connect(lambda error, _retry_s: self.failures.append(error))

    @property
    def asked(self) -> list[tuple[str, float]]:
        """Return which generator a clip was asked of, and how long a clip."""
        requests = [one.request for one in self.generators.sent if isinstance(one, GenerateJob)]
        return [(one.generator, one.duration_s) for one in requests]


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setattr(clip_maker, "limits_of", LIMITS.__getitem__)
    return Bench()


def test_a_model_that_loads_for_long_is_waited_for_and_one_that_falls_silent_is_not(bench: Bench) -> None:
    bench.maker.make(OPTIONS)
    bench.clock.pass_s(299.0)
    assert bench.generators.given_up == []
    bench.generators.received.emit(Progress(1, 0.1, "generating"))
    bench.clock.pass_s(29.0)
    assert bench.generators.given_up == []
    bench.clock.pass_s(2.0)
    ((name, error),) = bench.generators.given_up
    assert name == "musicgpt"
    assert isinstance(error, WorkerHung)
    assert error.fields == {"worker": "musicgpt", "limit_s": 30.0}


def test_one_that_never_says_a_word_is_given_up(bench: Bench) -> None:
    bench.maker.make(OPTIONS)
    bench.clock.pass_s(301.0)
    assert [name for name, _ in bench.generators.given_up] == ["musicgpt"]


def test_a_cancel_that_is_not_heeded_ends_that_generator_alone(bench: Bench) -> None:
    bench.maker.make(OPTIONS)
    bench.maker.make(StudioOptions("house", generator="composer"))
    assert [type(one) for one in bench.generators.sent] == [GenerateJob, CancelJob, GenerateJob]
    bench.clock.pass_s(6.0)
    assert [name for name, _ in bench.generators.given_up] == ["musicgpt"]
    bench.generators.died.emit("musicgpt", WorkerHung(worker="musicgpt", limit_s=5.0))
    assert bench.failures == [], "the composer goes on"
    assert bench.maker.is_busy


def test_each_generator_is_watched_until_it_heeds_its_own_cancel(bench: Bench) -> None:
    composer = StudioOptions("house", generator="composer")
    bench.maker.make(OPTIONS)
    bench.maker.make(composer)
    bench.clock.pass_s(4.0)
    bench.maker.make(OPTIONS)
    # The composer's is heeded, MusicGPT's first one is not.
    bench.generators.received.emit(JobFailed(2, Cancelled()))
    bench.clock.pass_s(2.0)
    assert [name for name, _ in bench.generators.given_up] == ["musicgpt"]
    bench.clock.pass_s(25.0)
    assert [name for name, _ in bench.generators.given_up] == ["musicgpt"]


def test_a_process_that_dies_fails_what_it_makes_and_the_composer_comes_in_its_place(bench: Bench) -> None:
    bench.maker.make(OPTIONS)
    for _ in range(4):
        bench.generators.died.emit("composer", WorkerHung(worker="composer", limit_s=1.0))
        bench.generators.died.emit("musicgpt", WorkerHung(worker="musicgpt", limit_s=1.0))
        bench.clock.pass_s(10.0)
    assert len(bench.failures) == 4
    assert bench.asked == [("musicgpt", 20.0)] * 2 + [("musicgpt", 10.0)] * 2 + [("composer", 20.0)]


def test_what_a_generator_lacked_has_it_asked_again_once_that_is_here(bench: Bench) -> None:
    bench.maker.make(OPTIONS)
    lacking = GeneratorMissing(generator="MusicGPT", hint="see Models")
    bench.generators.received.emit(JobFailed(1, lacking))
    bench.maker.try_again()
    assert bench.asked == [("musicgpt", 20.0)] * 2, "at once, where it waits for its next try"
    bench.generators.received.emit(JobFailed(2, lacking))
    bench.clock.pass_s(10.0)
    assert bench.asked[-1] == ("composer", 20.0)
    bench.maker.try_again()
    assert bench.asked[-1] == ("composer", 20.0), "what is being made is made to its end"
    bench.maker.make(OPTIONS)
    assert bench.asked[-1] == ("musicgpt", 20.0)
    n_asked = len(bench.asked)
    bench.maker.try_again()
    assert len(bench.asked) == n_asked, "what works is left alone"


@pytest.mark.parametrize(
    ("generator", "error", "most_s"),
    [
        ("remote", RemoteRefuses(machine="den:8000"), REMOTE_AGAIN_S),
        ("musicgpt", GeneratorError(generator="MusicGPT", detail="it stopped"), clip_maker.LAST_RETRY_S),
    ],
)
def test_what_fails_again_and_again_is_tried_more_and_more_rarely(
    bench: Bench, generator: str, error: StudioError, most_s: float
) -> None:
    waits_s: list[float] = []
    bench.maker.failed.connect(lambda _error, retry_s: waits_s.append(retry_s))
    bench.maker.has_earlier = lambda: True
    bench.maker.make(replace(OPTIONS, generator=generator, model="", recycles=True))
    for _ in range(12):
        job = [one for one in bench.generators.sent if isinstance(one, GenerateJob)][-1]
        bench.generators.received.emit(JobFailed(job.request.job_id, error))
        bench.clock.pass_s(waits_s[-1] + 0.1)
    assert waits_s == sorted(waits_s)
    assert (waits_s[0], waits_s[-1]) == (2.0, most_s)
    assert {name for name, _ in bench.asked} == {generator}
