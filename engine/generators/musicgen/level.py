# SPDX-License-Identifier: GPL-3.0-or-later
"""This module holds the level of a clip made in several passes: left alone, each tends to be louder than the last.

The level before the joint is the reference. What follows may swing about it as music does; where its average over some
seconds leaves ``SLACK_DB``, a gain that moves slower than is heard as a move brings it back.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from engine.units import SILENCE_DB, amplitude_to_db, db_to_amplitude

if TYPE_CHECKING:
    from engine.values import FloatArray

SLACK_DB = 1.5
"""How far the average level may be from the reference before it is brought back, dB."""
AVERAGE_S = 5.0
"""Time constant of the average level, seconds."""
MOST_DB_PER_S = 1.0
"""How fast the gain moves at most, dB a second."""
MOST_BOOST_DB, MOST_CUT_DB = 6.0, 24.0
"""How far the gain goes at most; what is much fainter is meant to be faint."""
FAINT_DB = 20.0
"""How far below the reference a part counts as a rest, dB: it says nothing of the level."""


class LevelHolder:
    """A level holder is given a clip's parts one after the other, and returns them with the level held."""

    def __init__(self, sample_rate: int) -> None:
        self._rate = sample_rate
        self._energy, self._n_samples = 0.0, 0
        self._reference_db: float | None = None
        self._average = 0.0
        self._gain_db = 0.0

    @property
    def gain(self) -> float:
        """Return the gain, linear, with which the last part ended."""
        return db_to_amplitude(self._gain_db)

    def listen(self, samples: FloatArray) -> None:
        """Hear a part that stays as it is, shape ``(n_samples, n_channels)``: the reference, until ``hold``."""
        self._energy += float(np.square(samples, dtype=np.float64).mean(axis=1).sum())
        self._n_samples += len(samples)

    def hold(self) -> None:
        """Hold, from now on, the average level of all that was listened to."""
        if self._reference_db is None and self._n_samples:
            self._average = self._energy / self._n_samples
            level_db = amplitude_to_db(math.sqrt(self._average))
            # Silence is no level to be held.
            self._reference_db = level_db if level_db > SILENCE_DB else None

    def rebase(self) -> None:
        """Take the gain to be part of the sound from now on: what follows was made from the held sound."""
        self._average *= self.gain**2
        self._gain_db = 0.0

    def held(self, samples: FloatArray) -> FloatArray:
        """Return a part with its level held; the gain goes on where the last part's ended, without a step."""
        if self._reference_db is None:
            self.listen(samples)
            return samples
        seconds = len(samples) / self._rate
        mean = float(np.square(samples, dtype=np.float64).mean())
        if amplitude_to_db(math.sqrt(mean)) + self._gain_db > self._reference_db - FAINT_DB:
            share = math.exp(-seconds / AVERAGE_S)
            self._average = share * self._average + (1.0 - share) * mean
        excess_db = amplitude_to_db(math.sqrt(self._average)) - self._reference_db
        wanted_db = -math.copysign(max(0.0, abs(excess_db) - SLACK_DB), excess_db)
        wanted_db = min(max(wanted_db, -MOST_CUT_DB), MOST_BOOST_DB)
        most_db = MOST_DB_PER_S * seconds
        begin_db = self._gain_db
        self._gain_db += min(max(wanted_db - begin_db, -most_db), most_db)
        ramp_db = np.linspace(begin_db, self._gain_db, len(samples), endpoint=False) if len(samples) else np.zeros(0)
        gains = (10.0 ** (ramp_db / 20.0)).astype(np.float32)
        out: FloatArray = samples * gains[:, None]
        return out
