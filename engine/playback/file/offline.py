# SPDX-License-Identifier: GPL-3.0-or-later
"""The offline player renders the live mixer to a file as fast as the machine goes, with no process and no device."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from psygnal import Signal

from engine.playback.commands import Began, Retime, Stopped, TookOver
from engine.playback.mix.bus import MixerSnapshot
from engine.playback.mix.channel import ChannelBlock
from engine.playback.mix.mixer import Mixer
from engine.stem_tape import StemTape
from engine.units import seconds_to_samples
from engine.values import (
    ENDLESS,
    SILENT_CHANNEL,
    Automation,
    BakedLoop,
    BarLock,
    ChannelParameter,
    ChannelSnapshot,
    Effects,
    FloatArray,
    PlaybackSnapshot,
    TransitionPlan,
)

if TYPE_CHECKING:
    from engine.errors import StudioError, WorkerLacksPart
    from engine.shared import SharedBlock
    from engine.values.auditions import OneShot
    from engine.values.held import HeldEffect

START_FADE_MS = 20.0
END_FADE_S = 2.0
"""Seconds of the fade in which the music ends, or half the file if that is shorter."""

_SILENT_DB = (-120.0, -120.0)


class OfflinePlayer:
    """The offline player plays as the audio process does (``engine.session.ports.Player``), and returns what to write.

    Signals
    -------
    snapshot_taken(PlaybackSnapshot): where the music is after each block,
    received(Began | TookOver | AuditionEnded), died: never
    """

    snapshot_taken = Signal(object)
    received = Signal(object)
    died = Signal(object)

    is_opening = False
    lacking: WorkerLacksPart | None = None

    def __init__(self, sample_rate: int, n_channels: int = 2) -> None:
        self.mixer = Mixer(sample_rate, n_channels)
        self.gain = 1.0
        self.last: PlaybackSnapshot | None = None
        """Snapshot of the music after the last block."""
        # The limiter holds samples back: the file begins with the music.
        self._to_drop = self.mixer.latency_samples

    def render(self, out: FloatArray) -> FloatArray:
        """Fill ``out``, float32 ``(n_samples, n_channels)``, tell what happened, and return the part to be written."""
        self.mixer.render(out)
        n_dropped = min(self._to_drop, len(out))
        self._to_drop -= n_dropped
        self._tell()
        return out[n_dropped:]

    def _tell(self) -> None:
        mixer = self.mixer
        while mixer.events and mixer.events[0][0] <= mixer.rendered_samples:
            sample, event = mixer.events.popleft()
            if isinstance(event, Began | TookOver):
                event = replace(event, tape_frame=sample)
            if not isinstance(event, Stopped):
                self.received.emit(event)
        block = mixer.blocks[-1]
        mixer.blocks.clear()
        channels = tuple(
            _after(one, mixer.snapshot(number)) if one.loop_id is not None or number == ENDLESS else SILENT_CHANNEL
            for number, one in enumerate(block.channels)
        )
        bars = block.bars_after(block.n_samples)
        frame = block.first_sample + block.n_samples
        told = PlaybackSnapshot(channels, _SILENT_DB, _SILENT_DB, 0, 0.0, 0.0, "", frame, bars)
        self.last = told
        self.snapshot_taken.emit(told)
        mixer.tidy()

    # --- commands -----------------------------------------------------------------------------------------------------

    def play(self, loop_id: int, loop: BakedLoop, *, channel: int = ENDLESS, lock: BarLock | None = None) -> None:
        """Play a loop from its start, at once or with a line of the bar clock."""
        fade_ms = START_FADE_MS if lock is None else lock.fade_ms
        self.mixer.play(loop_id, loop, fade_ms=fade_ms, channel=channel, lock=lock)

    def replace(self, loop_id: int, loop: BakedLoop, *, channel: int = ENDLESS, at: int | None = None) -> None:
        """Go on with a re-baked loop, from this place in it on."""
        self.mixer.replace(loop_id, loop, channel=channel, at=at)

    def take_over(
        self, loop_id: int, loop: BakedLoop, lead_id: int, plan: TransitionPlan, *, channel: int = ENDLESS
    ) -> None:
        """Blend into a loop as planned."""
        self.mixer.take_over(loop_id, loop, lead_id, plan, channel=channel)

    def call_off(self, *, channel: int = ENDLESS) -> None:
        """Cancel what still waits on a channel."""
        self.mixer.call_off(channel=channel)

    def set_gain(self, channel: int, gain: float) -> None:
        """Set a channel's gain."""
        self.mixer.set_gain(channel, gain)

    def set_mute(self, channel: int, *, is_muted: bool) -> None:
        """Silence a channel, or have it heard again."""
        self.mixer.set_mute(channel, is_muted=is_muted)

    def set_effects(self, channel: int, effects: Effects, ramp_ms: float) -> None:
        """Move a channel's effects there."""
        self.mixer.set_effects(channel, effects, ramp_ms)

    def automate(self, channel: int, parameter: ChannelParameter, automation: Automation | None) -> None:
        """Have an oscillator or a curve move a parameter of a channel; None ends it."""
        self.mixer.automate(channel, parameter, automation)

    def hold(self, channel: int, effect: HeldEffect | None) -> None:
        """Have an effect be heard while its key is down; None is the key's release."""
        self.mixer.hold(channel, effect)

    def set_clock(self, bpm: Fraction, beats_per_bar: int, *, bars: Fraction | None = None) -> None:
        """Set tempo and metre of the bar clock."""
        self.mixer.set_clock(bpm, beats_per_bar, bars=bars)

    def retime(self, retiming: Retime) -> None:
        """Change tempo and metre at a line of the bar clock, and the loops that go with it."""
        self.mixer.retime(
            retiming.bpm, retiming.beats_per_bar, retiming.plays, every=retiming.every, first=retiming.first
        )

    def play_audition(self, audition_id: int, shot: OneShot) -> bool:
        """Play a sound beside what plays, and return True: there is always a player."""
        self.mixer.play_audition(audition_id, shot)
        return True

    def end_audition(self) -> None:
        """Fade out the audition that is heard."""
        self.mixer.end_audition()

    def count_in(self, n_bars: int) -> None:
        """Click with every beat of the ``n_bars`` before bar 0; with 0 click no more."""
        self.mixer.count_in(n_bars)

    def record_stems(self, block: SharedBlock | None) -> None:
        """Put down what each layer plays in this memory, by the samples that ``mixer.render`` gives; None ends it."""
        self.mixer.tap(None if block is None else StemTape(block, self.mixer.latency_samples))

    def fade_out(self, seconds: float) -> None:
        """Fade everything out."""
        self.mixer.stop(fade_ms=1000.0 * seconds)

    # --- what a file does not need ------------------------------------------------------------------------------------

    def start(self) -> None:
        """Do nothing: the offline player is always there."""

    def renew(self, error: StudioError) -> None:
        """Do nothing: the offline player cannot fall silent."""

    def expect(self, device: tuple[str, str] | None, latency_s: float) -> None:
        """Do nothing: there is no device to expect."""

    def open(self, opening: object) -> None:
        """Do nothing: there is no device to open."""

    def watch(self, *, is_watched: bool) -> None:
        """Do nothing: it tells of every block."""

    def list_devices(self) -> None:
        """Do nothing: there are no devices to list."""

    def set_volume(self, gain: float) -> None:
        """Do nothing: a file is as loud as its loops' loudness says."""

    def set_fader(self, gain: float, ramp_s: float) -> None:
        """Do nothing: no sleep timer runs."""

    def play_on(self) -> None:
        """Do nothing: the offline player never stands still."""

    def lead(self, loop_id: int, loop: BakedLoop, *, channel: int = ENDLESS) -> None:
        """Do nothing: no next process must know which loop leads."""

    def pause(self) -> None:
        """Do nothing: a file is never paused."""

    def resume(self) -> None:
        """Do nothing: a file is never paused."""

    def stop(self, *, channel: int | None = None) -> None:
        """Fade a channel out; do nothing for all of them: a file ends by its length."""
        if channel is not None:
            self.mixer.stop(channel=channel)


def _after(block: ChannelBlock, now: MixerSnapshot) -> ChannelSnapshot:
    """Return the snapshot of a channel after a block."""
    return ChannelSnapshot(now.loop_id, now.position_samples, now.turns, block.incoming_id, block.fade)


def end_fade_samples(total_samples: int, sample_rate: int) -> int:
    """Return the length in samples, at least 1, of the fade that ends a file of that length."""
    return max(1, min(seconds_to_samples(END_FADE_S, sample_rate), total_samples // 2))
