# SPDX-License-Identifier: GPL-3.0-or-later
"""The answers of our finder and of PyMusicLooper to the cases, judged."""

from __future__ import annotations

import math
import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from engine.errors import StudioError
from engine.loops.finder import find_loops
from engine.values import LoopRegion, LoopSearch
from tests.benchmarks.loopcases.cases import Case, Kind, Split, cache_folder
from tests.benchmarks.loopcases.corpus import CORPUS_VERSIONS, case_at
from tests.benchmarks.loopcases.judge import is_exact, is_right, join_onset, jump_rank
from tests.benchmarks.loopreport.peer import Peer

SPLIT: Split = "held_out"


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of one finder to one case.

    Attributes
    ----------
    scores, right
        Of each candidate, best first; none of them where it found nothing. ``right`` is False without a known answer.
    exact
        The best candidate is right to the sample.
    weak
        The best candidate is offered as one whose seam will be noticed.
    onset_over_own, onset_over_beats, rank
        Of the best candidate's bare join, where the case is "real": see the judge.
    """

    name: str
    kind: Kind
    scores: tuple[float, ...] = ()
    right: tuple[bool, ...] = ()
    exact: bool = False
    weak: bool = False
    onset_over_own: float = math.nan
    onset_over_beats: float = math.nan
    rank: float = math.nan

    @property
    def nothing(self) -> bool:
        return not self.scores

    @property
    def top_right(self) -> bool:
        return bool(self.right) and self.right[0]


def our_answer(job: tuple[Kind, int]) -> Answer:
    """Return our finder's answer, as it is called by default."""
    kind, index = job
    case = case_at(kind, SPLIT, index)
    try:
        findings = find_loops(case.clip, LoopSearch())
    except StudioError:
        return Answer(case.name, kind)
    candidates = findings.candidates
    regions, scores = [one.region for one in candidates], tuple(one.score for one in candidates)
    return _judged(case, regions, scores, weak=findings.best.weak)


def our_answers(jobs: list[tuple[Kind, int]], n_processes: int) -> Iterator[Answer]:
    """Return our answers in order, from several processes."""
    with ProcessPoolExecutor(n_processes, multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(our_answer, jobs, chunksize=2)


def peer_answer(peer: Peer, case: Case, options: dict[str, float]) -> Answer:
    """Return PyMusicLooper's answer on the same file."""
    path = cache_folder() / f"{case.kind}-v{CORPUS_VERSIONS[case.kind]}" / f"{case.name}.flac"
    told = peer.find(path, options)
    return _judged(case, list(told.regions), told.scores, weak=False)


def _judged(case: Case, regions: list[LoopRegion], scores: tuple[float, ...], *, weak: bool) -> Answer:
    if not regions:
        return Answer(case.name, case.kind)
    if case.kind == "real":
        onset = join_onset(case.clip, regions[0])
        rank = jump_rank(case.clip, regions[0])
        none_right = tuple(False for _ in regions)
        return Answer(case.name, case.kind, scores, none_right, False, weak, onset.over_own, onset.over_beats, rank)
    known = case.truth is not None
    right = tuple(known and is_right(case, region) for region in regions)
    return Answer(case.name, case.kind, scores, right, known and is_exact(case, regions[0]), weak)
