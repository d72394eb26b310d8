# SPDX-License-Identifier: GPL-3.0-or-later
"""A delay repeats what is sent into it, in step with the beats, each time quieter."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from engine.playback.mix.fades import MOST_SAMPLES
from engine.playback.mix.filters import CONTROL_SAMPLES
from engine.values import FloatArray

LONGEST_S = 4.0
"""Longest time of a delay in seconds; a longer one is halved until it is not: that is in step too."""
HEAD_SEGMENTS = 8
"""Number of segments in which another time comes in: 46 ms at 44.1 kHz."""

_N_HEAD = HEAD_SEGMENTS * CONTROL_SAMPLES
_HEAD_RISING: FloatArray = (np.arange(1, _N_HEAD + 1) / _N_HEAD).astype(np.float32)[:, None]
_RISING: FloatArray = (np.arange(1, CONTROL_SAMPLES + 1) / CONTROL_SAMPLES).astype(np.float32)[:, None]


class Echoes(NamedTuple):
    """The settings of a delay: how much is sent into it, how much comes back each time, and its time in samples."""

    level: float = 0.0
    feedback: float = 0.0
    n_samples: int = 1


class Delay:
    """A delay is a ring of samples with a head that reads, and a second one while its time changes.

    What has been sent into it is repeated to its end, whatever the level is meanwhile. The same samples come out
    whatever the chunks.

    Parameters
    ----------
    sample_rate
        Hz.
    n_channels
        Of the samples.
    """

    def __init__(self, sample_rate: int, n_channels: int) -> None:
        self._longest = round(LONGEST_S * sample_rate)
        self._ring: FloatArray = np.empty((self._longest + MOST_SAMPLES, n_channels), dtype=np.float32)
        # Its pages are made here, not in the callback.
        self._ring.fill(0.0)
        self._sent: FloatArray = np.zeros((MOST_SAMPLES, n_channels), dtype=np.float32)
        self._at = 0
        self._now = self._before = Echoes()
        self._coming: int | None = None
        self._heads_done = 0
        self._ringing = 0

    @property
    def is_empty(self) -> bool:
        """Return whether nothing is sent and nothing rings."""
        return not self._now.level and not self._before.level and not self._ringing

    @property
    def tail_samples(self) -> int:
        """Return for how many samples it sounds on after its input went silent, until 120 dB below."""
        return self._ringing

    def jump(self, echoes: Echoes) -> None:
        """Take these settings at once: nothing sounds that would show it."""
        self._now = self._before = self._fitting(echoes)
        self._coming, self._heads_done = None, 0
        self._ring_on()

    @property
    def is_moving(self) -> bool:
        return self._now != self._before or self._coming is not None

    def moves_to(self, echoes: Echoes) -> bool:
        """Return whether a segment with these settings is to be begun: it is on its way, or they are others."""
        return self._now != self._before or self._coming is not None or self._fitting(echoes) != self._now

    def begin_segment(self, echoes: Echoes) -> bool:
        """Begin a segment at whose end these settings are reached; return whether anything is still on its way."""
        if self._coming is not None and self._heads_done >= _N_HEAD:
            self._now = self._now._replace(n_samples=self._coming)
            self._coming = None
        echoes = self._fitting(echoes)
        self._before = self._now
        if self.is_empty:
            self._now = self._before = self._now._replace(n_samples=echoes.n_samples)
        self._now = echoes._replace(n_samples=self._now.n_samples)
        if self._coming is None and echoes.n_samples != self._now.n_samples:
            self._coming, self._heads_done = echoes.n_samples, 0
        self._ring_on()
        return self.is_moving

    def process(self, samples: FloatArray, done: int) -> None:
        """Add the echoes to ``samples``, float32 of shape ``(n_samples, n_channels)``, in place.

        While something moves they are part of a segment of which ``done`` samples are over.
        """
        at, sends = 0, self._now.level > 0.0 or self._before.level > 0.0
        until = len(samples) if sends else min(len(samples), self._ringing)
        while at < until:
            n = self._straight_samples(until - at)
            self._process_piece(samples[at : at + n], done + at)
            at += n
        if not sends:
            self._ringing -= until

    def _straight_samples(self, n_samples: int) -> int:
        """Return how many of the next samples can be read and written in one go."""
        size = len(self._ring)
        n = min(n_samples, MOST_SAMPLES, size - self._at)
        for head in (self._now.n_samples, self._coming):
            if head is not None:
                n = min(n, head, size - (self._at - head) % size)
        return min(n, _N_HEAD - self._heads_done) if self._is_crossing else n

    @property
    def _is_crossing(self) -> bool:
        return self._coming is not None and self._heads_done < _N_HEAD

    def _process_piece(self, samples: FloatArray, done: int) -> None:
        n, into = len(samples), self._ring[self._at : self._at + len(samples)]
        heard = self._read(self._now.n_samples if self._coming is None or self._is_crossing else self._coming, n)
        if self._is_crossing and self._coming is not None:
            rising = _HEAD_RISING[self._heads_done : self._heads_done + n]
            heard = heard + rising * (self._read(self._coming, n) - heard)
            self._heads_done += n
        sent = self._sent[:n]
        np.multiply(samples, _between(self._before.level, self._now.level, done, n), out=sent)
        np.add(samples, heard, out=samples)
        np.multiply(heard, _between(self._before.feedback, self._now.feedback, done, n), out=into)
        np.add(into, sent, out=into)
        self._at = (self._at + n) % len(self._ring)

    def _read(self, head: int, n: int) -> FloatArray:
        first = (self._at - head) % len(self._ring)
        return self._ring[first : first + n]

    def _fitting(self, echoes: Echoes) -> Echoes:
        n = echoes.n_samples
        if 1 <= n <= self._longest:
            return echoes
        n = max(1, n)
        while n > self._longest:
            n //= 2
        return echoes._replace(n_samples=n)

    def _ring_on(self) -> None:
        """Note for how long it rings once nothing is sent any more."""
        now = self._now
        if now.level or self._before.level:
            longest = max(now.n_samples, self._coming or 0)
            times = 1 if now.feedback <= 0.0 else 1 + math.ceil(math.log(1e-6) / math.log(now.feedback))
            self._ringing = longest * times + _N_HEAD


def _between(before: float, after: float, done: int, n: int) -> FloatArray | np.float32:
    """Return the values on the way from one to another within a segment, or the one that stays."""
    if before == after:
        return np.float32(after)
    return np.float32(before) + np.float32(after - before) * _RISING[done : done + n]
