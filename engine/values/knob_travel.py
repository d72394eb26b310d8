# SPDX-License-Identifier: GPL-3.0-or-later
"""Knobs and faders travel evenly as one hears: by decibels and by pitch, in the window and by MIDI alike."""

from __future__ import annotations

import math

from engine.values.channels import HIGHEST_HZ, LOWEST_HZ

SILENT_DB = -60.0
"""Level at and below which a fader has nothing heard, dB."""


def level_of(gain: float) -> float:
    """Return the level of a linear gain, dB."""
    return max(SILENT_DB, 20.0 * math.log10(gain)) if gain > 0.0 else SILENT_DB


def gain_of(level_db: float) -> float:
    """Return the linear gain of a level, dB, in [0, 1]."""
    return 0.0 if level_db <= SILENT_DB else min(10.0 ** (level_db / 20.0), 1.0)


def hz_at(position: float) -> float:
    """Return the frequency at a position in [0, 1]."""
    return float(LOWEST_HZ * (HIGHEST_HZ / LOWEST_HZ) ** position)


def position_of_hz(hz: float) -> float:
    """Return the position of a frequency, in [0, 1]."""
    inside = min(max(hz, LOWEST_HZ), HIGHEST_HZ)
    return math.log(inside / LOWEST_HZ) / math.log(HIGHEST_HZ / LOWEST_HZ)
