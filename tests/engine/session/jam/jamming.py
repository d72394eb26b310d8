# SPDX-License-Identifier: GPL-3.0-or-later
"""This module makes loops whose beats can be found in a mix to the sample, and jams that are rendered with them."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from engine.errors import GeneratorError, StudioError
from engine.generators.base import GeneratorSettings
from engine.generators.jobs import GenerateJob
from engine.playback.file.offline import OfflinePlayer
from engine.session.jam.endless import EndlessLayers
from engine.session.jam.jam import Jam
from engine.session.jam.rendering import ImmediateGenerator, LoopFiles, render_jam
from engine.session.jam.script import read_script
from engine.session.ports import Ports
from engine.session.rendering import ImmediateJobs, MusicClock
from engine.values import Automation, ChannelParameter, Clip, ClipRequest, ClipResult, FloatArray, MusicFacts
from engine.values.audio import STUDIO_SAMPLE_RATE as RATE
from engine.values.held import HeldEffect
from engine.values.jam import Groove, JamLoop

TARGET_LUFS = -36.0
"""Loudness at which the limiter, which holds all together, has nothing to do."""
CLICK_SAMPLES = 400


def clicks(bpm: float, bars: int, beats_per_bar: int = 4, *, hz: float = 3000.0) -> Clip:
    """Return a clip that goes round: a tone begins at full level with each beat, the first of all louder."""
    beat = 60.0 * RATE / bpm
    n_samples = round(bars * beats_per_bar * beat)
    samples = np.zeros((n_samples, 2), np.float32)
    burst = np.cos(2.0 * np.pi * hz * np.arange(CLICK_SAMPLES) / RATE) * np.linspace(1.0, 0.0, CLICK_SAMPLES)
    for number in range(bars * beats_per_bar):
        at = round(number * beat)
        samples[at : at + CLICK_SAMPLES] += (0.3 if number else 0.6) * burst[: n_samples - at, None].astype(np.float32)
    return Clip(samples, RATE, wraps=True)


@dataclass
class Studio:
    """A generator by rule, and what a jam told.

    Attributes
    ----------
    asked
        The requests, in order.
    fails
        Errors for the next requests.
    hz
        Pitches of the clicks of the clips that are made, in order.
    """

    asked: list[ClipRequest] = field(default_factory=list)
    fails: list[StudioError] = field(default_factory=list)
    began: list[tuple[JamLoop, int]] = field(default_factory=list)
    failed: list[StudioError] = field(default_factory=list)
    hz: itertools.count[float] = field(default_factory=lambda: itertools.count(2000.0, 700.0))
    off: float = 1.0
    """How much faster than asked for clips are."""

    def make(self, job: GenerateJob) -> ClipResult:
        request = job.request
        self.asked.append(request)
        if self.fails:
            raise self.fails.pop(0)
        assert request.bpm is not None
        assert request.bars is not None
        beats = int((request.metre or "4/4").partition("/")[0])
        bpm = request.bpm * self.off
        clip = clicks(bpm, request.bars, beats, hz=next(self.hz))
        facts = MusicFacts(bpm, None, beats, request.bars)
        return ClipResult(request.job_id, clip, facts, len(self.asked), {})

    def render(self, script: str, bars: float, groove: Groove | None = None) -> FloatArray:
        """Return the music of a jam that is played by a script."""
        out: list[FloatArray] = []

        def set_up(jam: Jam) -> None:
            jam.groove = groove or jam.groove

        for _ in render_jam(
            set_up,
            read_script(script),
            self.make,
            GeneratorSettings(),
            n_bars=Fraction(str(bars)),
            write=lambda block: out.append(block.copy()),
            target_lufs=TARGET_LUFS,
            on_failed=self.failed.append,
            on_began=lambda loop, frame: self.began.append((loop, frame)),
        ):
            pass
        return np.concatenate(out)


class NotingPlayer(OfflinePlayer):
    """An offline player that notes what was held on it and moved, in their order."""

    def __init__(self) -> None:
        super().__init__(RATE, 2)
        self.held: list[tuple[int, HeldEffect | None]] = []
        self.automated: list[tuple[int, ChannelParameter, Automation | None]] = []

    def hold(self, channel: int, effect: HeldEffect | None) -> None:
        self.held.append((channel, effect))
        super().hold(channel, effect)

    def automate(self, channel: int, parameter: ChannelParameter, automation: Automation | None) -> None:
        self.automated.append((channel, parameter, automation))
        super().automate(channel, parameter, automation)


@dataclass
class Stage:
    """A jam on an offline player, told what to do between blocks; ``is_late`` holds what is asked of generators."""

    studio: Studio = field(default_factory=Studio)
    is_late: bool = False
    settings: GeneratorSettings = field(default_factory=GeneratorSettings)

    def __post_init__(self) -> None:
        self.player = NotingPlayer()
        self.generator = ImmediateGenerator(self.studio.make)
        self.held: list[GenerateJob] = []
        self.clock = MusicClock()
        generators = HoldingGenerator(self) if self.is_late else self.generator
        ports = Ports(self.player, generators, ImmediateJobs(), LoopFiles(), self.clock)
        self.jam = Jam(ports, itertools.count(1).__next__, lambda: self.settings, target_lufs=TARGET_LUFS)
        self.jam.failed.connect(self.studio.failed.append)
        self.jam.began.connect(lambda loop, frame: self.studio.began.append((loop, frame)))
        self.out: list[FloatArray] = []

    def play(self, seconds: float) -> FloatArray:
        """Play on for so long, and return what was played."""
        n_samples, parts = round(seconds * RATE), []
        while n_samples > 0:
            block = np.zeros((min(n_samples, 2048), 2), np.float32)
            parts.append(self.player.render(block).copy())
            self.clock.pass_s(len(block) / RATE)
            n_samples -= len(block)
        return np.concatenate(parts)

    def deliver(self) -> None:
        """Have all that is held made."""
        held, self.held = self.held, []
        for job in held:
            self.generator.send("", job)


class HoldingGenerator(ImmediateGenerator):
    """A generator that is late: what it is asked is held."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage.studio.make)
        self._stage = stage
        stage.generator.received.connect(self.received.emit)

    def send(self, generator: str, message: object, /) -> None:
        if isinstance(message, GenerateJob):
            self._stage.held.append(message)


def idle_endless(
    stage: Stage, mix: Callable[[], Clip | None] = lambda: None, leave: Callable[[str], None] = lambda _: None
) -> EndlessLayers:
    """Return endless layers of which no parts are made."""
    return EndlessLayers(lambda _: None, lambda _: None, mix, leave, stage.clock)


def failing(detail: str = "no") -> GeneratorError:
    return GeneratorError(generator="Nobody", detail=detail)


def onsets(samples: FloatArray, share: float = 0.25) -> list[int]:
    """Return the samples at which a click begins, after a moment of silence: at a share of the peak of all."""
    levels = np.abs(samples).max(axis=1)
    loud = np.flatnonzero(levels > max(share * levels.max(), 1e-3))
    if not len(loud):
        return []
    return [int(one) for one in loud[np.flatnonzero(np.diff(loud, prepend=-RATE) > 3 * CLICK_SAMPLES)]]
