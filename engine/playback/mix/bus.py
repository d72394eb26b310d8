# SPDX-License-Identifier: GPL-3.0-or-later
"""The bus is what a mixer renders: channels and auditions on one bar clock, summed and put through the output.

All of it belongs to ``render``, and to the commands that this takes up when it starts.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple, Protocol

import numpy as np

from engine.playback.commands import Event, Stopped
from engine.playback.mix.audition import AuditionBus
from engine.playback.mix.channel import IDLE_BLOCK, Channel, ChannelBlock
from engine.playback.mix.clock import BarClock
from engine.playback.mix.count_in import CountIn
from engine.playback.mix.effects import Rack
from engine.playback.mix.fades import MOST_SAMPLES, Ramp, Workspace
from engine.playback.mix.held.base import Held
from engine.playback.mix.launch import Launch, Retiming
from engine.playback.mix.output import Output
from engine.playback.mix.whole import Whole
from engine.values import ENDLESS, MIXER_CHANNELS, Automation, ChannelParameter, Effects, FloatArray
from engine.values.channels import MIX

_KEPT_BLOCKS = 4096
_IDLE = (IDLE_BLOCK,) * MIXER_CHANNELS


class Tap(Protocol):
    """A tap takes what each channel gives to the sum: after its fader and its effects, before those of the whole."""

    def write(self, channel: int, sample: int, samples: FloatArray) -> None:
        """Take a channel's sound from an output sample on, before the mixer's latency; it is not to be kept."""

    def rest(self, channel: int, sample: int, n_samples: int) -> None:
        """Take a channel's silence from an output sample on."""


class Addition(Protocol):
    """An addition is heard beside the channels, whatever these do: before the limiter and the volume."""

    @property
    def is_busy(self) -> bool:
        """Return whether anything may be heard of it."""

    def add_to(self, out: FloatArray, sample: int, work: Workspace) -> None:
        """Add what is to be heard from an output sample on, before the mixer's latency."""


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


class Bus:
    """The bus has channels, the bar clock that they share, a pause, and the output they all go through.

    Parameters
    ----------
    n_channels
        Number of audio channels of the output.
    n_swap
        Length in samples of the fade by which a channel's decks are hurried away.
    released
        Takes what is not needed any more: the commanding thread frees it.

    Attributes
    ----------
    rendered_samples
        Output samples rendered so far.
    """

    def __init__(self, sample_rate: int, n_channels: int, n_swap: int, released: deque[object]) -> None:
        self.blocks: deque[Block] = deque(maxlen=_KEPT_BLOCKS)
        self.events: deque[tuple[int, Event]] = deque(maxlen=_KEPT_BLOCKS)
        self.inbox: deque[Callable[[], None]] = deque()
        self.rendered_samples = 0
        self.channels = tuple(Channel(number, n_swap, self._happened, released) for number in range(MIXER_CHANNELS))
        self.whole = Whole(self._is_sounding, self._is_playing, released)
        self.auditions = AuditionBus(sample_rate, self._happened, released)
        self.output = Output(sample_rate, n_channels)
        self.latency_samples = self.output.latency_samples
        self._released = released
        self._mixed = 0
        # Samples of pauses: they do not count on the bar clock.
        self._held = 0
        self._clock = BarClock(sample_rate)
        self._retiming: Retiming | None = None
        self._count_in: CountIn | None = None
        self._tap: Tap | None = None
        self._additions: tuple[Addition, ...] = ()
        self._work = Workspace(n_channels)
        self._added: FloatArray = np.zeros((MOST_SAMPLES, n_channels), dtype=np.float32)
        self._stops: list[tuple[int, Stopped]] = []
        self._news: list[tuple[int, Event]] = []

    # --- what can be asked in the commanding thread -------------------------------------------------------------------

    @property
    def is_silent(self) -> bool:
        """Return whether nothing plays or is about to, and all of it has come out; a paused mixer is not silent."""
        sources: tuple[Channel | AuditionBus, ...] = (*self.channels, self.auditions)
        if self.inbox or self._count_in is not None or any(one.is_busy for one in (*sources, *self._additions)):
            return False
        quiet_from = max(one.quiet_from for one in sources)
        quiet_from += self.whole.strip.tail_samples if quiet_from else 0
        return not quiet_from or self.rendered_samples >= quiet_from + self.latency_samples

    def strip_owner(self, channel: int) -> Channel | Whole:
        """Return what has the strip of this number: a channel, or the whole (``MIX``). Raises ValueError for others."""
        if channel == MIX:
            return self.whole
        if not 0 <= channel < MIXER_CHANNELS:
            raise ValueError(f"there is no channel {channel}")
        return self.channels[channel]

    def snapshot(self, channel: int = ENDLESS) -> MixerSnapshot:
        """Return where a channel is now."""
        lead, n_decks = self.channels[channel].lead, len(self.channels[channel].decks)
        heard_at = self._mixed + self.latency_samples
        if lead is None:
            return MixerSnapshot(None, 0, 0, 0, heard_at, n_decks)
        return MixerSnapshot(lead.loop_id, *lead.place, lead.played, heard_at, n_decks)

    def samples_until(self, bars: Fraction) -> int:
        """Return for how many samples more the clock has fewer than so many bars over; below 0: it had them before."""
        return self._clock.line_of(bars) - (self._mixed - self._held)

    # --- rendering --------------------------------------------------------------------------------------------------

    def render(self, out: FloatArray) -> None:
        """Fill ``out``, float32 of shape ``(n_samples, n_channels)``, with what comes next, within [-1, 1]."""
        # Those that are there: more may come faster than they are taken up.
        for _ in range(len(self.inbox)):
            command = self.inbox.popleft()
            command()
            self._released.append(command)
        first, time = self._mixed, self._mixed - self._held
        busy = [channel for channel in self.channels if channel.is_busy]
        played, moved = list(_IDLE), [0] * MIXER_CHANNELS
        for channel in busy:
            played[channel.number] = channel.block(len(out))
        start = 0
        while start < len(out):
            n = self._straight_samples(len(out) - start)
            self._mix(out[start : start + n], [channel for channel in busy if channel.is_busy], moved)
            start += n
        self.output.begin()
        self.output.process(out, self._work)
        for channel in busy:
            number = channel.number
            if moved[number] != len(out):
                played[number] = played[number]._replace(n_moved=moved[number])
        peaks, powers = self.output.peaks, self.output.powers
        heard_at, n_moved = first + self.latency_samples, self._mixed - self._held - time
        self.blocks.append(Block(heard_at, len(out), tuple(played), peaks, powers, self._clock, time, n_moved))
        # After the block: who looks meanwhile finds a block for all that is rendered.
        self.rendered_samples += len(out)
        if self._news or self._stops:
            self._tell()

    def _straight_samples(self, n_samples: int) -> int:
        """Return how many of the next ``n_samples`` are mixed in one go; a clock that is due by now is taken."""
        time, n = self._mixed - self._held, min(n_samples, MOST_SAMPLES)
        self._take_clock(time)
        return n if self._retiming is None else min(n, self._retiming.time - time)

    def _take_clock(self, time: int) -> None:
        if self._retiming is not None and self._retiming.time <= time:
            self._clock, self._retiming = self._retiming.clock, None

    def _mix(self, out: FloatArray, channels: list[Channel], moved: list[int]) -> None:
        """Put the channels' sum into ``out``, at most ``MOST_SAMPLES``; ``moved`` counts by how much each moved."""
        n, time, into = len(out), self._mixed - self._held, out
        n_until_still: int | None = None
        for channel in channels:
            # In a pause the clock goes with what fades out for it, whatever rings on.
            is_paused = channel.is_paused
            done = channel.render(into, self._mixed, time, self._clock, self._work)
            if self._tap is not None:
                self._tap.write(channel.number, self._mixed, into)
            if is_paused:
                n_until_still = max(done, n_until_still or 0)
            if into is not out:
                np.add(out, into, out=out)
            into = self._added[:n]
            moved[channel.number] += done
        if not channels:
            out.fill(0.0)
        if self._tap is not None:
            self._rest_tap(self._tap, channels, n)
        if not self.whole.strip.is_clear:
            n_moved = n if n_until_still is None else n_until_still
            self.whole.process(out, self._mixed, time, self._clock, self._work, n_moved=n_moved)
        if self.auditions.is_busy:
            self.auditions.add_to(out, self._mixed, self._work)
        for addition in self._additions:
            addition.add_to(out, self._mixed, self._work)
        if self._count_in is not None and n_until_still is None:
            self._add_count_in(self._count_in, out, time)
        self._mixed += n
        if n_until_still is not None:
            self._held += n - n_until_still

    def _rest_tap(self, tap: Tap, channels: list[Channel], n_samples: int) -> None:
        for channel in self.channels:
            if channel not in channels:
                tap.rest(channel.number, self._mixed, n_samples)

    def _add_count_in(self, count_in: CountIn, out: FloatArray, time: int) -> None:
        if count_in.is_over(time, self._clock):
            self._released.append(count_in)
            self._count_in = None
        else:
            count_in.add_to(out, time, self._clock)

    def _tell(self) -> None:
        """Tell what happened in this call, in the order of its samples."""
        while self._stops and self._stops[0][0] <= self._mixed:
            self._news.append(self._stops.pop(0))
        self._news.sort(key=_sample_of)
        self.events.extend((sample + self.latency_samples, event) for sample, event in self._news)
        self._news.clear()

    # --- commands, taken up between blocks ---------------------------------------------------------------------------

    def start(self, channel: Channel, launch: Launch, n_samples: int, rack: Rack | None) -> None:
        for other in self.channels:
            if other is not channel:
                other.go_on(n_samples)
        time = self._mixed - self._held
        if launch.lock is not None and launch.retiming is None and self._retiming is not None:
            # What begins with the line at which the tempo changes keeps the new one.
            is_with_it = launch.line(time, self._clock) == self._retiming.bars
            launch.retiming = self._retiming if is_with_it else None
        channel.start(launch, self._mixed, time, self._clock, rack)
        self._hush(n_samples)

    def move(self, channel: Channel | Whole, ramp: Ramp, gain: float, n_samples: int) -> None:
        if channel.is_busy:
            ramp.go_to(gain, n_samples)
        else:
            ramp.set(gain)

    def put_through(self, channel: Channel | Whole, effects: Effects, n_samples: int) -> None:
        time = channel.own_time(self._mixed, self._mixed - self._held)
        channel.strip.set_effects(effects, self._clock, time, n_samples if channel.is_busy else 0)

    def automate(
        self, channel: Channel | Whole, parameter: ChannelParameter, automation: Automation | None, n_samples: int
    ) -> None:
        time = channel.own_time(self._mixed, self._mixed - self._held)
        channel.strip.automate(parameter, automation, self._clock, time, n_samples)

    def hold(self, channel: Channel | Whole, held: Held | None) -> None:
        strip, time = channel.strip, self._mixed - self._held
        if not channel.is_busy:
            strip.drop()
        if held is None:
            strip.let_go(self._clock, time)
        elif channel.is_playing:
            strip.hold(held, self._clock, time)
        else:
            self._released.append(held)

    def set_clock(self, bpm: Fraction, beats_per_bar: int, bars: Fraction | None) -> None:
        self._clock, self._retiming = self._clock.retimed(bpm, beats_per_bar, self._mixed - self._held, bars), None

    def retime(
        self,
        bpm: Fraction,
        beats_per_bar: int,
        every: Fraction,
        first: Fraction,
        launches: list[tuple[Channel, Launch, Rack | None]],
    ) -> None:
        time = self._mixed - self._held
        self._take_clock(time)
        longest = max((len(launch.rising) for _, launch, _ in launches), default=0)
        bars = self._clock.bars_of_next_line(time + longest, every, first)
        line, waiting = self._clock.line_of(bars), self._retiming
        # What is to change together with a tempo that is about to change does so with it.
        is_with_it = waiting is not None and waiting.clock != self._clock and waiting.clock.has(bpm, beats_per_bar)
        if not is_with_it:
            self._retiming = Retiming(self._clock.retimed(bpm, beats_per_bar, line), line, bars)
        for channel, launch, rack in launches:
            launch.retiming = self._retiming
            self.start(channel, launch, len(launch.rising), rack)

    def tap(self, tap: Tap | None) -> None:
        self._released.append(self._tap)
        self._tap = tap

    def add(self, additions: tuple[Addition, ...]) -> None:
        self._released.append(self._additions)
        self._additions = additions

    def count_in(self, count_in: CountIn | None) -> None:
        if count_in is None and self._count_in is not None:
            self._count_in.end()
        elif count_in is not None:
            self._released.append(self._count_in)
            self._count_in = count_in

    def on_all(self, act: Callable[[Channel, int], None], n_samples: int) -> None:
        for channel in self.channels:
            act(channel, n_samples)
        self._hush(n_samples)

    def stop(self, number: int | None, n_samples: int, racks: dict[int, Rack | None]) -> None:
        channels = self.channels if number is None else (self.channels[number],)
        if number is None:
            self.auditions.end(n_samples)
        time = self._mixed - self._held
        for channel in channels:
            channel.strip.end_held(time, channel.ends_within(n_samples))
        if number is None:
            self.whole.strip.end_held(time, n_samples)
        over = max(channel.stop(n_samples, self._mixed, self._clock, racks.get(channel.number)) for channel in channels)
        self._hush(n_samples)
        if over == self._mixed:
            # Told before what begins with the same sample.
            self._happened(Stopped(channel=number), over)
        else:
            self._stops.append((over, Stopped(channel=number)))
            self._stops.sort(key=_sample_of)

    def _hush(self, n_samples: int) -> None:
        """Have what is held on the whole go with the channels into a pause, and out of it."""
        hush, level = self.whole.strip.hush, float(not any(channel.is_paused for channel in self.channels))
        if hush.target != level:
            hush.go_to(level, n_samples)

    def _is_sounding(self) -> bool:
        """Return whether a channel is busy, or what it played rings on in the whole's strip."""
        quiet_from = max(channel.quiet_from for channel in self.channels)
        tail = self.whole.strip.tail_samples if quiet_from else 0
        return any(channel.is_busy for channel in self.channels) or self._mixed < quiet_from + tail

    def _is_playing(self) -> bool:
        return any(channel.is_playing for channel in self.channels)

    def _happened(self, event: Event, sample: int) -> None:
        self._news.append((sample, event))


def _sample_of(news: tuple[int, object]) -> int:
    return news[0]
