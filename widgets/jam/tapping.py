# SPDX-License-Identifier: GPL-3.0-or-later
"""Taps on a button tell a tempo: the mean of the last few."""

from __future__ import annotations

from collections import deque

from engine.values.jam import HIGHEST_JAM_BPM, LOWEST_JAM_BPM

MOST_TAPS = 8
LONGEST_S = 2.0
"""Seconds without a tap after which the next one begins anew."""


class TapTempo:
    """A tap tempo is told when there was a tap."""

    def __init__(self) -> None:
        self._taps_s: deque[float] = deque(maxlen=MOST_TAPS)

    def tap(self, now_s: float) -> float | None:
        """Take note of a tap; return the tempo, beats a minute of one decimal, from the second tap on."""
        if self._taps_s and now_s - self._taps_s[-1] > LONGEST_S:
            self._taps_s.clear()
        self._taps_s.append(now_s)
        lasted_s = now_s - self._taps_s[0]
        if lasted_s <= 0.0:
            return None
        bpm = round(60.0 * (len(self._taps_s) - 1) / lasted_s, 1)
        return min(max(bpm, LOWEST_JAM_BPM), HIGHEST_JAM_BPM)
