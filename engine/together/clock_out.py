# SPDX-License-Identifier: GPL-3.0-or-later
"""MIDI's clock as it is sent: 24 ticks a beat where the beats are heard, with start, stop and position."""

from __future__ import annotations

import math
from dataclasses import dataclass

TICKS_PER_BEAT = 24
TICKS_PER_SIXTEENTH = 6
MOST_SIXTEENTHS = 1 << 14
"""Number of places that a song position can tell; later ones are told as if the song began again."""
TICK, START, CONTINUE, STOP, POSITION = b"\xf8", b"\xfa", b"\xfb", b"\xfc", 0xF2
SMOOTHING = 0.1
"""Share of what a place of the bars is off by that is followed at once: places are told with some jitter."""
JUMP_S = 0.03
"""Seconds from which on a place that is off is believed as it is."""
LATE_S = 0.5
"""Seconds after which ticks that were not sent are left out: the machine stood still."""


@dataclass(frozen=True, slots=True)
class JamPlace:
    """A jam's place in its bars, as it is heard.

    Attributes
    ----------
    at_s
        The moment, by the monotonic clock.
    bars
        That are over then, below 0 before the first; None while the jam stands.
    """

    at_s: float
    bars: float | None
    bpm: float
    beats_per_bar: int

    @property
    def beats(self) -> float | None:
        return None if self.bars is None else self.bars * self.beats_per_bar


class ClockOut:
    """The clock that is sent follows the places that it is told, and ticks on between them.

    While the jam stands it ticks in its tempo, so that others know it.
    """

    def __init__(self) -> None:
        self._place: JamPlace | None = None
        # Seconds at which beat 0 is or was, and the number of the next tick.
        self._zero_s = 0.0
        self._next = 0
        self._waiting: list[bytes] = []
        self._is_started = False

    def tell(self, place: JamPlace) -> None:
        """Go on from this place of the jam."""
        before, self._place = self._place, place
        beat_s = 60.0 / place.bpm
        if place.beats is None:
            if before is None or before.beats is not None:
                self._stand(place)
            elif before.bpm != place.bpm:
                # The tick that comes stays where it is.
                tick_s = self._tick_s(before.bpm)
                self._zero_s = tick_s - self._next * beat_s / TICKS_PER_BEAT
            return
        zero_s = place.at_s - place.beats * beat_s
        if before is None or before.beats is None:
            self._zero_s = zero_s
            self._begin(place.beats)
            return
        if before.bpm != place.bpm or abs(zero_s - self._zero_s) > JUMP_S:
            self._zero_s = zero_s
        else:
            self._zero_s += SMOOTHING * (zero_s - self._zero_s)
        if place.beats < before.beats - 1.0:
            # The bars are counted anew.
            self._begin(place.beats)

    def due(self, now_s: float) -> tuple[list[bytes], float]:
        """Return what is to be sent now, in order, and the moment at which there is more."""
        if self._place is None:
            return [], math.inf
        messages, self._waiting = self._waiting, []
        if now_s - self._tick_s() > LATE_S:
            self._next = math.ceil((now_s - self._zero_s) * self._place.bpm / 60.0 * TICKS_PER_BEAT)
            self._is_started = False
        while self._tick_s() <= now_s:
            messages += self._at_tick()
            self._next += 1
        return messages, self._tick_s()

    def _tick_s(self, bpm: float | None = None) -> float:
        assert self._place is not None
        return self._zero_s + self._next * 60.0 / (bpm or self._place.bpm) / TICKS_PER_BEAT

    def _begin(self, beats: float) -> None:
        self._next = math.ceil(beats * TICKS_PER_BEAT)
        self._is_started = False

    def _stand(self, place: JamPlace) -> None:
        if self._is_started:
            self._waiting.append(STOP)
        self._is_started = False
        self._zero_s, self._next = place.at_s, 0

    def _at_tick(self) -> list[bytes]:
        """Return what is sent at the next tick: before it, that the song begins or goes on here."""
        assert self._place is not None
        if self._place.beats is None or self._is_started or self._next < 0 or self._next % TICKS_PER_SIXTEENTH:
            return [TICK]
        self._is_started = True
        if self._next == 0:
            return [START, TICK]
        sixteenths = self._next // TICKS_PER_SIXTEENTH % MOST_SIXTEENTHS
        return [bytes((POSITION, sixteenths & 0x7F, sixteenths >> 7)), CONTINUE, TICK]
