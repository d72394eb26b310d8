# SPDX-License-Identifier: GPL-3.0-or-later
"""Stations are tested with a maker of tones, which does in milliseconds what a generator does in seconds."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np

from engine.errors import Cancelled, GeneratorError
from engine.fragments.folder import SlotFolder
from engine.fragments.making import FragmentMaker, Making
from engine.fragments.station import Station
from engine.generators.base import GeneratorSettings
from engine.generators.registry import generator_named
from engine.values import Clip, ClipRequest, ClipResult, MusicFacts, Progress
from engine.values.fragments import FragmentFact, FragmentReady, FragmentsState
from tests.engine.fragments.making import RATE, until


class ToneMaker:
    """A maker that makes a tone of the length of its prompt, silence, a failure, or nothing until it may."""

    n_at_once = 1

    def __init__(self) -> None:
        self.asked: list[ClipRequest] = []
        self.may = threading.Event()
        self.may.set()
        self.is_closed = False

    def make(self, request: ClipRequest, tell: Callable[[Progress], None], is_wanted: Callable[[], bool]) -> ClipResult:
        self.asked.append(request)
        tell(Progress(request.job_id, 0.5, "humming", 1.0))
        while not self.may.wait(0.01):
            if not is_wanted() or self.is_closed:
                raise Cancelled
        if "fail" in request.prompt:
            raise GeneratorError(generator="Tone", detail="it was told to")
        if "break" in request.prompt:
            raise RuntimeError("it was told to")
        level = 0.0 if "silent" in request.prompt else (1000 + len(self.asked)) / 2**15
        samples = np.full((400, 1), level, dtype=np.float32)
        samples[1::2] *= -1.0
        return ClipResult(request.job_id, Clip(samples, RATE), MusicFacts(), request.seed or 1, {})

    def close(self) -> None:
        self.is_closed = True


class Stage:
    """A stage has a station of three slots, its maker, and all that was told."""

    def __init__(self, folder: Path, prompts: tuple[str, ...] = ()) -> None:
        self.maker = ToneMaker()
        composer = generator_named("composer")
        request = ClipRequest(1, "x", "composer", "", 5.0, seed=40)
        making = Making(request, composer, GeneratorSettings(), RATE)
        self.station = Station(SlotFolder(folder, 3), FragmentMaker(making, self.maker), prompts=prompts)
        self.facts: list[FragmentFact] = []
        self.states: list[FragmentsState] = []
        self.station.told.connect(self.facts.append)
        self.station.changed.connect(self.states.append)
        self.station.open()

    def ready(self) -> list[int | None]:
        facts = [one for one in self.facts if isinstance(one, FragmentReady)]
        return [None if one.slot is None else one.slot.number for one in facts]

    def wait_for(self, n_facts: int) -> FragmentFact:
        until(lambda: len(self.facts) >= n_facts and self.station.is_idle)
        assert len(self.facts) == n_facts
        return self.facts[-1]
