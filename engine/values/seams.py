# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares the picture of a seam at sample level, and the places that its edges snap to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from engine.values.arrays import FloatArray, IntArray, read_only
from engine.values.audio import LoopRegion, OverlapLimit

QUIET = 0.97
"""Share of the clip's own beats than which a seam must be quieter to need no longer crossfade and no other place."""
MOST_DIP_DB, MOST_STEP, LEAST_QUIETER_THAN = 3.0, 1.0, 0.5
"""Limits beyond which a seam proof is put into words. Over 20 ms unlike waves dip by up to 3 dB by chance, unheard."""


class Snap(StrEnum):
    """A snap says on which places of the clip the edges of a loop come to stand when they are nudged."""

    NOTHING = "nothing"
    CROSSINGS = "crossings"
    """Snap to upward zero crossings of the mono mix, where both sides of a seam meet near zero and rising."""
    BEATS = "beats"


@dataclass(frozen=True, eq=False, slots=True)
class SnapPlaces:
    """Snap places are samples of the clip that an edge can snap to: read-only int64, ascending.

    Attributes
    ----------
    crossings
        Upward zero crossings within a second of either edge: each the first sample that is not below zero.
    beats, downbeats
        Of the whole clip, where they are known; ``downbeats`` are among ``beats``.
    """

    crossings: IntArray
    beats: IntArray
    downbeats: IntArray

    def __post_init__(self) -> None:
        for name in ("crossings", "beats", "downbeats"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    def of(self, snap: Snap) -> IntArray:
        """Return the places that ``snap`` names; none for ``NOTHING``."""
        match snap:
            case Snap.CROSSINGS:
                return self.crossings
            case Snap.BEATS:
                return self.beats
            case Snap.NOTHING:
                return self.crossings[:0]


def nearest_place(places: IntArray, sample: int) -> int | None:
    """Return the place nearest to ``sample``, the earlier of two as near; None where there is none."""
    if not places.size:
        return None
    at = int(np.searchsorted(places, sample))
    around = places[max(at - 1, 0) : at + 1]
    return int(around[np.abs(around - sample).argmin()])


def place_beyond(places: IntArray, sample: int, n_places: int) -> int | None:
    """Return the place that lies ``n_places`` after ``sample`` (before it, if negative), or the last one that way.

    ``sample`` itself does not count. None where no place lies that way.
    """
    goes_on = n_places > 0
    at = int(np.searchsorted(places, sample, side="right" if goes_on else "left")) + n_places - goes_on
    at = min(max(at, 0), int(places.size) - 1)
    found = int(places[at]) if places.size else sample
    return found if (found - sample) * n_places > 0 else None


@dataclass(frozen=True, eq=False, slots=True)
class SeamSpectra:
    """Seam spectra hold the level in dB of each band of a sixth of an octave, of both sides and of the rendered seam.

    Attributes
    ----------
    hz
        Middles of the bands, ascending: float32, shape ``(n_bands,)``.
    before, after, rendered
        float32, shape ``(n_bands,)``, mean of the channels; 0 dB is a sine at full scale.
    """

    hz: FloatArray
    before: FloatArray
    after: FloatArray
    rendered: FloatArray


@dataclass(frozen=True, eq=False, slots=True)
class SeamPicture:
    """A seam picture holds what meets at a loop's seam, sample for sample, within a second of it.

    Row ``i`` of each array stands for place ``i - half_samples``: 0 is the joint, the loop's first sample after its
    last one. Arrays are float32, read-only, of shape ``(2 * half_samples, n_channels)``.

    Attributes
    ----------
    region, overlap_ms
        What the picture is of; ``overlap_ms`` is the crossfade's length as asked.
    before
        What goes out: the clip around ``loop_end``. NaN where the clip has nothing and does not go round.
    after
        What comes in: the clip around ``loop_start``; NaN likewise.
    rendered
        The loop as it is baked, turn after turn, at the clip's own level.
    before_gain, after_gain
        Linear gains of both sides as they are applied, 1 and 0 outside the crossfade.
    crossfade_at, overlap_samples
        First place and length of the crossfade.
    limit
        Why the crossfade is shorter than asked; None where it is not.
    n_samples
        Length of the clip.
    """

    region: LoopRegion
    overlap_ms: float
    before: FloatArray
    after: FloatArray
    rendered: FloatArray
    before_gain: FloatArray
    after_gain: FloatArray
    crossfade_at: int
    overlap_samples: int
    limit: OverlapLimit | None
    spectra: SeamSpectra
    places: SnapPlaces
    n_samples: int
    sample_rate: int

    @property
    def half_samples(self) -> int:
        """Return the row of the joint: the number of samples to either side of it."""
        return int(self.rendered.shape[0]) // 2

    @property
    def n_channels(self) -> int:
        return int(self.rendered.shape[1])
