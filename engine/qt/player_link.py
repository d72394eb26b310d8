# SPDX-License-Identifier: GPL-3.0-or-later
"""The player's link has commands that cannot fail, and plays the same music again after the audio process died."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import IO, TYPE_CHECKING

from psygnal import Signal
from PySide6.QtCore import QObject, QTimer, Slot

from engine.errors import StudioError, WorkerDied, WorkerHung
from engine.playback.device.jack import set_store_aside
from engine.playback.last_words import ChannelWords, ClockWords, FaderWords
from engine.qt.input_link import InputLink
from engine.qt.links import Endpoint, Link
from engine.qt.spare import Spare
from engine.tape import tape_block
from engine.values import ENDLESS, MIXER_CHANNELS, ChannelParameter, Effects, PlaybackSnapshot
from engine.values.audio import STUDIO_SAMPLE_RATE
from engine.values.channels import MIX

if TYPE_CHECKING:
    from engine.playback.commands import Retime
    from engine.playback.player import Player
    from engine.session.ports import Opening
    from engine.shared import SharedBlock
    from engine.values import Automation, BakedLoop, BarLock, TransitionPlan
    from engine.values.auditions import OneShot
    from engine.values.held import HeldEffect

START_FADE_MS = 10.0
STOP_FADE_MS = 80.0
PAUSE_FADE_MS = 60.0
POLL_MS = 20
"""Milliseconds between two looks at snapshots and at the process's heartbeat."""
UNWATCHED_MS = 200
"""Milliseconds between two of these looks while nothing that moves is on the screen."""
HUNG_S = 1.5
"""Seconds without a heartbeat after which the process hangs; while it plays, there are 50 a second."""
QUIET_LIMIT_S = 10.0
"""Seconds without a heartbeat that starting, and opening a device that is slow to answer, may take."""
MOST_PATIENCE = 3
"""Largest number of times that the limit is doubled for a start."""


class PlayerLink(Link):
    """The player's link remembers what was last said and heard, so that a new process goes on where the old one ended.

    A spare process, warm and told nothing, takes the place of one that died, within a few tens of milliseconds.

    Signals
    -------
    snapshot_taken(PlaybackSnapshot): something changed; as if there were one process for ever

    Attributes
    ----------
    tape
        What is heard is written here, by every process.
    heard_frame
        Which frame of the tape is heard now; for any thread to read.
    is_resting
        Whether the music stands still or nothing leads; for any thread to read.
    """

    snapshot_taken = Signal(object)

    def __init__(self, parent: QObject, *, log: IO[str] | None = None) -> None:
        super().__init__("audio", parent)
        self.tape = tape_block(STUDIO_SAMPLE_RATE)
        self.heard_frame = 0
        self.is_resting = True
        self._log_file = log
        self._volume = 1.0
        self._fader = FaderWords()
        self._clock: ClockWords | None = None
        # The last is that of the whole: MIX is -1.
        self._channels = tuple(map(ChannelWords, (*range(MIXER_CHANNELS), MIX)))
        self._opening: Opening | None = None
        self._stems: SharedBlock | None = None
        self.input = InputLink(self)
        """Has sound be taken in, by every process."""
        self._is_paused = False
        self._last: PlaybackSnapshot | None = None
        # Until the process before this one died.
        self._xruns_before = 0
        self._beats, self._still_s, self._opening_s = 0, 0.0, 0.0
        self._n_late_starts = 0
        self._polling = _timer(self, POLL_MS, self._on_poll)
        self._polling.setSingleShot(False)
        # A spare of what cannot start would die like it.
        self._spare = Spare(self, self._new_player, self._start_limit_s, lambda: self.lacking is None)
        self.received.connect(self._on_received)

    # --- commands -------------------------------------------------------------------------------------------------

    def set_volume(self, gain: float) -> None:
        """Set the volume, a linear gain in [0, 1]."""
        self._volume = gain
        self.command(lambda player: player.set_volume(gain))

    def set_fader(self, gain: float, ramp_s: float) -> None:
        """Set a second gain, linear in [0, 1], for long fades."""
        now_s = time.monotonic()
        self._fader = FaderWords(self._fader.gain(now_s), gain, ramp_s, now_s)
        self.command(lambda player: player.set_fader(gain, 1000.0 * ramp_s))

    def open(self, opening: Opening) -> None:
        """Play on this device from now on."""
        self._opening = opening
        self.command(
            lambda player: player.open(
                opening.device,
                sample_rate=STUDIO_SAMPLE_RATE,
                latency_s=opening.latency_s,
                silent=opening.silent,
                speed=opening.speed,
            )
        )

    def play(self, loop_id: int, loop: BakedLoop, *, channel: int = ENDLESS, lock: BarLock | None = None) -> None:
        """Play a loop from its start, at once or with a line of the bar clock (see ``commands.Play``)."""
        self._channels[channel].play(loop_id, loop, lock)
        self._is_paused, self._still_s = False, 0.0
        fade_ms = START_FADE_MS if lock is None else lock.fade_ms
        self.command(lambda player: player.play(loop_id, loop, fade_ms=fade_ms, channel=channel, lock=lock))

    def play_on(self) -> None:
        """Begin what leads on each channel again where it was last heard: it should sound and does not."""
        for channel in self._channels:
            self.command(partial(channel.play_on, fade_ms=START_FADE_MS))

    def replace(self, loop_id: int, loop: BakedLoop, *, channel: int = ENDLESS, at: int | None = None) -> None:
        """Go on with a re-baked loop, from this place in it on."""
        self._channels[channel].replace(loop_id, loop)
        self.command(lambda player: player.replace(loop_id, loop, channel=channel, at=at))

    def take_over(
        self, loop_id: int, loop: BakedLoop, lead_id: int, plan: TransitionPlan, *, channel: int = ENDLESS
    ) -> None:
        """Blend into a loop as planned. A process that dies before that forgets it."""
        self.command(lambda player: player.take_over(loop_id, loop, lead_id, plan, channel=channel))

    def call_off(self, *, channel: int = ENDLESS) -> None:
        """Cancel what still waits on a channel."""
        self.command(lambda player: player.call_off(channel=channel))

    def lead(self, loop_id: int, loop: BakedLoop, *, channel: int = ENDLESS) -> None:
        """Note that a takeover was heard: this loop leads now."""
        self._channels[channel].lead(loop_id, loop)

    def set_gain(self, channel: int, gain: float) -> None:
        """Set a channel's gain, linear in [0, 1]."""
        self._channels[channel].set_gain(gain)
        self.command(lambda player: player.set_gain(channel, gain))

    def set_mute(self, channel: int, *, is_muted: bool) -> None:
        """Silence a channel, which goes on meanwhile, or have it heard again."""
        self._channels[channel].set_mute(is_muted=is_muted)
        self.command(lambda player: player.set_mute(channel, is_muted=is_muted))

    def set_effects(self, channel: int, effects: Effects, ramp_ms: float) -> None:
        """Move a channel's effects there within ``ramp_ms``."""
        self._channels[channel].set_effects(effects)
        self.command(lambda player: player.set_effects(channel, effects, ramp_ms))

    def automate(self, channel: int, parameter: ChannelParameter, automation: Automation | None) -> None:
        """Have an oscillator or a curve move a parameter of a channel; None ends it."""
        self._channels[channel].automate(parameter, automation)
        self.command(lambda player: player.automate(channel, parameter, automation))

    def hold(self, channel: int, effect: HeldEffect | None) -> None:
        """Have an effect be heard on a channel, or on ``MIX``, while its key is down; None is the key's release.

        A new process is not told: the key may be up by then.
        """
        self.command(lambda player: player.hold(channel, effect))

    def set_clock(self, bpm: Fraction, beats_per_bar: int, *, bars: Fraction | None = None) -> None:
        """Set tempo and metre of the bar clock, with so many ``bars`` over now (None: as many as are over)."""
        self._clock = ClockWords(bpm, beats_per_bar)
        self.command(lambda player: player.set_clock(bpm, beats_per_bar, bars=bars))

    def retime(self, retiming: Retime) -> None:
        """Change tempo and metre at a line of the clock, and the loops that go with it."""
        self._clock = ClockWords(retiming.bpm, retiming.beats_per_bar)
        for one in retiming.plays:
            self._channels[one.channel].play(one.loop_id, one.loop, one.lock)
        self.command(lambda player: player.retime(retiming))

    def play_audition(self, audition_id: int, shot: OneShot) -> bool:
        """Play a sound beside what plays, which is ducked. A process that dies meanwhile forgets it."""
        self.command(lambda player: player.play_audition(audition_id, shot))
        return self._process is not None

    def end_audition(self) -> None:
        """Fade out the audition that is heard."""
        self.command(lambda player: player.end_audition())

    def count_in(self, n_bars: int) -> None:
        """Click with every beat of the bars before bar 0 (0: no more). A process that dies meanwhile forgets it."""
        self.command(lambda player: player.count_in(n_bars))

    def record_stems(self, block: SharedBlock | None) -> None:
        """Put down what each layer plays in this memory from now on, in any process; None ends it."""
        self._stems = block
        self.command(lambda player: player.record_stems(block))

    def pause(self) -> None:
        """Fade out and stand still."""
        self._is_paused = True
        self.command(lambda player: player.pause(PAUSE_FADE_MS))

    def resume(self) -> None:
        """Go on where it was paused."""
        self._is_paused = False
        self._still_s = 0.0
        self.command(lambda player: player.resume(PAUSE_FADE_MS))

    def stop(self, *, channel: int | None = None) -> None:
        """Fade a channel out, or everything (None)."""
        for stopped in self._channels if channel is None else (self._channels[channel],):
            stopped.stop()
        self._is_paused = self._is_paused and self._plays
        self.command(lambda player: player.stop(STOP_FADE_MS, channel=channel))

    def expect(self, device: tuple[str, str] | None, latency_s: float) -> None:
        """Have this device ready to be opened and to sound at once."""
        self.command(lambda player: player.expect(device, latency_s))

    def list_devices(self) -> None:
        """Ask for ``Devices``."""
        self.command(lambda player: player.list_devices())

    def watch(self, *, is_watched: bool) -> None:
        """Tell what is heard 50 times a second, or, while nothing that moves is on the screen, five times."""
        self._polling.setInterval(POLL_MS if is_watched else UNWATCHED_MS)

    # --- what is known --------------------------------------------------------------------------------------------

    @property
    def gain(self) -> float:
        """Return the product of all volumes now, a linear gain."""
        return self._volume * self._fader.gain(time.monotonic())

    @property
    def player(self) -> Player | None:
        """Return the audio process that plays now, for the engine thread; None while there is none."""
        process: Player | None = self._process
        return process

    @property
    def is_opening(self) -> bool:
        """Return whether there is no process, or it is still starting, or it waits for a device."""
        if self._process is None:
            return True
        heart = self._process.heartbeat()
        return heart.is_opening or not heart.beats

    # --- life -----------------------------------------------------------------------------------------------------

    def renew(self, error: StudioError) -> None:
        """Start another process: what plays is not heard, for the reason given, and no other remedy helped."""
        if self._process is not None:
            self._bury(error)

    def release(self) -> Endpoint | None:
        self._polling.stop()
        self._spare.close()
        return super().release()

    def release_spare(self) -> Endpoint | None:
        """Return the spare, for the caller to end."""
        return self._spare.release()

    def _launch(self) -> Endpoint:
        return self._spare.release(makes_another=True) or self._new_player()

    def _new_player(self) -> Player:
        # Loaded by its thread, while the window is there.
        from engine.playback.player import Player

        return Player(tape=self.tape, log=self._log_file)

    def _on_started(self) -> None:
        self._beats, self._still_s, self._opening_s = 0, 0.0, 0.0
        self._polling.start()
        self.set_volume(self._volume)
        if self.input.is_open and self._opening is not None and not self._plays:
            self.open(self._opening)
        self.command(self.input.set_up)
        if not self._plays or self._opening is None:
            return
        # Before the first sample goes onto the tape: its stems are read as soon as it is there.
        self.record_stems(self._stems)
        self.open(self._opening)
        self.set_volume(self._volume)
        self.command(partial(self._fader.set_up, now_s=time.monotonic()))
        if self._clock is not None:
            self.command(partial(self._clock.set_up, bars=0.0 if self._last is None else self._last.bars))
        for channel in self._channels:
            self.command(channel.set_up)
        self.play_on()
        if self._is_paused:
            self.command(lambda player: player.pause(0.0))

    def _bury(self, error: StudioError) -> None:
        # What it told last outlives it.
        if self._process is not None:
            self._take_snapshot()
            if self._last is not None:
                self._xruns_before = self._last.xruns
        super()._bury(error)

    def _wait_s(self) -> float:
        # Spares take a while to be made: who dies again and again soon has none.
        return 0.0 if self._spare.is_there else super()._wait_s()

    def command(self, command: Callable[[Player], None]) -> None:
        """Tell the process something, if there is one."""
        # If it is gone, the watch is about to tell; what matters is said again to the next one.
        if self._process is not None:
            with contextlib.suppress(WorkerDied):
                command(self._process)

    def _start_limit_s(self) -> float:
        """Return the seconds that a start may take: each process that was too slow earns the next one more patience."""
        return QUIET_LIMIT_S * 2.0 ** min(self._n_late_starts, MOST_PATIENCE)

    @Slot(object)
    def _on_received(self, message: object) -> None:
        # Loaded by its thread, while the window is there.
        from engine.playback.commands import Began

        if isinstance(message, Began):
            self._channels[message.channel].begin(message.loop_id, message.anchor)

    # --- snapshots ------------------------------------------------------------------------------------------------

    @Slot()
    def _on_poll(self) -> None:
        if self._process is None:
            return
        if self._take_snapshot() and self._last is not None:
            self.snapshot_taken.emit(self._last)
        self._listen_to_the_heart()

    def _take_snapshot(self) -> bool:
        """Look at what is heard, and tell of it if it differs from the last time."""
        told: PlaybackSnapshot | None = self._process.snapshot()
        if told is None:
            return False
        self.heard_frame = told.tape_frame
        self.is_resting = all(one.is_paused or one.loop_id is None for one in told.channels)
        channels = tuple(
            words.hear(one) for words, one in zip(self._channels[:MIXER_CHANNELS], told.channels, strict=True)
        )
        snapshot = replace(told, channels=channels, xruns=told.xruns + self._xruns_before)
        changed = snapshot != self._last
        self._last = snapshot
        return changed

    @property
    def _plays(self) -> bool:
        """Return whether anything leads on any channel."""
        return any(channel.leading is not None for channel in self._channels)

    def _listen_to_the_heart(self) -> None:
        heart = self._process.heartbeat()
        # Counted in rounds of this timer, not by a clock: a machine that stands still stops both.
        round_s = self._polling.interval() / 1000.0
        self._still_s = 0.0 if heart.beats != self._beats else self._still_s + round_s
        self._opening_s = self._opening_s + round_s if heart.is_opening else 0.0
        self._beats = heart.beats
        if heart.beats:
            self._n_late_starts, self.lacking = 0, None
        plays = self._plays and heart.beats > 0
        limit_s = HUNG_S if plays and not heart.is_opening else self._start_limit_s()
        if self._still_s >= limit_s or self._opening_s >= QUIET_LIMIT_S:
            if not heart.beats:
                self._n_late_starts += 1
                set_store_aside()
            # Again, should the next process be as still.
            self._still_s = self._opening_s = 0.0
            self.give_up(WorkerHung(worker=self.name, limit_s=limit_s))


def _timer(link: PlayerLink, interval_ms: int, slot: Callable[[], None]) -> QTimer:
    timer = QTimer(link)
    timer.setSingleShot(True)
    timer.setInterval(interval_ms)
    timer.timeout.connect(slot)
    return timer
