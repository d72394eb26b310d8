# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a slice is best cut: at the hit near a place, or at the loudest spot of late."""

from __future__ import annotations

import numpy as np

from engine.playback.mix.held.history import HOP_SAMPLES, History

FRAME_MS = 6.0
"""Length of the moments before and after a place that are compared."""
MOMENT_MS = 40.0
"""Length of the loudest moment."""
LATE_S = 4.0
"""Seconds of the past in which the loudest spot is looked for."""

_HOP = 2
# A hit is at least so many times as loud (power) as the moment before it.
_LEAST_RISE = 2.0


def hit_near(history: History, place: int, n_near: int, end: int, sample_rate: int) -> int:
    """Return the place of the strongest rise within ``n_near`` samples of ``place``, or ``place`` where there is none.

    What comes at ``end`` or after is not looked at.
    """
    n_frame = round(FRAME_MS * sample_rate / 1000.0)
    first = place - n_near - n_frame
    until = min(place + n_near + n_frame, end)
    if until - first < 2 * n_frame + 1:
        return place
    heard = history.read(first, until - first)
    power = np.einsum("ij,ij->i", heard, heard, dtype=np.float64)
    summed = np.concatenate([[0.0], np.cumsum(power)])
    at = np.arange(n_frame, len(summed) - n_frame, _HOP)
    before, after = summed[at] - summed[at - n_frame], summed[at + n_frame] - summed[at]
    rises = np.where(after > _LEAST_RISE * before, after - before, 0.0)
    best = int(np.argmax(rises))
    return first + int(at[best]) if rises[best] > 0.0 else place


def loudest(history: History, end: int, sample_rate: int) -> int:
    """Return the place of the loudest moment of the last seconds before ``end``."""
    width = max(1, round(MOMENT_MS * sample_rate / 1000.0 / HOP_SAMPLES))
    first, powers = history.powers(max(history.begin, end - round(LATE_S * sample_rate)), end)
    if len(powers) <= width:
        return first
    summed = np.concatenate([[0.0], np.cumsum(powers, dtype=np.float64)])
    return first + HOP_SAMPLES * int(np.argmax(summed[width:] - summed[:-width]))
