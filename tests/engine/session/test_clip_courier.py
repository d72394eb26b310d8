# SPDX-License-Identifier: GPL-3.0-or-later
"""The clip courier serves a real analysis worker: a clip crosses once, however often it is asked about."""

from __future__ import annotations

import contextlib
import os
import pickle
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from psygnal import Signal

from engine.errors import StudioError, WorkerDied
from engine.library.starters import Starter
from engine.pipe import Parcel
from engine.processes import ChildProcess
from engine.session.analysis import LoopAnalysis
from engine.session.baking import LoopInHand
from engine.session.clip_courier import KEPT_BYTES, KEPT_CLIPS, ClipCourier
from engine.session.job_queue import JobQueue
from engine.session.options import StudioOptions
from engine.values import Clip, JobFailed, LoopRegion
from engine.worker.jobs import Measured, MeasureJob
from engine.worker.named_clips import ClipsLost, HeldClips, NamedJob
from tests.engine.session.ports import ManualClock, SlowProcess
from tests.starters import shipped

ANSWER_S = 60.0


class RealWorker:
    """The real worker is the analysis worker's process, started again when it died; what crosses to it is weighed."""

    received = Signal(object)
    died = Signal(object)
    name = "analysis"

    def __init__(self, log: Path) -> None:
        self._log = log
        self._process = self._started()
        self.crossed: list[int] = []
        """Bytes of samples that each message took along."""

    def _started(self) -> ChildProcess:
        with self._log.open("a", encoding="utf-8") as file:
            return ChildProcess("engine.worker.process", log=file)

    def send(self, message: object) -> None:
        parcel = Parcel(message)
        self.crossed.append(sum(os.fstat(one).st_size for one in parcel.arrays))
        with contextlib.suppress(WorkerDied):  # told by ``answer``
            self._process.send(message)

    def give_up(self, error: StudioError) -> None:
        raise AssertionError(error)

    def answer(self) -> None:
        """Hear one answer, or that the process is gone."""
        assert self._process.poll(ANSWER_S)
        try:
            message = self._process.receive()
        except WorkerDied as error:
            self._process.kill()
            self._process = self._started()
            self.died.emit(error)
        else:
            self.received.emit(message)

    def kill(self) -> None:
        """Kill the process, which is not heard of before ``answer``."""
        os.kill(self._process.pid, 9)
        deadline_s = time.monotonic() + ANSWER_S
        while not self._process.poll(0.0):
            assert time.monotonic() < deadline_s

    def close(self) -> None:
        self._process.close()


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[RealWorker]:
    worker = RealWorker(tmp_path / "worker.log")
    yield worker
    worker.close()


@pytest.fixture(scope="module")
def starter() -> Starter:
    return shipped()[0]


class Asker:
    """An asker measures clips by a worker process, and keeps every answer."""

    def __init__(self, worker: RealWorker) -> None:
        self.worker = worker
        self.queue = JobQueue(ClipCourier(worker), ManualClock())
        self.answers: list[Measured | JobFailed] = []

    def measure(self, clip: Clip) -> float:
        region = LoopRegion(0, clip.n_samples)
        self.queue.submit(MeasureJob(len(self.answers) + 1, clip, region, 10.0), self.answers.append)
        n_before = len(self.answers)
        while len(self.answers) == n_before:
            self.worker.answer()
        answer = self.answers[-1]
        assert isinstance(answer, Measured)
        return answer.lufs


def test_one_clip_is_found_drawn_measured_and_judged_and_crosses_once(worker: RealWorker, starter: Starter) -> None:
    clip = starter.clip
    loop = LoopInHand.of_recipe(1, clip, starter.recipe)
    ids = iter(range(1, 100))
    analysis = LoopAnalysis(JobQueue(ClipCourier(worker), ManualClock()), ids.__next__)
    told: list[object] = []
    analysis.learned.connect(lambda _, news: told.append(type(news).__name__))
    analysis.measured.connect(lambda _, lufs: told.append(lufs))
    failures: list[StudioError] = []
    analysis.failed.connect(failures.append)
    options = StudioOptions("house")

    def until(n_told: int) -> None:
        while len(told) < n_told:
            worker.answer()

    analysis.find_candidates(loop, options)
    analysis.draw(loop)
    analysis.measure(loop, options.overlap_ms)
    until(4)
    for end in (0.5, 0.6, 0.7):
        region = LoopRegion(clip.n_samples // 10, round(end * clip.n_samples))
        analysis.judge(loop, region, options.overlap_ms, options.algorithm)
        until(len(told) + 2)
    assert failures == []
    kinds = [one if isinstance(one, str) else "loudness" for one in told]
    assert kinds == ["ProvedSeam", "LoopFindings", "Pictures", "loudness", *["ProvedSeam", "loudness"] * 3]
    assert worker.crossed == [clip.samples.nbytes, 0, 0, 0, 0, 0]


def test_a_worker_that_died_gets_its_clip_again_and_nobody_notices(worker: RealWorker, starter: Starter) -> None:
    asker, n_bytes = Asker(worker), starter.clip.samples.nbytes
    before = asker.measure(starter.clip)
    worker.kill()
    # The next job names the clip to a process that is gone; its death is heard while the job waits.
    assert asker.measure(starter.clip) == before
    assert worker.crossed == [n_bytes, 0, n_bytes]
    assert asker.measure(starter.clip) == before
    assert worker.crossed == [n_bytes, 0, n_bytes, 0]


def test_a_clip_that_the_worker_does_not_hold_is_sent_again(worker: RealWorker, starter: Starter) -> None:
    asker, n_bytes = Asker(worker), starter.clip.samples.nbytes
    before = asker.measure(starter.clip)
    # Whoever else spoke to it: it holds nothing now.
    worker.send(NamedJob(-1, pickle.dumps(ClipsLost(-1)), {}, frozenset()))
    worker.answer()
    assert asker.measure(starter.clip) == before
    assert worker.crossed[2:] == [0, n_bytes]


def test_the_worker_holds_the_clips_that_were_named_last(worker: RealWorker, starter: Starter) -> None:
    asker = Asker(worker)
    clips = [Clip(starter.clip.samples[at:], starter.clip.sample_rate) for at in range(KEPT_CLIPS + 1)]
    for clip in clips[:KEPT_CLIPS]:
        asker.measure(clip)
    asker.measure(clips[0])
    asker.measure(clips[KEPT_CLIPS])
    n_sent = len(worker.crossed)
    for clip in (clips[0], *clips[2:]):
        asker.measure(clip)
    assert worker.crossed[n_sent:] == [0] * KEPT_CLIPS, "these are held"
    asker.measure(clips[1])
    assert worker.crossed[-1] == clips[1].samples.nbytes, "this one was named least recently"


def test_long_clips_are_held_up_to_so_many_bytes(starter: Starter) -> None:
    process = SlowProcess("analysis")
    courier, held = ClipCourier(process), HeldClips()
    n_samples = KEPT_BYTES // 3 // 8
    long = [Clip(starter.clip.samples[:1].repeat(n_samples, axis=0), 44_100) for _ in range(4)]
    longer = Clip(starter.clip.samples[:1].repeat(4 * n_samples, axis=0), 44_100)
    kept = []
    for job_id, clip in enumerate((*long, longer, longer, long[0])):
        courier.send(MeasureJob(job_id, clip, LoopRegion(0, 1), 1.0))
        message = process.sent[-1]
        assert held.job_in(message).clip is not None
        kept.append((len(message.clips), len(message.kept)))
    # One that is larger than the bound alone is held as long as it is the last.
    assert kept == [(1, 1), (1, 2), (1, 3), (1, 3), (1, 1), (0, 1), (1, 1)]


def test_a_job_about_a_lost_clip_says_so_and_what_is_not_kept_is_dropped(starter: Starter) -> None:
    process = SlowProcess("analysis")
    courier, held = ClipCourier(process), HeldClips()
    job = MeasureJob(1, starter.clip, LoopRegion(0, 4), 1.0)
    courier.send(job)
    assert held.job_in(process.sent[-1]).region == job.region
    courier.send(replace(job, job_id=2))
    named = process.sent[-1]
    assert not named.clips
    assert held.job_in(named).clip.n_samples == starter.clip.n_samples
    assert HeldClips().job_in(named) == ClipsLost(2)
    for at in range(1, KEPT_CLIPS + 1):
        other = Clip(starter.clip.samples[at:], starter.clip.sample_rate)
        courier.send(replace(job, job_id=2 + at, clip=other))
        assert held.job_in(process.sent[-1]).clip.n_samples == other.n_samples
    assert held.job_in(replace(named, kept=process.sent[-1].kept)) == ClipsLost(2), "its samples take no memory now"
