# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of joins: pieces are cut off at a beat and a bit, continued, and held against how they went on."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.companion.joining import LEVEL_S, loudness
from engine.units import seconds_to_samples
from engine.values import Clip
from engine.values.play_along import Along, AlongOrder
from tests.benchmarks.continuereport.playing import by_group, off_grid_s, played, share
from tests.benchmarks.continuereport.tables import Outcome
from tests.benchmarks.heardcases.pieces import TruePiece

TITLE = "Joins"
STEP_LU, OFF_S = 1.0, 0.010
GOAL = f"a step of ±{STEP_LU:g} LU, on the beat within {1000.0 * OFF_S:.0f} ms"

SECONDS = 12.0
"""By how much pieces are continued."""
_FROM, _TO = 0.6, 0.8  # of a piece's beats, between which it is cut off
_BEATS_AFTER = 4


@dataclass(frozen=True, slots=True)
class Seam:
    """A seam is how a continuation meets its recording.

    Attributes
    ----------
    step_lu
        By how much the new side is louder over ``LEVEL_S``; None beside silence.
    off_s
        Seconds from the beat of the join to the nearest true one.
    after_s
        The same of the beats after it, as the piece itself went on; those of a tempo that changes cannot be foreseen.
    """

    step_lu: float | None
    off_s: float
    after_s: tuple[float, ...]


def text(outcomes: Sequence[Outcome]) -> str:
    """Return the table as Markdown."""
    head = (
        "step, LU, median",
        f"within {STEP_LU:g} LU, %",
        "off at the join, ms, median",
        f"within {1000.0 * OFF_S:.0f} ms, %",
        f"off in the {_BEATS_AFTER} beats after, ms, median",
    )
    return by_group(outcomes, lambda one: seam_of(one.piece), head, _figures, (2, 1, 1, 1, 1))


def _figures(seams: Sequence[Seam]) -> tuple[float, ...]:
    steps = np.array([abs(one.step_lu) for one in seams if one.step_lu is not None])
    off, after = np.array([one.off_s for one in seams]), np.array([off for one in seams for off in one.after_s])
    return (
        float(np.median(steps)),
        share(steps <= STEP_LU),
        1000.0 * float(np.median(off)),
        share(off <= OFF_S),
        1000.0 * float(np.median(after)) if after.size else float("nan"),
    )


def seam_of(true: TruePiece) -> Seam:
    """Cut a piece off between two of its beats, have it continued, and judge the join by what is written."""
    rng, beats = random.Random(true.name), np.array(true.beats_s)
    last = rng.randint(round(_FROM * len(beats)), round(_TO * len(beats)))
    cut_s = beats[last] + rng.random() * (beats[last + 1] - beats[last])
    rate = true.clip.sample_rate
    recording = Clip(true.clip.samples[: seconds_to_samples(cut_s, rate)], rate)
    along = played(recording, AlongOrder(Along.CONTINUE, seconds=SECONDS, seed=1))
    (join,) = along.joins
    at, n = seconds_to_samples(join.at_s, rate), seconds_to_samples(LEVEL_S, rate)
    n_fade = seconds_to_samples(join.fade_ms / 1000.0, rate)
    sides = [loudness(one, rate) for one in (along.joined.samples[: at - n_fade][-n:], along.joined.samples[at:][:n])]
    before, after = sides
    guide = along.request.guide
    assert guide is not None
    assert guide.beats is not None
    ahead = [one + along.zero_s for one in guide.beats.times_s]
    ahead = [one for one in ahead if join.at_s + OFF_S < one < beats[-1]][:_BEATS_AFTER]
    return Seam(
        None if before is None or after is None else after - before,
        float(off_grid_s([join.at_s], beats)[0]),
        tuple(off_grid_s(ahead, beats).tolist()),
    )
