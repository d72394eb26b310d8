# SPDX-License-Identifier: GPL-3.0-or-later
"""This module checks what is asked of the loop finder, once, before any sound is analysed."""

from __future__ import annotations

import math

from engine.errors import OutOfRange
from engine.values import LoopSearch, MusicFacts

TEMPO_BPM = (1.0, 2_000.0)
BEATS_PER_BAR = (1, 64)


def check_search(search: LoopSearch) -> None:
    """Refuse a search whose bounds or numbers fit no sound. Raises OutOfRange."""
    for name, value in (("min_loop_s", search.min_loop_s), ("max_loop_s", search.max_loop_s)):
        if value is not None:
            _check(name, value, 0.0, math.inf)
    _check("near_s", search.near_s, 0.0, math.inf)
    check_measuring(search.facts, search.overlap_ms)


def check_measuring(facts: MusicFacts, overlap_ms: float) -> None:
    """Refuse facts that no music has, and impossible overlaps. Raises OutOfRange."""
    _check("overlap_ms", overlap_ms, 0.0, math.inf)
    if facts.tempo_bpm is not None:
        _check("tempo_bpm", facts.tempo_bpm, *TEMPO_BPM)
    if facts.beats_per_bar is not None:
        _check("beats_per_bar", facts.beats_per_bar, *BEATS_PER_BAR)


def _check(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high or not math.isfinite(value):
        raise OutOfRange(name=name, value=value, low=f"{low:g}", high="any finite number" if high == math.inf else high)
