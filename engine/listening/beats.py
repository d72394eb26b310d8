# SPDX-License-Identifier: GPL-3.0-or-later
"""Beats are followed as they were played: the tempo may drift, breathe within a phrase, and step.

Of all ways to put beats into the music, the one is taken that fits best what the beat network heard, where a beat's
length differs little from that of the beat before (a semi-Markov form of the bar pointer model: Whiteley, Cemgil and
Godsill, "Bayesian modelling of temporal structure in musical audio", ISMIR 2006; Krebs, Böck and Widmer, "An efficient
state-space model for joint tempo and meter tracking", ISMIR 2015).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.values import FloatArray

DoubleArray = npt.NDArray[np.float64]

SLOWEST_BPM, FASTEST_BPM = 48.0, 230.0
THINNING = 2
"""Number of frames that share a place for a beat; where within them it lies is told afterwards."""
CHANGE_COST = 60.0
"""Cost of a beat that is longer or shorter than the one before: by the square of the change's natural logarithm."""
PREFERRED_BPM, USUAL_OCTAVES = 105.0, 0.3
"""The middle of the tempi at which beats are told, and how far from it all of them are as usual."""
PREFERENCE = 2.0
"""Cost of a beat whose tempo is an octave beyond those."""
EVENED_BEATS = 7
"""Number of beats through which a tempo that changes evenly is laid (Savitzky and Golay, 1964)."""
_REACH = 6  # states of a beat's length by which one beat may differ from the next
_MOST_ODDS = 6.0


def beat_places(odds: FloatArray, frames_per_s: float) -> npt.NDArray[np.intp]:
    """Return the frames of the beats, rising, from the log odds of a beat in each frame ``(n_frames,)``."""
    usable = len(odds) // THINNING * THINNING
    pooled = odds[:usable].reshape(-1, THINNING).max(axis=1).astype(np.float64)
    worth = np.clip(pooled, -_MOST_ODDS, _MOST_ODDS)
    rate = frames_per_s / THINNING
    lengths = np.arange(int(60.0 * rate / FASTEST_BPM), int(np.ceil(60.0 * rate / SLOWEST_BPM)) + 1)
    places = _path(worth, lengths, rate)
    within = odds[:usable].reshape(-1, THINNING)[places].argmax(axis=1)
    found: npt.NDArray[np.intp] = places * THINNING + within
    return found


def _path(worth: DoubleArray, lengths: npt.NDArray[np.intp], rate: float) -> npt.NDArray[np.intp]:
    """Return the places of the beats on the path that is worth most, where a beat lasts one of ``lengths``."""
    n, n_lengths = len(worth), len(lengths)
    if n == 0:
        return np.zeros(0, dtype=np.intp)
    octaves = np.log2(60.0 * rate / lengths / PREFERRED_BPM)
    fee = PREFERENCE * np.maximum(0.0, np.abs(octaves) - USUAL_OCTAVES) ** 2
    steps = np.arange(-_REACH, _REACH + 1)
    before = np.arange(n_lengths)[:, None] + steps
    is_there = (before >= 0) & (before < n_lengths)
    before = np.clip(before, 0, n_lengths - 1)
    cost = np.where(is_there, CHANGE_COST * np.log(lengths[before] / lengths[:, None]) ** 2, np.inf)
    # ``onward[t, k]``: the most that beats up to one at ``t`` are worth, if the next one lasts ``lengths[k]``.
    onward = np.full((n, n_lengths), 0.0)
    came = np.zeros((n, n_lengths), dtype=np.int32)
    total = np.full((n, n_lengths), -np.inf)
    rows = np.arange(n_lengths)
    longest = int(lengths[-1])
    for t in range(n):
        if t >= longest:
            reached = onward[t - lengths, rows]
        else:
            reached = np.where(t >= lengths, onward[np.maximum(t - lengths, 0), rows], 0.0)
        # A beat may be the first one.
        here = worth[t] - fee + np.maximum(reached, 0.0)
        total[t] = here
        options = here[before] - cost
        best = options.argmax(axis=1)
        came[t] = before[rows, best]
        onward[t] = options[rows, best]
    # The last one is the beat after which nothing more was worth while.
    last, k = (int(one) for one in np.unravel_index(int(total.argmax()), total.shape))
    found = [last]
    while True:
        earlier = found[-1] - int(lengths[k])
        if earlier < 0 or onward[earlier, k] <= 0.0:
            break
        found.append(earlier)
        k = int(came[earlier, k])
    return np.array(found[::-1], dtype=np.intp)


def beat_times(places: npt.NDArray[np.intp], odds: FloatArray) -> DoubleArray:
    """Return where the beats are, in frames, told between them by the parabola through what the network heard.

    What a hand is early or late by from beat to beat is evened out, as far as it is no change of tempo.
    """
    from scipy.signal import savgol_filter

    padded = np.pad(odds.astype(np.float64), 1, constant_values=-np.inf)
    left, top, right = (padded[places + step] for step in range(3))
    bend = left - 2.0 * top + right
    has_peak = np.isfinite(bend) & (bend < 0.0)
    offset = np.divide(0.5 * (left - right), bend, out=np.zeros(len(places)), where=has_peak)
    found: DoubleArray = places + np.clip(offset, -0.5, 0.5)
    if len(found) >= EVENED_BEATS:
        found = savgol_filter(found, EVENED_BEATS, polyorder=2)
    return found
