# SPDX-License-Identifier: GPL-3.0-or-later
"""Width: sound beside the middle that vanishes when both sides are summed, and none of it in the bass."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from engine.generators.composer.filters import Response, frequencies_hz
from engine.values import FloatArray

GOALS_DB = (-5.6, -3.8)
"""Least and greatest level of the sides over the middle's that a mix is brought to, dB."""
_MOST_UP_DB, _MOST_DOWN_DB = 9.0, -9.0
_MOST_MADE = 0.6
_MONO_BELOW_HZ = 165.0
_DELAYS_S = (0.0113, 0.0179)
_MADE_DELAYS_S = (0.0087, 0.0141)


def widen(bus: FloatArray, sample_rate: int, amount: float) -> None:
    """Spread a bus ``(2, n)`` to both sides by ``amount``, 0 to 1, in place; the sum of its sides stays what it was.

    What is added to one side is taken from the other: the middle a few milliseconds late (Schroeder's pseudo-stereo).
    """
    if amount <= 0.0:
        return
    late = (bus[0] + bus[1]) * np.float32(0.35 * amount)
    for delay_s, signs in zip(_DELAYS_S, ((1, -1), (-1, 1)), strict=True):
        delay = int(delay_s * sample_rate) % bus.shape[1]
        for side, sign in zip(bus, signs, strict=True):
            add = np.add if sign > 0 else np.subtract
            add(side[delay:], late[: late.size - delay], out=side[delay:])
            add(side[:delay], late[late.size - delay :], out=side[:delay])


@lru_cache(maxsize=2)
def sides_open(sample_rate: int) -> Response:
    """Return the response that takes the bass from the sides: as on a record and in a club, it is on both the same."""
    hz = np.maximum(frequencies_hz(sample_rate), 1e-3)
    return np.asarray(1.0 / np.sqrt(1.0 + (_MONO_BELOW_HZ / hz) ** 16))


@lru_cache(maxsize=2)
def made_sides(sample_rate: int) -> Response:
    """Return the response that makes sides of a middle which has none of its own."""
    turn = -2j * np.pi * frequencies_hz(sample_rate)
    first, second = (np.exp(turn * round(one * sample_rate) / sample_rate) for one in _MADE_DELAYS_S)
    return np.asarray(0.7 * (first - second) * sides_open(sample_rate))


def side_gains(middle: npt.NDArray[np.float64], side: npt.NDArray[np.float64], sample_rate: int) -> tuple[float, float]:
    """Return the gain on the sides of a mix, and that on sides made of its middle, which bring it within ``GOALS_DB``.

    Parameters
    ----------
    middle, side
        Their powers at each frequency, before the bass is taken from the sides.
    """
    # The first and the last bin stand for half as much: too little to matter.
    whole = float(middle.sum())
    if whole <= 0.0:
        return 1.0, 0.0
    own = max(1e-20, float((side * np.square(sides_open(sample_rate))).sum()))
    now_db = 10.0 * float(np.log10(own / whole))
    goal_db = min(GOALS_DB[1], max(GOALS_DB[0], now_db))
    gain = 10.0 ** (min(_MOST_UP_DB, max(_MOST_DOWN_DB, goal_db - now_db)) / 20.0)
    wanted = whole * 10.0 ** (goal_db / 10.0)
    missing = wanted - gain * gain * own
    if missing <= 0.05 * wanted:
        return gain, 0.0
    made = max(1e-20, float((middle * np.square(np.abs(made_sides(sample_rate)))).sum()))
    return gain, min(_MOST_MADE, (missing / made) ** 0.5)
