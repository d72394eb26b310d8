# SPDX-License-Identifier: GPL-3.0-or-later
"""This module renders a loop as a file for samplers: at another rate, in one channel, with handles, as asked."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.dsp.mixdown import mix_down
from engine.dsp.seam import Readable, Seam, fit_rate, read_round
from engine.playback.file.extend import BLOCK_SAMPLES
from engine.values import BakedLoop, FloatArray, LoopRegion


class LoopExport:
    """A loop export yields the samples of a loop's file, block by block.

    Parameters
    ----------
    seam
        Of the loop.
    sample_rate
        Hz; None is the sound's. The loop is resampled as the periodic signal it is, so that it repeats as before; its
        length is rounded to a whole sample.
    mono
        Whether the channels are mixed to one, their mean (5.1 and 7.1 as ``mix_down`` says).
    handle_s
        Seconds of the loop's repeats before its start and after its end, for what plays or edits across them.

    Attributes
    ----------
    region
        Of the file's samples: what is to repeat.
    n_samples, n_channels, sample_rate
        Of the file.
    """

    def __init__(
        self, seam: Seam, *, sample_rate: int | None = None, mono: bool = False, handle_s: float = 0.0
    ) -> None:
        sound = seam.sound
        self.sample_rate = sample_rate or sound.sample_rate
        self.n_channels = 1 if mono else sound.n_channels
        self._mono = mono
        self._loop: Readable = seam
        if self.sample_rate != sound.sample_rate:
            whole = LoopRegion(0, seam.n_samples)
            baked = BakedLoop(seam.read(0, seam.n_samples), sound.sample_rate, whole, 0, 0.0)
            self._loop = _Samples(fit_rate(baked, self.sample_rate).samples)
        handle_samples = round(handle_s * self.sample_rate)
        self.region = LoopRegion(handle_samples, handle_samples + self._loop.n_samples)
        self.n_samples = self._loop.n_samples + 2 * handle_samples

    def blocks(self) -> Iterator[FloatArray]:
        """Yield all blocks in order, float32 ``(n, n_channels)``."""
        for at in range(0, self.n_samples, BLOCK_SAMPLES):
            n = min(BLOCK_SAMPLES, self.n_samples - at)
            samples = read_round(self._loop, at - self.region.loop_start, n)
            if self._mono:
                samples = mix_down(samples).mean(axis=1, keepdims=True, dtype=np.float32)
            yield samples


class _Samples:
    """Samples in memory that can be read round their ends."""

    def __init__(self, samples: FloatArray) -> None:
        self._samples = samples

    @property
    def n_samples(self) -> int:
        return len(self._samples)

    def read(self, first: int, n_samples: int) -> FloatArray:
        return self._samples[first : first + n_samples]
