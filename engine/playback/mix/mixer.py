# SPDX-License-Identifier: GPL-3.0-or-later
"""The mixer is told what to play and renders it: a pure core that stream, files and tests share.

Commands come from one other thread: they are made ready there (curves, correlations, arrays) and handed over through
a deque that ``render`` empties when it starts, so that ``render`` itself only mixes and copies. What it does not need
any more is freed by the commanding thread. What it renders depends on the samples at which commands arrive, never on
the block size.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial

from engine.playback.commands import Play
from engine.playback.mix.bus import Addition, Bus, MixerSnapshot, Tap
from engine.playback.mix.channel import Channel
from engine.playback.mix.clock import BarClock
from engine.playback.mix.making import Maker
from engine.values import (
    ENDLESS,
    MIXER_CHANNELS,
    Automation,
    BakedLoop,
    BarLock,
    ChannelParameter,
    Curve,
    Effects,
    FloatArray,
    TransitionPlan,
)
from engine.values.auditions import OneShot
from engine.values.channels import LFO_RETURN_MS, MIX
from engine.values.held import HeldEffect, Stutter

VOLUME_RAMP_MS = 20.0
STOP_FADE_MS = 80.0

_NO_EFFECTS = Effects()


class Mixer:
    """A mixer has channels, the bar clock that they share, a pause, and the output they all go through.

    Commands about a loop name the channel it is on; the endless studio's is the default.

    Parameters
    ----------
    sample_rate
        Hz; every loop must have it (``fit_rate``).
    n_channels
        Number of audio channels of the output. Mono loops go to every one, others are mixed down for a mono output.
    """

    def __init__(self, sample_rate: int, n_channels: int = 2) -> None:
        self.sample_rate = sample_rate
        self.n_channels = n_channels
        self.retired: deque[object] = deque()
        """Objects that past calls of ``render`` do not need any more, to be freed by ``tidy``."""
        self._released: deque[object] = deque()
        # Of the commanding thread: whether a pause was the last word.
        self._is_pausing = False
        self._maker = Maker(sample_rate, n_channels, self._released)
        self._bus = Bus(sample_rate, n_channels, len(self._maker.swap_rising), self._released)
        self.latency_samples = self._bus.latency_samples
        self.blocks = self._bus.blocks
        """Blocks that were rendered, oldest first; their reader takes them from the left."""
        self.events = self._bus.events
        """Events with the output sample at which each is heard, in that order."""

    @property
    def rendered_samples(self) -> int:
        """Return the number of output samples rendered so far; a command is heard ``latency_samples`` after those."""
        return self._bus.rendered_samples

    # --- commands: made ready here, taken up by the next render ---

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
        """Start ``loop`` at ``position`` (round its ends) within ``fade_ms``, while the rest of the channel fades out.

        With a ``lock`` it waits for a line of the clock, with which the fade ends, and goes on in step with the clock;
        ``position`` does not count then. What was paused on the channel is over; other channels go on.
        """
        rack = self._maker.new_rack(channel) if self._is_pausing else None
        self._is_pausing = False
        self._record(channel)
        launch = self._maker.launch(loop_id, loop, position, lock, fade_ms)
        self._command(self._bus.start, self._bus.channels[channel], launch, len(launch.rising), rack)

    def retime(
        self,
        bpm: Fraction,
        beats_per_bar: int,
        plays: Sequence[Play] = (),
        *,
        every: Fraction = Fraction(1),
        first: Fraction = Fraction(0),
    ) -> None:
        """Change tempo and metre at a line of the clock, and at the same sample every one of these loops.

        The line lies after the longest of their crossfades. A retiming that waits is replaced by this one. What is in
        step with the clock and is not exchanged keeps the tempo it had.
        """
        BarClock(self.sample_rate, bpm, beats_per_bar)
        if any(one.lock is None for one in plays):
            raise ValueError("a loop without a lock does not begin at a line")
        launches = [
            (
                self._bus.channels[one.channel],
                self._maker.launch(one.loop_id, one.loop, 0, one.lock, one.fade_ms),
                self._maker.new_rack(one.channel) if self._is_pausing else None,
            )
            for one in plays
        ]
        self._is_pausing = self._is_pausing and not plays
        for one in plays:
            self._record(one.channel)
        self._command(self._bus.retime, bpm, beats_per_bar, every, first, launches)

    def replace(self, loop_id: int, loop: BakedLoop, *, channel: int = ENDLESS, at: int | None = None) -> None:
        """Go on with a re-baked loop of the same clip, wherever ``loop_id`` plays or waits; otherwise do nothing.

        The playhead keeps its place in the clip (wrapped into the new region). Where old and new sound alike nothing
        is heard before the next seam; otherwise they are crossfaded in ``SWAP_MS``. ``at`` is a place in the loop to
        wait for: see ``commands.Replace``.
        """
        self._command(self._bus.channels[channel].swap, loop_id, loop, self._maker.fitting(loop), at)

    def take_over(
        self, loop_id: int, loop: BakedLoop, lead_id: int, plan: TransitionPlan, *, channel: int = ENDLESS
    ) -> None:
        """Blend into ``loop`` as planned for the loop ``lead_id`` leads.

        A takeover with entries waits for one, and for one that is being heard to be over; one without begins at once,
        over whatever plays. Each takes the place of one that waits. A loop that is heard already is replaced
        (``replace``). Nothing happens when nothing plays by then. Where another loop leads by then: see ``Takeover``.
        """
        takeover = self._maker.takeover(loop_id, loop, lead_id, plan)
        on = self._bus.channels[channel]
        takeover.foresee(on.lead, on.decks)
        self._command(on.wait_with, takeover)

    def call_off(self, *, channel: int = ENDLESS) -> None:
        """Cancel what still waits on a channel."""
        self._command(self._bus.channels[channel].forget)

    def set_gain(self, channel: int, gain: float, ramp_ms: float = VOLUME_RAMP_MS) -> None:
        """Move the gain of a channel or of ``MIX`` to ``gain`` (linear, in [0, 1]) within ``ramp_ms``."""
        on = self._bus.strip_owner(channel)
        self._command(self._bus.move, on, on.strip.gain, _checked_gain(gain), self._maker.fade_samples(ramp_ms))

    def set_mute(self, channel: int, *, is_muted: bool, ramp_ms: float = VOLUME_RAMP_MS) -> None:
        """Silence a channel or ``MIX``, or have it heard again, within ``ramp_ms``; its effects ring on."""
        on = self._bus.strip_owner(channel)
        self._command(self._bus.move, on, on.strip.mute, float(not is_muted), self._maker.fade_samples(ramp_ms))

    def set_effects(self, channel: int, effects: Effects, ramp_ms: float = VOLUME_RAMP_MS) -> None:
        """Move the effects of a channel or of ``MIX`` there within ``ramp_ms``, frequencies by ratio."""
        on = self._bus.strip_owner(channel)
        if effects != _NO_EFFECTS:
            self._command(on.strip.use, self._maker.rack(channel))
        self._command(self._bus.put_through, on, effects, self._maker.fade_samples(ramp_ms))

    def automate(
        self, channel: int, parameter: ChannelParameter, automation: Automation | None, ramp_ms: float = LFO_RETURN_MS
    ) -> None:
        """Have an oscillator or a curve move a parameter of a channel or of ``MIX``; None ends it.

        The parameter returns to where it was set within ``ramp_ms``. A curve comes in within ``VOLUME_RAMP_MS``.
        """
        on = self._bus.strip_owner(channel)
        if parameter is not ChannelParameter.GAIN:
            self._command(on.strip.use, self._maker.rack(channel))
        n_samples = self._maker.fade_samples(VOLUME_RAMP_MS if isinstance(automation, Curve) else ramp_ms)
        self._command(self._bus.automate, on, parameter, automation, n_samples)

    def hold(self, channel: int, effect: HeldEffect | None) -> None:
        """Have an effect be heard on a channel or on ``MIX`` while its key is down; None is the key's release.

        Another one takes the place of one that is held. Where nothing sounds, nothing happens.
        """
        on = self._bus.strip_owner(channel)
        if effect is not None:
            self._command(on.strip.record, self._maker.history(channel))
        if isinstance(effect, Stutter):
            self._command(on.strip.use, self._maker.rack(channel))
        self._command(self._bus.hold, on, None if effect is None else self._maker.held(effect))

    def set_clock(self, bpm: Fraction, beats_per_bar: int, *, bars: Fraction | None = None) -> None:
        """Set tempo and metre, with so many ``bars`` over now (None: as many as are over)."""
        BarClock(self.sample_rate, bpm, beats_per_bar)
        self._command(self._bus.set_clock, bpm, beats_per_bar, bars)

    def set_volume(self, gain: float, ramp_ms: float = VOLUME_RAMP_MS) -> None:
        """Move the volume to ``gain`` (linear, in [0, 1]) within ``ramp_ms``."""
        self._command(self._bus.output.volume.go_to, _checked_gain(gain), self._maker.fade_samples(ramp_ms))

    def set_fader(self, gain: float, ramp_ms: float) -> None:
        """Move a second volume, for long fades, to ``gain`` (linear, in [0, 1]) within ``ramp_ms``."""
        self._command(self._bus.output.fader.go_to, _checked_gain(gain), self._maker.fade_samples(ramp_ms))

    def pause(self, fade_ms: float) -> None:
        """Fade out within ``fade_ms``, then stand still: loops, crossfades, the bar clock, all channels that lead."""
        self._is_pausing = True
        self._command(self._bus.on_all, Channel.stand_still, self._maker.fade_samples(fade_ms))

    def resume(self, fade_ms: float) -> None:
        """Go on where it was paused, fading in within ``fade_ms``."""
        self._is_pausing = False
        self._command(self._bus.on_all, Channel.go_on, self._maker.fade_samples(fade_ms))

    def stop(self, fade_ms: float = STOP_FADE_MS, *, channel: int | None = None) -> None:
        """Fade a channel out within ``fade_ms``, with what waits, or all that sounds (None); ``Stopped`` answers."""
        numbers = range(MIXER_CHANNELS) if channel is None else (channel,)
        racks = {number: self._maker.new_rack(number) for number in numbers} if self._is_pausing else {}
        self._is_pausing = self._is_pausing and channel is not None
        self._command(self._bus.stop, channel, self._maker.fade_samples(fade_ms), racks)

    def play_audition(self, audition_id: int, shot: OneShot) -> None:
        """Play a sound beside the channels, which are ducked meanwhile; see ``commands.PlayAudition``."""
        self._command(self._bus.auditions.begin, self._maker.shot(audition_id, shot))

    def end_audition(self) -> None:
        """Fade out the audition that is heard."""
        self._command(self._bus.auditions.end)

    def count_in(self, n_bars: int) -> None:
        """Click with every beat of the ``n_bars`` before bar 0; with 0 click no more."""
        self._command(self._bus.count_in, self._maker.count_in(n_bars) if n_bars else None)

    def tap(self, tap: Tap | None) -> None:
        """Have each channel's part of the sum be taken from now on; None ends it, and costs nothing."""
        self._command(self._bus.tap, tap)

    def add(self, *additions: Addition) -> None:
        """Have these be heard beside the channels from now on, and no others."""
        self._command(self._bus.add, additions)

    # --- what can be asked in the commanding thread ---

    @property
    def is_silent(self) -> bool:
        """Return whether nothing plays or is about to, and all of it has come out; a paused mixer is not silent."""
        return self._bus.is_silent

    def snapshot(self, channel: int = ENDLESS) -> MixerSnapshot:
        """Return where a channel is now."""
        return self._bus.snapshot(channel)

    def samples_until(self, bars: Fraction) -> int:
        """Return for how many samples more the clock has fewer than so many bars over; below 0: it had them before."""
        return self._bus.samples_until(bars)

    # --- rendering ---

    def render(self, out: FloatArray) -> None:
        """Fill ``out``, float32 of shape ``(n_samples, n_channels)``, with what comes next, within [-1, 1]."""
        self._bus.render(out)
        # Now nothing here holds it any more: whoever takes it is the last.
        while self._released:
            self.retired.append(self._released.popleft())

    def tidy(self) -> None:
        """Free what ``render`` does not need any more. Every command does so too."""
        while self.retired:
            self.retired.popleft()

    def _record(self, channel: int) -> None:
        """Have held effects of a jam know what was heard; the endless studio's channel is left as it is."""
        if channel != ENDLESS:
            for one in (channel, MIX):
                self._command(self._bus.strip_owner(one).strip.record, self._maker.history(one))

    def _command(self, action: Callable[..., None], *values: object) -> None:
        self.tidy()
        self._bus.inbox.append(partial(action, *values))


def _checked_gain(gain: float) -> float:
    if not 0.0 <= gain <= 1.0:
        raise ValueError(f"the volume is {gain}, and must be from 0 to 1")
    return gain
