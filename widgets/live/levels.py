# SPDX-License-Identifier: GPL-3.0-or-later
"""The live levels rise at once, sink slowly, and hold their peaks: what the live panel shows of its readings."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from engine.units import SILENCE_DB
from engine.values import FloatArray
from engine.values.live import BANDS, CURVE_POINTS, LiveReading

FALL_DB_PER_S: Final = 30.0
"""Decibels a second by which what is shown sinks."""
HOLD_S: Final = 1.5
"""Seconds for which a peak stands before it sinks, where it is not held for good."""

Levels = npt.NDArray[np.float32]


def _silence(n: int) -> Levels:
    return np.full(n, SILENCE_DB, dtype=np.float32)


class LiveLevels:
    """The live levels of bands and curve, dB re a full-scale sine.

    Attributes
    ----------
    bands_db, curve_db, held_db, average_db
        What is shown of ``LiveReading``; ``held_db`` are the bands' peaks.
    holds
        Whether peaks stand until they are reset.
    """

    def __init__(self) -> None:
        self.holds = False
        self.bands_db, self.curve_db = _silence(len(BANDS)), _silence(CURVE_POINTS)
        self.held_db, self.average_db = _silence(len(BANDS)), _silence(len(BANDS))
        self._held_s = np.zeros(len(BANDS), dtype=np.float32)

    def reset(self) -> None:
        """Forget the peaks and the average."""
        self.held_db = self.bands_db.copy()
        self.average_db = _silence(len(BANDS))
        self._held_s[:] = 0.0

    def advance(self, seconds: float, reading: LiveReading | None) -> None:
        """Move by ``seconds`` towards a reading; None is silence, which leaves the average as it is."""
        fall = np.float32(FALL_DB_PER_S * seconds)
        self.bands_db = _towards(self.bands_db, None if reading is None else reading.bands_db, fall)
        self.curve_db = _towards(self.curve_db, None if reading is None else reading.curve_db, fall)
        if reading is not None:
            self.average_db = reading.average_db
        risen = self.bands_db >= self.held_db
        self._held_s = np.where(risen, np.float32(0.0), self._held_s + np.float32(seconds))
        held = self.held_db
        if not self.holds:
            held = np.where(self._held_s > HOLD_S, held - fall, held)
        self.held_db = np.maximum(held, self.bands_db)

    def is_at_rest(self) -> bool:
        """Return whether nothing sinks any more."""
        is_held = self.holds or bool((self.held_db <= SILENCE_DB).all())
        return is_held and bool((self.bands_db <= SILENCE_DB).all() and (self.curve_db <= SILENCE_DB).all())


def _towards(shown: Levels, goal: FloatArray | None, fall: np.float32) -> Levels:
    sunk: Levels = np.maximum(shown - fall, np.float32(SILENCE_DB))
    risen: Levels = sunk if goal is None else np.maximum(sunk, goal)
    return risen
