# SPDX-License-Identifier: GPL-3.0-or-later
"""This bench has a composed loop that plays, and what makes it again while it does."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from functools import cache

from engine.generators.jobs import GenerateJob
from engine.session.baking import Baker, LoopInHand
from engine.session.knob_turns import SETTLED_S, KnobTurns
from engine.session.options import StudioOptions
from engine.session.ports import Ports
from engine.session.presenter import LoopPresenter
from engine.session.remaking import Remaking
from engine.session.running import Running
from engine.session.varying import Varying
from engine.values import (
    ChannelSnapshot,
    Clip,
    ClipRequest,
    ClipResult,
    ParameterValue,
)
from tests.engine.session.composing import OPTIONS, composed_loop, made
from tests.engine.session.ports import DeafPlayer, HandyWorker, ManualClock, SlowGenerators
from tests.snapshots import playing


def turned(**knobs: ParameterValue) -> StudioOptions:
    return replace(OPTIONS, generators=OPTIONS.generators.with_only("composer", {**knobs}))


@cache
def variation(number: int) -> ClipResult:
    """Return a variation of the composed loop."""
    asked = composed_loop().recipe.asked
    request = ClipRequest(
        1,
        OPTIONS.prompt,
        "composer",
        "",
        8.0,
        seed=3,
        parameters=asked.parameters,
        follows=asked.follows,
        evolve=asked.evolve,
        variation=number,
    )
    return made(request)


@dataclass
class Bench:
    """A bench has one loop playing, and a generator that answers when it is told to."""

    loop: LoopInHand
    is_making: bool = False
    is_disturbed: bool = False

    def __post_init__(self) -> None:
        self.clock, self.generators, self.player, worker = ManualClock(), SlowGenerators(), DeafPlayer(), HandyWorker()
        ids, baker = itertools.count(100).__next__, Baker(480.0, -16.0)
        self.running = Running()
        self.presenter = LoopPresenter(worker, ids, baker, self.clock, set)
        ports = Ports(self.player, self.generators, worker, worker, self.clock)
        remaking = Remaking(ports, ids, lambda: self.is_making)
        self.knobs = KnobTurns(ports, self.running, self.presenter, remaking)
        self.varying = Varying(ports, self.running, self.presenter, remaking, lambda: self.is_disturbed)
        self.varying.options = OPTIONS
        self.swaps: list[int | None] = []
        self.presenter.lead(self.loop, OPTIONS)
        self.running.begin()
        self.presenter.baked_again.connect(self.swaps.append)

    @property
    def asked(self) -> list[ClipRequest]:
        return [one.request for one in self.generators.sent if isinstance(one, GenerateJob)]

    @property
    def clip(self) -> Clip:
        assert self.presenter.now_playing is not None
        return self.presenter.now_playing.playing.clip

    def turn(self, before: StudioOptions, options: StudioOptions) -> None:
        self.knobs.use(before)
        self.knobs.use(options)
        self.clock.pass_s(SETTLED_S + 0.01)

    def hear(self, position_samples: int, turns: int = 0) -> None:
        self.player.snapshot_taken.emit(playing(ChannelSnapshot(7, position_samples, turns)))
