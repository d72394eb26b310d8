# SPDX-License-Identifier: GPL-3.0-or-later
"""The analysis worker's job for a jam: shape a clip into a loop of whole bars, in step with the bar clock."""

from __future__ import annotations

import math
from dataclasses import dataclass

from engine.loops.shaped import LoopShape
from engine.values import BakedLoop, Clip, LoopRegion, MusicFacts
from engine.worker.jobs import run


@dataclass(frozen=True, eq=False, slots=True)
class ShapeJob:
    """Shape a clip into a loop, as loud as ``target_lufs``. Answered by ``Shaped``, or a failure (LoopLacksBars)."""

    job_id: int
    clip: Clip
    shape: LoopShape
    sample_rate: int
    facts: MusicFacts
    target_lufs: float


@dataclass(frozen=True, eq=False, slots=True)
class Shaped:
    """The loop, of as many samples as its longer turns have, and how loud it was before."""

    job_id: int
    baked: BakedLoop
    lufs: float


@run.register
def _shape(job: ShapeJob) -> Shaped:
    from engine.dsp.loudness import loop_loudness, loudness_gain
    from engine.loops.shaped import shaped_loop

    n_samples = math.ceil(job.shape.exact_samples(job.sample_rate))
    loop = shaped_loop(job.clip, job.shape, job.sample_rate, facts=job.facts, n_samples=n_samples)
    lufs = loop_loudness(loop.samples, job.sample_rate)
    samples = loop.samples * loudness_gain(lufs, job.target_lufs)
    return Shaped(job.job_id, BakedLoop(samples, job.sample_rate, LoopRegion(0, n_samples), 0, 0.0), lufs)
