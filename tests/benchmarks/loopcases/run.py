# SPDX-License-Identifier: GPL-3.0-or-later
"""This program runs the finder on cases and reports: ``python -m tests.benchmarks.loopcases.run --kind planted``."""

from __future__ import annotations

import argparse
import importlib
import multiprocessing
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np

from engine.errors import StudioError
from engine.values import Algorithm, Clip, LoopFindings, LoopRegion, LoopSearch
from tests.benchmarks.loopcases.cases import KINDS, SPLITS, Case, Kind, MaterialMissing, Split
from tests.benchmarks.loopcases.corpus import USUAL_COUNT, case_at
from tests.benchmarks.loopcases.judge import is_exact, is_right, join_onset, jump_rank, off_ms


@dataclass(frozen=True, slots=True)
class Job:
    """A job names one case to run, and how."""

    kind: Kind
    split: Split
    index: int
    algorithm: Algorithm
    repeats: int
    finder: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of the finder on one case.

    Attributes
    ----------
    right, exact
        Of the best candidate; False where there is no known answer.
    right_rank
        Place of the first right candidate, from 0, or None.
    onset, onset_beats, rank
        The bare join's, where there is no known answer: see the judge.
    """

    name: str
    line: str
    right: bool
    exact: bool
    right_rank: int | None
    score: float
    ms: float
    onset: float = float("nan")
    onset_beats: float = float("nan")
    rank: float = float("nan")
    failed: bool = False


Finder = Callable[[Clip, LoopSearch], LoopFindings]


def finder_named(name: str) -> Finder:
    """Return the function that ``package.module:function`` names."""
    module, _, function = name.partition(":")
    found: Finder = getattr(importlib.import_module(module), function)
    return found


def warm(name: str) -> None:
    """Load what the finder needs, so that the first case is timed as any other."""
    rng = np.random.default_rng(0)
    finder_named(name)(Clip(rng.standard_normal((5 * 22_050, 1)).astype(np.float32) * 0.1, 22_050), LoopSearch())


def measure(job: Job) -> Outcome:
    """Find the loops of one case and judge the best."""
    find_loops = finder_named(job.finder)
    case = case_at(job.kind, job.split, job.index)
    search = LoopSearch(algorithm=job.algorithm)
    times_ms = []
    for _ in range(job.repeats):
        start = time.perf_counter()
        try:
            findings = find_loops(case.clip, search)
        except StudioError as error:
            ms = 1000 * (time.perf_counter() - start)
            line = f"nothing ({error})\n    {case.story}"
            return Outcome(case.name, line, False, False, None, 0.0, ms, failed=True)
        times_ms.append(1000 * (time.perf_counter() - start))
    ms = float(np.median(times_ms))
    regions = [candidate.region for candidate in findings.candidates]
    score = findings.best.score
    if case.truth is None:
        if case.kind == "none":
            return Outcome(case.name, _where(case, regions[0]) + f"  [{case.story}]", False, False, None, score, ms)
        onset, rank = join_onset(case.clip, regions[0]), jump_rank(case.clip, regions[0])
        line = f"onset {onset.over_own:5.2f} of own, {onset.over_beats:5.2f} of beats, jump rank {rank:.3f}  "
        line += _where(case, regions[0]) + f"  [{case.story}]"
        return Outcome(case.name, line, False, False, None, score, ms, onset.over_own, onset.over_beats, rank)
    right, exact = is_right(case, regions[0]), is_exact(case, regions[0])
    rank_of_right = next((place for place, region in enumerate(regions) if is_right(case, region)), None)
    return Outcome(case.name, _verdict(case, regions, rank_of_right), right, exact, rank_of_right, score, ms)


def _verdict(case: Case, regions: list[LoopRegion], right_rank: int | None) -> str:
    assert case.truth is not None
    best, truth, rate = regions[0], case.truth, case.clip.sample_rate
    exact = "exact" if is_exact(case, best) else "right" if right_rank == 0 else "WRONG"
    line = f"{exact}  {best.n_samples / truth.period_samples:7.4f} periods ({off_ms(case, best):+9.3f} ms)"
    if right_rank == 0:
        return line
    line += f"  {_where(case, best)}"
    if case.kind == "planted":
        inside = best.loop_start >= truth.first and best.loop_end <= truth.last
        line += " inside" if inside else " OUTSIDE"
    line += f"\n    truth: {truth.period_samples / rate:.4f} s ({truth.period_samples:.1f} samples)"
    line += f" within {truth.first / rate:.3f}-{truth.last / rate:.3f} s; {case.story}"
    place = f"none of {len(regions)}" if right_rank is None else f"place {right_rank}"
    return f"{line}\n    right candidate: {place}"


def _where(case: Case, region: LoopRegion) -> str:
    rate, n = case.clip.sample_rate, case.clip.n_samples
    start, end, length = (at / rate for at in (region.loop_start, region.loop_end, region.n_samples))
    return f"{start:.3f}-{end:.3f} s ({length:.3f} of {n / rate:.2f} s)"


def outcomes(jobs: list[Job], n_processes: int) -> Iterator[Outcome]:
    """Yield outcomes in order, one at a time, from this process or from several."""
    warming = (jobs[0].finder,)
    if n_processes == 1:
        warm(*warming)
        yield from map(measure, jobs)
        return
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(n_processes, spawn, initializer=warm, initargs=warming) as pool:
        yield from pool.map(measure, jobs)


def summary(kind: Kind, results: list[Outcome]) -> str:
    """Return the totals in one line."""
    times = [one.ms for one in results]
    line = f"median {np.median(times):.0f} ms, longest {max(times):.0f} ms; "
    line += f"nothing found in {sum(one.failed for one in results)}"
    scores = np.array([one.score for one in results])
    if kind in {"planted", "performed"}:
        right = np.array([one.right for one in results])
        line = (
            f"{right.sum()} of {len(results)} right, {sum(one.exact for one in results)} to the sample, "
            f"{sum(one.right_rank is not None for one in results)} among the candidates; {line}"
        )
        if right.any() and not right.all():
            line += f"; score of right {scores[right].mean():.2f}, of wrong {scores[~right].mean():.2f}"
        return line
    if kind == "real":
        for name in ("onset", "onset_beats", "rank"):
            figures = [getattr(one, name) for one in results if not one.failed] or [float("nan")]
            line = f"{name} median {np.median(figures):.3f}, 90th {np.percentile(figures, 90):.3f}; {line}"
        return line
    return f"score median {np.median(scores):.2f}, 90th {np.percentile(scores, 90):.2f}; {line}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", choices=[*KINDS, "all"], default="planted")
    parser.add_argument("--split", choices=SPLITS, default="dev")
    parser.add_argument("-n", type=int, help=f"how many cases (usually {USUAL_COUNT})")
    parser.add_argument("--only", type=int, nargs="+", metavar="INDEX", help="only these cases")
    parser.add_argument("--algorithm", type=Algorithm, choices=list(Algorithm), default=Algorithm.ADVANCED)
    parser.add_argument("--repeats", type=int, default=1, help="runs per case; the time is their median")
    parser.add_argument("--finder", default="engine.loops.finder:find_loops", help="another one, as module:function")
    parser.add_argument("--failures", action="store_true", help="print wrong answers only")
    parser.add_argument("-j", type=int, default=1, metavar="PROCESSES")
    asked = parser.parse_args()
    for kind in KINDS if asked.kind == "all" else (asked.kind,):
        indices = asked.only or range(asked.n or USUAL_COUNT[kind])
        jobs = [Job(kind, asked.split, index, asked.algorithm, asked.repeats, asked.finder) for index in indices]
        results = []
        try:
            for one in outcomes(jobs, asked.j):
                results.append(one)
                if not (asked.failures and one.right):
                    print(f"{one.name}  score {one.score:.3f}  {one.ms:5.0f} ms  {one.line}", flush=True)
        except MaterialMissing as missing:
            print(f"{kind}: {missing}")
            return 1
        print(f"{kind}-{asked.split}: {summary(kind, results)}", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
