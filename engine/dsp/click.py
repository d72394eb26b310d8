# SPDX-License-Identifier: GPL-3.0-or-later
"""This module makes the clicks by which a recording is counted in."""

from __future__ import annotations

import numpy as np

from engine.units import db_to_amplitude, seconds_to_samples
from engine.values import FloatArray

CLICK_DBFS = -12.0
"""Highest sample of an accented click, dBFS."""
CLICK_S = 0.05
"""Seconds that a click lasts: less than a beat of any tempo."""
ACCENT_HZ, BEAT_HZ = 1760.0, 1320.0
"""Frequencies of the click of a bar's first beat and of the others, Hz."""
_BEAT_DB = -5.0
_ATTACK_S, _DECAY_S, _RELEASE_S = 0.001, 0.012, 0.01


def click(sample_rate: int, *, is_accented: bool) -> FloatArray:
    """Return a click, float32, shape ``(n_samples, 1)``, that begins and ends in silence with no step anywhere."""
    n = seconds_to_samples(CLICK_S, sample_rate)
    time_s = np.arange(n) / sample_rate
    wave = np.sin(2.0 * np.pi * (ACCENT_HZ if is_accented else BEAT_HZ) * time_s) * np.exp(-time_s / _DECAY_S)
    wave *= np.minimum(1.0, time_s / _ATTACK_S) * np.minimum(1.0, (CLICK_S - time_s) / _RELEASE_S)
    level = db_to_amplitude(CLICK_DBFS if is_accented else CLICK_DBFS + _BEAT_DB)
    made: FloatArray = (wave * (level / np.abs(wave).max())).astype(np.float32)[:, None]
    return made
