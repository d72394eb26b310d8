# SPDX-License-Identifier: GPL-3.0-or-later
"""A knob that is turned is heard in all that comes, not only in the clip that plays."""

from __future__ import annotations

from dataclasses import replace

from app.paths import RESOURCES
from engine.generators.jobs import GenerateJob
from engine.session.job_queue import JobQueue
from engine.session.knob_turns import SETTLED_S
from engine.session.options import Places, StudioOptions
from engine.session.ports import Ports
from engine.session.session import Session
from engine.session.up_next import LOOPS_AHEAD
from tests.engine.session.answering import answer_all
from tests.engine.session.composing import OPTIONS, composed_loop
from tests.engine.session.ports import DeafPlayer, ManualClock, SlowGenerators, SlowProcess


def test_what_is_ready_is_made_anew_after_the_clip_that_plays() -> None:
    clock, generator, analysis, library = ManualClock(), SlowGenerators(), SlowProcess("analysis"), SlowProcess()
    queues = JobQueue(analysis, clock), JobQueue(library, clock)
    places = Places(str(RESOURCES / "starters"))
    session = Session(OPTIONS, places, Ports(DeafPlayer(), generator, *queues, clock))
    session.presenter.lead(composed_loop(), OPTIONS)
    session.running.begin()
    session.generation.begin(OPTIONS)
    answer_all(generator, analysis)
    assert session.up_next.n_ahead == LOOPS_AHEAD

    def turn(options: StudioOptions, brightness: float) -> StudioOptions:
        values = {**options.generators.of("composer"), "brightness": brightness}
        options = replace(options, generators=options.generators.with_only("composer", values))
        session.set_options(options)
        clock.pass_s(SETTLED_S + 0.01)
        return options

    options = turn(OPTIONS, -0.8)
    assert session.up_next.n_ahead == 0
    first, *rest = answer_all(generator, analysis)
    assert (first.seed, first.prompt) == (composed_loop().recipe.seed, OPTIONS.prompt), "what plays goes first"
    assert len(rest) == session.up_next.n_ahead == LOOPS_AHEAD
    assert {one.parameters["brightness"] for one in (first, *rest)} == {-0.8}
    # Turned again while the next one is being made: that is given up, as it would sound as the knob was.
    session.up_next.drop_ready()
    session.generation.go_on(options)
    assert [type(one) for one in generator.sent] == [GenerateJob]
    turn(options, 0.5)
    requests = answer_all(generator, analysis)
    assert {one.parameters["brightness"] for one in requests} == {0.5}
    assert session.up_next.n_ahead == LOOPS_AHEAD


def test_a_take_of_another_generator_throws_away_nothing_that_is_ready() -> None:
    clock, generator, analysis, library = ManualClock(), SlowGenerators(), SlowProcess("analysis"), SlowProcess()
    queues = JobQueue(analysis, clock), JobQueue(library, clock)
    places = Places(str(RESOURCES / "starters"))
    session = Session(OPTIONS, places, Ports(DeafPlayer(), generator, *queues, clock))
    recipe = composed_loop().recipe
    assert not session.generation.take_up(recipe, replace(OPTIONS, generator="musicgpt"))
    session.close()
    session = Session(OPTIONS, places, Ports(DeafPlayer(), generator, *queues, clock))
    assert session.generation.take_up(recipe, OPTIONS)
    session.close()
