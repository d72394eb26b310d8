# SPDX-License-Identifier: GPL-3.0-or-later
"""Players at the piano or the guitar, as people play: early and late by a hair, now softer, now louder, with pauses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from engine.generators.composer.effects import add_cyclic
from engine.generators.composer.instruments import INSTRUMENTS
from engine.generators.composer.tone import Tone
from engine.values import Clip, FloatArray

RATE = 44_100
CHORDS = {
    "Am": (57, 60, 64),
    "F": (53, 57, 60),
    "C": (55, 60, 64),
    "G": (55, 59, 62),
    "Dm": (57, 62, 65),
    "E": (56, 59, 64),
}
ROOTS = {"Am": 45, "F": 41, "C": 48, "G": 43, "Dm": 50, "E": 40}
PATTERNS = {
    "ballad": ("B..c..B.", "B.c.B.c."),
    "eighths": ("Bccccccc", "BcccBccc"),
    "pop": ("B.cc.cBc",),
    "waltz": ("B.c.c.",),
}
"""Eighths of a bar: B a bass note with the chord, c the chord; the bars of a pattern alternate."""

DoubleArray = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class Performance:
    """A performance, with the truth about it: ``chords`` are those of each beat."""

    clip: Clip
    beats_s: DoubleArray
    chords: tuple[str, ...]


@cache
def _sound(instrument: str, midi: int) -> FloatArray:
    return INSTRUMENTS[instrument].render(Tone(midi, 1.2, 0.7, 1.0, RATE), np.random.default_rng(midi))


def perform(
    bpm: float = 100.0,
    *,
    bars: int = 16,
    pattern: str = "pop",
    chords: str = "Am F C G",
    instrument: str = "piano",
    drift: float = 0.0,
    human_s: float = 0.008,
    before_s: float = 0.7,
    after_s: float = 4.0,
    level: Callable[[int], float] = lambda _beat: 1.0,
    seed: int = 0,
) -> Performance:
    """Return what a player plays: a chord a bar, of ``chords`` in turn.

    Parameters
    ----------
    drift
        Share by which the tempo goes up and down, in waves of eight bars.
    human_s
        Standard deviation of the strokes' timing, seconds.
    level
        Gain of each beat, linear.
    """
    rng = np.random.default_rng(seed)
    written = PATTERNS[pattern]
    per_bar = len(written[0]) // 2
    n = bars * per_bar
    steps = 60.0 / bpm * (1.0 + drift * np.sin(2.0 * np.pi * np.arange(n) / (8.0 * per_bar)))
    beats = before_s + np.concatenate([[0.0], np.cumsum(steps)])
    names = chords.split()
    out = np.zeros((2, round((beats[-1] + after_s) * RATE)), dtype=np.float32)
    for eighth in range(2 * n):
        bar, at = divmod(eighth, 2 * per_bar)
        stroke = written[bar % len(written)][at]
        if stroke == ".":
            continue
        beat = eighth // 2
        time_s = beats[beat] + (eighth % 2) * 0.5 * (beats[beat + 1] - beats[beat]) + rng.normal(0.0, human_s)
        name = names[bar % len(names)]
        notes = [*([ROOTS[name]] if stroke == "B" else []), *CHORDS[name]]
        force = 0.07 * level(beat) * (1.0 if stroke == "B" else 0.7) * (1.0 + rng.normal(0.0, 0.08))
        for midi in notes:
            add_cyclic(out, _sound(instrument, midi), round(max(0.0, time_s) * RATE), gain=force, pan=0.0)
    of_beats = tuple(names[(beat // per_bar) % len(names)] for beat in range(n))
    return Performance(Clip(np.ascontiguousarray(out.T), RATE), beats[:-1], of_beats)
