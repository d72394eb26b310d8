# SPDX-License-Identifier: GPL-3.0-or-later
"""This module fits the parts of a clip that a generator hands over while it makes it to the studio's rate."""

from __future__ import annotations

from collections.abc import Generator as Steps
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from engine.dsp.mixdown import PLAYED_CHANNELS, mix_down
from engine.errors import GeneratorOutputBad
from engine.generators.base import Generation
from engine.values import Clip, ClipResult, Progress
from engine.values.audio import STUDIO_SAMPLE_RATE

if TYPE_CHECKING:
    import soxr


def with_fitted_chunks(generation: Generation, generator: str) -> Steps[Progress, None, ClipResult]:
    """Yield what a generation yields, each chunk at the studio's rate in two channels, and return what it returns.

    Level and DC are the generator's: the clip as a whole is matched at its end.

    Parameters
    ----------
    generator
        The generator's title, for the error.

    Raises
    ------
    GeneratorOutputBad
        A chunk holds what is no number, or has another rate than the one before.
    """
    fitter = _Fitter(generator)
    try:
        while True:
            try:
                progress = next(generation)
            except StopIteration as end:
                result: ClipResult = end.value
                return result
            yield progress if progress.chunk is None else replace(progress, chunk=fitter.fit(progress.chunk))
    finally:
        generation.close()


class _Fitter:
    """A fitter resamples chunk after chunk as one stream: no seam is heard between two of them."""

    def __init__(self, generator: str) -> None:
        self._generator = generator
        self._rate: int | None = None
        self._stream: soxr.ResampleStream | None = None

    def fit(self, chunk: Clip) -> Clip | None:
        """Return what is ready by now, or None where that is nothing yet."""
        if not np.isfinite(chunk.samples).all():
            raise GeneratorOutputBad(
                generator=self._generator, detail="a part of it holds samples that are not numbers"
            )
        if self._rate not in (None, chunk.sample_rate):
            detail = f"a part of it has {chunk.sample_rate} Hz, and the one before {self._rate} Hz"
            raise GeneratorOutputBad(generator=self._generator, detail=detail)
        self._rate = chunk.sample_rate
        samples = mix_down(chunk.samples)
        if samples.shape[1] < PLAYED_CHANNELS:
            samples = np.repeat(samples, PLAYED_CHANNELS, axis=1)
        if chunk.sample_rate != STUDIO_SAMPLE_RATE:
            if self._stream is None:
                import soxr

                self._stream = soxr.ResampleStream(chunk.sample_rate, STUDIO_SAMPLE_RATE, PLAYED_CHANNELS, "float32")
            samples = self._stream.resample_chunk(np.ascontiguousarray(samples, dtype=np.float32))
        return Clip(samples, STUDIO_SAMPLE_RATE) if len(samples) else None
