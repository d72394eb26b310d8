# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands and events cross a socket to and from the audio process; snapshots go by shared memory.

What is about a loop names the channel of the mixer that it is on; the endless studio's is the default.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from engine.errors import DeviceError
from engine.playback.input_commands import InputCommand, InputMessage
from engine.shared import SharedBlock
from engine.values import (
    ENDLESS,
    Automation,
    BakedLoop,
    BarLock,
    ChannelParameter,
    Effects,
    OutputDevice,
    TransitionPlan,
)
from engine.values.auditions import OneShot
from engine.values.channels import LFO_RETURN_MS
from engine.values.held import HeldEffect

# --- commands ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Open:
    """Play on a device from now on; the music goes on there.

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
    """Have this device, or the system's default, ready to sound at once, as it may be opened soon."""

    device: tuple[str, str] | None
    latency_s: float


@dataclass(frozen=True, eq=False, slots=True)
class Attach:
    """This first command names the status to write, and the tape to play onto, if there is one."""

    status: SharedBlock
    tape: SharedBlock | None


@dataclass(frozen=True, eq=False, slots=True)
class Play:
    """Play this loop from ``position`` (in its samples) on, over what plays on its channel. Answered by ``Began``.

    Attributes
    ----------
    lock
        None is at once, and by itself; otherwise with a line of the bar clock, and in step with it. The crossfade ends
        with that line, so that the loop's first sample is heard as it is.
    """

    loop_id: int
    loop: BakedLoop
    fade_ms: float
    position: int = 0
    channel: int = ENDLESS
    lock: BarLock | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Replace:
    """Go on with a re-baked loop of the same clip under the same id, keeping the place in the clip.

    Attributes
    ----------
    at
        Where in the loop, in samples, the new one goes on; None is at once. The place is waited for, for a turn at
        most, and the crossfade begins there.
    """

    loop_id: int
    loop: BakedLoop
    channel: int = ENDLESS
    at: int | None = None


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
    channel: int = ENDLESS


@dataclass(frozen=True, slots=True)
class CallOff:
    """Cancel what still waits on a channel; a takeover that is being heard goes on."""

    channel: int = ENDLESS


@dataclass(frozen=True, slots=True)
class SetVolume:
    """Set the volume, a linear gain in [0, 1], within ``ramp_ms``: 0 is silence, 1 is the loop as it is."""

    gain: float
    ramp_ms: float = 20.0


@dataclass(frozen=True, slots=True)
class SetFader:
    """Set a second volume, beside the person's own, for long fades (the sleep timer's)."""

    gain: float
    ramp_ms: float


@dataclass(frozen=True, slots=True)
class Pause:
    """Fade out and stand still: no channel, and no bar clock, moves until ``Resume``."""

    fade_ms: float


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on where it was paused."""

    fade_ms: float


@dataclass(frozen=True, slots=True)
class Stop:
    """Fade a channel out, or everything (None). Answered by ``Stopped``."""

    fade_ms: float
    channel: int | None = None


@dataclass(frozen=True, slots=True)
class SetGain:
    """Set the linear gain of a channel, or of ``MIX``, in [0, 1], within ``ramp_ms``."""

    channel: int
    gain: float
    ramp_ms: float = 20.0


@dataclass(frozen=True, slots=True)
class SetMute:
    """Silence a channel or ``MIX``, which goes on meanwhile, or have it heard again, within ``ramp_ms``.

    What rings in its effects is heard to its end.
    """

    channel: int
    is_muted: bool
    ramp_ms: float = 20.0


@dataclass(frozen=True, slots=True)
class SetEffects:
    """Set the effects of a channel, or of ``MIX``, reached within ``ramp_ms``."""

    channel: int
    effects: Effects
    ramp_ms: float = 20.0


@dataclass(frozen=True, slots=True)
class Automate:
    """Have an oscillator or a curve move a parameter of a channel, or of ``MIX``; None ends it within ``ramp_ms``."""

    channel: int
    parameter: ChannelParameter
    automation: Automation | None
    ramp_ms: float = LFO_RETURN_MS


@dataclass(frozen=True, slots=True)
class Hold:
    """Have an effect be heard on a channel, or on ``MIX``, while its key is down; None is the key's release.

    It begins and leaves on the grid (``engine.values.held``); another one takes the place of one that is held.
    """

    channel: int
    effect: HeldEffect | None


@dataclass(frozen=True, slots=True)
class SetClock:
    """Set the bar clock's tempo (beats per minute, exact), metre and bars that are over (None: as many as are)."""

    bpm: Fraction
    beats_per_bar: int = 4
    bars: Fraction | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Retime:
    """Change the clock's tempo and metre at a line, and with it all these loops, which have locks.

    Attributes
    ----------
    every, first
        The line, as in ``BarLock``; what the loops' locks say of theirs does not count. Bars go on being counted.
    """

    bpm: Fraction
    beats_per_bar: int
    plays: tuple[Play, ...]
    every: Fraction = Fraction(1)
    first: Fraction = Fraction(0)


@dataclass(frozen=True, eq=False, slots=True)
class PlayAudition:
    """Play this sound beside the channels, which are ducked meanwhile. Answered by ``AuditionEnded``.

    It is heard whether the channels play, stand still or are silent, and takes the place of one that is heard, which
    is not answered. It is on the tape like all that is heard.
    """

    audition_id: int
    shot: OneShot


@dataclass(frozen=True, slots=True)
class EndAudition:
    """Fade out the audition that is heard, if there is one, which is not answered."""


@dataclass(frozen=True, slots=True)
class CountIn:
    """Click with every beat of the ``n_bars`` before bar 0, in step with the bar clock; 0 ends it."""

    n_bars: int = 1


@dataclass(frozen=True, eq=False, slots=True)
class RecordStems:
    """Put down what each layer of a jam plays in this memory (``engine.stem_tape``) from now on; None ends it."""

    block: SharedBlock | None


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
    | SetGain
    | SetMute
    | SetEffects
    | Automate
    | Hold
    | SetClock
    | Retime
    | PlayAudition
    | EndAudition
    | CountIn
    | RecordStems
    | Close
    | ListDevices
    | InputCommand
)

# --- messages ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Began:
    """This event says that the first sample of a ``Play`` was heard, ``tape_frame`` on the tape.

    Attributes
    ----------
    bars
        Those that were over on the clock; None of a loop without a lock.
    anchor
        The line at which a turn of the loop begins; likewise.
    """

    loop_id: int
    tape_frame: int = 0
    channel: int = ENDLESS
    bars: Fraction | None = None
    anchor: Fraction | None = None


@dataclass(frozen=True, slots=True)
class TookOver:
    """This event says that the middle of a takeover was heard, ``tape_frame`` on the tape: this loop leads now."""

    loop_id: int
    tape_frame: int = 0
    channel: int = ENDLESS


@dataclass(frozen=True, slots=True)
class Stopped:
    """This event says that a stop's fade was heard to its end; one for each ``Stop``, with its channel (None: all)."""

    channel: int | None = None


@dataclass(frozen=True, slots=True)
class AuditionEnded:
    """This event says that an audition was heard to its end."""

    audition_id: int


@dataclass(frozen=True, slots=True)
class Opened:
    """This event says where sound goes now; ``device`` is "" on the silent clock, ``sample_rate`` the device's own."""

    device: str
    sample_rate: int
    latency_s: float


@dataclass(frozen=True, slots=True)
class DeviceLost:
    """This event says that the device is gone or was never there; the silent clock runs, and it is tried again."""

    error: DeviceError


@dataclass(frozen=True, slots=True)
class LatencyRaised:
    """This event says that latency was raised for a while: at the one asked for, in seconds, sound was lost often."""

    asked_s: float


@dataclass(frozen=True, slots=True)
class Devices:
    """This event lists every device that sound can go to now."""

    devices: tuple[OutputDevice, ...]


Event = Began | TookOver | Stopped | AuditionEnded
"""These are the messages of what was heard, which the mixer tells."""

Message = Event | Opened | DeviceLost | LatencyRaised | Devices | InputMessage
