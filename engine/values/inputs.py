# SPDX-License-Identifier: GPL-3.0-or-later
"""This module says where sound comes in, how it is taken, and what the audio process tells of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class InputSide(StrEnum):
    """A side says which of an input's channels are taken; one alone is heard on both sides."""

    BOTH = "both"
    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class InputDevice:
    """An input device is a place sound comes from, named by host API and device name (indices change between runs)."""

    host_api: str
    name: str
    n_channels: int
    default_sample_rate: int
    is_default: bool


@dataclass(frozen=True, slots=True)
class InputAsked:
    """This is asked of an input.

    Attributes
    ----------
    device
        (host API, name), or None for the system's default.
    gain
        Linear, at least 0.
    latency_s
        Input latency to ask for.
    output_ms
        Output latency that is asked for: what was measured holds for both.
    """

    device: tuple[str, str] | None = None
    side: InputSide = InputSide.BOTH
    gain: float = 1.0
    latency_s: float = 0.04
    output_ms: int = 60


@dataclass(frozen=True, slots=True)
class InputSnapshot:
    """An input's snapshot says what comes in, as the audio process tells it tens of times a second.

    Attributes
    ----------
    device
        Name of the device.
    peak_db, rms_db
        Of both sides since the last snapshot, after the gain, dBFS.
    n_lost
        How often sound was lost since the input was opened: the device overflowed.
    latency_s
        Input latency the device reports.
    ahead
        What to add to a frame of the input's tape for the frame of the output's tape that was heard when it was played,
        by what the devices tell; None until that has settled.
    is_monitored
        Whether what comes in is heard.
    """

    device: str
    peak_db: float
    rms_db: float
    n_lost: int
    latency_s: float
    ahead: int | None
    is_monitored: bool


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """A round trip is how long sound takes from being given to a device until it has come back through an input.

    Attributes
    ----------
    latency_s
        From the output's buffer to the input's, the median of the rounds.
    late_s
        By how much what was played in time comes late by what the devices tell: to be taken off where takes are placed.
    spread_s
        Between the shortest and the longest of the rounds.
    n_rounds
        Rounds that were heard.
    """

    latency_s: float
    late_s: float
    spread_s: float
    n_rounds: int
