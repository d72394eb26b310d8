# SPDX-License-Identifier: GPL-3.0-or-later
"""Rhythms of melodies, put together beat by beat from figures that people play."""

from __future__ import annotations

import numpy as np

from engine.generators.composer.plan import Grid

# Figures of a beat of four steps and of one of six, with how usual each is.
_OF_FOUR = (
    ("x...", 5.0), ("x.x.", 5.0), ("....", 3.0), ("..x.", 3.0), ("x..x", 2.0), ("x.xx", 1.2), ("xx..", 0.6),
    ("xxx.", 0.6), ("xxxx", 0.4), ("...x", 0.8), (".x.x", 0.3),
)  # fmt: skip
_OF_SIX = (
    ("x.....", 5.0), ("x...x.", 5.0), ("x.x.x.", 3.0), ("......", 2.5), ("..x.x.", 1.5), ("x..x..", 0.8),
    ("x.xxx.", 0.5), ("....x.", 1.5),
)  # fmt: skip
_SPREAD = 0.75  # of notes in a beat around what is wanted


def write_rhythm(grid: Grid, wanted: float, rng: np.random.Generator) -> tuple[int, ...]:
    """Return the steps of about ``wanted`` notes in a bar, in order; at least one."""
    ends = (*grid.beats[1:], grid.steps_per_bar)
    lengths = [end - beat for beat, end in zip(grid.beats, ends, strict=True)]
    per_step = wanted / grid.steps_per_bar
    out: list[int] = []
    repeated: str | None = None
    for i, (beat, length) in enumerate(zip(grid.beats, lengths, strict=True)):
        figures = _OF_SIX if length == 6 else _OF_FOUR
        if repeated is not None and len(repeated) == length and rng.random() < 0.3:
            figure = repeated
        else:
            n = np.array([figure.count("x") for figure, _ in figures])
            usual = np.array([weight for _, weight in figures])
            begins = np.array([figure[0] == "x" for figure, _ in figures])
            weights = usual * np.exp(-(((n - per_step * length) / _SPREAD) ** 2) / 2.0)
            # Most bars say their first beat.
            weights *= np.where(begins, 2.5, 0.6) if i == 0 else 1.0
            figure = figures[int(rng.choice(len(figures), p=weights / weights.sum()))][0]
        repeated = figure
        out.extend(beat + step for step, what in enumerate(figure[:length]) if what == "x")
    return tuple(out) or (0,)
