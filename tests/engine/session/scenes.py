# SPDX-License-Identifier: GPL-3.0-or-later
"""A scene has a loop that plays and others that may come, without a process: what is sent is remembered."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace

from engine.playback.commands import TakeOver
from engine.session import up_next as timing
from engine.session.baking import Baker, LoopInHand
from engine.session.now_playing import NowPlaying
from engine.session.transition_planner import TransitionPlanner
from engine.session.up_next import UpNext
from engine.values import ENDLESS, BakedLoop, ChannelSnapshot, TransitionPlan, TransitionWish
from tests.engine.session.ports import DeafPlayer, HandyWorker, ManualClock
from tests.starters import shipped


class Sent(DeafPlayer):
    """This player remembers what it was told."""

    def __init__(self) -> None:
        super().__init__()
        self.takeovers: list[TakeOver] = []
        self.n_called_off = 0

    def take_over(
        self, loop_id: int, loop: BakedLoop, lead_id: int, plan: TransitionPlan, *, channel: int = ENDLESS
    ) -> None:
        self.takeovers.append(TakeOver(loop_id, loop, lead_id, plan))

    def call_off(self, *, channel: int = ENDLESS) -> None:
        self.n_called_off += 1


@dataclass
class Scene:
    """In a scene a loop plays, and others may come."""

    up_next: UpNext
    now_playing: NowPlaying
    player: Sent
    worker: HandyWorker
    clock: ManualClock
    loops: list[LoopInHand]
    wish: TransitionWish = field(default_factory=lambda: TransitionWish(overlap_ms=400.0))

    def consider(self, turns: int = 0, incoming_id: int | None = None) -> None:
        playing = self.now_playing.playing.loop_id
        heard = ChannelSnapshot(playing, 0, turns, incoming_id)
        self.up_next.consider(self.now_playing, heard, self.wish, min_play_s=30.0)

    def settle(self, turns: int = 0, incoming_id: int | None = None) -> None:
        for _ in range(timing.SETTLING_SNAPSHOTS + 1):
            self.consider(turns, incoming_id)

    def take_over(self, loop_id: int) -> None:
        handed = self.up_next.took_over(loop_id)
        assert handed is not None
        self.now_playing.lead(handed.loop)

    @property
    def handed(self) -> list[int]:
        return [one.loop_id for one in self.player.takeovers]

    @property
    def ready(self) -> list[int]:
        return [one.loop_id for one in self.up_next.ready]


def new_scene() -> Scene:
    """Return a scene of which the first of five loops plays."""
    starter = shipped()[0]
    recipes = [replace(starter.recipe, seed=seed) for seed in range(5)]
    loops = [LoopInHand.of_recipe(loop_id, starter.clip, recipe) for loop_id, recipe in enumerate(recipes)]
    baker, player, worker, clock = Baker(400.0, -16.0), Sent(), HandyWorker(), ManualClock()
    planner = TransitionPlanner(worker, itertools.count(100).__next__)
    return Scene(UpNext(player, planner, baker, clock), NowPlaying(loops[0], baker), player, worker, clock, loops)
