# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares clips, loop regions, baked loops, and sounds that are read piece by piece."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np

from engine.errors import EmptyClip
from engine.units import samples_to_seconds
from engine.values.arrays import FloatArray, read_only

STUDIO_SAMPLE_RATE = 44_100
"""Sample rate of every clip in the studio, Hz."""


class Sound(Protocol):
    """A sound can be read piece by piece: it is a ``Clip`` in memory or an ``AudioFile`` on disk, hours long."""

    @property
    def sample_rate(self) -> int: ...

    @property
    def n_samples(self) -> int: ...

    @property
    def n_channels(self) -> int: ...

    @property
    def wraps(self) -> bool: ...

    def read(self, first: int, n_samples: int) -> FloatArray:
        """Return samples ``[first, first + n_samples)``, all of them within the sound.

        float32, shape ``(n_samples, n_channels)``; not to be written to.
        """
        ...


@dataclass(frozen=True, eq=False, slots=True)
class Clip:
    """A clip is immutable audio with its sample rate.

    Attributes
    ----------
    samples
        float32, C-contiguous, read-only, shape ``(n_samples, n_channels)``, nominal range [-1, 1].
    sample_rate
        Hz.
    wraps
        True when the material is periodic: what precedes sample 0 is the clip's own end (tails folded round).
    """

    samples: FloatArray
    sample_rate: int
    wraps: bool = False

    def __post_init__(self) -> None:
        samples = np.asarray(self.samples, dtype=np.float32)
        if samples.ndim != 2:
            raise ValueError(f"samples must have shape (n_samples, n_channels), not {samples.shape}")
        if self.sample_rate < 1:
            raise ValueError(f"the sample rate must be at least 1 Hz, not {self.sample_rate}")
        if samples.size == 0:
            raise EmptyClip
        object.__setattr__(self, "samples", read_only(samples))

    @property
    def n_samples(self) -> int:
        return int(self.samples.shape[0])

    @property
    def n_channels(self) -> int:
        return int(self.samples.shape[1])

    @property
    def duration_s(self) -> float:
        return samples_to_seconds(self.n_samples, self.sample_rate)

    def read(self, first: int, n_samples: int) -> FloatArray:
        """Return samples ``[first, first + n_samples)``, a read-only view of shape ``(n_samples, n_channels)``."""
        if first < 0 or n_samples < 0 or first + n_samples > self.n_samples:
            raise ValueError(f"[{first}, {first + n_samples}) leaves the clip's {self.n_samples} samples")
        return self.samples[first : first + n_samples]


@dataclass(frozen=True, slots=True)
class LoopRegion:
    """A loop region is half open, ``[loop_start, loop_end)``, in samples of the clip."""

    loop_start: int
    loop_end: int

    def __post_init__(self) -> None:
        if not 0 <= self.loop_start < self.loop_end:
            raise ValueError(f"not a region: [{self.loop_start}, {self.loop_end})")

    @property
    def n_samples(self) -> int:
        return self.loop_end - self.loop_start

    def at_rate(self, sample_rate: int, new_rate: int) -> LoopRegion:
        """Return the same time, of a region at ``sample_rate`` Hz, in samples at ``new_rate`` Hz: at least one of them.

        Its start and its length are each rounded, so that the beat shifts by at most half a sample.
        """
        ratio = new_rate / sample_rate
        start = round(self.loop_start * ratio)
        return LoopRegion(start, start + max(1, round(self.n_samples * ratio)))


class OverlapLimit(StrEnum):
    """An overlap limit says why a seam's crossfade is shorter than was asked for."""

    LOOP = "loop"
    """Limit of a crossfade by the length of the loop itself."""
    MUSIC = "music"
    """Limit of a crossfade by the music that there is before and after the loop."""
    WHOLE = "whole"
    """Limit of a loop that is the whole sound: with nothing around it, only the step from end to start is spread."""


@dataclass(frozen=True, eq=False, slots=True)
class BakedLoop:
    """A baked loop is a loop region with its seam rendered: it plays by repeating, for ever.

    Sample ``i`` of ``samples`` belongs to the clip's sample ``region.loop_start + i``.

    Attributes
    ----------
    samples
        float32, read-only, shape ``(region.n_samples, n_channels)``.
    overlap_samples
        Length of the crossfade that was rendered.
    correlation
        Of the crossfade's two sides, in [-1, 1]; chooses the gain law.
    limit
        Why that crossfade is shorter than was asked for; None where it is not.
    """

    samples: FloatArray
    sample_rate: int
    region: LoopRegion
    overlap_samples: int
    correlation: float
    limit: OverlapLimit | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "samples", read_only(np.asarray(self.samples, dtype=np.float32)))

    @property
    def n_samples(self) -> int:
        return int(self.samples.shape[0])
