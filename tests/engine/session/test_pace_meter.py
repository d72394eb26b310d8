# SPDX-License-Identifier: GPL-3.0-or-later
"""The pace meter counts the making of a clip from where its music is made, and tells what is left of it."""

from __future__ import annotations

import numpy as np
import pytest

from engine.session.pace_meter import PaceMeter
from engine.values import Clip, ClipRequest, ClipResult, Expected, MusicFacts, Progress

REQUEST = ClipRequest(1, "house", "musicgpt", "", 10.0)


def said(stage: str, fraction: float | None = None, left_s: float | None = None) -> Progress:
    return Progress(1, fraction, stage, left_s)


def made(**versions: str) -> ClipResult:
    clip = Clip(np.zeros((8 * 1000, 2), np.float32), 1000)
    return ClipResult(1, clip, MusicFacts(), None, versions)


def test_what_goes_before_the_making_is_counted_apart() -> None:
    meter = PaceMeter(REQUEST, 100.0, None)
    for now_s, stage in ((101.0, "starting"), (105.0, "downloading"), (109.0, "loading the model")):
        meter.hear(said(stage), now_s)
    meter.hear(said("generating"), 112.0)
    meter.hear(said("finishing", 1.0), 129.0)
    run = meter.run(made(device="cuda, float16"), 130.0)
    assert run is not None
    assert (run.load_s, run.making_s, run.clip_s, run.pace) == (12.0, 18.0, 8.0, 2.25)
    assert (run.generator, run.model, run.device) == ("musicgpt", "small", "cuda, float16"), "the model by its name"


def test_a_process_that_waits_loads_nothing() -> None:
    meter = PaceMeter(REQUEST, 100.0, None)
    meter.hear(said("starting"), 100.01)
    meter.hear(said("generating"), 100.2)
    run = meter.run(made(), 101.2)
    assert run is not None
    assert run.load_s == 0.0
    assert run.making_s == pytest.approx(1.0)


def test_a_clip_that_was_never_heard_to_begin_says_nothing_of_the_pace_and_several_are_one_run() -> None:
    meter = PaceMeter(REQUEST, 0.0, None)
    meter.hear(said("loading"), 1.0)
    assert meter.run(made(), 9.0) is None
    meter.hear(said("generating"), 2.0)
    several = ClipResult(1, made().clip, MusicFacts(), None, {}, others=(made(),))
    run = meter.run(several, 9.0)
    assert run is not None
    assert (run.n_clips, run.making_s, run.pace) == (2, 7.0, 7.0 / 16.0)


def test_earlier_clips_say_what_is_left_where_the_generator_does_not() -> None:
    meter = PaceMeter(REQUEST, 0.0, Expected(making_s=30.0, load_s=10.0))
    assert meter.hear(said("loading"), 4.0).left_s == 36.0
    assert meter.hear(said("loading"), 14.0).left_s == 30.0, "longer than usual: only the making is left for sure"
    assert meter.hear(said("generating"), 15.0).left_s == 30.0
    assert meter.hear(said("generating"), 40.0).left_s == 5.0
    assert meter.hear(said("generating"), 46.0).left_s is None, "later than ever: nothing is promised"
    assert meter.hear(said("generating", left_s=7.0), 47.0).left_s == 7.0, "the generator's own word goes before"


def test_its_own_share_says_it_better_after_a_few_percent() -> None:
    meter = PaceMeter(REQUEST, 0.0, Expected(making_s=30.0))
    assert meter.hear(said("generating", 0.0), 0.0).left_s == 30.0
    assert meter.hear(said("generating", 0.02), 2.0).left_s == 28.0
    assert meter.hear(said("generating", 0.05), 5.0).left_s == pytest.approx(95.0)
    assert meter.hear(said("finishing", 1.0), 100.0).left_s is None


def test_of_a_model_that_was_never_used_nothing_is_said_until_it_tells_its_share() -> None:
    meter = PaceMeter(REQUEST, 0.0, None)
    assert meter.hear(said("loading"), 1.0).left_s is None
    assert meter.hear(said("generating"), 2.0).left_s is None
    assert meter.hear(said("generating", 0.5), 6.0).left_s == 4.0
