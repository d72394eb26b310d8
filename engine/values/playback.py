# SPDX-License-Identifier: GPL-3.0-or-later
"""What the audio process tells, and the devices it can play to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlaybackSnapshot:
    """What the audio process tells the window, tens of times a second.

    Attributes
    ----------
    loop_id
        Of the loop that leads (the incoming one from the middle of a takeover), or None when nothing plays.
    position_samples
        Of the playhead within that baked loop, at the moment it is heard (device latency taken off).
    turns
        Whole turns of that loop since it came in.
    peak_db, rms_db
        Per channel (left, right) since the last snapshot, dBFS.
    xruns
        Under- and overflows since the stream opened.
    load
        Share of real time the callback used, in [0, 1].
    latency_s
        Output latency the device reports.
    device
        Name of the device, or "" on the silent clock.
    """

    loop_id: int | None
    position_samples: int
    turns: int
    peak_db: tuple[float, float]
    rms_db: tuple[float, float]
    xruns: int
    load: float
    latency_s: float
    device: str


@dataclass(frozen=True, slots=True)
class OutputDevice:
    """A place sound can go to, named by host API and device name (indices change between runs)."""

    host_api: str
    name: str
    n_channels: int
    default_sample_rate: int
    is_default: bool
