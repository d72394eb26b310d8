# SPDX-License-Identifier: GPL-3.0-or-later
"""The player is the audio process as its parent holds it: commands in, events and snapshots out; no Qt.

A player that was made and told nothing is a spare: warm, without a device, and next to free.
"""

from __future__ import annotations

from fractions import Fraction
from typing import IO

from engine.playback import commands
from engine.playback.input_commands import CloseInput, ListInputs, OpenInput, SetAnswers, SetInputGain, SetMonitor
from engine.playback.status import Heartbeat, StatusReader, status_block
from engine.processes import ChildProcess
from engine.shared import SharedBlock
from engine.values import (
    ENDLESS,
    Automation,
    BakedLoop,
    BarLock,
    ChannelParameter,
    Effects,
    PlaybackSnapshot,
    TransitionPlan,
)
from engine.values.auditions import OneShot
from engine.values.channels import LFO_RETURN_MS
from engine.values.held import HeldEffect
from engine.values.inputs import InputSide


class Player:
    """The player starts the audio process; ``close`` ends it. Every command raises WorkerDied if it is gone.

    Loops and plans must have the sample rate that ``open`` named, and one channel or two.

    Parameters
    ----------
    tape
        What is rendered is written here too (``engine.tape``). A tape outlives its players: the next one goes on where
        this one ended.
    """

    def __init__(self, *, log: IO[str] | None = None, tape: SharedBlock | None = None) -> None:
        status = status_block()
        self._status = StatusReader(status)
        self._process = ChildProcess("engine.playback.device.audio_process", log=log)
        self._process.send(commands.Attach(status, tape))

    # --- what it is told ----------------------------------------------------------------------------------------------

    def open(
        self,
        device: tuple[str, str] | None,
        *,
        sample_rate: int,
        latency_s: float,
        silent: bool = False,
        speed: float = 1.0,
    ) -> None:
        """Play on this device from now on (see ``commands.Open``). Must come before the first ``play``.

        Answered by ``Opened``; if there is no sound, by ``DeviceLost`` and, once the device is there, ``Opened``.
        """
        self._process.send(commands.Open(device, sample_rate, latency_s, silent, speed))

    def play(
        self,
        loop_id: int,
        loop: BakedLoop,
        *,
        fade_ms: float,
        position: int = 0,
        channel: int = ENDLESS,
        lock: BarLock | None = None,
    ) -> None:
        """Play a loop from ``position`` on, fading out whatever plays on its channel. Answered by ``Began``.

        At once, or as ``lock`` says with a line of the bar clock.
        """
        self._process.send(commands.Play(loop_id, loop, fade_ms, position, channel, lock))

    def replace(self, loop_id: int, loop: BakedLoop, *, channel: int = ENDLESS, at: int | None = None) -> None:
        """Go on with a re-baked loop of the same clip, keeping the place in the clip; where: ``commands.Replace``."""
        self._process.send(commands.Replace(loop_id, loop, channel, at))

    def take_over(
        self, loop_id: int, loop: BakedLoop, lead_id: int, plan: TransitionPlan, *, channel: int = ENDLESS
    ) -> None:
        """Blend into this loop as planned for the loop ``lead_id``; ``TookOver`` tells when its middle was heard."""
        self._process.send(commands.TakeOver(loop_id, loop, lead_id, plan, channel))

    def call_off(self, *, channel: int = ENDLESS) -> None:
        """Cancel what still waits on a channel."""
        self._process.send(commands.CallOff(channel))

    def set_gain(self, channel: int, gain: float, ramp_ms: float = 20.0) -> None:
        """Set the gain of a channel, linear in [0, 1]."""
        self._process.send(commands.SetGain(channel, gain, ramp_ms))

    def set_mute(self, channel: int, *, is_muted: bool, ramp_ms: float = 20.0) -> None:
        """Silence a channel, which goes on meanwhile, or have it heard again."""
        self._process.send(commands.SetMute(channel, is_muted, ramp_ms))

    def set_effects(self, channel: int, effects: Effects, ramp_ms: float = 20.0) -> None:
        """Move a channel's effects there, smoothly."""
        self._process.send(commands.SetEffects(channel, effects, ramp_ms))

    def automate(
        self, channel: int, parameter: ChannelParameter, automation: Automation | None, ramp_ms: float = LFO_RETURN_MS
    ) -> None:
        """Have an oscillator or a curve move a parameter of a channel; None ends it."""
        self._process.send(commands.Automate(channel, parameter, automation, ramp_ms))

    def hold(self, channel: int, effect: HeldEffect | None) -> None:
        """Have an effect be heard on a channel, or on ``MIX``, while its key is down; None is the key's release."""
        self._process.send(commands.Hold(channel, effect))

    def set_clock(self, bpm: Fraction, beats_per_bar: int = 4, *, bars: Fraction | None = None) -> None:
        """Set tempo and metre of the bar clock, with so many ``bars`` over now (None: as many as are over)."""
        self._process.send(commands.SetClock(bpm, beats_per_bar, bars))

    def retime(self, retiming: commands.Retime) -> None:
        """Change the clock's tempo and metre at a line, and the loops that go with it."""
        self._process.send(retiming)

    def set_volume(self, gain: float, ramp_ms: float = 20.0) -> None:
        """Set the volume, a linear gain in [0, 1]."""
        self._process.send(commands.SetVolume(gain, ramp_ms))

    def set_fader(self, gain: float, ramp_ms: float) -> None:
        """Set a second gain, linear in [0, 1], for long fades."""
        self._process.send(commands.SetFader(gain, ramp_ms))

    def pause(self, fade_ms: float) -> None:
        """Fade out and stand still."""
        self._process.send(commands.Pause(fade_ms))

    def resume(self, fade_ms: float) -> None:
        """Go on where it was paused."""
        self._process.send(commands.Resume(fade_ms))

    def stop(self, fade_ms: float, *, channel: int | None = None) -> None:
        """Fade a channel out, or everything (None); ``Stopped`` tells when its end was heard."""
        self._process.send(commands.Stop(fade_ms, channel))

    def play_audition(self, audition_id: int, shot: OneShot) -> None:
        """Play a sound beside what plays, which is ducked; ``AuditionEnded`` tells when its end was heard."""
        self._process.send(commands.PlayAudition(audition_id, shot))

    def end_audition(self) -> None:
        """Fade out the audition that is heard."""
        self._process.send(commands.EndAudition())

    def count_in(self, n_bars: int) -> None:
        """Click with every beat of the ``n_bars`` before bar 0; with 0 click no more."""
        self._process.send(commands.CountIn(n_bars))

    def record_stems(self, block: SharedBlock | None) -> None:
        """Put down what each layer plays in this memory (``engine.stem_tape``) from now on; None ends it.

        A process that goes on with another's memory is told so before ``open``.
        """
        self._process.send(commands.RecordStems(block))

    def close_device(self) -> None:
        """Give the device back; the next ``open`` takes it again."""
        self._process.send(commands.Close())

    def open_input(
        self, device: tuple[str, str] | None, side: InputSide, *, gain: float, latency_s: float, tape: SharedBlock
    ) -> None:
        """Take in what comes from a device, onto this tape: see ``input_commands.OpenInput``."""
        self._process.send(OpenInput(device, side, gain, latency_s, tape))

    def close_input(self) -> None:
        """Take in nothing any more."""
        self._process.send(CloseInput())

    def set_input_gain(self, gain: float) -> None:
        """Take in louder or softer, by a linear gain."""
        self._process.send(SetInputGain(gain))

    def set_monitor(self, *, is_heard: bool) -> None:
        """Have what comes in be heard, or not; ``MonitorClosed`` tells where it was about to howl."""
        self._process.send(SetMonitor(is_heard))

    def set_answers(self, block: SharedBlock | None) -> None:
        """Play what others lay on this tape (``engine.answer_tape``), by the frames of its own; None ends it."""
        self._process.send(SetAnswers(block))

    def list_inputs(self) -> None:
        """Ask for ``input_commands.Inputs``."""
        self._process.send(ListInputs())

    def expect(self, device: tuple[str, str] | None, latency_s: float) -> None:
        """Have this device (None: the default) ready to be opened and to sound at once."""
        self._process.send(commands.Expect(device, latency_s))

    def list_devices(self) -> None:
        """Ask for ``commands.Devices``."""
        self._process.send(commands.ListDevices())

    # --- what it tells ------------------------------------------------------------------------------------------------

    def snapshot(self) -> PlaybackSnapshot | None:
        """Return what is heard now; None until the process has begun to tell. Costs next to nothing: poll it."""
        status = self._status.read()
        return None if status is None else status.snapshot

    def heartbeat(self) -> Heartbeat:
        """Return the process's heartbeat, which tells of a hung process what its death cannot."""
        status = self._status.read()
        return Heartbeat(0, is_opening=False) if status is None else status.heartbeat

    def fileno(self) -> int:
        """Return a descriptor for a select or a socket notifier: readable when an event waits."""
        return self._process.fileno()

    def poll(self, timeout_s: float = 0.0) -> bool:
        """Return whether ``receive`` would return at once."""
        return self._process.poll(timeout_s)

    def receive(self) -> commands.Message:
        """Return the next event, once there is one. Raises WorkerDied."""
        message: commands.Message = self._process.receive()
        return message

    @property
    def pid(self) -> int:
        return self._process.pid

    def close(self) -> None:
        """Fade out, give the device back, and end the process."""
        self._process.close()

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()
