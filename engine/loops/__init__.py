# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop finder proposes regions of a sound that can repeat for ever; this module is its public door.

>>> from engine.loops import find_loops
>>> best = find_loops("song.flac").best
>>> best.region.loop_start, best.region.loop_end, best.score

``find_loops`` takes a path, an open sound or a ``Clip`` (any numpy array: ``Clip(samples, sample_rate)``, samples of
shape ``(n_samples, n_channels)``) and a ``LoopSearch`` with bounds and constraints. ``score_region`` measures a region
that somebody chose, and its seam.
"""

from engine.loops.finder import find_loops, score_region
from engine.values import Algorithm, Clip, LoopCandidate, LoopFindings, LoopRegion, LoopSearch, MusicFacts, SeamProof

__all__ = [
    "Algorithm",
    "Clip",
    "LoopCandidate",
    "LoopFindings",
    "LoopRegion",
    "LoopSearch",
    "MusicFacts",
    "SeamProof",
    "find_loops",
    "score_region",
]
