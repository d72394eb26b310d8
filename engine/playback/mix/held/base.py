# SPDX-License-Identifier: GPL-3.0-or-later
"""All held effects come in, are heard instead of the music, and leave, each by a short fade."""

from __future__ import annotations

from abc import ABC, abstractmethod
from fractions import Fraction

import numpy as np

from engine.playback.mix.clock import BarClock
from engine.playback.mix.held.history import History
from engine.units import ms_to_samples
from engine.values import FloatArray

FADE_MS = 12.0
"""Longest time of a fade by which a held effect, or a repeat in it, comes in."""
_SHORTEST_MS = 2.0


class Held(ABC):
    """A held effect is begun by a key, and left once the key is up.

    Times are samples of the bar clock. All is done in ``render``, but for making it.
    """

    has_room = False
    """Whether it has more of a room than the strip's own at times (``room_at``)."""

    def __init__(self, sample_rate: int) -> None:
        self.fade_samples = max(1, ms_to_samples(FADE_MS, sample_rate))
        self._shortest = max(1, ms_to_samples(_SHORTEST_MS, sample_rate))
        self._sample_rate = sample_rate
        self._clock: BarClock | None = None
        self._rise_at = self._rise_n = 0
        self._fall_at: int | None = None
        self._fall_n = 1
        # Places in the history are times and this.
        self._shift = 0

    # --- life ---------------------------------------------------------------------------------------------------------

    @property
    def is_leaving(self) -> bool:
        return self._fall_at is not None

    def is_over(self, time: int) -> bool:
        """Return whether nothing more is heard of it from ``time`` on."""
        return self._fall_at is not None and time >= self._fall_at + self._fall_n

    @abstractmethod
    def begin(self, time: int, clock: BarClock) -> None:
        """Begin: the key is down at ``time``."""

    @abstractmethod
    def let_go(self, time: int, clock: BarClock) -> None:
        """Leave: the key is up at ``time``."""

    def end(self, time: int, n_samples: int) -> None:
        """Leave from ``time`` on within ``n_samples``, wherever the grid is: the music ends."""
        if self._fall_at is None or time < self._fall_at:
            self._fall_at, self._fall_n = time, n_samples

    def has_begun(self, time: int) -> bool:
        """Return whether any of it was heard by ``time``."""
        return time > self._rise_at

    def room_at(self, time: int, clock: BarClock) -> float:  # noqa: ARG002
        """Return how much of a room there is at least at a time, in [0, 1]."""
        return 0.0

    # --- sound --------------------------------------------------------------------------------------------------------

    def process(self, samples: FloatArray, time: int, clock: BarClock, history: History) -> None:
        """Be heard in the place of ``samples``, float32 ``(n_samples, n_channels)``, which the history ends with."""
        if clock is not self._clock:
            self._go_with(clock, time)
        self._shift = history.end - len(samples) - time
        done = 0
        while done < len(samples):
            self._arrive(time + done, clock)
            n = self._straight_samples(time + done, len(samples) - done)
            self._process_piece(samples[done : done + n], time + done, clock, history)
            done += n

    def _go_with(self, clock: BarClock, time: int) -> None:
        """Be in step with another clock; one that has not been heard yet begins with it."""
        is_new, self._clock = self._clock is None, clock
        if not is_new and not self.has_begun(time):
            self.begin(time, clock)
        if not is_new and self._fall_at is not None and time < self._fall_at:
            self.let_go(time, clock)

    def _straight_samples(self, time: int, n_samples: int) -> int:
        """Return for how many of the next samples nothing begins or ends."""
        marks = [self._rise_at, self._rise_at + self._rise_n, *self._marks()]
        if self._fall_at is not None:
            marks += [self._fall_at, self._fall_at + self._fall_n]
        return min((mark - time for mark in marks if time < mark < time + n_samples), default=n_samples)

    def _arrive(self, time: int, clock: BarClock) -> None:  # noqa: B027
        """Note what begins with the sample at ``time``."""

    def _marks(self) -> tuple[int, ...]:
        """Return times at which something of its own changes."""
        return ()

    @abstractmethod
    def _process_piece(self, samples: FloatArray, time: int, clock: BarClock, history: History) -> None:
        """Be heard in the place of samples in which nothing begins or ends."""

    def _share(self, time: int, n_samples: int) -> FloatArray | None:
        """Return how much of it is heard with each sample; None is all."""
        rising = falling = None
        if time < self._rise_at + self._rise_n:
            rising = step(time - self._rise_at, n_samples, self._rise_n)
        if self._fall_at is not None and time >= self._fall_at:
            falling = np.float32(1.0) - step(time - self._fall_at, n_samples, self._fall_n)
        if rising is None or falling is None:
            return falling if rising is None else rising
        return rising * falling

    # --- places in time -----------------------------------------------------------------------------------------------

    def _come_in_at(self, line: int, time: int) -> None:
        """Come in by a fade that ends with ``line``, or as soon as may be after ``time``."""
        self._rise_n = min(self.fade_samples, max(self._shortest, line - time))
        self._rise_at = max(time, line - self._rise_n)

    def _leave_at(self, line: int) -> None:
        """Leave by a fade that ends with ``line``: its sample is the music's own."""
        self._fall_n = self.fade_samples
        self._fall_at = line - self._fall_n


class HeardInstead(Held):
    """This kind of held effect has a sound of its own, which is heard instead of the music."""

    def _process_piece(self, samples: FloatArray, time: int, clock: BarClock, history: History) -> None:
        if time < self._rise_at or self.is_over(time):
            return
        heard = self._content(len(samples), time, clock, history)
        share = self._share(time, len(samples))
        if share is None:
            np.copyto(samples, heard)
        else:
            samples += share[:, None] * (heard - samples)

    @abstractmethod
    def _content(self, n_samples: int, time: int, clock: BarClock, history: History) -> FloatArray:
        """Return what is heard instead of the next samples, float32 of their shape."""


def step(done: int, n_samples: int, whole: int) -> FloatArray:
    """Return the next gains of a smooth step from 0 to 1 that is ``whole`` samples long, ``done`` of them over."""
    share = np.clip((np.arange(1, n_samples + 1) + done) / whole, 0.0, 1.0)
    gains: FloatArray = (share * share * (3.0 - 2.0 * share)).astype(np.float32)
    return gains


def beats_in_bars(beats: Fraction, clock: BarClock) -> Fraction:
    """Return a length in beats as one in bars."""
    return beats / clock.beats_per_bar


def beats_in_samples(beats: Fraction, clock: BarClock) -> int:
    """Return a length in beats in samples, at least 1."""
    return max(1, round(beats_in_bars(beats, clock) * clock.bar_samples))
