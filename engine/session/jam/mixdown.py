# SPDX-License-Identifier: GPL-3.0-or-later
"""All that the layers play is mixed into one sound, from a line of the clock on, for generators to listen to."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from engine.units import seconds_to_samples
from engine.values import Clip
from engine.values.audio import STUDIO_SAMPLE_RATE
from engine.values.jam import JamLoop

LONGEST_MIX_S = 32.0
"""Length of the longest mix, seconds: eight bars at the slowest tempo."""
CEILING = 0.97
"""Largest sample of a mix."""


def mix_of(loops: Sequence[tuple[JamLoop, float]], longest_s: float = LONGEST_MIX_S) -> Clip | None:
    """Return loops of one groove together, each at a linear gain, repeated until all end at once.

    It is no longer than ``longest_s``, and goes round where it is whole. None where nothing is heard.
    """
    heard = [(loop, gain) for loop, gain in loops if gain > 0.0]
    if not heard:
        return None
    groove = heard[0][0].groove
    bar = STUDIO_SAMPLE_RATE * 60 * groove.beats_per_bar / groove.exact_bpm
    whole = round(bar * math.lcm(*(loop.bars for loop, _ in heard)))
    n_samples = min(whole, seconds_to_samples(longest_s, STUDIO_SAMPLE_RATE))
    out = np.zeros((n_samples, 2), dtype=np.float32)
    for loop, gain in heard:
        turn = 0
        # Each turn begins on its line: in exact fractions, rounded once.
        while (start := round(bar * loop.bars * turn)) < n_samples:
            end = min(round(bar * loop.bars * (turn + 1)), n_samples, start + len(loop.baked.samples))
            out[start:end] += gain * loop.baked.samples[: end - start]
            turn += 1
    peak = float(np.abs(out).max())
    if peak == 0.0:
        return None
    return Clip(out * min(1.0, CEILING / peak), STUDIO_SAMPLE_RATE, wraps=n_samples == whole)
