# SPDX-License-Identifier: GPL-3.0-or-later
"""Confidence: how likely a loop is right, from what speaks for it.

A logistic regression on a handful of measures, each of which can only raise it. Its weights were fitted on loops of
which it is known whether they are right (``python -m tests.benchmarks.loopcases.fit`` fits them again, and shows on
held-out cases that of the loops scored 0.9 about nine in ten are).
"""

from __future__ import annotations

import math

from engine.loops.evidence import Evidence
from engine.values import LoopMetrics

BIAS = -12.43
WEIGHTS = {
    "exact": 5.75,
    "exact_run": 3.87,
    "throughout": 0.79,
    "foremost": 2.91,
    "steady": 2.61,
    "alike": 0.71,
    "onsets": 1.06,
    "spectral": 2.39,
    "beat": 4.36,
    "join": 1.14,
    "length": 1.34,
}
"""``join`` is held at 1 or more in the fit: the cases know the true length, not the ear that hears the joint."""

WEAK_CONFIDENCE = 0.2
"""A loop of less is weak whatever its seam: of music that never comes again nine in ten are below or have weak
metrics, of loops that are right one in twenty."""


def measures(evidence: Evidence, metrics: LoopMetrics, join: float, length_s: float) -> dict[str, float]:
    """What the confidence is told from, each in [0, 1], by the names of ``WEIGHTS``."""
    return {
        "exact": evidence.exact,
        "exact_run": evidence.exact * evidence.run,
        "throughout": evidence.throughout,
        "foremost": evidence.foremost,
        "steady": evidence.steady,
        "alike": evidence.alike,
        "onsets": evidence.onsets,
        "spectral": metrics.spectral,
        "beat": metrics.beat,
        "join": join,
        "length": length_s / (length_s + 2.0),
    }


def confidence(values: dict[str, float]) -> float:
    """Probability, in (0, 1), that a loop of these ``measures`` is right."""
    return 1.0 / (1.0 + math.exp(-BIAS - sum(weight * values[name] for name, weight in WEIGHTS.items())))
