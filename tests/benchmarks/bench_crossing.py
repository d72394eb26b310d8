# SPDX-License-Identifier: GPL-3.0-or-later
"""This benchmark measures what crosses to the analysis worker for a clip: found, drawn, and judged at three drops."""

from __future__ import annotations

import os
import time

import numpy as np

from engine.pipe import Parcel
from engine.session.clip_courier import ClipCourier
from engine.values import Clip, LoopRegion, LoopSearch, MusicFacts
from engine.worker.jobs import DrawJob, FindJob, MeasureJob, ScoreJob
from tests.benchmarks.rows import BenchRow
from tests.engine.session.ports import SlowProcess

SAMPLE_RATE, SECONDS, N_DROPS = 44_100, 30, 3


def rows() -> list[BenchRow]:
    """Measure megabytes and the engine thread's milliseconds, beside those of the same jobs with their clips."""
    samples = np.random.default_rng(1).standard_normal((SECONDS * SAMPLE_RATE, 2)).astype(np.float32)
    clip, region = Clip(samples, SAMPLE_RATE), LoopRegion(0, SAMPLE_RATE)
    jobs: list[object] = [FindJob(1, clip, LoopSearch()), DrawJob(2, clip), MeasureJob(3, clip, region, 480.0)]
    jobs += [ScoreJob(4 + drop, clip, region, MusicFacts(), 480.0) for drop in range(N_DROPS)]
    named_mb, named_ms = _crossing(jobs, by_name=True)
    whole_mb, whole_ms = _crossing(jobs, by_name=False)
    what, beside = f"one clip of {SECONDS} s crosses to the worker, {len(jobs)} jobs", "each job with its clip"
    return [
        BenchRow(f"{what}: samples", named_mb, "MB", beside, whole_mb, "once"),
        BenchRow(f"{what}: packing", named_ms, "ms", beside, whole_ms, "a sixth"),
    ]


def _crossing(jobs: list[object], *, by_name: bool) -> tuple[float, float]:
    n_bytes, begun_s = 0, time.perf_counter()
    process = SlowProcess("analysis")
    courier = ClipCourier(process)
    for job in jobs:
        if by_name:
            courier.send(job)
            parcel = Parcel(process.sent.pop())
        else:
            parcel = Parcel(job)
        n_bytes += sum(os.fstat(one).st_size for one in parcel.arrays)
    return n_bytes / 1e6, 1e3 * (time.perf_counter() - begun_s)
