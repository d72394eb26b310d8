# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares how a jam is recorded, and what is known of a recording."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

_ROUNDING = 1e-3
"""Frames by which a bar's place may be wrong for rounding."""


@dataclass(frozen=True, slots=True)
class BarRun:
    """A run of bars of one tempo in a recording, from ``bar`` on, counted from 0.

    Attributes
    ----------
    frame
        Where that bar begins, in frames of what was played, with the fraction that the clock has.
    bar_samples
        Length of each bar, frames.
    """

    bar: int
    frame: float
    bar_samples: float


@dataclass(frozen=True, slots=True)
class JamTake:
    """A take is a recording of a jam.

    Attributes
    ----------
    path
        Of its file.
    runs
        Its bars; none where they are not known: of a recording that was cut off, or that is going on.
    n_samples
        Its length in frames of what was played; 0 where that is not known.
    """

    path: str
    runs: tuple[BarRun, ...] = ()
    n_samples: int = 0

    @property
    def n_bars(self) -> int:
        """Return how many whole bars it has; 0 where that is not known."""
        if not self.runs:
            return 0
        last = self.runs[-1]
        return max(0, last.bar + round((self.n_samples - last.frame) / last.bar_samples))

    def frame_of(self, bar: int) -> int:
        """Return the frame with which a bar begins; of the bar after the last one it is the recording's end."""
        if not self.runs or bar <= 0:
            return 0
        run = next((one for one in reversed(self.runs) if one.bar <= bar), self.runs[0])
        frame = math.ceil(run.frame + (bar - run.bar) * run.bar_samples - _ROUNDING)
        return min(max(0, frame), self.n_samples)


@dataclass(frozen=True, slots=True)
class JamRecordingOrder:
    """An order to record a jam.

    Attributes
    ----------
    path
        Of the file; its ending, .flac or .opus, says how.
    has_clicks
        Whether the beats of a count-in click.
    has_stems
        Whether each layer is recorded by itself, too, in a folder beside the file.
    """

    path: str
    has_clicks: bool = True
    has_stems: bool = False


@dataclass(frozen=True, slots=True)
class JamRecordingWish:
    """This value says how jams are recorded: whether a count-in clicks, with stems or without, whether as Opus."""

    has_clicks: bool = True
    has_stems: bool = False
    is_opus: bool = False


@dataclass(frozen=True, slots=True)
class JamRecordingState:
    """A jam's recording, as it is shown.

    Attributes
    ----------
    path
        Of its file, or "" while nothing is recorded.
    begins_at, ends_at
        Bars that are over on the clock where it begins, and where it is to end; None where that is not known.
    """

    path: str = ""
    begins_at: Fraction | None = None
    ends_at: Fraction | None = None
