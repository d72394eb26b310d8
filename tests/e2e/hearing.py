# SPDX-License-Identifier: GPL-3.0-or-later
"""This module judges the recordings of the end-to-end tests."""

from __future__ import annotations

import numpy as np

from engine.values import FloatArray
from tests.soundserver import SAMPLE_RATE

AUDIBLE = 0.003
"""Amplitude that is louder than any rounding and softer than any music."""


def heard_anything(recording: FloatArray) -> bool:
    return bool(np.abs(recording).max(initial=0.0) > AUDIBLE)


def first_sound_s(recording: FloatArray) -> float:
    """Return when the first sound was heard, seconds from the recording's start."""
    heard = np.flatnonzero(np.abs(recording).max(axis=1) > AUDIBLE)
    assert heard.size, "nothing was heard"
    return float(heard[0] / SAMPLE_RATE)


def music(recording: FloatArray) -> FloatArray:
    """Return the recording from the first sound to the last."""
    heard = np.flatnonzero(np.abs(recording).max(axis=1) > AUDIBLE)
    assert heard.size, "nothing was heard"
    return recording[heard[0] : heard[-1] + 1]
