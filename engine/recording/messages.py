# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages are what the tape machine tells: what was heard, and which recording began and ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.errors import StudioError
from engine.values import Meters


@dataclass(frozen=True, slots=True)
class Heard:
    """The sound that came out since the last time, for the output watchdog.

    Attributes
    ----------
    n_frames
        By how many frames the tape moved on.
    peak
        The highest absolute sample of these, linear.
    """

    n_frames: int
    peak: float


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording ended; with nothing played (``duration_s`` is 0) there is no file."""

    path: str
    duration_s: float


@dataclass(frozen=True, slots=True)
class Begun:
    """A recording began: its file could be opened."""

    path: str


@dataclass(frozen=True, slots=True)
class MachineListener:
    """The callbacks that the machine calls from its own thread; none of them may wait."""

    on_meters: Callable[[Meters], None]
    on_heard: Callable[[Heard], None]
    on_recorded: Callable[[Recorded], None]
    on_error: Callable[[StudioError], None]
    """Called once with the reason for which the ring or the recording ended; the music and the rest go on.

    A ring is begun again by itself as soon as that can be; until then it is not told of again.
    """
    on_begun: Callable[[Begun], None] = lambda _begun: None
