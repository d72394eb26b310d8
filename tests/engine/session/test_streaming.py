# SPDX-License-Identifier: GPL-3.0-or-later
"""A clip is heard before it is done only where all of it will be there in time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.playback.commands import TookOver
from engine.session.baking import LoopInHand
from engine.session.streaming import FINDING_S, LEAST_S, STEADY, keeps_ahead
from engine.values import ChannelSnapshot, Clip, ClipResult, PlaybackSnapshot, Progress
from tests.engine.session.bringing import OPTIONS, Bringing
from tests.starters import shipped


@pytest.mark.parametrize(
    ("made_s", "whole_s", "speed", "is_heard"),
    [
        (LEAST_S, 30.0, 8.0, True),  # a graphics card
        (0.5, 30.0, 8.0, False),  # not enough to begin with
        (LEAST_S, 30.0, 1.0, False),  # as fast as it is played, and then its loop is looked for
        (20.0, 30.0, 0.5, True),  # slower, and far enough
        (20.0, 30.0, 0.4, False),
        (2.0, 4.0, 100.0, True),
        (2.0, 2.5, 100.0, False),  # too short to find its loop meanwhile
    ],
)
def test_it_is_heard_only_where_it_stays_ahead(made_s: float, whole_s: float, speed: float, is_heard: bool) -> None:
    assert keeps_ahead(made_s, whole_s, speed) is is_heard


@pytest.mark.parametrize("speed", [0.4, 0.7, 1.0, 1.5, 4.0])
def test_what_is_heard_never_catches_up_with_what_is_made(speed: float) -> None:
    whole_s, made_s = 30.0, 0.0
    while not keeps_ahead(made_s, whole_s, speed):
        made_s += 0.1
    steady = STEADY * speed
    done_s = (whole_s - made_s) / steady
    for step in range(101):
        played_s = done_s * step / 100.0
        assert made_s + steady * played_s >= played_s - 1e-9
    assert whole_s - done_s >= FINDING_S - 1e-9


@pytest.mark.parametrize("first", ["whole", "recalled"])
def test_what_was_handed_over_while_it_grew_is_whole_when_it_leads(first: str) -> None:
    """A takeover that was called off may be heard all the same; by then the clip is whole."""
    starter = shipped()[0]
    clip, rate = starter.clip, starter.clip.sample_rate
    studio = Bringing(options=replace(OPTIONS, duration_s=8.0))
    session, player = studio.session, studio.player

    def look(times: int) -> None:
        assert session.presenter.now_playing is not None
        leads = ChannelSnapshot(session.presenter.now_playing.playing.loop_id, 0, 0)
        for _ in range(times):
            level = (-20.0, -20.0)
            player.snapshot_taken.emit(
                PlaybackSnapshot((leads,), level, level, xruns=0, load=0.1, latency_s=0.0, device="")
            )
            studio.settle()
            studio.clock.pass_s(0.05)

    studio.open_library()
    session.start_with(LoopInHand.of_recipe(1_000, clip, starter.recipe, is_starter=True))
    studio.settle()
    job_id = studio.asked[0].request.job_id
    for part in range(3):
        samples = clip.samples[part * clip.n_samples // 4 : (part + 1) * clip.n_samples // 4]
        chunk = Clip(samples, rate)
        studio.generators.received.emit(Progress(job_id, 0.25 * (part + 1), "making", chunk=chunk))
        studio.clock.pass_s(0.05)
        studio.settle()
    look(3)
    assert [one.loop_id for one in player.takeovers] == [job_id], "it comes while it grows"
    made = ClipResult(job_id, clip, starter.recipe.facts, 1, {"made by": "1"})
    if first == "recalled":
        session.next()
        assert [one.loop_id for one in session.up_next.ready] == [job_id]
    studio.generators.received.emit(made)
    studio.settle()
    look(8)
    assert len(player.takeovers) == (2 if first == "recalled" else 1)
    player.received.emit(TookOver(job_id))
    studio.settle()
    assert session.presenter.now_playing is not None
    leading = session.presenter.now_playing.playing
    assert (leading.loop_id, dict(leading.recipe.versions), leading.is_growing) == (job_id, {"made by": "1"}, False)
    assert leading.clip.n_samples == clip.n_samples
