# SPDX-License-Identifier: GPL-3.0-or-later
"""This report says what a listener gets of real excerpts, which need not loop: how much music, and over what a seam."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np

from engine.loops.finder import find_loops
from engine.values import Clip, LoopFindings
from tests.benchmarks.loopcases.corpus import USUAL_COUNT, case_at
from tests.benchmarks.loopreport.answers import SPLIT

LENGTHS_S = (10.0, 20.0, 30.0)
"""Lengths in seconds of the excerpts, from the start of each real case."""

SHORT_S = 5.0
SURE = 0.8
"""Score from which on a loop shorter than SHORT_S, which tires soon, is at least sure."""

QUIETER_THAN = 0.95
"""Share of the clip's own beats than which a seam must be quieter to go unnoticed."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The choice for one excerpt: see ``LoopCandidate`` and ``SeamProof``."""

    excerpt_s: float
    loop_s: float
    kept: float
    score: float
    played_through: bool
    quieter_than: float

    @classmethod
    def of(cls, clip: Clip, findings: LoopFindings) -> Choice:
        best = findings.best
        n, rate = best.region.n_samples, clip.sample_rate
        quieter_than = 0.0 if findings.proof is None else findings.proof.quieter_than
        return cls(clip.n_samples / rate, n / rate, n / clip.n_samples, best.score, best.played_through, quieter_than)


def choose(job: tuple[float, int]) -> Choice:
    """Return our finder's choice for the first ``job[0]`` seconds of real case ``job[1]``."""
    seconds, index = job
    clip = case_at("real", SPLIT, index).clip
    n = min(clip.n_samples, round(seconds * clip.sample_rate))
    excerpt = Clip(np.ascontiguousarray(clip.samples[:n]), clip.sample_rate)
    return Choice.of(excerpt, find_loops(excerpt))


def tables(n_processes: int) -> str:
    """Return Markdown with a row for each length."""
    lines = [
        f"| excerpts | loops under {SHORT_S:.0f} s | … scored under {SURE} | share of the clip kept (median) "
        f"| rendered seam quieter than {QUIETER_THAN:.0%} of its beats | played through |",
        "|---|---|---|---|---|---|",
    ]
    with ProcessPoolExecutor(n_processes, multiprocessing.get_context("spawn")) as pool:
        for seconds in LENGTHS_S:
            jobs = [(seconds, index) for index in range(USUAL_COUNT["real"])]
            lines.append(row(f"{seconds:.0f} s", pool.map(choose, jobs, chunksize=2)))
    return "\n".join(lines)


def row(words: str, choices: Iterable[Choice]) -> str:
    """Return one row of the table."""
    some = list(choices)
    short = [one for one in some if one.loop_s < SHORT_S]
    cells = [
        f"{len(short)} of {len(some)}",
        f"{sum(one.score < SURE for one in short)}",
        f"{np.median([one.kept for one in some]):.0%}",
        f"{sum(one.quieter_than >= QUIETER_THAN for one in some)} of {len(some)}",
        f"{sum(one.played_through for one in some)}",
    ]
    return f"| {words} | {' | '.join(cells)} |"
