# SPDX-License-Identifier: GPL-3.0-or-later
"""The mixer's output is the volume, the fader of long fades, and last the limiter, so that its ceiling holds."""

from __future__ import annotations

import numpy as np

from engine.playback.mix.fades import MOST_SAMPLES, Ramp, Workspace
from engine.playback.mix.limiter import Limiter
from engine.values import FloatArray


class Output:
    """All that plays goes through the output.

    Attributes
    ----------
    latency_samples
        By how much the sound comes out later than it went in.
    peaks, powers
        Highest absolute sample and sum of squares of each channel since ``begin``, float32, ``(n_channels,)``.
    """

    def __init__(self, sample_rate: int, n_channels: int) -> None:
        self.volume = Ramp(1.0)
        self.fader = Ramp(1.0)
        self._limiter = Limiter(sample_rate, n_channels)
        self.latency_samples = self._limiter.latency_samples
        self.peaks = np.zeros(n_channels, dtype=np.float32)
        self.powers = np.zeros(n_channels, dtype=np.float32)

    def begin(self) -> None:
        """Start the measurements again, in new arrays: those so far are their reader's."""
        self.peaks = np.zeros(len(self.peaks), dtype=np.float32)
        self.powers = np.zeros(len(self.powers), dtype=np.float32)

    def process(self, samples: FloatArray, work: Workspace) -> None:
        """Put ``samples``, float32 of shape ``(n_samples, n_channels)``, through the output, in place."""
        for first in range(0, len(samples), MOST_SAMPLES):
            piece = samples[first : first + MOST_SAMPLES]
            self.volume.apply(piece, work)
            self.fader.apply(piece, work)
            self._limiter.process(piece)
            # By channels: numpy is ten times slower across the short axis.
            magnitudes = work.by_channel[:, : len(piece)]
            np.abs(piece.T, out=magnitudes)
            np.maximum(self.peaks, magnitudes.max(axis=1), out=self.peaks)
            np.add(self.powers, np.vecdot(magnitudes, magnitudes), out=self.powers)
