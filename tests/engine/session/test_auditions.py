# SPDX-License-Identifier: GPL-3.0-or-later
"""A seam is heard as the studio would play it, whether the music runs or not, and nothing else changes."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.dsp.check_tone import check_tone
from engine.dsp.seam import bake, cyclic
from engine.dsp.seam_excerpt import EDGE_MS
from engine.errors import StudioError, WorkerDied, WorkerLacksPart
from engine.playback.commands import AuditionEnded
from engine.session.audition import GAP_MS, Auditions
from engine.session.baking import Baker, LoopInHand
from engine.session.notices import Notices
from engine.session.presenter import LoopPresenter
from engine.session.running import Running
from engine.units import ms_to_samples
from engine.values import LoopRegion
from engine.values.audio import STUDIO_SAMPLE_RATE
from engine.values.auditions import Audition, OneShot
from tests.engine.session.composing import OPTIONS
from tests.engine.session.ports import DeafPlayer, HandyWorker, ManualClock
from tests.engine.session.scenes import new_scene

OVERLAP_MS = 300.0


class Playing(DeafPlayer):
    """This player remembers which auditions it was told of."""

    def __init__(self) -> None:
        super().__init__()
        self.shots: dict[int, OneShot] = {}
        self.n_ended = 0
        self.faders: list[tuple[float, float]] = []
        self.is_there = True

    def play_audition(self, audition_id: int, shot: OneShot) -> bool:
        if self.is_there:
            self.shots[audition_id] = shot
        return self.is_there

    def set_fader(self, gain: float, ramp_s: float) -> None:
        self.faders.append((gain, ramp_s))

    def end_audition(self) -> None:
        self.n_ended += 1


class Desk:
    """At the desk a starter loop is shown, 6 dB louder than the studio's target, and the music is stopped."""

    def __init__(self, loop: LoopInHand) -> None:
        self.player, self.running, self.notices = Playing(), Running(), Notices()
        self.baker = Baker(OVERLAP_MS, -20.0)
        self.baker.learn(loop.loop_id, -14.0)
        worker = HandyWorker()
        worker.is_busy = True
        ids = itertools.count(1).__next__
        self.presenter = LoopPresenter(worker, ids, self.baker, ManualClock(), set)
        self.presenter.lead(loop, OPTIONS)
        self.n_opened = 0
        self.auditions = Auditions(self.player, self.presenter, self.running, self.notices, self._open)
        self.told: list[Audition | None] = []
        self.auditions.changed.connect(self.told.append)
        self.tones: list[bool] = []
        self.auditions.tone_changed.connect(self.tones.append)
        self.slots: list[int | None] = []
        self.auditions.slot_changed.connect(self.slots.append)

    def _open(self) -> None:
        self.n_opened += 1

    @property
    def last(self) -> OneShot:
        return list(self.player.shots.values())[-1]


@pytest.fixture(scope="module")
def starter() -> LoopInHand:
    return new_scene().loops[0]


@pytest.fixture
def desk(starter: LoopInHand) -> Desk:
    return Desk(starter)


@pytest.fixture
def audition(starter: LoopInHand) -> Audition:
    """Return an audition of a region that is not a candidate."""
    n = starter.clip.n_samples
    return Audition(LoopRegion(n // 4, n // 2 + 17), side_s=0.4, times=3)


def test_it_sounds_as_it_would_be_played(desk: Desk, starter: LoopInHand, audition: Audition) -> None:
    desk.auditions.ask(audition)
    now = desk.presenter.now_playing
    assert now is not None
    playing = now.baked
    now.choose(audition.region)
    now.bake_again()
    assert now.overlap_ms == OVERLAP_MS
    side = round(0.4 * STUDIO_SAMPLE_RATE)
    wanted, edge = cyclic(now.baked.samples, -side, 2 * side), ms_to_samples(EDGE_MS, STUDIO_SAMPLE_RATE)
    shot = desk.last
    np.testing.assert_array_equal(shot.samples[edge:-edge], wanted[edge:-edge])
    assert (shot.times, shot.gap_samples) == (3, ms_to_samples(GAP_MS, STUDIO_SAMPLE_RATE))
    # At half its own level, as loud as the loop that plays, which is another one.
    plain = bake(starter.clip, audition.region, overlap_ms=OVERLAP_MS).samples
    assert np.abs(now.baked.samples).max() == pytest.approx(np.abs(plain).max() * 10.0 ** (-6.0 / 20.0), rel=1e-5)
    assert playing.region != audition.region


def test_a_candidate_is_heard_with_the_crossfade_it_needs_and_any_with_the_one_asked_for(
    desk: Desk, starter: LoopInHand, audition: Audition
) -> None:
    needy = replace(starter.candidate, region=audition.region, overlap_ms=900.0)
    now = desk.presenter.now_playing
    assert now is not None
    now.learn(starter.loop_id, replace(starter.findings, candidates=(*starter.findings.candidates, needy)))
    desk.auditions.ask(audition)
    with_its_own = desk.last.samples
    desk.auditions.ask(replace(audition, overlap_ms=900.0))
    np.testing.assert_array_equal(desk.last.samples, with_its_own)
    desk.auditions.ask(replace(audition, overlap_ms=OVERLAP_MS))
    assert len(desk.last.samples) < len(with_its_own)


def test_what_is_heard_is_told_until_it_is_over(desk: Desk, audition: Audition) -> None:
    other = replace(audition, times=1)
    desk.auditions.ask(audition)
    desk.auditions.ask(other)
    # The former made way: its end, should it come, says nothing.
    desk.player.received.emit(AuditionEnded(1))
    assert desk.told == [audition, other]
    assert desk.auditions.duck == pytest.approx(10.0 ** (-12.0 / 20.0))
    desk.player.received.emit(AuditionEnded(2))
    assert desk.told == [audition, other, None]
    assert desk.auditions.duck == 1.0
    desk.auditions.end()
    assert (desk.player.n_ended, desk.told[2:]) == (0, [None])


def test_the_output_is_opened_where_the_music_does_not_run(desk: Desk, audition: Audition) -> None:
    desk.auditions.ask(audition)
    assert desk.n_opened == 1
    assert desk.player.faders == [(1.0, 0.0)], "the sleep timer may have ended the music in silence"
    desk.running.begin()
    desk.running.is_paused = True
    desk.auditions.ask(audition)
    assert (desk.n_opened, len(desk.player.faders)) == (1, 1)
    assert len(desk.player.shots) == 2
    assert desk.running.is_paused


def test_the_check_tone_is_heard_like_a_seam_whatever_is_shown(desk: Desk, audition: Audition) -> None:
    desk.auditions.ask(audition)
    desk.auditions.ask_tone()
    np.testing.assert_array_equal(desk.last.samples, check_tone(STUDIO_SAMPLE_RATE))
    assert (desk.told, desk.tones, desk.n_opened) == ([audition, None], [True], 2)
    assert desk.auditions.duck < 1.0
    desk.auditions.ask_tone()
    desk.player.received.emit(AuditionEnded(2))
    assert desk.tones == [True], "the former tone made way for this one"
    desk.player.received.emit(AuditionEnded(3))
    assert (desk.tones, desk.auditions.duck) == ([True, False], 1.0)
    desk.auditions.ask(audition)
    desk.auditions.end_tone()
    assert (desk.told[-1], desk.player.n_ended) == (audition, 0), "a seam is no tone"
    desk.auditions.ask_tone()
    desk.auditions.end_tone()
    assert (desk.tones, desk.player.n_ended) == ([True, False, True, False], 1)
    desk.player.is_there = False
    desk.auditions.ask_tone()
    assert len(desk.tones) == 4


def test_a_slot_of_fragments_is_heard_like_a_seam_and_the_next_takes_its_place(
    desk: Desk, audition: Audition, starter: LoopInHand
) -> None:
    clip = starter.clip
    desk.auditions.ask(audition)
    desk.auditions.ask_slot(3, clip)
    np.testing.assert_array_equal(desk.last.samples, clip.samples)
    assert (desk.told, desk.slots, desk.auditions.duck < 1.0) == ([audition, None], [3], True)
    desk.auditions.ask_slot(4, clip)
    desk.player.received.emit(AuditionEnded(2))
    assert desk.slots == [3, 4], "the end of the former is none of its own"
    desk.auditions.end_tone()
    assert desk.player.n_ended == 0, "a slot is no tone"
    desk.auditions.end_slot()
    assert (desk.slots, desk.player.n_ended) == ([3, 4, None], 1)
    desk.auditions.ask(audition)
    desk.auditions.end_slot()
    assert desk.player.n_ended == 1, "a seam is no slot"


@pytest.mark.parametrize("how", ["escape", "stop", "death", "another clip's region"])
def test_it_ends_by_many_ways(desk: Desk, starter: LoopInHand, audition: Audition, how: str) -> None:
    desk.running.begin()
    desk.auditions.ask(audition)
    match how:
        case "escape":
            desk.auditions.end()
        case "stop":
            desk.running.end()
        case "death":
            desk.player.died.emit(WorkerDied(worker="audio", exit_code=1))
        case _:
            n = starter.clip.n_samples
            desk.auditions.ask(Audition(LoopRegion(n // 2, n + 1)))
    assert desk.told == [audition, None]
    assert len(desk.player.shots) == 1


@pytest.mark.parametrize("expected_logs", [["cannot start"]])
def test_with_no_process_nothing_is_said_to_be_heard(desk: Desk, audition: Audition) -> None:
    desk.player.is_there = False
    desk.auditions.ask(audition)
    assert desk.told == []
    failures: list[StudioError] = []
    desk.notices.failed.connect(failures.append)
    desk.player.lacking = WorkerLacksPart(worker="audio", exit_code=1, detail="")
    desk.auditions.ask(audition)
    assert failures == [desk.player.lacking]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"side_s": 0.01}, r"0\.01 s on each side of the seam; choose 0\.05 to 5 s"),
        ({"side_s": float("nan")}, "choose 0.05 to 5 s"),
        ({"times": 33}, "33 times; choose 1 to 32 times"),
        ({"times": 0}, "choose 1 to 32"),
        ({"overlap_ms": -1.0}, "crossfade is -1 ms; choose 0 to"),
    ],
)
def test_what_is_out_of_range_is_named(audition: Audition, fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        replace(audition, **fields)
