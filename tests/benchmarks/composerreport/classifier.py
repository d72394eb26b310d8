# SPDX-License-Identifier: GPL-3.0-or-later
"""The classifier learns styles by some seeds and names those of others, by what is heard alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tests.benchmarks.loopcases.cases import DoubleArray

_SHRINKAGE = 0.5


def named_right(learnt: Sequence[tuple[str, DoubleArray]], tried: Sequence[tuple[str, DoubleArray]]) -> list[bool]:
    """Return of each tried clip whether its style's name is found by those that were learnt.

    Linear discriminant analysis (scikit-learn, which librosa brings) with a covariance shrunk by a fixed part: there
    are far more features than clips, and from two clips of a style no better part can be estimated.
    """
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    names = np.array([name for name, _ in learnt])
    known, asked = (np.stack([features for _, features in some]) for some in (learnt, tried))
    mean, spread = known.mean(axis=0), known.std(axis=0)
    spread[spread < 1e-9] = 1.0
    model = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=_SHRINKAGE)
    model.fit((known - mean) / spread, names)
    return [bool(found == name) for found, (name, _) in zip(model.predict((asked - mean) / spread), tried, strict=True)]
