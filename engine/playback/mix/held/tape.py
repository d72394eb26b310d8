# SPDX-License-Identifier: GPL-3.0-or-later
"""Tape stop and brake slow the music to a stand, pitch and all, as a hand on the reel does."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import numpy.typing as npt

from engine.playback.mix.clock import BarClock
from engine.playback.mix.held.base import HeardInstead, beats_in_bars, beats_in_samples, step
from engine.playback.mix.held.history import HISTORY_SAMPLES, History
from engine.values import FloatArray

_Floats = npt.NDArray[np.float64]

# Reading between samples looks at two samples to each side: it starts so far behind.
_BEHIND = 3
# A head gives less the slower the tape is: from this share of the speed on it fades.
_FADES_BELOW = 0.25
_START_BEATS = Fraction(1, 2)
_BRAKE_GRID = Fraction(1, 4)


class Brakes(HeardInstead):
    """A brake reads ever slower, and stands; the music is back with a line of the grid.

    Parameters
    ----------
    beats
        Time in which it comes to a stand.
    """

    def __init__(self, sample_rate: int, beats: Fraction) -> None:
        super().__init__(sample_rate)
        self._beats = beats
        self._begun, self._n_slowing = 0, 1

    def begin(self, time: int, clock: BarClock) -> None:
        self._clock = clock
        self._begun = time
        self._n_slowing = min(beats_in_samples(self._beats, clock), HISTORY_SAMPLES // 2)
        self._rise_at, self._rise_n = time, self._shortest

    def let_go(self, time: int, clock: BarClock) -> None:
        self._leave_at(clock.next_line(time + self.fade_samples, beats_in_bars(_BRAKE_GRID, clock)))

    def _go_with(self, clock: BarClock, time: int) -> None:
        self._clock = clock
        if self._fall_at is not None and time < self._fall_at:
            self.let_go(time, clock)

    def _content(self, n_samples: int, time: int, clock: BarClock, history: History) -> FloatArray:  # noqa: ARG002
        return self._slowing(n_samples, time, history)

    def _slowing(self, n_samples: int, time: int, history: History) -> FloatArray:
        over = time - self._begun + np.arange(n_samples, dtype=np.float64)
        if over[0] >= self._n_slowing:
            return np.zeros((n_samples, history.read(0, 0).shape[1]), dtype=np.float32)
        over = np.minimum(over, float(self._n_slowing))
        places = over - over * over / (2.0 * self._n_slowing)
        return _read_at(history, self._begun + self._shift - _BEHIND, places, 1.0 - over / self._n_slowing)


class TapeStops(Brakes):
    """A tape stop starts again when the key is up: it reads ever faster, the place a bar before the music's own.

    Before a line it is up to speed, in phase with the music, which takes its place by a fade that ends there.
    """

    def __init__(self, sample_rate: int, beats: Fraction) -> None:
        super().__init__(sample_rate, beats)
        self._released: int | None = None
        self._up_at = self._back = 0

    def let_go(self, time: int, clock: BarClock) -> None:
        if self._released is None:
            self._released = time
        start = time + max(beats_in_samples(_START_BEATS, clock), 2 * self.fade_samples)
        bars = clock.bars_of_next_line(start, beats_in_bars(Fraction(1), clock))
        line = clock.line_of(bars)
        self._leave_at(line)
        self._up_at = line - self.fade_samples
        n_starting = self._up_at - self._released
        # A bar ago is the same place in it; where that is forgotten, a beat ago is nearest.
        for back in (Fraction(1), beats_in_bars(Fraction(1), clock)):
            self._back = line - clock.line_of(bars - back)
            if self._back + n_starting < HISTORY_SAMPLES - 2 * self.fade_samples:
                break

    def _go_with(self, clock: BarClock, time: int) -> None:  # noqa: ARG002
        # What starts goes on as it is: to be elsewhere at once would be heard.
        self._clock = clock

    def _marks(self) -> tuple[int, ...]:
        return () if self._released is None else (self._released, self._released + self.fade_samples)

    def _content(self, n_samples: int, time: int, clock: BarClock, history: History) -> FloatArray:  # noqa: ARG002
        released = self._released
        if released is None or time < released:
            return self._slowing(n_samples, time, history)
        n_starting = self._up_at - released
        over = time - released + np.arange(n_samples, dtype=np.float64)
        speed = np.minimum(over / n_starting, 1.0)
        # Up to speed it is at the music's place less what is gone back; until then a place is what speed adds up to.
        places = np.where(over < n_starting, -0.5 * n_starting * (1.0 - speed * speed), over - n_starting)
        starting = _read_at(history, self._up_at + self._shift - self._back, places, speed)
        if time >= released + self.fade_samples:
            return starting
        slowing = self._slowing(n_samples, time, history)
        return slowing + step(time - released, n_samples, self.fade_samples)[:, None] * (starting - slowing)


def _read_at(history: History, base: int, places: _Floats, speed: _Floats) -> FloatArray:
    """Return what is between the history's samples at ``base`` and these places (ascending), fainter when slow.

    By a cubic (Catmull-Rom) through four samples.
    """
    whole = np.floor(places)
    first = int(whole[0]) - 1
    source = history.read(base + first, int(whole[-1]) - first + 3)
    at = whole.astype(np.int64) - first
    t = (places - whole)[:, None].astype(np.float32)
    y0, y1, y2, y3 = (source[at + offset] for offset in (-1, 0, 1, 2))
    half = np.float32(0.5)
    a = half * (y3 - y0) + np.float32(1.5) * (y1 - y2)
    b = y0 - np.float32(2.5) * y1 + np.float32(2.0) * y2 - half * y3
    c = half * (y2 - y0)
    share = np.clip(speed / _FADES_BELOW, 0.0, 1.0)
    gains = (share * share * (3.0 - 2.0 * share)).astype(np.float32)[:, None]
    heard: FloatArray = gains * (((a * t + b) * t + c) * t + y1)
    return heard
