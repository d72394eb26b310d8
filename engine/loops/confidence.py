# SPDX-License-Identifier: GPL-3.0-or-later
"""Confidence is how likely a loop is right, estimated from the evidence for and against the loop.

A logistic regression on a handful of measures, each of which can only raise it, less what a surer loop that contradicts
it takes away. Its weights were fitted on loops of which it is known whether they are right (``python -m
tests.benchmarks.loopcases.fit`` fits them again, and shows on held-out cases that of the loops scored 0.9 about nine in
ten are).
"""

from __future__ import annotations

import math

from engine.loops.evidence import Evidence
from engine.values import LoopMetrics

BIAS = -11.60
WEIGHTS = {
    "exact": 3.49,
    "exact_run": 2.20,
    "repeated": 2.79,
    "throughout": 0.74,
    "foremost": 4.01,
    "steady": 2.68,
    "alike": 0.77,
    "onsets": 0.06,
    "spectral": 2.03,
    "beat": 4.26,
    "join": 1.00,
    "length": 0.43,
}
"""Weights of the measures in the confidence, fitted on the benchmark's cases.

``join`` is held at 1 or more in the fit: the cases know the true length, not the ear that hears the joint.
"""

CONTRADICTED = 1.0
"""Share of a loop's doubtful part that a sure loop which contradicts it takes away; fitted with the weights."""

PROVED, PROVED_FROM = 0.95, (0.4, 0.7)
"""Confidence in a loop for its waves alone, and the range of ``repeated`` over which this confidence is reached.

Waves that come again so well cannot be chance, whatever is played over them: of such loops that no surer one
contradicts all 79 in the dev cases are right.
"""

GOES_ROUND = 0.93
"""Confidence in the whole of a sound that is heard to go on at its start where it ends (``engine.loops.wrapping``).

Of game music, cut at true loops and at random, by whole bars or not, one in two being a loop, 93 of 100 that were heard
to go round did.
"""

TOLD_TO_GO_ROUND = 0.95
"""Confidence in the whole of a sound whose own tags say that it loops, unless one end is faded or silent."""

WEAK_CONFIDENCE = 0.2
"""Confidence below which a loop is weak, whatever its seam.

Of music that never comes again nine in ten are below or have weak metrics, of loops that are right one in twenty.
"""


def measures(evidence: Evidence, metrics: LoopMetrics, join: float, length_s: float) -> dict[str, float]:
    """Return the measures that the confidence is computed from, each in [0, 1], by the names of ``WEIGHTS``."""
    return {
        "exact": evidence.exact,
        "exact_run": evidence.exact * evidence.run,
        # Waves that come again in phase, and for seconds, were repeated by somebody.
        "repeated": ramp(evidence.exact * metrics.phase, 0.2, 0.4) * ramp(evidence.run, 0.5, 0.7),
        "throughout": evidence.throughout,
        "foremost": max(evidence.exact, evidence.foremost),
        "steady": evidence.steady,
        "alike": evidence.alike,
        "onsets": evidence.onsets,
        "spectral": metrics.spectral,
        "beat": metrics.beat,
        "join": join,
        "length": length_s / (length_s + 2.0),
    }


def confidence(values: dict[str, float]) -> float:
    """Return the probability, in (0, 1), that a loop of these ``measures`` is right, other loops left aside."""
    heard = 1.0 / (1.0 + math.exp(-BIAS - sum(weight * values[name] for name, weight in WEIGHTS.items())))
    return 1.0 - (1.0 - heard) * (1.0 - PROVED * ramp(values["repeated"], *PROVED_FROM))


def contradicted(score: float, surer: float) -> float:
    """Return a confidence lowered by that of the surest loop which contradicts it (``engine.loops.rivals``), in [0, 1].

    What is nearly certain on its own evidence stays so; of what is doubtful little is left.
    """
    return score * (1.0 - CONTRADICTED * surer * (1.0 - score))


def ramp(value: float, low: float, high: float) -> float:
    """Return 0 up to ``low``, 1 from ``high`` on, and a straight line between them."""
    return min(1.0, max(0.0, (value - low) / (high - low)))
