# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares auditions: sounds that a person asks to hear beside what plays, and that end by themselves."""

from __future__ import annotations

from dataclasses import dataclass

from engine.values.arrays import FloatArray, read_only
from engine.values.audio import LoopRegion

LEAST_SIDE_S, MOST_SIDE_S = 0.05, 5.0
"""Least and greatest seconds of an audition before and after the seam."""
MOST_TIMES = 32
"""Greatest number of times that an audition is heard in a row."""
MOST_OVERLAP_MS = 60_000.0
"""Longest crossfade, in ms, that an audition may ask for; each seam shortens it to the music that it has."""
DUCKED_DB = -12.0
"""Gain in dB of all that plays while an audition is heard."""


@dataclass(frozen=True, slots=True)
class Audition:
    """An audition asks for the seam of a region of the clip that plays to be heard, without having the region play.

    Attributes
    ----------
    region
        In samples of the clip.
    overlap_ms
        Length of the seam's crossfade; None is the one with which the studio would play the region.
    side_s
        Seconds to hear before and after the seam, 0.05 to 5.
    times
        How often to hear it in a row, 1 to 32.

    Raises
    ------
    ValueError
        Something is out of its range.
    """

    region: LoopRegion
    overlap_ms: float | None = None
    side_s: float = 0.5
    times: int = 1

    def __post_init__(self) -> None:
        if self.overlap_ms is not None and not 0.0 <= self.overlap_ms <= MOST_OVERLAP_MS:
            raise ValueError(f"The audition's crossfade is {self.overlap_ms:g} ms; choose 0 to {MOST_OVERLAP_MS:g} ms.")
        if not LEAST_SIDE_S <= self.side_s <= MOST_SIDE_S:
            raise ValueError(
                f"The audition has {self.side_s:g} s on each side of the seam; "
                f"choose {LEAST_SIDE_S:g} to {MOST_SIDE_S:g} s."
            )
        if not 1 <= self.times <= MOST_TIMES:
            raise ValueError(f"The audition is to be heard {self.times} times; choose 1 to {MOST_TIMES} times.")


@dataclass(frozen=True, slots=True)
class CheckTone:
    """A check tone asks for two soft notes to be heard, left and then right: see ``engine.dsp.check_tone``."""


@dataclass(frozen=True, slots=True)
class SlotHeard:
    """A slot heard asks for the sound of a slot of fragments to be heard, whose number this is."""

    number: int


@dataclass(frozen=True, slots=True)
class TakeHeard:
    """A take heard asks for part of a recording to be heard."""


@dataclass(frozen=True, eq=False, slots=True)
class OneShot:
    """A one-shot is a sound that the mixer plays beside its channels, so many times, and then forgets.

    Attributes
    ----------
    samples
        float32, read-only, shape ``(n_samples, n_channels)``; it begins and ends in silence, as it plays as it is.
    sample_rate
        Hz.
    times
        How often it plays, at least 1.
    gap_samples
        Silence between two times, at least 0.

    Raises
    ------
    ValueError
        There are no samples, or a number is below its least.
    """

    samples: FloatArray
    sample_rate: int
    times: int = 1
    gap_samples: int = 0

    def __post_init__(self) -> None:
        if self.samples.ndim != 2 or not self.samples.size:
            raise ValueError(f"A one-shot has samples of shape {self.samples.shape}; give it (n_samples, n_channels).")
        if self.times < 1 or self.gap_samples < 0:
            raise ValueError(f"A one-shot cannot play {self.times} times with {self.gap_samples} samples in between.")
        object.__setattr__(self, "samples", read_only(self.samples))
