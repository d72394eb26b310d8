# SPDX-License-Identifier: GPL-3.0-or-later
"""The audio process takes commands, tells what is heard, and runs an outlet that pulls the mixer.

Run as ``python -m engine.playback.device.audio_process``; ``engine.playback.player`` is its other end. The control loop
prepares (unpickles, makes curves); the stream's callback, in PortAudio's thread, only mixes.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import logging
import os
import resource
import sys
import threading
import time
from collections import deque

import numpy as np

from engine.errors import DeviceError, PortAudioMissing, StudioError
from engine.pipe import Pipe, child_connection
from engine.playback import commands
from engine.playback.device import priority
from engine.playback.device.beside import Answers
from engine.playback.device.devices import list_devices
from engine.playback.device.feed import Feed
from engine.playback.device.inlet import Inlet
from engine.playback.device.listener import Heard, Listener
from engine.playback.device.opener import Opener
from engine.playback.device.outlet import Outlet
from engine.playback.input_commands import (
    CloseInput,
    InputCommand,
    ListInputs,
    OpenInput,
    SetAnswers,
    SetInputGain,
    SetMonitor,
)
from engine.playback.mix.filters import kernel
from engine.playback.mix.mixer import Mixer
from engine.playback.status import Heartbeat, StatusWriter
from engine.shared import SharedBlock
from engine.tape import TapeWriter
from engine.units import SILENCE_DB
from engine.values import MIXER_CHANNELS, SILENT_CHANNEL, PlaybackSnapshot

SNAPSHOTS_HZ = 50.0
SPARE_HZ = 2.0
"""Snapshots a second by which a process that was never told to open a device shows that it lives."""
EXIT_FADE_MS = 40.0
EXIT_LIMIT_S = 0.8
N_CHANNELS = 2

_LOOK_S = 0.002
"""Seconds between looks for a device that is about to be open."""
_LOOKS_S = 0.5
_SWITCH_INTERVAL_S = 0.0005
_MCL_CURRENT, _MCL_FUTURE, _MCL_ONFAULT = 1, 2, 4
_SILENCE = (SILENCE_DB, SILENCE_DB)
_NOTHING = Heard((SILENT_CHANNEL,) * MIXER_CHANNELS, _SILENCE, _SILENCE, 0.0)

_SOUNDING = commands.Play | commands.Retime | commands.PlayAudition | commands.CountIn
_OPENING = commands.Attach | commands.Open | _SOUNDING

_log = logging.getLogger(__name__)


class AudioProcess:
    """The audio process's main object serves one channel until the channel's other end goes."""

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe
        self._outbox: deque[commands.Message] = deque()
        opener = Opener()
        self._outlet = Outlet(self._outbox.append, opener)
        self._inlet = Inlet(opener, self._outbox.append)
        self._answers: SharedBlock | None = None
        self._status: StatusWriter | None = None
        self._tape: TapeWriter | None = None
        self._feed: Feed | None = None
        self._stems: SharedBlock | None = None
        self._listener: Listener | None = None
        self._beats = 0
        self._opening_since: float | None = None
        self._volume = commands.SetVolume(1.0)
        self._fader = commands.SetFader(1.0, 0.0)

    def serve(self) -> None:
        """Obey and tell until the channel's other end goes; then fade out and return."""
        beat_due = time.monotonic()
        with contextlib.suppress(EOFError, OSError):
            while True:
                self._wait(beat_due)
                self._outlet.take_results()
                self._inlet.take_results()
                self._tell()
                now, interval_s = time.monotonic(), 1.0 / (SPARE_HZ if self._is_spare else SNAPSHOTS_HZ)
                # A spare that was told to open something beats at the new pace at once.
                beat_due = min(beat_due, now + interval_s)
                if now >= beat_due:
                    beat_due = max(beat_due + interval_s, now)
                    self._beat()
        self._leave()

    @property
    def _is_spare(self) -> bool:
        return self._feed is None and not self._inlet.is_open

    def _wait(self, until: float) -> None:
        """Obey what comes, until that time or until there may be something to look at."""
        if not self._outlet.is_opening:
            self._opening_since = None
        elif self._opening_since is None:
            self._opening_since = time.monotonic()
        if self._opening_since is not None and time.monotonic() - self._opening_since < _LOOKS_S:
            until = min(until, time.monotonic() + _LOOK_S)
        while self._pipe.poll(max(0.0, until - time.monotonic())):
            command: commands.Command = self._pipe.receive()
            try:
                if isinstance(command, InputCommand):
                    self._obey_input(command)
                else:
                    self._obey(command)
            except (ValueError, StudioError):
                # A mistake of the parent's: what plays is not disturbed by it.
                _log.exception("%s was not obeyed", type(command).__name__)
            is_opening = isinstance(command, _OPENING)
            del command
            if is_opening or time.monotonic() >= until:
                return

    # --- commands -----------------------------------------------------------------------------------------------------

    def _obey(self, command: commands.Command) -> None:
        match command:
            case commands.Attach(status, tape):
                self._status, self._tape = StatusWriter(status), None if tape is None else TapeWriter(tape)
                self._inlet.played = tape
            case commands.Open():
                self._outlet.open(command, self._feed_at(command.sample_rate))
            case commands.Expect(device, latency_s):
                self._outlet.expect(device, latency_s)
            case commands.Close():
                self._outlet.close()
            case commands.ListDevices():
                self._outlet.list_devices()
            case commands.SetVolume(gain, ramp_ms):
                self._volume = command
                if self._feed is not None:
                    # No ramp where nothing sounds: the next loop would begin with it.
                    self._feed.mixer.set_volume(gain, ramp_ms if self._outlet.is_pulling else 0.0)
            case commands.SetFader(gain, ramp_ms):
                self._fader = command
                if self._feed is not None:
                    self._feed.mixer.set_fader(gain, ramp_ms)
            case commands.RecordStems(block):
                self._record_stems(block)
            case _ if self._feed is not None:
                self._obey_playing(command, self._feed.mixer)
        if self._feed is not None and not self._outlet.is_pulling and not isinstance(command, _SOUNDING):
            # Nobody renders: have the command taken up all the same.
            self._feed.pull(np.zeros((0, N_CHANNELS), dtype=np.float32))

    def _obey_input(self, command: InputCommand) -> None:
        """Obey a command about what comes in, and what is played along with it."""
        match command:
            case OpenInput():
                self._inlet.open(command)
                self._outlet.wake()
            case CloseInput():
                self._inlet.close()
            case SetInputGain(gain):
                self._inlet.set_gain(gain)
            case SetMonitor(is_heard):
                self._inlet.hear(is_heard=is_heard)
            case ListInputs():
                self._inlet.list()
            case SetAnswers(block):
                self._answers = block
                if block is not None:
                    self._outlet.wake()
        self._add_beside()

    def _add_beside(self) -> None:
        """Have be heard beside the mixer's channels what there is."""
        if self._feed is not None:
            monitor, mixer = self._inlet.monitor, self._feed.mixer
            ahead = self._feed.tape_offset + mixer.latency_samples
            answers = () if self._answers is None else (Answers(self._answers, ahead),)
            mixer.add(*(answers if monitor is None else (*answers, monitor)))

    def _record_stems(self, block: SharedBlock | None) -> None:
        self._stems = block
        if self._feed is not None:
            self._feed.record_stems(block)

    def _obey_playing(self, command: commands.Command, mixer: Mixer) -> None:
        """Obey a command that only makes sense once a device has been opened."""
        match command:
            case commands.Play(loop_id, loop, fade_ms, position, channel, lock):
                mixer.play(loop_id, loop, fade_ms=fade_ms, position=position, channel=channel, lock=lock)
                self._outlet.wake()
            case commands.Replace(loop_id, loop, channel, at):
                mixer.replace(loop_id, loop, channel=channel, at=at)
            case commands.TakeOver(loop_id, loop, lead_id, plan, channel):
                mixer.take_over(loop_id, loop, lead_id, plan, channel=channel)
            case commands.CallOff(channel):
                mixer.call_off(channel=channel)
            case commands.Pause(fade_ms):
                mixer.pause(fade_ms)
            case commands.Resume(fade_ms):
                mixer.resume(fade_ms)
            case commands.Stop(fade_ms, stopped):
                mixer.stop(fade_ms=fade_ms, channel=stopped)
            case commands.PlayAudition(audition_id, shot):
                mixer.play_audition(audition_id, shot)
                self._outlet.wake()
            case commands.EndAudition():
                mixer.end_audition()
            case commands.SetClock(bpm, beats_per_bar, bars):
                mixer.set_clock(bpm, beats_per_bar, bars=bars)
            case commands.Retime(bpm, beats_per_bar, plays, every, first):
                mixer.retime(bpm, beats_per_bar, plays, every=every, first=first)
                self._outlet.wake()
            case _:
                self._obey_setting(command, mixer)

    def _obey_setting(self, command: commands.Command, mixer: Mixer) -> None:
        """Obey a command that sets something of a channel, or of all that is heard."""
        match command:
            case commands.SetGain(channel, gain, ramp_ms):
                mixer.set_gain(channel, gain, ramp_ms)
            case commands.SetMute(channel, is_muted, ramp_ms):
                mixer.set_mute(channel, is_muted=is_muted, ramp_ms=ramp_ms)
            case commands.SetEffects(channel, effects, ramp_ms):
                mixer.set_effects(channel, effects, ramp_ms)
            case commands.Automate(channel, parameter, automation, ramp_ms):
                mixer.automate(channel, parameter, automation, ramp_ms)
            case commands.Hold(channel, effect):
                mixer.hold(channel, effect)
            case commands.CountIn(n_bars):
                mixer.count_in(n_bars)
                if n_bars:
                    self._outlet.wake()

    def _feed_at(self, sample_rate: int) -> Feed:
        """Return the mixer with its tape, the same one until another sample rate is asked for."""
        if self._feed is None or self._feed.sample_rate != sample_rate:
            mixer = Mixer(sample_rate, N_CHANNELS)
            mixer.set_volume(self._volume.gain, 0.0)
            mixer.set_fader(self._fader.gain, 0.0)
            mixer.render(np.zeros((0, N_CHANNELS), dtype=np.float32))
            self._outlet.close()
            self._feed = Feed(mixer, self._tape)
            self._feed.record_stems(self._stems)
            self._add_beside()
            self._listener = Listener(self._feed)
        return self._feed

    # --- messages -----------------------------------------------------------------------------------------------------

    def _tell(self) -> None:
        """Send what has happened, never waiting for the parent. Raises OSError when the parent is gone."""
        if self._listener is not None:
            self._outbox.extend(self._listener.happened(self._outlet.heard_sample()))
        # A parent that does not read gets no more than fits: a full socket must not hold up the commands.
        while self._outbox and self._pipe.is_writable():
            self._pipe.send(self._outbox.popleft())

    def _beat(self) -> None:
        """Do, and tell, what is due at every beat."""
        self._beats += 1
        outlet, feed = self._outlet, self._feed
        heard, tape_frame, heard_at_s = _NOTHING, 0, 0.0
        if feed is not None and self._listener is not None:
            feed.mixer.tidy()
            outlet.watch(is_silent=feed.mixer.is_silent and not feed.mixer.events)
            heard_sample, heard_at_s = outlet.heard_sample(), time.monotonic()
            heard, tape_frame = self._listener.listen(heard_sample), feed.tape_offset + heard_sample
        self._inlet.watch(outlet.heard_at)
        if self._status is None:
            return
        snapshot = PlaybackSnapshot(
            channels=heard.channels,
            peak_db=heard.peak_db,
            rms_db=heard.rms_db,
            xruns=outlet.xruns,
            load=outlet.take_load(),
            latency_s=outlet.latency_s,
            device=outlet.name,
            tape_frame=tape_frame,
            bars=heard.bars,
            heard_at_s=heard_at_s,
            input=self._inlet.snapshot(),
        )
        self._status.write(snapshot, Heartbeat(self._beats, outlet.is_opening))

    def _leave(self) -> None:
        """Fade out and end the process, even if a device hangs: the parent may be gone and unable to end it."""
        threading.Thread(target=_exit_at_last, daemon=True).start()
        if self._feed is not None and self._outlet.is_pulling:
            mixer = self._feed.mixer
            mixer.add()
            mixer.stop(fade_ms=EXIT_FADE_MS)
            while not mixer.is_silent:
                time.sleep(0.005)
        self._inlet.close()
        self._outlet.leave(EXIT_LIMIT_S)


def _exit_at_last() -> None:
    time.sleep(EXIT_LIMIT_S)
    os._exit(0)


def _warm_up() -> None:
    """Load what takes time before a sound waits for it."""
    importlib.import_module("pedalboard")
    kernel()
    try:
        list_devices()
    except PortAudioMissing:
        # Nothing will ever be heard from here.
        raise
    except DeviceError:
        # One may come.
        pass
    mixer = Mixer(48_000, N_CHANNELS)
    mixer.render(np.zeros((512, N_CHANNELS), dtype=np.float32))


def _stay_in_memory() -> None:
    """Keep this process's pages in memory, where the system permits it, so that none is fetched from disk again."""
    with contextlib.suppress(OSError, AttributeError, ValueError):
        # A bound would make later mappings fail.
        if resource.getrlimit(resource.RLIMIT_MEMLOCK)[0] == resource.RLIM_INFINITY or os.geteuid() == 0:
            ctypes.CDLL(None).mlockall(_MCL_CURRENT | _MCL_FUTURE | _MCL_ONFAULT)


def settle_in() -> None:
    """Keep other programs, the disk and Python's own work from holding up this process's threads."""
    priority.go_first()
    threading.Thread(target=priority.get_ready, name="hurry", daemon=True).start()
    _stay_in_memory()
    # The callback's thread gets the interpreter back soon.
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    _warm_up()
    gc.collect()
    gc.freeze()
    gc.disable()


def main() -> None:
    """Run the audio process until its parent closes the channel."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s audio: %(message)s")
    pipe = child_connection()
    settle_in()
    AudioProcess(pipe).serve()


if __name__ == "__main__":
    main()
