# SPDX-License-Identifier: GPL-3.0-or-later
"""Width: sound beside the middle that vanishes when both sides are summed, and none of it in the bass."""

from __future__ import annotations

import numpy as np

from engine.generators.composer.effects import cyclic_filter
from engine.values import FloatArray

GOAL_DB = -5.0
"""Level of the sides over the middle's that a mix is brought to, dB."""
_MOST_UP_DB, _MOST_DOWN_DB = 9.0, -9.0
_MONO_BELOW_HZ = 190.0
_DELAYS_S = (0.0113, 0.0179)


def widened(bus: FloatArray, sample_rate: int, amount: float) -> FloatArray:
    """Return a bus ``(2, n)`` spread to both sides by ``amount``, 0 to 1; the sum of its sides stays what it was.

    What is added to one side is taken from the other: the middle a few milliseconds late (Schroeder's pseudo-stereo).
    """
    if amount <= 0.0:
        return bus
    middle = 0.5 * (bus[0] + bus[1])
    late = sum(np.roll(middle, int(one * sample_rate)) * sign for one, sign in zip(_DELAYS_S, (1, -1), strict=True))
    side = np.float32(0.7 * amount) * np.asarray(late)
    return np.stack([bus[0] + side, bus[1] - side])


def side_gain(bus: FloatArray, goal_db: float = GOAL_DB) -> float:
    """Return the gain on the sides of a mix that brings them to ``goal_db``, within bounds."""
    middle, side = (float(np.mean(np.square(bus[0] + sign * bus[1]))) for sign in (1.0, -1.0))
    now_db = 10.0 * np.log10(max(side, 1e-12) / max(middle, 1e-12))
    return float(10.0 ** (min(_MOST_UP_DB, max(_MOST_DOWN_DB, goal_db - now_db)) / 20.0))


def placed(bus: FloatArray, sample_rate: int, gain: float) -> FloatArray:
    """Return a bus with its sides by ``gain`` louder, and without any below 190 Hz."""
    middle, side = 0.5 * (bus[0] + bus[1]), np.float32(0.5 * gain) * (bus[0] - bus[1])
    pair = np.stack([side, side])
    # Twice: the bass is the same on both sides, as it has to be on a record and in a club.
    for _ in range(2):
        pair = cyclic_filter(pair, sample_rate, high_pass_hz=_MONO_BELOW_HZ)
    return np.stack([middle + pair[0], middle - pair[0]])
