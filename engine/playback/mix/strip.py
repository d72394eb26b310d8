# SPDX-License-Identifier: GPL-3.0-or-later
"""A strip moves mute, effects and gain smoothly: by a hand, or by oscillators and curves in step with the bars."""

from __future__ import annotations

from collections import deque

import numpy as np

from engine.playback.mix.clock import BarClock
from engine.playback.mix.delay import Echoes
from engine.playback.mix.effects import Rack, RackSettings
from engine.playback.mix.fades import Ramp, Workspace
from engine.playback.mix.filters import CONTROL_SAMPLES, Corners, corners_of
from engine.playback.mix.held.base import Held
from engine.playback.mix.held.history import History
from engine.playback.mix.knobs import Knob, Knobs
from engine.values import Automation, ChannelParameter, Effects, FloatArray
from engine.values.channels import BY_RATIO

_COUNT = np.arange(1, CONTROL_SAMPLES + 1, dtype=np.float64)


def _values(effects: Effects) -> dict[ChannelParameter, float]:
    """Return where these effects have every parameter."""
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
        self._knobs = {
            parameter: Knob(value, by_ratio=parameter in BY_RATIO) for parameter, value in _values(Effects()).items()
        }
        level, *corners, delay, feedback, reverb, room = self._knobs.values()
        self._level, self._corners = Knobs(level), Knobs(*corners)
        self._delay, self._room = Knobs(delay, feedback), Knobs(reverb, room)
        self._echoes = Echoes()
        self._delay_beats = Effects().delay_beats
        self._clock: BarClock | None = None
        self._delay_samples = 1
        self._moves = False
        self._tremolo = (1.0, 1.0)
        self._has_whole_gain = False
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
        (level,) = self._level.at(time, clock, self._on_clock(time))
        self._moves, self._tremolo, self._next_time = True, (level, level), time
        if self._rack is not None:
            self._rack.jump(self._settings(time, clock))

    def set_effects(self, effects: Effects, clock: BarClock, time: int, n_samples: int) -> None:
        """Move to these effects within ``n_samples``; 0 is at once, for a channel on which nothing sounds."""
        for parameter, value in _values(effects).items():
            if parameter is not ChannelParameter.GAIN:
                self._knobs[parameter].go_to(value, time, n_samples)
        self._delay_beats = effects.delay_beats
        self._go_with(clock)
        self._look_again()
        if not n_samples and self._rack is not None:
            self._rack.jump(self._settings(time, clock))

    def automate(
        self, parameter: ChannelParameter, automation: Automation | None, clock: BarClock, time: int, n_samples: int
    ) -> None:
        """Have an oscillator or a curve move a parameter; None returns it to where it was set within ``n_samples``."""
        knob = self._knobs[parameter]
        knob.automate(automation, time, n_samples, clock, self._on_clock(time))
        if parameter is ChannelParameter.GAIN and knob.is_whole != self._has_whole_gain:
            self._hand_over_gain(knob, time)
        self._look_again()

    def _hand_over_gain(self, knob: Knob, time: int) -> None:
        """Have the gain be all in the curve that moves it, or again where it is set: it sounds as loud as before."""
        self._has_whole_gain = knob.is_whole
        before, after = self._tremolo
        level = before + (after - before) * (time % CONTROL_SAMPLES) / CONTROL_SAMPLES
        if knob.is_whole:
            level *= self.gain.value
            self.gain.set(1.0)
            knob.come_from(level)
            self._tremolo = (level, level)
        else:
            self.gain.set(level * self.gain.value)
            knob.jump()
            self._tremolo = (1.0, 1.0)

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

    def end_held(self, time: int, n_samples: int) -> None:
        """Have what is held go with the music, which ends within ``n_samples``."""
        for held in self._helds:
            held.end(time, n_samples)

    @property
    def is_holding(self) -> bool:
        return bool(self._helds)

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
            if self._rack is not None:
                self._rack.filter(samples, 0)
            self._ring(samples, 0)
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
        """Put the samples through segment by segment; through what does not move in any of them, in one go."""
        done = rung = 0
        while done < len(samples):
            into = (time + done) % CONTROL_SAMPLES
            if not into:
                end = time + done + CONTROL_SAMPLES
                settings = self._settings(end, clock)
                tremolo = self._tremolo[1], self._level.at(end, clock, self._on_clock(end))[0]
                if tremolo != self._tremolo or (self._rack is not None and self._rack.rings_otherwise(settings)):
                    self._ring(samples[rung:done], 0)
                    rung = done
                self._begin_segment(settings, tremolo)
            n = min(len(samples) - done, CONTROL_SAMPLES - into)
            if self._rack is not None:
                self._rack.filter(samples[done : done + n], into)
            done += n
            if self._tremolo[0] != self._tremolo[1] or (self._rack is not None and self._rack.ring_moves):
                self._ring(samples[rung:done], into)
                rung = done
        self._ring(samples[rung:], 0)

    def _ring(self, samples: FloatArray, into: int) -> None:
        """Put filtered samples through the rest; where that moves, they are part of one segment."""
        if self._rack is not None and len(samples):
            self._rack.ring(samples, into)
        if self._tremolo != (1.0, 1.0):
            self._shake(samples, into)

    def _begin_segment(self, settings: RackSettings, tremolo: tuple[float, float]) -> None:
        self._tremolo = tremolo
        self._moves = tremolo[0] != tremolo[1] or self._level.move or self._corners.move or self._delay.move
        self._moves = self._moves or self._room.move or any(held.has_room for held in self._helds)
        if self._rack is not None:
            is_moving = self._rack.begin_segment(settings)
            self._moves = self._moves or is_moving

    def _go_with(self, clock: BarClock) -> None:
        """Have the delay's time be as many of this clock's beats as it is to be."""
        n_samples = round(clock.bar_samples * self._delay_beats / clock.beats_per_bar)
        self._moves = self._moves or n_samples != self._delay_samples
        self._clock, self._delay_samples = clock, n_samples

    def _settings(self, time: int, clock: BarClock) -> RackSettings:
        """Return where the rack's parameters are at a time."""
        on_clock = self._on_clock(time)
        highpass_hz, lowpass_hz, resonance = self._corners.at(time, clock, on_clock)
        if self._delay.move or self._echoes.n_samples != self._delay_samples:
            delay, feedback = self._delay.at(time, clock, on_clock)
            self._echoes = Echoes(delay, feedback, self._delay_samples)
        reverb, room = self._room.at(time, clock, on_clock)
        for held in self._helds:
            reverb = max(reverb, held.room_at(on_clock, clock))
        return RackSettings(Corners(highpass_hz, lowpass_hz, resonance), self._echoes, reverb, room)

    def _look_again(self) -> None:
        """Have every knob be looked at: some were set."""
        self._level.move = self._corners.move = self._delay.move = self._room.move = self._moves = True

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
