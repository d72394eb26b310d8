# SPDX-License-Identifier: GPL-3.0-or-later
"""Bar lines are where the bars of a recording begin, found from snapshots, which tell bars and frames together."""

from __future__ import annotations

import math

from engine.values import PlaybackSnapshot
from engine.values.jam_recording import BarRun

_SAME = 1e-6
"""Largest difference of two lengths of a bar, as a share of it, that is one of measuring."""


class BarLines:
    """The bar lines of one recording.

    Parameters
    ----------
    line
        Bars that are over on the clock where it begins.
    frame
        The frame of the tape with which it begins.
    """

    def __init__(self, line: int, frame: int) -> None:
        self._line, self._frame = line, frame
        self._last: PlaybackSnapshot | None = None
        self.runs: list[BarRun] = []

    def follow(self, snapshot: PlaybackSnapshot, bar_samples: float) -> None:
        """Take note of where the clock is; ``bar_samples`` is the length of a bar as the jam has it, perhaps soon.

        Tempo and metre change with a line of the clock alone: two snapshots within a bar tell how long it is.
        """
        last, self._last = self._last, snapshot
        bar = math.floor(snapshot.bars)
        if last is None or bar < self._line or math.floor(last.bars) != bar or snapshot.bars <= last.bars:
            return
        measured = (snapshot.tape_frame - last.tape_frame) / (snapshot.bars - last.bars)
        length = bar_samples if abs(measured - bar_samples) <= _SAME * bar_samples else measured
        if self.runs and abs(self.runs[-1].bar_samples - length) <= _SAME * length:
            return
        frame = snapshot.tape_frame - (snapshot.bars - bar) * length - self._frame
        self.runs.append(BarRun(bar - self._line, frame, length))
