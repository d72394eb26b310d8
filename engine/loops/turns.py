# SPDX-License-Identifier: GPL-3.0-or-later
"""This module finds the time after which all of a sound comes again, turn after turn, where there is such a time.

One pair of moments that are alike may be chance, and half a phrase may be nearly like the other half. If the music
comes again after some time, all that lies one, two, three, … such times apart is alike, and hardly anything else is: so
all of these tell it together, more surely and more exactly than any of them does alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.dsp.rhythm import Pulse
from engine.loops.similarity import SeamMap
from engine.units import ms_to_samples

LEAST_ALIKE, LEAST_ABOVE = 0.33, 0.2
"""Likeness that turns have on average, and by how much it is above the median of all times, for there to be a period.

Music that never comes again has less than one or the other.
"""

SHORTEST = 0.94
"""Share of the most that any period's turns are alike from which on a shorter period is preferred."""

_OVERLAP = 0.25  # of the sound, which must overlap itself for its likeness to tell anything
_TURNS = 8
_STEPS = 4  # periods that are tried per map frame: eight turns are then told to a frame
_FLANK_MS = 250.0  # two periods so near one another are one
_REACH_MS = 60.0  # how far a map frame may be off the true period
_FINE = 32  # periods that are tried per onset frame


@dataclass(frozen=True, slots=True)
class Turns:
    """All of a sound comes again every ``period`` samples; so far after one, two, … turns, ``alike`` on average."""

    period: float
    alike: float

    def off(self, n_samples: float) -> float:
        """Return by how many samples a length is off whole turns, of which it has at least one."""
        return abs(n_samples - max(1, round(n_samples / self.period)) * self.period)


def find_turns(seams: SeamMap, pulse: Pulse, sample_rate: int) -> Turns | None:
    """Return the shortest time after which all of the music comes again; None where there is none."""
    n_frames = seams.alike.shape[0] - 1
    first, values = seams.first_lag, seams.throughout.astype(np.float64)
    last = min(first + values.size - 1, int((1.0 - _OVERLAP) * n_frames))
    if last < first:
        return None
    lags = first + np.arange(values.size)
    periods = np.arange(first * _STEPS, last * _STEPS + 1) / _STEPS
    inner, weight = np.zeros(periods.size), np.zeros(periods.size)
    for turn in range(1, _TURNS + 1):
        at = turn * periods[: np.searchsorted(turn * periods, last, side="right")]  # longer ones have fewer turns
        inner[: at.size] += np.interp(at, lags, values) * (n_frames - at)
        weight[: at.size] += n_frames - at
    alike = inner / weight
    best = float(alike.max())
    if best < LEAST_ALIKE or best - float(np.median(values)) < LEAST_ABOVE:
        return None
    index = int(np.argmax(alike >= SHORTEST * best))
    # The flank is reached first, then the top.
    flank = ms_to_samples(_FLANK_MS, sample_rate) / seams.hop_length
    index += int(alike[index : index + 1 + round(_STEPS * flank)].argmax())
    reach = max(ms_to_samples(_REACH_MS, sample_rate), seams.hop_length)
    n_turns = min(_TURNS, int(last / periods[index]))
    rough = float(periods[index]) * seams.hop_length
    return Turns(_in_time(pulse, rough, reach, n_turns), float(alike[index]))


def _in_time(pulse: Pulse, rough: float, reach: int, n_turns: int) -> float:
    """Return the period near a rough one at which the onsets of all turns line up best."""
    hop, together = pulse.hop_length, np.maximum(pulse.by_band, 0.0)
    turns = np.arange(1, n_turns + 1)
    tried = np.arange(rough - reach, rough + reach, hop / _FINE)
    match = np.interp(tried[:, None] * turns / hop, np.arange(together.size), together)
    # The fewer turns of a kind there are, the less they tell.
    counts = np.maximum(together.size - turns * rough / hop, 0.0)
    period = float(tried[int((match @ counts).argmax())])
    exact = np.array([pulse.nearest_period(turn * period, hop) for turn in turns])
    weight: npt.NDArray[np.float64] = counts * np.array([pulse.at(lag) for lag in exact]) * turns
    total = float((weight * turns).sum())
    return float((weight * exact).sum()) / total if total > 0.0 else period
