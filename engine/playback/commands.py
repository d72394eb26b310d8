# SPDX-License-Identifier: GPL-3.0-or-later
"""What the audio process is told, and what it tells besides ``PlaybackSnapshot``: small values that cross a pipe."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import DeviceError
from engine.values import BakedLoop, OutputDevice, PlaybackSnapshot

# --- commands ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Open:
    """Play on a device from now on; what plays goes on there.

    Attributes
    ----------
    device
        (host API, name), or None for the system's default.
    sample_rate
        Hz, wished; a device that refuses it is opened at its own rate and the loops are fitted to that.
    latency_s
        Output latency to ask for.
    silent
        True: no device, the music moves on a silent clock.
    speed
        How many times faster than life the silent clock goes: for measuring hours in minutes.
    """

    device: tuple[str, str] | None
    sample_rate: int
    latency_s: float
    silent: bool = False
    speed: float = 1.0


@dataclass(frozen=True, eq=False, slots=True)
class Play:
    """Play this loop from its start, at once, over whatever plays."""

    loop_id: int
    loop: BakedLoop
    fade_ms: float


@dataclass(frozen=True, eq=False, slots=True)
class Replace:
    """Go on with a re-baked loop of the same clip under the same id, keeping the place in the clip."""

    loop_id: int
    loop: BakedLoop


@dataclass(frozen=True, eq=False, slots=True)
class TakeOver:
    """At the leading loop's next entry, blend into this loop over ``overlap_ms``.

    Attributes
    ----------
    entries
        Where in the leading loop the takeover may begin, in its samples; its seam (0) is always one. More of them, its
        bars say, have the new loop come sooner.
    """

    loop_id: int
    loop: BakedLoop
    overlap_ms: float
    entries: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SetVolume:
    """Linear gain in [0, 1]: 0 is silence, 1 is the loop as it is."""

    gain: float


@dataclass(frozen=True, slots=True)
class Stop:
    """Fade everything out."""

    fade_ms: float


@dataclass(frozen=True, slots=True)
class Close:
    """Give the device back."""


@dataclass(frozen=True, slots=True)
class ListDevices:
    """Ask for ``Devices``."""


Command = Open | Play | Replace | TakeOver | SetVolume | Stop | Close | ListDevices

# --- messages ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TookOver:
    """The middle of a takeover was heard: this loop leads now."""

    loop_id: int


@dataclass(frozen=True, slots=True)
class Stopped:
    """The end of a stop's fade was heard. One for each ``Stop``."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Sound goes here now; ``device`` is "" on the silent clock."""

    device: str
    sample_rate: int
    latency_s: float


@dataclass(frozen=True, slots=True)
class DeviceLost:
    """The device is gone or was never there; the silent clock runs and the device is tried again."""

    error: DeviceError


@dataclass(frozen=True, slots=True)
class Devices:
    """Every device sound can go to now."""

    devices: tuple[OutputDevice, ...]


Message = PlaybackSnapshot | TookOver | Stopped | Opened | DeviceLost | Devices
