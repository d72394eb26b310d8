# SPDX-License-Identifier: GPL-3.0-or-later
"""Stutter and beat repeat have a slice of what was just heard come again and again, on the grid."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from engine.playback.mix.clock import BarClock
from engine.playback.mix.held.base import HeardInstead, beats_in_bars, beats_in_samples
from engine.playback.mix.held.history import HISTORY_SAMPLES, History
from engine.playback.mix.held.hits import hit_near, loudest
from engine.units import db_to_amplitude
from engine.values import FloatArray

QUIET_DB = -45.0
"""A slice that is quieter (RMS) is not worth repeating: the loudest spot of late is taken."""
HIT_MS = 50.0
"""Distance from the grid within which a hit is looked for."""
ROOM = (0.16, 0.70)
"""How much of a room a stutter has when it begins, and once ``ROOM_BEATS`` are over."""
ROOM_BEATS = Fraction(4)
ROOM_LEAVES_BEATS = Fraction(3, 4)

_MOST_SAMPLES = HISTORY_SAMPLES - 8192
_SLOWEST_BPM = 30
# A slice has room for what a slower tempo needs of it.
_SLACK = 1.5


class BeatRepeats(HeardInstead):
    """A beat repeat reads the last beats again and again, from a line of the grid on.

    The slice is copied as it is heard first. Every repeat begins with a line of the clock, by a fade that ends there.

    Parameters
    ----------
    beats
        Length of the slice; one longer than a history is halved until it is not.
    grid
        Beats between the lines with which it begins and ends.
    """

    def __init__(self, sample_rate: int, n_channels: int, beats: Fraction, grid: Fraction) -> None:
        super().__init__(sample_rate)
        self._beats, self._grid = beats, min(grid, beats)
        # With what comes before it.
        n_samples = min(round(_SLACK * float(beats) * sample_rate * 60.0 / _SLOWEST_BPM), _MOST_SAMPLES)
        n_samples += 2 * self.fade_samples
        self._slice: FloatArray = np.zeros((n_samples, n_channels), dtype=np.float32)
        self._filled = 0
        self._cut_at: int | None = None
        # The lines with which the repeat that is heard begins and ends.
        self._line = self._next = 0

    def begin(self, time: int, clock: BarClock) -> None:
        self._clock = clock
        while beats_in_samples(self._beats, clock) > len(self._slice) - 2 * self.fade_samples:
            self._beats /= 2
            self._grid = min(self._grid, self._beats)
        self._line = clock.next_line(time, beats_in_bars(self._grid, clock))
        self._next = self._line_after(self._line, clock)
        self._come_in_at(self._line, time)

    def let_go(self, time: int, clock: BarClock) -> None:
        # A key that is up again before anything was heard is heard once.
        first = max(time + self.fade_samples, self._line + 1 if not self.has_begun(time) else 0)
        self._leave_at(clock.next_line(first, beats_in_bars(self._grid, clock)))

    def _go_with(self, clock: BarClock, time: int) -> None:
        super()._go_with(clock, time)
        if self.has_begun(time):
            self._next = self._line_after(time, clock)

    def _line_after(self, time: int, clock: BarClock) -> int:
        """Return the first line after ``time`` with which a repeat begins."""
        bars = clock.bars_of_next_line(self._line, beats_in_bars(self._grid, clock))
        return clock.next_line(time + 1, beats_in_bars(self._beats, clock), bars)

    def _marks(self) -> tuple[int, ...]:
        return self._next - self.fade_samples, self._next

    def _arrive(self, time: int, clock: BarClock) -> None:
        if time >= self._next:
            self._line, self._next = self._next, self._line_after(self._next, clock)

    def _content(self, n_samples: int, time: int, clock: BarClock, history: History) -> FloatArray:
        if self._cut_at is None:
            self._cut_at = self._cut(time, clock, history)
        heard = self._read(time - self._line, n_samples, history)
        into = time - (self._next - self.fade_samples)
        if into < 0:
            return heard
        rising = self._rising(into, n_samples)
        return heard + rising * (self._read(time - self._next, n_samples, history) - heard)

    def _rising(self, into: int, n_samples: int) -> FloatArray:
        share = (np.arange(1, n_samples + 1) + into) / self.fade_samples
        gains: FloatArray = (share * share * (3.0 - 2.0 * share)).astype(np.float32)
        return gains[:, None]

    def _read(self, at: int, n_samples: int, history: History) -> FloatArray:
        """Return the slice from ``at`` on, which may be a fade's length before its cut."""
        first = max(0, at + self.fade_samples)
        until = min(first + n_samples, len(self._slice))
        if until > self._filled and self._cut_at is not None:
            # Heard for the first time: what it is by then has been heard of the music too.
            source = self._cut_at - self.fade_samples + self._filled
            self._slice[self._filled : until] = history.read(source, until - self._filled)
            self._filled = until
        out = self._slice[first:until]
        if len(out) < n_samples:
            return np.concatenate([out, np.zeros((n_samples - len(out), out.shape[1]), dtype=np.float32)])
        return out

    def _cut(self, time: int, clock: BarClock, history: History) -> int:
        """Return the place in the history where the slice begins, before that of ``time``."""
        return self._within(self._line + self._shift - beats_in_samples(self._beats, clock), time, history)

    def _within(self, place: int, time: int, history: History) -> int:
        """Return the place, or the oldest one that can be cut at."""
        latest = time + self._shift - 1
        return min(max(place, history.begin + self.fade_samples, self.fade_samples), latest)


class Stutters(BeatRepeats):
    """A stutter is a beat repeat of one grid step, cut at a hit, with a room that rises."""

    has_room = True

    def __init__(self, sample_rate: int, n_channels: int, beats: Fraction) -> None:
        super().__init__(sample_rate, n_channels, beats, beats)
        self._n_hit = round(HIT_MS * sample_rate / 1000.0)

    def is_over(self, time: int) -> bool:
        clock = self._clock
        if self._fall_at is None or clock is None:
            return False
        return time >= self._fall_at + self._fall_n + beats_in_samples(ROOM_LEAVES_BEATS, clock)

    def room_at(self, time: int, clock: BarClock) -> float:
        if time <= self._rise_at:
            return 0.0
        until = time if self._fall_at is None else min(time, self._fall_at)
        risen = min(1.0, max(0, until - self._rise_at) / beats_in_samples(ROOM_BEATS, clock))
        left = 1.0 - (time - until) / beats_in_samples(ROOM_LEAVES_BEATS, clock)
        return max(0.0, left) * (ROOM[0] + (ROOM[1] - ROOM[0]) * risen)

    def _process_piece(self, samples: FloatArray, time: int, clock: BarClock, history: History) -> None:
        if self._fall_at is None or time < self._fall_at + self._fall_n:
            super()._process_piece(samples, time, clock, history)

    def _cut(self, time: int, clock: BarClock, history: History) -> int:
        n_step, end = beats_in_samples(self._beats, clock), time + self._shift
        n_near = min(self._n_hit, n_step // 2)
        grid = self._within(self._line + self._shift - n_step, time, history)
        place = hit_near(history, grid, n_near, end, self._sample_rate)
        heard = history.read(place, max(1, min(n_step, end - place)))
        if float(np.einsum("ij,ij->", heard, heard)) < heard.size * db_to_amplitude(QUIET_DB) ** 2:
            place = loudest(history, end, self._sample_rate)
            place = hit_near(history, place, n_near, end, self._sample_rate)
        return self._within(place, time, history)
