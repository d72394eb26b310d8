# SPDX-License-Identifier: GPL-3.0-or-later
"""The stereo meter tells how a stereo stream lies between its channels: its correlation, and a goniometer's picture."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from engine.units import db_to_amplitude
from engine.values import ByteArray, FloatArray
from engine.values.live import STEREO_SIDE

CORRELATION_S: Final = 0.3
"""Time constant of the correlation, seconds."""
FADE_S: Final = 0.08
"""Time constant with which points fade, seconds."""
FALL_S: Final = 1.5
"""Time constant with which the picture's scale follows what becomes quieter, seconds."""
QUIETEST: Final = db_to_amplitude(-60.0)
"""Amplitude of the quietest sound that is drawn as large as any other."""
LEAST_POWER: Final = db_to_amplitude(-70.0) ** 2
"""Mean power below which no correlation is told."""
HALF_BRIGHT: Final = 1.5
"""Number of fresh points in a cell at which it is half as bright as it can be."""


class StereoMeter:
    """A stereo meter takes a stereo stream as it comes."""

    def __init__(self, sample_rate: int) -> None:
        self._sample_rate = sample_rate
        # Sums of left by left, right by right and left by right, fading; and how many samples they stand for.
        self._sums = np.zeros(3)
        self._n_summed = 0.0
        self._peak = 0.0
        self._cells = np.zeros(STEREO_SIDE * STEREO_SIDE, dtype=np.float32)

    def add(self, samples: FloatArray) -> None:
        """Take the next samples, shape ``(n_samples, 2)``."""
        if not len(samples):
            return
        passed_s = len(samples) / self._sample_rate
        left, right = samples[:, 0], samples[:, 1]
        fade = math.exp(-passed_s / CORRELATION_S)
        self._sums = self._sums * fade + [float(left @ left), float(right @ right), float(left @ right)]
        self._n_summed = self._n_summed * fade + len(samples)
        loudest = float(np.abs(samples).max())
        self._peak = max(loudest, self._peak * math.exp(-passed_s / FALL_S))
        self._draw(left, right, passed_s)

    def _draw(self, left: FloatArray, right: FloatArray, passed_s: float) -> None:
        self._cells *= np.float32(math.exp(-passed_s / FADE_S))
        if self._peak < QUIETEST / 10.0:
            return
        # A full channel reaches the edge of a diamond: mono stands upright, left alone leans to the left.
        scale = np.float32(0.5 * (STEREO_SIDE - 1) / max(self._peak, QUIETEST))
        middle = np.float32(0.5 * (STEREO_SIDE - 1))
        across = np.rint(middle + (right - left) * (scale * np.float32(0.5))).astype(np.int32)
        down = np.rint(middle - (left + right) * (scale * np.float32(0.5))).astype(np.int32)
        self._cells += np.bincount(down * STEREO_SIDE + across, minlength=STEREO_SIDE * STEREO_SIDE)

    @property
    def correlation(self) -> float | None:
        """Return the correlation of the channels, from −1 to 1; None while a channel is all but silent."""
        left, right, both = (float(value) for value in self._sums)
        least = LEAST_POWER * max(self._n_summed, 1.0)
        if left < least or right < least:
            return None
        return min(max(both / math.sqrt(left * right), -1.0), 1.0)

    def picture(self) -> ByteArray:
        """Return where the last samples lay, as ``LiveReading.stereo`` says."""
        shown = self._cells * (np.float32(255.0) / (self._cells + np.float32(HALF_BRIGHT)))
        out: ByteArray = shown.astype(np.uint8).reshape(STEREO_SIDE, STEREO_SIDE)
        return out
