# SPDX-License-Identifier: GPL-3.0-or-later
"""Pieces that the composer plays along with beats that are known, for the ear to find them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from engine.generators.base import GeneratorSettings
from engine.generators.guides import chords_read, on_beats
from engine.generators.service import make_clip
from engine.values import Clip, ClipRequest, ClipResult, GivenBeats, Parameters

DoubleArray = npt.NDArray[np.float64]
SYNTHESISED = Parameters({"sounds": "synthesised"})


@dataclass(frozen=True, eq=False, slots=True)
class Piece:
    """A piece, its beats in seconds, and how many of them make a bar, from the first on."""

    clip: Clip
    beats_s: DoubleArray
    per_bar: int


def made(request: ClipRequest) -> ClipResult:
    """Have a clip made."""
    making = make_clip(request, GeneratorSettings())
    while True:
        try:
            next(making)
        except StopIteration as stop:
            result: ClipResult = stop.value
            return result


@lru_cache(maxsize=8)
def piece(
    prompt: str, chords: str, *, bpm: float, bars: int, metre: str = "4/4", sway: float = 0.0, seed: int = 41
) -> Piece:
    """Return a piece along chords, whose tempo sways by a share of itself, slowly as a player's does."""
    per_bar = int(metre.partition("/")[0])
    n_beats = bars * per_bar
    lengths = 60.0 / bpm * (1.0 + sway * np.sin(2.0 * math.pi * np.arange(n_beats) / (8.0 * per_bar)))
    times_s = np.concatenate([[0.0], np.cumsum(lengths)])
    beats = GivenBeats(tuple(times_s[:-1].tolist()), float(times_s[-1]), metre)
    guide = on_beats(chords_read(chords), beats)
    request = ClipRequest(1, prompt, "composer", "", beats.duration_s, seed=seed, guide=guide, parameters=SYNTHESISED)
    return Piece(made(request).clip, times_s[:-1], per_bar)


def f_measure(found_s: DoubleArray, true_s: DoubleArray, tolerance_s: float = 0.07) -> float:
    """Return the F-measure of beats (Davies, Degara and Plumbley, 2009): a beat is found within 70 ms."""
    left = list(found_s)
    hits = 0
    for one in true_s:
        near = [other for other in left if abs(other - one) <= tolerance_s]
        if near:
            left.remove(min(near, key=lambda other: abs(other - one)))
            hits += 1
    return 2.0 * hits / max(1, len(found_s) + len(true_s))
