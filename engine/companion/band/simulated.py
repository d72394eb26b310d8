# SPDX-License-Identifier: GPL-3.0-or-later
"""A recording is accompanied as if it were played live: block by block, and no plan knows what comes after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from engine.answer_tape import AnswerReader, AnswerWriter, answer_block
from engine.companion.band.band import END_S, Band, BandOrder, BandTold, PlannedBeat
from engine.generators.base import GeneratorSettings
from engine.library.importing import fitted
from engine.units import seconds_to_samples
from engine.values import Clip, FloatArray

BLOCK_SAMPLES = 1024
"""Number of frames that are played, and heard, at a time."""
LATE_S = 0.06
"""Seconds after which what is played is known, and for which a plan is on its way: two buffers of 60 ms, nearly."""
RING_S = 2.0
"""Seconds that are played on after the recording's end."""


@dataclass(eq=False, slots=True)
class Accompanied:
    """A recording that was accompanied.

    Attributes
    ----------
    recording, band
        At the studio's rate in two channels, as long as each other.
    beats
        The beats that the band played, as they were planned last.
    told
        What the band told, with the second at which it did.
    n_late
        Frames that were planned too late.
    """

    recording: FloatArray
    band: FloatArray
    beats: tuple[PlannedBeat, ...] = ()
    told: list[tuple[float, BandTold]] = field(default_factory=list)
    n_late: int = 0

    @property
    def mix(self) -> FloatArray:
        """Return both together."""
        return self.recording + self.band


def accompanied(recording: Clip, order: BandOrder, settings: GeneratorSettings) -> Iterator[float | Accompanied]:
    """Yield the fraction done, and at last what was played. Raises NonFiniteClip."""
    clip = fitted(recording)
    rate = clip.sample_rate
    band = Band(order, settings, rate)
    block = answer_block(rate)
    writer, reader = AnswerWriter(block), AnswerReader(block)
    n_ring, late = seconds_to_samples(RING_S, rate), seconds_to_samples(LATE_S, rate)
    samples = np.concatenate([clip.samples, np.zeros((n_ring, 2), dtype=np.float32)])
    out, work = np.zeros_like(samples), np.zeros((BLOCK_SAMPLES, 2), dtype=np.float32)
    result = Accompanied(samples, out)
    heard = told = 0
    for first in range(0, len(samples), BLOCK_SAMPLES):
        end = min(len(samples), first + BLOCK_SAMPLES)
        reader.add_to(out[first:end], first, work[: end - first])
        if (known := max(0, end - late)) > heard:
            band.hear(samples[heard:known], heard)
            heard = known
        planned = band.plan(writer.taken, late)
        if planned is not None:
            if len(planned.samples):
                result.n_late += writer.lay(planned.first, planned.samples).n_late
            else:
                writer.end(fade_s=END_S)
        if end - told >= rate // 4:
            told = end
            result.told.append((end / rate, band.told()))
            yield end / len(samples)
    result.beats = tuple(sorted(band.beats.values(), key=lambda one: one.time_s))
    yield result
