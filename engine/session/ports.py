# SPDX-License-Identifier: GPL-3.0-or-later
"""Ports are the Protocols through which the session reaches processes, time and sound, so that tests need none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from psygnal import SignalInstance

from engine.errors import StudioError, WorkerLacksPart
from engine.playback.commands import Retime
from engine.shared import SharedBlock
from engine.values import ENDLESS, Automation, BakedLoop, BarLock, ChannelParameter, Effects, TransitionPlan
from engine.values.auditions import OneShot
from engine.values.held import HeldEffect

NextId = Callable[[], int]
"""This function gives a job or a loop an id that no other one has."""

PART_MAKER = "part maker"
"""Name of the process that makes clips again for what SALVA writes of them, by whichever generator made them."""
JAM_MAKER = "jam maker"
"""Name of the process that makes loops for a jam, by whichever generator is to."""


@dataclass(frozen=True, slots=True)
class Opening:
    """An opening says which output to open: see ``engine.playback.commands.Open``."""

    device: tuple[str, str] | None
    latency_s: float
    silent: bool
    speed: float


class Timer(Protocol):
    """A timer belongs to a ``Clock`` and calls a function when its time is over."""

    @property
    def is_active(self) -> bool:
        """Return whether the timer is running."""

    def start(self, seconds: float) -> None:
        """Call once after so many seconds, which are counted anew if they were being counted."""

    def repeat(self, seconds: float) -> None:
        """Call every so many seconds."""

    def stop(self) -> None:
        """Stop the timer, which then does not call any more."""


class Clock(Protocol):
    """A clock tells time that passes steadily."""

    def now_s(self) -> float:
        """Return the seconds since some moment in the past."""

    def timer(self, callback: Callable[[], None]) -> Timer:
        """Return a timer that is not running yet."""


class Jobs(Protocol):
    """A queue of jobs for a worker process answers each job once, by its result or ``JobFailed``."""

    def submit(
        self,
        job: Any,
        answer: Callable[[Any], None],
        *,
        instead: bool = False,
        first: bool = False,
        idle: bool = False,
    ) -> None:
        """Queue a job.

        ``instead`` drops waiting jobs of the same kind, unanswered (latest wins); ``first`` puts it before all others;
        ``idle`` has it wait until there is nothing else to do.
        """

    def withdraw(self, job_id: int) -> None:
        """Drop a job that waits, unanswered; one that runs is answered all the same."""

    def clear(self) -> None:
        """Forget all jobs; a result that still comes is dropped."""


class WorkerProcess(Protocol):
    """A worker process is sent messages, and is there again after it died.

    Signals
    -------
    received(message), died(StudioError): what it was sent and did not answer is lost
    """

    @property
    def name(self) -> str:
        """Return the name by which errors call the process."""

    @property
    def received(self) -> SignalInstance: ...

    @property
    def died(self) -> SignalInstance: ...

    def send(self, message: object) -> None:
        """Hand a message over; it waits while there is no process."""

    def give_up(self, error: StudioError) -> None:
        """End the process, which hangs, at once and start another."""


class Generators(Protocol):
    """The generators are the processes that make clips, one for each generator, and ``PART_MAKER`` beside them.

    Signals
    -------
    received(Progress | ClipResult | JobFailed), died(generator's name, StudioError): what it was asked is lost
    """

    @property
    def received(self) -> SignalInstance: ...

    @property
    def died(self) -> SignalInstance: ...

    def send(self, generator: str, message: object, /) -> None:
        """Hand a message to a generator's process, which is started if it does not run."""

    def give_up(self, generator: str, error: StudioError, /) -> None:
        """End a generator's process, which hangs, at once."""


class HeardTape(Protocol):
    """The heard tape holds what was heard of late, and tells where it is heard now; for any thread to read."""

    @property
    def tape(self) -> SharedBlock:
        """Return the tape to which all that is heard is written."""

    @property
    def heard_frame(self) -> int:
        """Return the frame of the tape that is heard now."""

    @property
    def is_resting(self) -> bool:
        """Return whether the music stands still or nothing leads."""


class Player(Protocol):
    """The player is the audio process: its commands cannot fail, and the music goes on after it died.

    Signals
    -------
    snapshot_taken(PlaybackSnapshot), received(message), died(StudioError)
    """

    @property
    def snapshot_taken(self) -> SignalInstance: ...

    @property
    def received(self) -> SignalInstance: ...

    @property
    def died(self) -> SignalInstance: ...

    @property
    def gain(self) -> float:
        """Return the product of all volumes now, a linear gain."""

    @property
    def is_opening(self) -> bool:
        """Return whether there is no process, or it is still starting, or it waits for a device."""

    @property
    def lacking(self) -> WorkerLacksPart | None:
        """Return what the process cannot start without, as far as that is known."""

    def start(self) -> None:
        """Start the process if it neither runs nor waits to be started again."""

    def renew(self, error: StudioError) -> None:
        """Start another process: what plays is not heard, for the reason given, and no other remedy helped."""

    def expect(self, device: tuple[str, str] | None, latency_s: float) -> None:
        """Have this device ready to be opened and to sound at once."""

    def open(self, opening: Opening) -> None:
        """Play on this device from now on."""

    def list_devices(self) -> None:
        """Ask for ``Devices``."""

    def watch(self, *, is_watched: bool) -> None:
        """Tell what is heard as often as pictures need it, or, while nothing moves on the screen, seldom."""

    def set_volume(self, gain: float) -> None:
        """Set the volume, a linear gain in [0, 1]."""

    def set_fader(self, gain: float, ramp_s: float) -> None:
        """Set a second gain, linear in [0, 1], for long fades."""

    def play(self, loop_id: int, loop: BakedLoop, *, channel: int = ENDLESS, lock: BarLock | None = None) -> None:
        """Play a loop from its start, at once or with a line of the clock (see ``engine.playback.commands.Play``)."""

    def play_on(self) -> None:
        """Begin what leads on each channel again where it was last heard."""

    def replace(self, loop_id: int, loop: BakedLoop, *, channel: int = ENDLESS, at: int | None = None) -> None:
        """Go on with a re-baked loop, at once or at a place in it (see ``engine.playback.commands.Replace``)."""

    def take_over(
        self, loop_id: int, loop: BakedLoop, lead_id: int, plan: TransitionPlan, *, channel: int = ENDLESS
    ) -> None:
        """Blend into a loop as planned."""

    def call_off(self, *, channel: int = ENDLESS) -> None:
        """Cancel what still waits on a channel."""

    def lead(self, loop_id: int, loop: BakedLoop, *, channel: int = ENDLESS) -> None:
        """Remember that a takeover was heard: this loop leads now."""

    def set_gain(self, channel: int, gain: float) -> None:
        """Set the gain of a channel, or of ``MIX``, linear in [0, 1]."""

    def set_mute(self, channel: int, *, is_muted: bool) -> None:
        """Silence a channel or ``MIX``, which goes on meanwhile, or have it heard again; its effects ring on."""

    def set_effects(self, channel: int, effects: Effects, ramp_ms: float) -> None:
        """Move the effects of a channel, or of ``MIX``, there within ``ramp_ms``."""

    def automate(self, channel: int, parameter: ChannelParameter, automation: Automation | None) -> None:
        """Have an oscillator or a curve move a parameter of a channel, or of ``MIX``; None ends it."""

    def hold(self, channel: int, effect: HeldEffect | None) -> None:
        """Have an effect be heard on a channel, or on ``MIX``, while its key is down; None is the key's release."""

    def set_clock(self, bpm: Fraction, beats_per_bar: int, *, bars: Fraction | None = None) -> None:
        """Set tempo and metre of the bar clock, with so many ``bars`` over now (None: as many as are over)."""

    def retime(self, retiming: Retime) -> None:
        """Change tempo and metre at a line of the clock, and the loops that go with it."""

    def play_audition(self, audition_id: int, shot: OneShot) -> bool:
        """Play a sound beside what plays, which is ducked; return whether there is a process to play it.

        See ``engine.playback.commands.PlayAudition``.
        """

    def end_audition(self) -> None:
        """Fade out the audition that is heard."""

    def count_in(self, n_bars: int) -> None:
        """Click with every beat of the ``n_bars`` before bar 0, in step with the clock; with 0 click no more."""

    def record_stems(self, block: SharedBlock | None) -> None:
        """Put down what each layer plays in this memory (``engine.stem_tape``) from now on; None ends it."""

    def pause(self) -> None:
        """Fade out and stand still."""

    def resume(self) -> None:
        """Go on where it was paused."""

    def stop(self, *, channel: int | None = None) -> None:
        """Fade a channel out, or everything (None)."""


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports are all that a session reaches the world through.

    Attributes
    ----------
    analysis
        Jobs for the warm analysis worker.
    library
        Jobs that read and write files: what plays never waits for a disk.
    sounds
        The process that reads sounds of the person's own; None where none can be brought.
    tape
        What is heard; None where nobody hears it, and so nothing is kept, metered or recorded.
    """

    player: Player
    generators: Generators
    analysis: Jobs
    library: Jobs
    clock: Clock
    tape: HeardTape | None = None
    sounds: WorkerProcess | None = None
