# SPDX-License-Identifier: GPL-3.0-or-later
"""Fits the loop finder's confidence to cases with known answers: ``python -m tests.benchmarks.loopcases.fit -j2``.

The weights are told by all the candidates of all the dev cases: a logistic regression (is this candidate right?) plus,
for each clip that has a right one, the logarithm of the share that the right ones have of a softmax over its candidates
(is a right one on top?). No weight may be negative: more evidence never speaks against a loop. Then each candidate is
doubted as far as a surer one contradicts it, and a last Platt step (Platt 1999, "Probabilistic outputs for support
vector machines") makes the scores of all of them, and once more those of what is shown, the best three of each clip,
mean what they say. Prints what ``engine/loops/confidence.py`` holds, and how it does on the held-out cases.
"""

from __future__ import annotations

import argparse
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import get_args

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from engine.errors import StudioError
from engine.loops import finder
from engine.loops.confidence import BIAS, PROVED, PROVED_FROM, WEIGHTS, contradicted, measures, ramp
from engine.loops.metrics import Judge
from engine.loops.proposals import propose
from engine.loops.rivals import Claim, strongest
from engine.units import samples_to_seconds
from engine.values import Clip, LoopRegion, LoopSearch
from tests.benchmarks.loopcases.cases import Kind, Split
from tests.benchmarks.loopcases.corpus import case_at
from tests.benchmarks.loopcases.judge import is_right
from tests.benchmarks.loopreport.calibration import calibration, table

DoubleArray = npt.NDArray[np.float64]

USUAL = ("planted:180", "performed:120", "none:90")
LIST_SHARE = 1.0  # what the order within a clip counts, beside each candidate's own answer
RIDGE = 1e-3  # on the squares of the weights
LEAST = {"join": 1.0}
"""Least weights in the fit, before the Platt step; the others are held at 0 or more.

The cases know the true length, not the ear that hears the joint.
"""

SHOWN = 3  # candidates of each clip for which the scores are made to hold


@dataclass(frozen=True, slots=True)
class CaseId:
    """One case of the corpus, and the shortest loop to look for in it."""

    kind: Kind
    split: Split
    index: int
    min_loop_s: float | None


@dataclass(frozen=True, eq=False, slots=True)
class Measured:
    """The candidates of one clip.

    Attributes
    ----------
    values
        Shape ``(n_candidates, n_weights)``, the columns in the order of ``WEIGHTS``.
    right
        1 where a candidate is right, else 0; shape ``(n_candidates,)``.
    lengths_s
        Of the candidates, seconds, shape ``(n_candidates,)``.
    """

    kind: Kind
    values: DoubleArray
    right: DoubleArray
    lengths_s: DoubleArray


@dataclass(frozen=True, eq=False, slots=True)
class Fit:
    """A confidence: ``1 / (1 + exp(-(bias + values @ weights)))``."""

    bias: float
    weights: DoubleArray

    def logits(self, values: DoubleArray) -> DoubleArray:
        out: DoubleArray = self.bias + values @ self.weights
        return out

    def scores(self, clip: Measured) -> DoubleArray:
        """Return the scores of a clip's candidates, as the finder gives them."""
        columns = dict(zip(WEIGHTS, clip.values.T, strict=True))
        proved = PROVED * np.array([ramp(one, *PROVED_FROM) for one in columns["repeated"]])
        alone = 1.0 - (1.0 - _probability(self.logits(clip.values))) * (1.0 - proved)
        claims = [Claim(*one) for one in zip(clip.lengths_s, alone, columns["exact"], strict=True)]
        return np.array([contradicted(claim.score, strongest(claim, claims)) for claim in claims])

    def shown(self, clip: Measured) -> npt.NDArray[np.int64]:
        """Return the best ``SHOWN`` candidates of a clip, best first."""
        order: npt.NDArray[np.int64] = np.argsort(-self.scores(clip), kind="stable")[:SHOWN]
        return order


def measured(case_id: CaseId) -> Measured:
    """Return all that the finder measures in one case, and what of it is right."""
    case = case_at(case_id.kind, case_id.split, case_id.index)
    search = LoopSearch(min_loop_s=case_id.min_loop_s)
    try:
        found = measured_clip(case.clip, search)
    except StudioError:
        found = []  # nothing to search: no candidates
    rows = [[values[name] for name in WEIGHTS] for _, values in found]
    right = [float(case.truth is not None and is_right(case, region)) for region, _ in found]
    lengths_s = [samples_to_seconds(region.n_samples, case.clip.sample_rate) for region, _ in found]
    values = np.array(rows, dtype=np.float64).reshape(len(rows), len(WEIGHTS))
    return Measured(case.kind, values, np.array(right), np.array(lengths_s))


def measured_clip(clip: Clip, search: LoopSearch) -> list[tuple[LoopRegion, dict[str, float]]]:
    """Return each region that the finder measures in full, with its ``engine.loops.confidence.measures``.

    The steps of ``find_loops``, up to where it keeps only the score. Raises StudioError as it does.
    """
    listener, bounds = finder.listener_of(clip, None), finder.bounds_of(clip, search)
    hearing = finder.hearing_of(listener, bounds, search.facts)
    judge = Judge(hearing.listener, hearing.ear, hearing.rhythm)
    found = []
    n = max(finder.MEASURED, search.top)
    for proposal in finder.distinct(propose(hearing, bounds), clip.sample_rate, n):
        region = finder.refined(hearing, bounds, proposal)
        if finder.sounds(listener, region):
            evidence = hearing.evidence(region.loop_start, region.n_samples)
            length_s = samples_to_seconds(region.n_samples, clip.sample_rate)
            found.append((region, measures(evidence, judge.metrics(region), judge.join(region), length_s)))
    return found


def measured_all(split: Split, counts: dict[Kind, int], min_loop_s: float | None, n_processes: int) -> list[Measured]:
    """Return every case that has a candidate, measured."""
    ids = [CaseId(kind, split, index, min_loop_s) for kind, n in counts.items() for index in range(n)]
    if n_processes == 1:
        found = [measured(one) for one in ids]
    else:
        with ProcessPoolExecutor(n_processes, multiprocessing.get_context("spawn")) as pool:
            found = list(pool.map(measured, ids, chunksize=4))
    return [one for one in found if one.right.size]


def fit(clips: list[Measured]) -> Fit:
    """Return the confidence that suits ``clips`` best, its scores made to hold for all and for the best ``SHOWN``."""
    raw = _regression(clips)

    def moved(point: DoubleArray) -> Fit:
        return Fit(float(point[0] * raw.bias + point[1]), point[0] * raw.weights)

    def loss(point: DoubleArray) -> float:
        fitted = moved(point)
        every, shown = [], []
        for clip in clips:
            scores, best = fitted.scores(clip), fitted.shown(clip)
            every.append(_log_loss(scores, clip.right))
            shown.append(_log_loss(scores[best], clip.right[best]))
        return float(np.concatenate(every).mean() + np.concatenate(shown).mean())

    found = minimize(loss, np.array([1.0, 0.5]), method="Nelder-Mead", options={"xatol": 0.01, "fatol": 1e-5})
    return moved(found.x)


def _regression(clips: list[Measured]) -> Fit:
    values = np.concatenate([clip.values for clip in clips])
    right = np.concatenate([clip.right for clip in clips])
    sizes = np.array([clip.right.size for clip in clips])
    firsts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    clip_of = np.repeat(np.arange(sizes.size), sizes)
    winnable = np.add.reduceat(right, firsts) > 0
    n_winnable = max(1, int(winnable.sum()))

    def loss(point: DoubleArray) -> tuple[float, DoubleArray]:
        logits = point[0] + values @ point[1:]
        gap = (_probability(logits) - right) / right.size
        total = float((np.logaddexp(0.0, logits) - right * logits).mean())
        above = np.exp(logits - np.maximum.reduceat(logits, firsts)[clip_of])
        every, good = np.add.reduceat(above, firsts), np.add.reduceat(above * right, firsts) + 1e-12
        total -= LIST_SHARE * float(np.log(good / every)[winnable].sum()) / n_winnable
        pull = (above / every[clip_of] - above * right / good[clip_of]) * winnable[clip_of]
        gap = gap + LIST_SHARE * pull / n_winnable
        total += RIDGE * float(point[1:] @ point[1:])
        return total, np.concatenate([[gap.sum()], values.T @ gap + 2.0 * RIDGE * point[1:]])

    bounds = [(None, None)] + [(LEAST.get(name, 0.0), None) for name in WEIGHTS]
    found = minimize(
        loss, np.zeros(values.shape[1] + 1), jac=True, bounds=bounds, method="L-BFGS-B", options={"maxiter": 3000}
    )
    return Fit(float(found.x[0]), found.x[1:])


def report(name: str, fitted: Fit, clips: list[Measured]) -> str:
    """Return a report on a confidence: how often the best candidate is right, and whether its scores hold."""
    lines = [f"## {name}", ""]
    for kind in sorted({clip.kind for clip in clips}):
        own = [clip for clip in clips if clip.kind == kind]
        best = [clip.right[fitted.shown(clip)[0]] for clip in own]
        among = sum(bool(clip.right.any()) for clip in own)
        top = np.array([fitted.scores(clip).max() for clip in own])
        line = f"{kind}: {int(sum(best))} of {len(own)} right at the top, {among} among the candidates; "
        lines.append(line + f"best score median {np.median(top):.2f}, 90th {np.percentile(top, 90):.2f}")
    every = max(clip.right.size for clip in clips)
    for words, n in (("the best of each clip", 1), (f"the best {SHOWN} of each clip", SHOWN), ("all", every)):
        picked = [(clip, np.argsort(-fitted.scores(clip), kind="stable")[:n]) for clip in clips]
        scores = np.concatenate([fitted.scores(clip)[best] for clip, best in picked])
        right = np.concatenate([clip.right[best] for clip, best in picked])
        lines += ["", f"{words}:", "", table(calibration(scores, right))]
    return "\n".join([*lines, ""])


def as_source(fitted: Fit) -> str:
    """Return ``BIAS`` and ``WEIGHTS``, ready to be pasted into ``engine/loops/confidence.py``."""
    lines = [f"BIAS = {fitted.bias:.2f}", "WEIGHTS = {"]
    lines += [f'    "{name}": {weight:.2f},' for name, weight in zip(WEIGHTS, fitted.weights, strict=True)]
    return "\n".join([*lines, "}"])


def _log_loss(scores: DoubleArray, right: DoubleArray) -> DoubleArray:
    said = np.clip(scores, 1e-6, 1.0 - 1e-6)
    out: DoubleArray = -(right * np.log(said) + (1.0 - right) * np.log(1.0 - said))
    return out


def _probability(logits: DoubleArray) -> DoubleArray:
    out: DoubleArray = np.exp(-np.logaddexp(0.0, -logits))
    return out


def counts_of(words: list[str]) -> dict[Kind, int]:
    """Return ``["planted:180", …]`` as numbers. Raises ValueError for a kind without a known answer."""
    counts: dict[Kind, int] = {}
    for word in words:
        name, _, n = word.partition(":")
        kind = next((kind for kind in get_args(Kind) if kind == name and kind != "real"), None)
        if kind is None:
            raise ValueError(f"{name!r} has no known answer: choose planted, performed or none")
        counts[kind] = int(n)
    return counts


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", nargs="+", default=USUAL, metavar="KIND:N", help=f"usually {' '.join(USUAL)}")
    parser.add_argument("--min-loop", type=float, default=LoopSearch().min_loop_s, metavar="S")
    parser.add_argument("-j", type=int, default=1, metavar="PROCESSES")
    asked = parser.parse_args()
    counts = counts_of(asked.cases)
    dev, held_out = (measured_all(split, counts, asked.min_loop, asked.j) for split in ("dev", "held_out"))
    fitted = fit(dev)
    present = Fit(BIAS, np.array(list(WEIGHTS.values())))
    print(f"# Fitted on {len(dev)} dev cases\n\n{as_source(fitted)}\n")
    print(report("fitted, dev (in sample)", fitted, dev))
    print(report("fitted, held out", fitted, held_out))
    print(report("the present weights, held out", present, held_out))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
