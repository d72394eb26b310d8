# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests have a real mixer play what the session hands over: it is what was foreseen, drawn and changed."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from engine.playback.commands import TookOver
from engine.playback.mix.mixer import Mixer
from engine.playback.mix.transition_picture import HeardSides
from engine.session.baking import Baker, LoopInHand
from engine.session.now_playing import NowPlaying
from engine.session.transition_planner import TransitionPlanner
from engine.session.transition_watch import TransitionWatch
from engine.session.up_next import UpNext
from engine.values import (
    ENDLESS,
    BakedLoop,
    ChannelSnapshot,
    ComingTransition,
    Entry,
    FloatArray,
    TransitionEdit,
    TransitionExcerpt,
    TransitionPicture,
    TransitionPlan,
    TransitionWish,
)
from engine.worker import jobs
from tests.engine.session.ports import DeafPlayer, HandyWorker, ManualClock
from tests.starters import shipped

RATE = 44_100
BLOCK = 1470
MIN_PLAY_S = 3.0
WISH = TransitionWish(Entry.NEXT_BAR, bars=1)


class MixedPlayer(DeafPlayer):
    """This player is a mixer; what it plays is kept."""

    def __init__(self) -> None:
        super().__init__()
        self.mixer = Mixer(RATE)
        self.out: list[FloatArray] = []
        self.n_handed = 0

    def take_over(
        self, loop_id: int, loop: BakedLoop, lead_id: int, plan: TransitionPlan, *, channel: int = ENDLESS
    ) -> None:
        self.n_handed += 1
        self.mixer.take_over(loop_id, loop, lead_id, plan, channel=channel)

    def call_off(self, *, channel: int = ENDLESS) -> None:
        self.mixer.call_off(channel=channel)

    def render(self) -> None:
        block = np.zeros((BLOCK, 2), np.float32)
        self.mixer.render(block)
        self.out.append(block)


class NotingWorker(HandyWorker):
    """This worker keeps what is drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.excerpts: list[TransitionExcerpt] = []

    def submit(self, job: Any, answer: Callable[[Any], None], **how: bool) -> None:
        if isinstance(job, jobs.TransitionJob):
            self.excerpts.append(job.excerpt)
        super().submit(job, answer, **how)


class Stage:
    """On the stage one loop plays, and another is ready, whose tempo is too far away for it to be stretched."""

    def __init__(self) -> None:
        starters = shipped()
        self.player, self.worker = MixedPlayer(), NotingWorker()
        next_id, baker = itertools.count(100).__next__, Baker(400.0, -16.0)
        self.up_next = UpNext(self.player, TransitionPlanner(self.worker, next_id), baker, ManualClock())
        self.watch = TransitionWatch(self.worker, next_id, self.up_next)
        lead, incoming = starters[2], starters[1]
        self.now = NowPlaying(LoopInHand.of_recipe(1, lead.clip, lead.recipe), baker)
        self.up_next.add(LoopInHand.of_recipe(2, incoming.clip, incoming.recipe))
        self.coming: list[ComingTransition | None] = []
        self.pictures: list[TransitionPicture] = []
        self.watch.changed.connect(self._note)
        self.watch.drawn.connect(self._keep)
        self.watch.want(True)
        self.player.mixer.play(1, self.now.baked, fade_ms=1.0)

    def _note(self, coming: ComingTransition | None) -> None:
        self.coming.append(coming)

    def _keep(self, picture: TransitionPicture) -> None:
        self.pictures.append(picture)

    @property
    def told(self) -> ComingTransition:
        told = self.coming[-1]
        assert told is not None
        return told

    @property
    def bar(self) -> int:
        assert self.told.lead_grid is not None
        return round(self.told.lead_grid.bar_samples)

    def step(self) -> ChannelSnapshot:
        """Play a thirtieth of a second, and let the session take it in."""
        self.player.render()
        # As a device has it, what is heard is behind what is mixed.
        block = self.player.mixer.blocks[-1].channels[ENDLESS]
        heard = ChannelSnapshot(block.loop_id, block.position, block.turns, block.incoming_id, block.fade)
        self.up_next.consider(self.now, heard, WISH, min_play_s=MIN_PLAY_S)
        self.watch.follow(self.now, heard)
        return heard

    def play(self, seconds: float) -> None:
        for _ in range(round(seconds * RATE / BLOCK)):
            self.step()

    def play_through(self) -> int:
        """Play on until the other leads, and a second more; return at which sample of the first one it came in."""
        mixer = self.player.mixer
        while not any(isinstance(event, TookOver) for _, event in mixer.events):
            self.step()
            assert mixer.rendered_samples < 60 * RATE, "nothing took over"
        middle = next(at for at, event in mixer.events if isinstance(event, TookOver))
        for _ in range(self.told.fade_samples // BLOCK + 30):
            self.player.render()
        return middle - self.told.fade_samples // 2 - mixer.latency_samples

    def assert_heard_as_drawn(self, entry: int) -> None:
        """Compare what was mixed with the newest picture, from a second before the entry to half a second after."""
        excerpt = self.worker.excerpts[-1]
        both, latency = HeardSides(excerpt), self.player.mixer.latency_samples
        played = np.concatenate(self.player.out)[latency:]
        n = excerpt.fade_samples + RATE // 2
        expected = np.zeros((RATE + n, 2), np.float32)
        leaving = both.lead[excerpt.before_samples - RATE :]
        expected[: len(leaving)] += leaving
        expected[RATE:] += both.incoming[:n]
        assert np.abs(played[entry - RATE : entry + n] - expected).max() < 3e-3
        assert np.abs(expected).max() > 0.05
        picture = self.pictures[-1]
        assert (picture.place, picture.fade_samples) == (entry % self.told.turn_samples, excerpt.fade_samples)


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_what_comes_by_the_rule_comes_where_it_was_drawn(stage: Stage) -> None:
    stage.play(0.5)
    told = stage.told
    # The first bar after the minimum play.
    assert told.entry_samples == 2 * stage.bar > MIN_PLAY_S * RATE
    assert (told.bars, told.fade_samples, told.is_planned, told.edit) == (1, stage.bar, True, None)
    assert stage.player.n_handed == 0, "it is drawn before it is handed over"
    assert stage.play_through() == told.entry_samples
    assert stage.told.is_sounding
    stage.assert_heard_as_drawn(told.entry_samples)
    assert len(stage.pictures) == 1


def test_an_edited_transition_is_heard_as_it_was_drawn_and_the_wish_stays(stage: Stage) -> None:
    stage.play(0.5)
    entry = 3 * stage.bar
    edited: list[tuple[TransitionEdit, TransitionEdit]] = []
    stage.watch.edited.connect(lambda before, after, _title: edited.append((before, after)))
    edit = TransitionEdit(1, 2, entry_samples=entry, bars=2)
    assert stage.watch.edit(edit)
    assert edited == [(TransitionEdit(1, 2), edit)]
    stage.play(0.2)
    assert (stage.told.entry_samples, stage.told.bars, stage.told.edit) == (entry, 2, edit)
    assert stage.play_through() == entry
    stage.assert_heard_as_drawn(entry)
    assert stage.up_next.edits.wish(stage.now.part, 3, WISH, 0) == WISH, "of another transition nothing is changed"


def test_it_can_be_changed_when_it_was_handed_over_but_not_when_it_is_heard(stage: Stage) -> None:
    stage.play(MIN_PLAY_S + 0.2)
    assert stage.player.n_handed == 1
    # Sooner than a whole turn, later than the rule has it; its length is in milliseconds.
    entry = 4 * stage.bar
    assert stage.watch.edit(TransitionEdit(1, 2, entry_samples=entry, overlap_ms=900.0))
    stage.play(0.5)
    assert stage.told.entry_samples == entry
    assert (stage.told.bars, stage.told.fade_samples) == (0, round(0.9 * RATE))
    assert stage.player.n_handed == 2
    while not stage.told.is_sounding:
        stage.step()
    assert not stage.watch.edit(TransitionEdit(1, 2, entry_samples=entry + stage.bar))
    assert stage.play_through() == entry
    stage.assert_heard_as_drawn(entry)


def test_an_entry_may_come_before_the_rule_would_have_it(stage: Stage) -> None:
    stage.play(0.3)
    assert stage.watch.edit(TransitionEdit(1, 2, entry_samples=stage.bar))
    assert stage.play_through() == stage.bar < MIN_PLAY_S * RATE
    stage.assert_heard_as_drawn(stage.bar)


def test_reset_passed_or_asked_for_otherwise_the_rule_holds_again(stage: Stage) -> None:
    stage.play(0.3)
    planned = stage.told
    assert planned.entry_samples is not None
    stage.watch.edit(TransitionEdit(1, 2, entry_samples=5 * stage.bar, bars=4))
    stage.play(0.1)
    stage.watch.edit(TransitionEdit(1, 2))
    stage.play(0.1)
    assert stage.told == planned
    # An entry that is over counts no more, the length does.
    stage.watch.edit(TransitionEdit(1, 2, entry_samples=100, bars=4))
    stage.play(0.1)
    assert (stage.told.entry_samples, stage.told.bars) == (planned.entry_samples, 4)
    # So it is when the person asks for the next loop.
    stage.watch.edit(TransitionEdit(1, 2, entry_samples=5 * stage.bar, bars=4))
    stage.up_next.ask_next(WISH)
    stage.play(0.3)
    assert (stage.told.entry_samples, stage.told.bars) == (stage.bar, 4)
    assert stage.play_through() == stage.bar


def test_while_it_is_held_nobody_knows_when_it_comes(stage: Stage) -> None:
    stage.play(0.3)
    stage.watch.edit(TransitionEdit(1, 2, entry_samples=3 * stage.bar))
    stage.up_next.hold(True)
    stage.play(0.3)
    assert stage.told.entry_samples is None
    assert stage.pictures[-1].place in stage.told.places
    stage.up_next.hold(False)
    stage.play(0.1)
    assert stage.told.entry_samples == 2 * stage.bar


def test_nothing_is_told_or_drawn_for_a_panel_that_is_not_seen(stage: Stage) -> None:
    stage.watch.want(False)
    stage.coming.clear()
    stage.play(0.3)
    assert (stage.coming, stage.pictures, stage.worker.excerpts) == ([], [], [])
    stage.watch.want(True)
    stage.play(0.1)
    assert stage.coming[0] is None
    assert stage.told.incoming_id == 2
    assert len(stage.pictures) == 1
    stage.watch.end()
    assert stage.coming[-1] is None
    assert not stage.watch.edit(TransitionEdit(1, 2, bars=2)), "the music ended"


def test_one_that_is_not_worked_out_is_told_and_not_drawn(stage: Stage) -> None:
    stage.worker.is_busy = True
    stage.play(0.2)
    assert not stage.told.is_planned
    assert stage.told.entry_samples == 2 * stage.bar
    assert stage.told.swaps_bass
    assert not stage.worker.excerpts
