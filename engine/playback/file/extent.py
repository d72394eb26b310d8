# SPDX-License-Identifier: GPL-3.0-or-later
"""This module says how long a sound becomes by its loop, by numbers alone: nothing is read or rendered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from engine.dsp.seam import Seam
from engine.errors import NothingRepeats
from engine.playback.file.extend import Extension
from engine.playback.file.offline import END_FADE_S
from engine.units import samples_to_seconds, seconds_to_samples
from engine.values import LoopRegion


@dataclass(frozen=True, slots=True)
class Cut:
    """A cut says how many samples of a sound are its intro, its loop and its outro.

    ``at_head`` says that its seam's crossfade lies at the loop's start, as in ``Seam``.
    """

    intro_samples: int
    loop_samples: int
    outro_samples: int
    sample_rate: int
    n_channels: int
    at_head: bool = False

    @classmethod
    def of(cls, seam: Seam) -> Self:
        """Return where a seam's region cuts its sound."""
        sound, region = seam.sound, seam.region
        outro = sound.n_samples - region.loop_end
        return cls(region.loop_start, region.n_samples, outro, sound.sample_rate, sound.n_channels, seam.at_head)

    @property
    def n_samples(self) -> int:
        """Return the length of the sound."""
        return self.intro_samples + self.loop_samples + self.outro_samples


@dataclass(frozen=True, slots=True)
class Extent:
    """An extent says how long a sound becomes by its loop.

    Attributes
    ----------
    turns
        How often the loop turns, before the fade where turns were asked for.
    total_samples, fade_samples
        Of what is written, and of the fade at its end.
    whole_turns
        Turns after which the outro follows; None where the loop turns for ever, as in ``Extension``.
    """

    turns: float
    total_samples: int
    fade_samples: int
    whole_turns: int | None = None

    def extension(self, seam: Seam) -> Extension:
        """Return the sound that is as long."""
        return Extension(seam, turns=self.whole_turns)

    def proved(self, cut: Cut) -> LoopRegion | None:
        """Return the turn of what is written whose end and start meet at the seam as it is heard there, unfaded.

        None where the seam is not heard: nothing repeats before the end.
        """
        start = cut.intro_samples + (cut.loop_samples if cut.at_head else 0)
        end = start + cut.loop_samples
        is_followed = self.whole_turns is None or self.whole_turns > 1
        unfaded = self.total_samples - self.fade_samples
        is_within = end <= unfaded and (end < self.total_samples or self.whole_turns is not None)
        return LoopRegion(start, end) if is_followed and is_within else None


def extent_of_turns(cut: Cut, turns: int, fade_samples: int | None) -> Extent:
    """Return how long so many turns last, with a fade after them; None is the sound's own outro in its place."""
    if fade_samples is None:
        return Extent(turns, cut.n_samples + (turns - 1) * cut.loop_samples, 0, turns)
    return Extent(turns, cut.intro_samples + turns * cut.loop_samples + fade_samples, fade_samples)


def extent_of_length(cut: Cut, total_samples: int, fade_samples: int | None, *, said: str) -> Extent:
    """Return the turns that last exactly so long, with a fade at their end; None is the usual one.

    Raises NothingRepeats for an end within the first turn, of a length that was ``said`` so.
    """
    first_turn = cut.intro_samples + cut.loop_samples
    if total_samples < first_turn:
        raise NothingRepeats(
            length=said,
            length_s=samples_to_seconds(total_samples, cut.sample_rate),
            least_s=samples_to_seconds(first_turn, cut.sample_rate),
        )
    usual = min(seconds_to_samples(END_FADE_S, cut.sample_rate), total_samples // 2)
    fade = min(usual if fade_samples is None else fade_samples, total_samples)
    return Extent(max(0.0, (total_samples - cut.intro_samples) / cut.loop_samples), total_samples, fade)
