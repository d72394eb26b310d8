# SPDX-License-Identifier: GPL-3.0-or-later
"""Heard levels are read off the tape, of every sample: a look that comes late misses no peak."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.shared import SharedBlock
from engine.tape import TapeReader
from engine.units import amplitude_to_db

Pair = tuple[float, float]
"""A value of the left and of the right channel."""


class HeardLevels:
    """Heard levels tell peak and RMS of all that was heard from one look to the next.

    Parameters
    ----------
    tape
        It outlives audio processes.
    heard_frame
        Which frame of the tape is heard now.
    """

    def __init__(self, tape: SharedBlock, heard_frame: Callable[[], int]) -> None:
        self._reader = TapeReader(tape)
        self._heard_frame = heard_frame

    def begin(self) -> None:
        """Pass over all that was heard up to now."""
        self._reader.position = self._heard_frame()

    def look(self) -> tuple[Pair, Pair] | None:
        """Return peak and RMS of the two channels since the last look, dBFS; None where nothing more was heard."""
        frames = self._reader.read(self._heard_frame())
        if not len(frames):
            return None
        np.nan_to_num(frames, copy=False, posinf=0.0, neginf=0.0)
        peaks, powers = np.abs(frames).max(axis=0), np.square(frames, dtype=np.float64).mean(axis=0)
        return _in_db(peaks), _in_db(np.sqrt(powers))


def _in_db(amplitudes: np.ndarray) -> Pair:
    left, right = amplitudes
    return amplitude_to_db(float(left)), amplitude_to_db(float(right))
