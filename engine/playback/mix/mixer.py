# SPDX-License-Identifier: GPL-3.0-or-later
"""The mixer sums channels and auditions into the master bus: a pure core that stream, files and tests share.

Commands come from one other thread: they are made ready there (curves, correlations, arrays) and handed over through
a deque that ``render`` empties when it starts, so that ``render`` itself only mixes and copies. What it does not need
any more is freed by the commanding thread. What it renders depends on the samples at which commands arrive, never on
the block size.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import NamedTuple

import numpy as np

from engine.dsp.seam import gain_law
from engine.playback.commands import Event, Stopped
from engine.playback.mix.audition import AuditionBus
from engine.playback.mix.channel import IDLE_BLOCK, Channel, ChannelBlock, Launch
from engine.playback.mix.clock import BarClock
from engine.playback.mix.deck import Voice
from engine.playback.mix.effects import Rack
from engine.playback.mix.fades import MOST_SAMPLES, Ramp, Workspace
from engine.playback.mix.making import Maker
from engine.playback.mix.output import Output
from engine.values import ENDLESS, MIXER_CHANNELS, BakedLoop, ChannelParameter, Effects, FloatArray, Lfo, TransitionPlan
from engine.values.auditions import OneShot

VOLUME_RAMP_MS = 20.0
STOP_FADE_MS = 80.0

_KEPT_BLOCKS = 4096
_NO_EFFECTS = Effects()
_IDLE = (IDLE_BLOCK,) * MIXER_CHANNELS


class Block(NamedTuple):
    """A block is what one call of ``render`` played: ``channels`` from output sample ``first_sample`` on, and the sum.

    ``peaks`` and ``powers`` (sums of squares), one per audio channel, are of the ``n_samples`` that the call gave,
    which come ``latency_samples`` before. The bar clock was at ``time`` with the first sample, and went on for
    ``n_moved`` of them.
    """

    first_sample: int
    n_samples: int
    channels: tuple[ChannelBlock, ...]
    peaks: FloatArray
    powers: FloatArray
    clock: BarClock
    time: int
    n_moved: int

    def bars_after(self, n_samples: int) -> float:
        """Return the bars that are over when so many of its samples are."""
        return float(self.clock.bars_at(self.time + min(n_samples, self.n_moved)))


@dataclass(frozen=True, slots=True)
class MixerSnapshot:
    """A mixer's snapshot says what a channel plays (None: nothing), at which place, for how long, and what else sounds.

    All at output sample ``heard_at``, the next to be mixed, which is ``latency_samples`` after the last one rendered.
    """

    loop_id: int | None
    position_samples: int
    turns: int
    played_samples: int
    heard_at: int
    n_decks: int


class Mixer:
    """A mixer has channels, the bar clock that they share, a pause, and the output they all go through.

    Commands about a loop name the channel it is on; the endless studio's is the default.

    Parameters
    ----------
    sample_rate
        Hz; every loop must have it (``fit_rate``).
    n_channels
        Number of audio channels of the output. Mono loops go to every one, others are mixed down for a mono output.

    Attributes
    ----------
    rendered_samples
        Output samples rendered so far. A command is heard ``latency_samples`` after those.
    """

    def __init__(self, sample_rate: int, n_channels: int = 2) -> None:
        self.sample_rate = sample_rate
        self.n_channels = n_channels
        self.blocks: deque[Block] = deque(maxlen=_KEPT_BLOCKS)
        """Blocks that were rendered, oldest first; their reader takes them from the left."""
        self.events: deque[tuple[int, Event]] = deque(maxlen=_KEPT_BLOCKS)
        """Events with the output sample at which each is heard, in that order."""
        self.retired: deque[object] = deque()
        """Objects that past calls of ``render`` do not need any more, to be freed by ``tidy``."""
        self._released: deque[object] = deque()
        self.rendered_samples = 0
        self._mixed = 0
        # Of the commanding thread: whether a pause was the last word.
        self._is_pausing = False
        # Samples of pauses: they do not count on the bar clock.
        self._held = 0
        self._clock = BarClock(sample_rate)
        self._output = Output(sample_rate, n_channels)
        self.latency_samples = self._output.latency_samples
        self._work = Workspace(n_channels)
        self._added: FloatArray = np.zeros((MOST_SAMPLES, n_channels), dtype=np.float32)
        self._inbox: deque[Callable[[], None]] = deque()
        self._maker = Maker(sample_rate, n_channels, self._released)
        n_swap = len(self._maker.swap_rising)
        self._channels = tuple(
            Channel(number, n_swap, self._happened, self._released) for number in range(MIXER_CHANNELS)
        )
        self._auditions = AuditionBus(sample_rate, self._happened, self._released)
        self._stops: list[tuple[int, Stopped]] = []
        self._news: list[tuple[int, Event]] = []

    # --- commands: made ready here, taken up by the next render ---

    def play(
        self,
        loop_id: int,
        loop: BakedLoop,
        *,
        fade_ms: float,
        position: int = 0,
        channel: int = ENDLESS,
        bars: int = 0,
    ) -> None:
        """Start ``loop`` at ``position`` (round its ends) within ``fade_ms``, while the rest of the channel fades out.

        Above 0, ``bars`` has it wait for a bar of the clock whose number is divisible by it. What was paused on the
        channel is over; other channels go on.
        """
        samples = self._maker.fitting(loop)
        deck = self._maker.deck(loop_id, Voice(loop, samples, position % len(samples)))
        n_samples = self._maker.fade_samples(fade_ms)
        rising = gain_law(0.0, n_samples)[1][:, 0]
        rack = self._maker.new_rack(channel) if self._is_pausing else None
        self._is_pausing = False
        self._command(self._start, self._channels[channel], Launch(deck, rising, bars), n_samples, rack)

    def replace(self, loop_id: int, loop: BakedLoop, *, channel: int = ENDLESS, at: int | None = None) -> None:
        """Go on with a re-baked loop of the same clip, wherever ``loop_id`` plays or waits; otherwise do nothing.

        The playhead keeps its place in the clip (wrapped into the new region). Where old and new sound alike nothing
        is heard before the next seam; otherwise they are crossfaded in ``SWAP_MS``. ``at`` is a place in the loop to
        wait for: see ``commands.Replace``.
        """
        self._command(self._channels[channel].swap, loop_id, loop, self._maker.fitting(loop), at)

    def take_over(
        self, loop_id: int, loop: BakedLoop, lead_id: int, plan: TransitionPlan, *, channel: int = ENDLESS
    ) -> None:
        """Blend into ``loop`` as planned for the loop ``lead_id`` leads.

        A takeover with entries waits for one, and for one that is being heard to be over; one without begins at once,
        over whatever plays. Each takes the place of one that waits. A loop that is heard already is replaced
        (``replace``). Nothing happens when nothing plays by then. Where another loop leads by then: see ``Takeover``.
        """
        takeover = self._maker.takeover(loop_id, loop, lead_id, plan)
        on = self._channels[channel]
        takeover.foresee(on.lead, on.decks)
        self._command(on.wait_with, takeover)

    def call_off(self, *, channel: int = ENDLESS) -> None:
        """Cancel what still waits on a channel."""
        self._command(self._channels[channel].forget)

    def set_gain(self, channel: int, gain: float, ramp_ms: float = VOLUME_RAMP_MS) -> None:
        """Move a channel's gain to ``gain`` (linear, in [0, 1]) within ``ramp_ms``."""
        on = self._channels[channel]
        self._command(self._move, on, on.strip.gain, _checked_gain(gain), self._maker.fade_samples(ramp_ms))

    def set_mute(self, channel: int, *, is_muted: bool, ramp_ms: float = VOLUME_RAMP_MS) -> None:
        """Silence a channel, or have it heard again, within ``ramp_ms``; it goes on meanwhile."""
        on = self._channels[channel]
        self._command(self._move, on, on.strip.mute, float(not is_muted), self._maker.fade_samples(ramp_ms))

    def set_effects(self, channel: int, effects: Effects, ramp_ms: float = VOLUME_RAMP_MS) -> None:
        """Move a channel's effects there within ``ramp_ms``, frequencies by ratio."""
        if effects != _NO_EFFECTS:
            self._command(self._channels[channel].strip.use, self._maker.rack(channel))
        self._command(self._put_through, self._channels[channel], effects, self._maker.fade_samples(ramp_ms))

    def automate(
        self, channel: int, parameter: ChannelParameter, lfo: Lfo | None, ramp_ms: float = VOLUME_RAMP_MS
    ) -> None:
        """Have an oscillator move a channel's parameter; None returns it within ``ramp_ms`` to where it was set."""
        if parameter is not ChannelParameter.GAIN:
            self._command(self._channels[channel].strip.use, self._maker.rack(channel))
        self._command(self._automate, self._channels[channel], parameter, lfo, self._maker.fade_samples(ramp_ms))

    def set_clock(self, bpm: Fraction, beats_per_bar: int, *, bars: Fraction | None = None) -> None:
        """Set tempo and metre, with so many ``bars`` over now (None: as many as are over)."""
        BarClock(self.sample_rate, bpm, beats_per_bar)
        self._command(self._set_clock, bpm, beats_per_bar, bars)

    def set_volume(self, gain: float, ramp_ms: float = VOLUME_RAMP_MS) -> None:
        """Move the volume to ``gain`` (linear, in [0, 1]) within ``ramp_ms``."""
        self._command(self._output.volume.go_to, _checked_gain(gain), self._maker.fade_samples(ramp_ms))

    def set_fader(self, gain: float, ramp_ms: float) -> None:
        """Move a second volume, for long fades, to ``gain`` (linear, in [0, 1]) within ``ramp_ms``."""
        self._command(self._output.fader.go_to, _checked_gain(gain), self._maker.fade_samples(ramp_ms))

    def pause(self, fade_ms: float) -> None:
        """Fade out within ``fade_ms``, then stand still: loops, crossfades, the bar clock, all channels that lead."""
        self._is_pausing = True
        self._command(self._on_all, Channel.stand_still, self._maker.fade_samples(fade_ms))

    def resume(self, fade_ms: float) -> None:
        """Go on where it was paused, fading in within ``fade_ms``."""
        self._is_pausing = False
        self._command(self._on_all, Channel.go_on, self._maker.fade_samples(fade_ms))

    def stop(self, fade_ms: float = STOP_FADE_MS, *, channel: int | None = None) -> None:
        """Fade a channel out within ``fade_ms``, with what waits, or all that sounds (None); ``Stopped`` answers."""
        numbers = range(MIXER_CHANNELS) if channel is None else (channel,)
        racks = {number: self._maker.new_rack(number) for number in numbers} if self._is_pausing else {}
        self._is_pausing = self._is_pausing and channel is not None
        self._command(self._stop, channel, self._maker.fade_samples(fade_ms), racks)

    def play_audition(self, audition_id: int, shot: OneShot) -> None:
        """Play a sound beside the channels, which are ducked meanwhile; see ``commands.PlayAudition``."""
        self._command(self._auditions.begin, self._maker.shot(audition_id, shot))

    def end_audition(self) -> None:
        """Fade out the audition that is heard."""
        self._command(self._auditions.end)

    def tidy(self) -> None:
        """Free what ``render`` does not need any more. Every command does so too."""
        while self.retired:
            self.retired.popleft()

    # --- what can be asked in the commanding thread ---

    @property
    def is_silent(self) -> bool:
        """Return whether nothing plays or is about to, and all of it has come out; a paused mixer is not silent."""
        sources: tuple[Channel | AuditionBus, ...] = (*self._channels, self._auditions)
        if self._inbox or any(one.is_busy for one in sources):
            return False
        quiet_from = max(one.quiet_from for one in sources)
        return not quiet_from or self.rendered_samples >= quiet_from + self.latency_samples

    def snapshot(self, channel: int = ENDLESS) -> MixerSnapshot:
        """Return where a channel is now."""
        lead, n_decks = self._channels[channel].lead, len(self._channels[channel].decks)
        heard_at = self._mixed + self.latency_samples
        if lead is None:
            return MixerSnapshot(None, 0, 0, 0, heard_at, n_decks)
        return MixerSnapshot(lead.loop_id, *lead.place, lead.played, heard_at, n_decks)

    # --- rendering ---

    def render(self, out: FloatArray) -> None:
        """Fill ``out``, float32 of shape ``(n_samples, n_channels)``, with what comes next, within [-1, 1]."""
        self._render(out)
        # Now nothing here holds it any more: whoever takes it is the last.
        while self._released:
            self.retired.append(self._released.popleft())

    def _render(self, out: FloatArray) -> None:
        # Those that are there: more may come faster than they are taken up.
        for _ in range(len(self._inbox)):
            command = self._inbox.popleft()
            command()
            self._released.append(command)
        first, time = self._mixed, self._mixed - self._held
        busy = [channel for channel in self._channels if channel.is_busy]
        played, moved = list(_IDLE), [0] * MIXER_CHANNELS
        for channel in busy:
            played[channel.number] = channel.block(len(out))
        for start in range(0, len(out), MOST_SAMPLES):
            self._mix(out[start : start + MOST_SAMPLES], [channel for channel in busy if channel.is_busy], moved)
        self._output.begin()
        self._output.process(out, self._work)
        self.rendered_samples += len(out)
        for channel in busy:
            number = channel.number
            if moved[number] != len(out):
                played[number] = played[number]._replace(n_moved=moved[number])
        peaks, powers = self._output.peaks, self._output.powers
        heard_at, n_moved = first + self.latency_samples, self._mixed - self._held - time
        self.blocks.append(Block(heard_at, len(out), tuple(played), peaks, powers, self._clock, time, n_moved))
        if self._news or self._stops:
            self._tell()

    def _mix(self, out: FloatArray, channels: list[Channel], moved: list[int]) -> None:
        """Put the channels' sum into ``out``, at most ``MOST_SAMPLES``; ``moved`` counts by how much each moved."""
        n, time, into = len(out), self._mixed - self._held, out
        n_until_still: int | None = None
        for channel in channels:
            # In a pause the clock goes with what fades out for it, whatever rings on.
            is_paused = channel.is_paused
            done = channel.render(into, self._mixed, time, self._clock, self._work)
            if is_paused:
                n_until_still = max(done, n_until_still or 0)
            if into is not out:
                np.add(out, into, out=out)
            into = self._added[:n]
            moved[channel.number] += done
        if not channels:
            out.fill(0.0)
        if self._auditions.is_busy:
            self._auditions.add_to(out, self._mixed, self._work)
        self._mixed += n
        if n_until_still is not None:
            self._held += n - n_until_still

    def _tell(self) -> None:
        """Tell what happened in this call, in the order of its samples."""
        while self._stops and self._stops[0][0] <= self._mixed:
            self._news.append(self._stops.pop(0))
        self._news.sort(key=_sample_of)
        self.events.extend((sample + self.latency_samples, event) for sample, event in self._news)
        self._news.clear()

    # --- commands, taken up between blocks ---

    def _start(self, channel: Channel, launch: Launch, n_samples: int, rack: Rack | None) -> None:
        for other in self._channels:
            if other is not channel:
                other.go_on(n_samples)
        channel.start(launch, self._mixed, self._mixed - self._held, self._clock, rack)

    def _move(self, channel: Channel, ramp: Ramp, gain: float, n_samples: int) -> None:
        if channel.is_busy:
            ramp.go_to(gain, n_samples)
        else:
            ramp.set(gain)

    def _put_through(self, channel: Channel, effects: Effects, n_samples: int) -> None:
        channel.strip.set_effects(effects, self._mixed - self._held, n_samples if channel.is_busy else 0)

    def _automate(self, channel: Channel, parameter: ChannelParameter, lfo: Lfo | None, n_samples: int) -> None:
        channel.strip.automate(parameter, lfo, self._clock, self._mixed - self._held, n_samples)

    def _set_clock(self, bpm: Fraction, beats_per_bar: int, bars: Fraction | None) -> None:
        self._clock = self._clock.retimed(bpm, beats_per_bar, self._mixed - self._held, bars)

    def _on_all(self, act: Callable[[Channel, int], None], n_samples: int) -> None:
        for channel in self._channels:
            act(channel, n_samples)

    def _stop(self, number: int | None, n_samples: int, racks: dict[int, Rack | None]) -> None:
        channels = self._channels if number is None else (self._channels[number],)
        if number is None:
            self._auditions.end(n_samples)
        over = max(channel.stop(n_samples, self._mixed, self._clock, racks.get(channel.number)) for channel in channels)
        if over == self._mixed:
            # Told before what begins with the same sample.
            self._happened(Stopped(channel=number), over)
        else:
            self._stops.append((over, Stopped(channel=number)))
            self._stops.sort(key=_sample_of)

    def _happened(self, event: Event, sample: int) -> None:
        self._news.append((sample, event))

    def _command(self, action: Callable[..., None], *values: object) -> None:
        self.tidy()
        self._inbox.append(partial(action, *values))


def _sample_of(news: tuple[int, object]) -> int:
    return news[0]


def _checked_gain(gain: float) -> float:
    if not 0.0 <= gain <= 1.0:
        raise ValueError(f"the volume is {gain}, and must be from 0 to 1")
    return gain
