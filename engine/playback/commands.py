# SPDX-License-Identifier: GPL-3.0-or-later
"""What the audio process is told, and what it tells: values that cross a socket; snapshots go by shared memory."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import DeviceError
from engine.shared import SharedBlock
from engine.values import BakedLoop, Effects, OutputDevice, TransitionPlan

# --- commands ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Open:
    """Play on a device from now on; what plays goes on there.

    Attributes
    ----------
    device
        (host API, name), or None for the system's default.
    sample_rate
        Hz, the mixer's: every loop and plan has it. For a device that refuses it, the mix is resampled.
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


@dataclass(frozen=True, slots=True)
class Expect:
    """This device, or the system's default, may be opened soon: have it ready to sound at once."""

    device: tuple[str, str] | None
    latency_s: float


@dataclass(frozen=True, eq=False, slots=True)
class Attach:
    """The first command: where the process tells its status, and the tape it plays onto, if there is one."""

    status: SharedBlock
    tape: SharedBlock | None


@dataclass(frozen=True, eq=False, slots=True)
class Play:
    """Play this loop at once, over whatever plays, from ``position`` (in its samples) on. Answered by ``Began``."""

    loop_id: int
    loop: BakedLoop
    fade_ms: float
    position: int = 0


@dataclass(frozen=True, eq=False, slots=True)
class Replace:
    """Go on with a re-baked loop of the same clip under the same id, keeping the place in the clip."""

    loop_id: int
    loop: BakedLoop


@dataclass(frozen=True, eq=False, slots=True)
class TakeOver:
    """Blend into this loop as planned, for the loop ``lead_id`` leads.

    Where another loop leads by then, the plan's entries are not its own: it begins at that one's seam, unmatched. A
    takeover that still waits is replaced by this one.
    """

    loop_id: int
    loop: BakedLoop
    lead_id: int
    plan: TransitionPlan


@dataclass(frozen=True, slots=True)
class CallOff:
    """A takeover that still waits is not wanted any more; one that is being heard goes on."""


@dataclass(frozen=True, slots=True)
class SetVolume:
    """Linear gain in [0, 1], reached within ``ramp_ms``: 0 is silence, 1 is the loop as it is."""

    gain: float
    ramp_ms: float = 20.0


@dataclass(frozen=True, slots=True)
class SetFader:
    """A second volume, beside the person's own, for long fades (the sleep timer's)."""

    gain: float
    ramp_ms: float


@dataclass(frozen=True, slots=True)
class Pause:
    """Fade out and stand still: nothing moves until ``Resume``."""

    fade_ms: float


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on where it was paused."""

    fade_ms: float


@dataclass(frozen=True, slots=True)
class Stop:
    """Fade everything out."""

    fade_ms: float


@dataclass(frozen=True, slots=True)
class SetEffects:
    """Play this loop through these effects, wherever it plays or waits."""

    loop_id: int
    effects: Effects


@dataclass(frozen=True, slots=True)
class Close:
    """Give the device back."""


@dataclass(frozen=True, slots=True)
class ListDevices:
    """Ask for ``Devices``."""


Command = (
    Open
    | Expect
    | Attach
    | Play
    | Replace
    | TakeOver
    | CallOff
    | SetVolume
    | SetFader
    | Pause
    | Resume
    | Stop
    | SetEffects
    | Close
    | ListDevices
)

# --- messages ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Began:
    """The first sample of a ``Play`` was heard, ``tape_frame`` on the tape."""

    loop_id: int
    tape_frame: int = 0


@dataclass(frozen=True, slots=True)
class TookOver:
    """The middle of a takeover was heard, ``tape_frame`` on the tape: this loop leads now."""

    loop_id: int
    tape_frame: int = 0


@dataclass(frozen=True, slots=True)
class Stopped:
    """The end of a stop's fade was heard. One for each ``Stop``."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Sound goes here now; ``device`` is "" on the silent clock, ``sample_rate`` the device's own."""

    device: str
    sample_rate: int
    latency_s: float


@dataclass(frozen=True, slots=True)
class DeviceLost:
    """The device is gone or was never there; the silent clock runs and the device is tried again."""

    error: DeviceError


@dataclass(frozen=True, slots=True)
class LatencyRaised:
    """Sound was lost again and again at the latency that was asked for, in seconds: it is longer for a while."""

    asked_s: float


@dataclass(frozen=True, slots=True)
class Devices:
    """Every device sound can go to now."""

    devices: tuple[OutputDevice, ...]


Message = Began | TookOver | Stopped | Opened | DeviceLost | LatencyRaised | Devices
