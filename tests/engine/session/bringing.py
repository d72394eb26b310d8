# SPDX-License-Identifier: GPL-3.0-or-later
"""This module has a session to which sounds are brought: they are read in this process, when a test says so."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from app.paths import RESOURCES
from engine.errors import StudioError
from engine.generators.jobs import GenerateJob
from engine.playback.commands import TookOver
from engine.session.dropped import DroppedState, Refused
from engine.session.job_queue import JobQueue
from engine.session.options import Happening, Places, StudioOptions
from engine.session.ports import Ports
from engine.session.session import Session
from engine.values import ChannelSnapshot, JobFailed, PlaybackSnapshot, RoomTaken, Take
from engine.worker.jobs import run
from engine.worker.known_sounds import FindKnown, Known
from engine.worker.library_jobs import (
    Listed,
    ListJob,
    Marked,
    MarkJob,
    Purged,
    PurgeJob,
    Rated,
    RateJob,
    Stored,
    StoreJob,
)
from engine.worker.sound_reading import ListSounds, ReadSound, StopReading, list_brought, read_sound
from tests.engine.session.ports import ManualClock, SlowGenerators, SlowProcess
from tests.engine.session.scenes import Sent

RATE = 8_000
OPTIONS = StudioOptions("house, 124 bpm", generator="composer", min_loop_s=1.0)


def write_beat(path: Path, bpm: float = 150.0, *, hertz: float = 110.0, n_bars: int = 2, rate: int = RATE) -> str:
    """Write bars of a beat, each as the other; return the file's name."""
    beat = round(rate * 60.0 / bpm)
    t = np.arange(beat) / rate
    strokes = [np.exp(-12.0 * t) * np.sin(2.0 * np.pi * hertz * (1 + k % 2) * t) for k in range(4)]
    soundfile.write(path, np.tile(0.5 * np.concatenate(strokes), n_bars), rate)
    return str(path)


@dataclass
class Bringing:
    """A session, its stand-ins for processes, and what it told."""

    clock: ManualClock = field(default_factory=ManualClock)
    generators: SlowGenerators = field(default_factory=SlowGenerators)
    analysis: SlowProcess = field(default_factory=lambda: SlowProcess("analysis"))
    library: SlowProcess = field(default_factory=SlowProcess)
    sounds: SlowProcess = field(default_factory=lambda: SlowProcess("sounds"))
    player: Sent = field(default_factory=Sent)
    options: StudioOptions = OPTIONS
    states: list[DroppedState] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    happened: list[Happening] = field(default_factory=list)
    stored: list[StoreJob] = field(default_factory=list)
    known: dict[float, Take] = field(default_factory=dict)

    def __post_init__(self) -> None:
        queues = JobQueue(self.analysis, self.clock), JobQueue(self.library, self.clock)
        ports = Ports(self.player, self.generators, *queues, self.clock, sounds=self.sounds)
        self.session = Session(self.options, Places(str(RESOURCES / "starters")), ports)
        self.session.dropped.changed.connect(self.states.append)
        self.session.dropped.refused.connect(self.refused.append)
        self.session.notices.happened.connect(self.happened.append)
        self._numbers = itertools.count(1)

    def open_library(self) -> None:
        self.session.takes.open("/library")
        self.settle()

    def drop(self, *paths: str) -> None:
        self.session.dropped.drop(paths)

    def settle(self) -> None:
        """Answer what was asked of the library and of the analysis, until nothing is."""
        while self.library.sent or self.analysis.sent:
            process = self.library if self.library.sent else self.analysis
            process.received.emit(self._answer(process.sent.pop(0)))

    def _answer(self, job: Any) -> object:
        job_id = job.job_id
        done: object = None
        match job:
            case ListJob():
                done = Listed(job_id, (), ())
            case FindKnown():
                done = Known(job_id, self.known.get(job.clip.duration_s))
            case StoreJob():
                self.stored.append(job)
                done = Stored(job_id, Take(f"t{next(self._numbers)}", job.recipe, "/library/t.flac"))
            case RateJob():
                done = Rated(job_id, self._take(job.take_id))
            case MarkJob():
                done = Marked(job_id, self._take(job.take_id))
            case PurgeJob():
                done = Purged(job_id, (), 0, goes_on=False, taken=RoomTaken(0, 0, 1.0, None))
        return done or run(job)

    def _take(self, take_id: str) -> Take:
        return next(one for one in self.session.takes.takes if one.take_id == take_id)

    def read_one(self) -> bool:
        """Do the next job of the sounds' process; return whether there was one."""
        self.sounds.sent = [one for one in self.sounds.sent if not isinstance(one, StopReading)]
        if not self.sounds.sent:
            return False
        job = self.sounds.sent.pop(0)
        answer: object
        try:
            answer = list_brought(job, _deaf) if isinstance(job, ListSounds) else read_sound(job, _deaf)
        except StudioError as error:
            answer = JobFailed(job.job_id, error)
        self.sounds.received.emit(answer)
        self.settle()
        return True

    def read_all(self) -> None:
        """Have read all that may be read now."""
        while self.read_one():
            pass

    @property
    def tempo_bpm(self) -> float | None:
        """Return the tempo that was heard in what plays."""
        now = self.session.presenter.now_playing
        return None if now is None else now.playing.recipe.facts.tempo_bpm

    @property
    def playing(self) -> str:
        now = self.session.presenter.now_playing
        return "" if now is None else now.playing.recipe.title

    @property
    def ready(self) -> list[str]:
        return [one.recipe.title for one in self.session.up_next.ready]

    @property
    def asked(self) -> list[GenerateJob]:
        return [one for one in self.generators.sent if isinstance(one, GenerateJob)]

    @property
    def waiting(self) -> list[ListSounds | ReadSound]:
        return [one for one in self.sounds.sent if not isinstance(one, StopReading)]

    def hear(self, turns: int) -> None:
        """Have the loop that plays heard for so many turns, and what is handed over meanwhile come to lead."""
        now = self.session.presenter.now_playing
        assert now is not None
        before = len(self.player.takeovers)
        for _ in range(6):
            heard = ChannelSnapshot(now.playing.loop_id, 0, turns)
            self.player.snapshot_taken.emit(
                PlaybackSnapshot((heard,), (-6.0, -6.0), (-12.0, -12.0), xruns=0, load=0.1, latency_s=0.0, device="")
            )
            self.settle()
        for takeover in self.player.takeovers[before:]:
            self.player.received.emit(TookOver(takeover.loop_id))
        self.settle()


def _deaf(_stage: str, _fraction: float | None) -> None:
    pass
