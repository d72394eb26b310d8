# SPDX-License-Identifier: GPL-3.0-or-later
"""A channel's strip moves mute, effects and gain smoothly, by a hand or by oscillators in step with the bars."""

from __future__ import annotations

import math
from collections import deque

import numpy as np

from engine.playback.mix.clock import BarClock
from engine.playback.mix.delay import Echoes
from engine.playback.mix.effects import Rack, RackSettings
from engine.playback.mix.fades import Ramp, Workspace
from engine.playback.mix.filters import CONTROL_SAMPLES, Corners, corners_of
from engine.playback.mix.held.base import Held
from engine.playback.mix.held.history import History
from engine.values import ChannelParameter, Effects, FloatArray, Lfo, LfoShape

_BY_RATIO = (ChannelParameter.HIGHPASS_HZ, ChannelParameter.LOWPASS_HZ)
"""Parameters that are moved by ratio, as pitch is heard."""
_WAH_OPENS, _WAH_CLOSES = 0.12, 0.06
_COUNT = np.arange(1, CONTROL_SAMPLES + 1, dtype=np.float64)


class Glide:
    """A glide is a parameter's value on its way to another, looked at where segments begin and end."""

    def __init__(self, value: float, *, by_ratio: bool) -> None:
        self.target = value
        self._from = value
        self._by_ratio = by_ratio
        self._begun, self._n = 0, 0

    def go_to(self, value: float, time: int, n_samples: int) -> None:
        """Move from the value at ``time`` to ``value`` within ``n_samples``; 0 is at once."""
        self._from, self.target = self.at(time), value
        self._begun, self._n = time, n_samples

    def come_from(self, value: float, time: int, n_samples: int) -> None:
        """Move from ``value`` to where it was set within ``n_samples``."""
        self._from, self._begun, self._n = value, time, n_samples

    def at(self, time: int) -> float:
        if time >= self._begun + self._n:
            return self.target
        return _between(self._from, self.target, (time - self._begun) / self._n, by_ratio=self._by_ratio)

    def is_there(self, time: int) -> bool:
        return time >= self._begun + self._n


def _values(effects: Effects) -> dict[ChannelParameter, float]:
    """Return where these effects have every parameter that glides."""
    corners = corners_of(effects)
    return {
        ChannelParameter.GAIN: 1.0,
        ChannelParameter.HIGHPASS_HZ: corners.highpass_hz,
        ChannelParameter.LOWPASS_HZ: corners.lowpass_hz,
        ChannelParameter.RESONANCE: corners.resonance,
        ChannelParameter.DELAY: effects.delay,
        ChannelParameter.DELAY_FEEDBACK: effects.delay_feedback,
        ChannelParameter.REVERB: effects.reverb,
        ChannelParameter.ROOM: effects.room,
    }


class Strip:
    """A strip is what the sum of a channel's decks goes through: mute, what is held, the rack, then gain.

    What rings in the rack is heard to its end, whether the channel is muted or not. Times are those of the bar clock,
    in samples. All but what is commanded is done in ``render``.

    Parameters
    ----------
    released
        Takes what is not needed any more: it is freed in another thread.

    Attributes
    ----------
    gain, mute, hush
        Linear gains; ``hush`` is that of held effects in a pause.
    """

    def __init__(self, released: deque[object]) -> None:
        self.gain = Ramp(1.0)
        self.mute = Ramp(1.0)
        self.hush = Ramp(1.0)
        self._rack: Rack | None = None
        self._glides = {
            parameter: Glide(value, by_ratio=parameter in _BY_RATIO) for parameter, value in _values(Effects()).items()
        }
        self._delay_beats = Effects().delay_beats
        self._lfos: dict[ChannelParameter, Lfo] = {}
        self._clock: BarClock | None = None
        self._delay_samples = 1
        self._moves = False
        self._tremolo = (1.0, 1.0)
        self._next_time = 0
        self._ahead = 0
        self._stands_at: int | None = None
        self._history: History | None = None
        self._helds: list[Held] = []
        self._released = released

    # --- commands -----------------------------------------------------------------------------------------------------

    def use(self, rack: Rack) -> None:
        """Use this rack of effects, unless there is one already."""
        self._rack = self._rack or rack

    def renew(self, rack: Rack, time: int, clock: BarClock) -> Rack | None:
        """Take a new rack, in which nothing rings, with the values of the old one, which is given back."""
        old, self._rack = self._rack, rack
        self.settle(time, clock)
        return old

    def settle(self, time: int, clock: BarClock) -> None:
        """Have everything where it is on its way at ``time``, with no segment begun: nothing sounds."""
        self._go_with(clock)
        level = self._value(ChannelParameter.GAIN, time, clock)
        self._moves, self._tremolo, self._next_time = True, (level, level), time
        if self._rack is not None:
            self._rack.jump(self._settings(time, clock))

    def set_effects(self, effects: Effects, clock: BarClock, time: int, n_samples: int) -> None:
        """Move to these effects within ``n_samples``; 0 is at once, for a channel on which nothing sounds."""
        for parameter, value in _values(effects).items():
            if parameter is not ChannelParameter.GAIN:
                self._glides[parameter].go_to(value, time, n_samples)
        self._delay_beats = effects.delay_beats
        self._go_with(clock)
        self._moves = True
        if not n_samples and self._rack is not None:
            self._rack.jump(self._settings(time, clock))

    def automate(
        self, parameter: ChannelParameter, lfo: Lfo | None, clock: BarClock, time: int, n_samples: int
    ) -> None:
        """Have an oscillator move a parameter; None returns it to where it was set within ``n_samples``."""
        before = self._lfos.pop(parameter, None)
        if lfo is not None:
            self._lfos[parameter] = lfo
        elif before is not None:
            value = lfo_value(before, parameter, clock, time + self._ahead)
            self._glides[parameter].come_from(value, time, n_samples)
        self._moves = True

    def record(self, history: History) -> None:
        """Keep what goes through in this history, unless there is one already."""
        self._history = self._history or history

    def hold(self, held: Held, clock: BarClock, time: int) -> None:
        """Have this effect be heard from now on, in the place of one that is held."""
        unheard = [one for one in self._helds if not one.has_begun(time)]
        self._released.extend(unheard)
        self._helds = [one for one in self._helds if one not in unheard]
        self.let_go(clock, time)
        if not self._helds:
            self.hush.set(self.hush.target)
        held.begin(time, clock)
        self._helds.append(held)
        self._moves = self._moves or held.has_room

    def let_go(self, clock: BarClock, time: int) -> None:
        """Have what is held leave."""
        for held in self._helds:
            if not held.is_leaving:
                held.let_go(time, clock)

    def drop(self) -> None:
        """Forget what is held: nothing sounds."""
        self._released.extend(self._helds)
        self._helds = []

    # --- sound --------------------------------------------------------------------------------------------------------

    @property
    def is_clear(self) -> bool:
        """Return whether sound passes as it is, and nothing is kept of it."""
        is_plain = self._rack is None and not self._moves and self._tremolo == (1.0, 1.0) and self._history is None
        return is_plain and all(one.target == 1.0 and not one.left for one in (self.gain, self.mute))

    @property
    def tail_samples(self) -> int:
        """Return for how many samples the strip sounds on after its input went silent."""
        return 0 if self._rack is None else self._rack.tail_samples

    def pass_by(self, n_samples: int) -> None:
        """Let gains move on while nothing sounds."""
        self.gain.move_on(n_samples)
        self.mute.move_on(n_samples)

    def process(
        self,
        samples: FloatArray,
        time: int,
        clock: BarClock,
        work: Workspace,
        *,
        ahead: int = 0,
        stands: bool = False,
    ) -> None:
        """Put ``samples``, float32 of shape ``(at most MOST_SAMPLES, n_channels)``, through the strip, in place.

        Parameters
        ----------
        time
            The strip's own time of the first one, which goes on with every sample.
        ahead
            By how much the clock's time is ahead of that.
        stands
            Whether the clock stands still, and with it what is held.
        """
        self._ahead, self._stands_at = ahead, time + ahead if stands else None
        if time != self._next_time:
            # Nothing sounded meanwhile: a segment that was begun is over.
            self._tremolo = (self._tremolo[1], self._tremolo[1])
        self._next_time = time + len(samples)
        if clock is not self._clock:
            self._go_with(clock)
        if self.mute.left or not self.mute.target:
            self.mute.apply(samples, work)
        if self._history is not None and not stands:
            self._history.write(samples)
            if self._helds:
                self._process_held(samples, time + ahead, clock, work)
        if self._moves:
            self._process_moving(samples, time, clock)
        else:
            self._process_piece(samples, 0)
        self.gain.apply(samples, work)

    def _process_held(self, samples: FloatArray, time: int, clock: BarClock, work: Workspace) -> None:
        over = [held for held in self._helds if held.is_over(time)]
        if over:
            self._released.extend(over)
            self._helds = [held for held in self._helds if held not in over]
        for held in self._helds:
            if self._history is not None:
                held.process(samples, time, clock, self._history)
        self.hush.apply(samples, work)

    def _process_moving(self, samples: FloatArray, time: int, clock: BarClock) -> None:
        done = 0
        while done < len(samples):
            into = (time + done) % CONTROL_SAMPLES
            if not into:
                self._begin_segment(time + done, clock)
            n = min(len(samples) - done, CONTROL_SAMPLES - into)
            self._process_piece(samples[done : done + n], into)
            done += n

    def _process_piece(self, samples: FloatArray, into: int) -> None:
        if self._rack is not None:
            self._rack.process(samples, into)
        if self._tremolo != (1.0, 1.0):
            self._shake(samples, into)

    def _begin_segment(self, time: int, clock: BarClock) -> None:
        end = time + CONTROL_SAMPLES
        self._tremolo = (self._tremolo[1], self._value(ChannelParameter.GAIN, end, clock))
        self._moves = bool(self._lfos) or self._tremolo[0] != self._tremolo[1]
        self._moves = self._moves or any(held.has_room for held in self._helds)
        self._moves = self._moves or not all(glide.is_there(end) for glide in self._glides.values())
        if self._rack is not None:
            is_moving = self._rack.begin_segment(self._settings(end, clock))
            self._moves = self._moves or is_moving

    def _go_with(self, clock: BarClock) -> None:
        """Have the delay's time be as many of this clock's beats as it is to be."""
        n_samples = round(clock.bar_samples * self._delay_beats / clock.beats_per_bar)
        self._moves = self._moves or n_samples != self._delay_samples
        self._clock, self._delay_samples = clock, n_samples

    def _settings(self, time: int, clock: BarClock) -> RackSettings:
        """Return where the rack's parameters are at a time."""
        _, highpass_hz, lowpass_hz, resonance, delay, feedback, reverb, room = (
            self._value(parameter, time, clock) for parameter in self._glides
        )
        for held in self._helds:
            reverb = max(reverb, held.room_at(self._on_clock(time), clock))
        return RackSettings(
            Corners(highpass_hz, lowpass_hz, resonance), Echoes(delay, feedback, self._delay_samples), reverb, room
        )

    def _value(self, parameter: ChannelParameter, time: int, clock: BarClock) -> float:
        lfo = self._lfos.get(parameter)
        if lfo is None:
            return self._glides[parameter].at(time)
        return lfo_value(lfo, parameter, clock, self._on_clock(time))

    def _on_clock(self, time: int) -> int:
        """Return the clock's time at one of the strip's."""
        return time + self._ahead if self._stands_at is None else self._stands_at

    def _shake(self, samples: FloatArray, into: int) -> None:
        """Apply the gain's oscillator to part of a segment of which ``into`` samples are over."""
        before, after = self._tremolo
        if before == after:
            np.multiply(samples, np.float32(after), out=samples)
            return
        shares = _COUNT[into : into + len(samples)] / CONTROL_SAMPLES
        gains = (before + (after - before) * shares).astype(np.float32)
        np.multiply(samples, gains[:, None], out=samples)


def lfo_value(lfo: Lfo, parameter: ChannelParameter, clock: BarClock, time: int) -> float:
    """Return where an oscillator has a parameter at a time."""
    cycles = float(clock.bars_at(time) / lfo.bars % 1) + lfo.phase
    return _between(lfo.low, lfo.high, _course(lfo.shape, cycles % 1.0), by_ratio=parameter in _BY_RATIO)


def _course(shape: LfoShape, phase: float) -> float:
    """Return how far from its low end to its high end an oscillator is, in [0, 1]."""
    match shape:
        case LfoShape.SINE:
            return 0.5 - 0.5 * math.cos(2.0 * math.pi * phase)
        case LfoShape.TRIANGLE:
            return 1.0 - abs(2.0 * phase - 1.0)
        case LfoShape.SAW:
            return phase
        case LfoShape.SQUARE:
            return 0.0 if phase < 0.5 else 1.0
        case LfoShape.WAH:
            opened = min(max((phase - 0.5) / _WAH_OPENS, 0.0), 1.0)
            return _step(min(opened, (1.0 - phase) / _WAH_CLOSES))


def _step(share: float) -> float:
    """Return the smooth step at ``share``, cut to [0, 1]."""
    share = min(max(share, 0.0), 1.0)
    return share * share * (3.0 - 2.0 * share)


def _between(a: float, b: float, share: float, *, by_ratio: bool) -> float:
    return a * (b / a) ** share if by_ratio else a + (b - a) * share
