# SPDX-License-Identifier: GPL-3.0-or-later
"""The ear for styles learns here what pieces of each of the composer's styles sound like."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.listening.style_ear import StyleEar, style_features
from tests.benchmarks.heardcases.corpus import PieceName
from tests.benchmarks.heardcases.features import Lesson


def learned_ear(heard: Sequence[tuple[PieceName, Lesson]]) -> StyleEar:
    """Return the ear that has heard these pieces, whose names tell their styles."""
    features = np.stack([style_features(lesson.mel_db.astype(np.float32)) for _, lesson in heard])
    return StyleEar.learnt(features, tuple(name.style for name, _ in heard))
