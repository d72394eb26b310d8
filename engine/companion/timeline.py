# SPDX-License-Identifier: GPL-3.0-or-later
"""A timeline knows beats and chords of a recording, and those that there would be before it, after it and in its gaps.

Beats go on as long as their neighbours; chords go round as they did while they were heard.
"""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from engine.values import GivenBeats, Guide
from engine.values.guide import NO_CHORD

DoubleArray = npt.NDArray[np.float64]

TEMPO_BARS = 2
"""Number of bars whose beats say how long those beyond the recording's ends are."""
MOST_ROUND_BARS = 16
"""Number of bars of the longest turn that chords are taken to have."""
_AS_GOOD = 0.06
"""Share of beats by which a shorter turn may fit worse than a longer one and be taken all the same."""
_LEAST_AGREEING = 0.55
_USUAL_ROUND_BARS = 4


@dataclass(frozen=True, eq=False)
class Timeline:
    """A timeline numbers the beats from the recording's first, 0; those before it are below 0.

    Attributes
    ----------
    times_s
        Of the beats that were heard, seconds from the recording's start.
    metre
        As ``GivenBeats.metre``.
    downbeats
        Of the beats that were heard, the numbers of those that begin a bar.
    chords
        The name of the chord at each beat that was heard, ``NO_CHORD`` where it is not known.
    """

    times_s: DoubleArray
    metre: str
    downbeats: tuple[int, ...]
    chords: tuple[str, ...]

    @classmethod
    def of(cls, beats: GivenBeats, chords: tuple[tuple[float, str], ...]) -> Timeline:
        """Return the timeline of what was heard: ``HeardMusic.beats`` and ``HeardMusic.chords``."""
        times_s = np.array(beats.times_s)
        begins = [time_s for time_s, _ in chords]
        names = ["", *(name for _, name in chords)]
        # A chord belongs to the beat that is nearest to where it begins.
        middles = times_s + np.append(np.diff(times_s), times_s[-1] - times_s[-2]) / 2.0
        at = np.searchsorted(begins, middles) if begins else np.zeros(len(times_s), dtype=int)
        first = next((name for name in names if name), NO_CHORD)
        return cls(times_s, beats.metre, beats.downbeats or (0,), tuple(names[one] or first for one in at))

    @property
    def per_bar(self) -> int:
        """Return the number of beats of a whole bar."""
        return int(self.metre.partition("/")[0])

    @property
    def has_chords(self) -> bool:
        """Return whether any chord is known."""
        return any(one != NO_CHORD for one in self.chords)

    def time_s(self, beat: float) -> float:
        """Return when a beat falls, in or beyond the recording."""
        last = len(self.times_s) - 1
        if beat < 0:
            return float(self.times_s[0] + beat * self._beat_s(self.times_s[: self._n_near]))
        if beat > last:
            return float(self.times_s[-1] + (beat - last) * self._beat_s(self.times_s[-self._n_near :]))
        return float(np.interp(beat, np.arange(len(self.times_s)), self.times_s))

    def beat(self, time_s: float) -> float:
        """Return which beat falls at a time: the inverse of ``time_s``."""
        last = len(self.times_s) - 1
        if time_s < self.times_s[0]:
            return float((time_s - self.times_s[0]) / self._beat_s(self.times_s[: self._n_near]))
        if time_s > self.times_s[-1]:
            return float(last + (time_s - self.times_s[-1]) / self._beat_s(self.times_s[-self._n_near :]))
        return float(np.interp(time_s, self.times_s, np.arange(len(self.times_s))))

    def begins_bar(self, beat: int) -> bool:
        """Return whether a beat, in or beyond the recording, begins a bar."""
        if beat < self.downbeats[0]:
            return (self.downbeats[0] - beat) % self.per_bar == 0
        if beat > self.downbeats[-1]:
            return (beat - self.downbeats[-1]) % self.per_bar == 0
        return beat in self.downbeats

    def chord(self, beat: int) -> str:
        """Return the chord at a beat, in or beyond the recording."""
        n, turn = len(self.chords), self.round_beats
        if beat >= n:
            beat = n - turn + (beat - n) % turn
        elif beat < 0:
            beat %= turn
        return self.chords[min(max(beat, 0), n - 1)]

    @cached_property
    def round_beats(self) -> int:
        """Return after how many beats the chords come again: whole bars, at most what the recording has."""
        n, per_bar = len(self.chords), self.per_bar
        fits: dict[int, float] = {}
        for n_bars in range(1, MOST_ROUND_BARS + 1):
            lag = n_bars * per_bar
            if 2 * lag > n:
                break
            # What came last says most about what comes next.
            beats = range(max(lag, n - 3 * lag), n)
            # A chord that lasts agrees with itself after any lag: what counts as much is where it has changed.
            changed = [beat for beat in beats if self.chords[beat] != self.chords[beat - per_bar]]
            fits[lag] = statistics.fmean(self._agreeing(some, lag) for some in (beats, changed) if some)
        best = max(fits.values(), default=0.0)
        if best >= _LEAST_AGREEING:
            return next(lag for lag, fit in fits.items() if fit >= best - _AS_GOOD)
        return min(_USUAL_ROUND_BARS * per_bar, max(1, n // per_bar) * per_bar, n)

    def _agreeing(self, beats: Sequence[int], lag: int) -> float:
        """Return the share of beats whose chord is that of so many beats before."""
        return statistics.fmean(self.chords[beat] == self.chords[beat - lag] for beat in beats)

    def guide(self, first: int, end: int, *, rest: float = 0.0) -> Guide:
        """Return the guide of a clip that plays from beat ``first`` to beat ``end``, and then ``rest`` seconds.

        Raises OutOfRange where beats are too short or too long, or too many.
        """
        numbers = range(first, end)
        start_s = self.time_s(first)
        times_s = tuple(self.time_s(beat) - start_s for beat in numbers)
        downbeats = tuple(beat - first for beat in numbers if self.begins_bar(beat))
        beats = GivenBeats(times_s, self.time_s(end) - start_s + rest, self.metre, downbeats)
        if not self.has_chords:
            return Guide((), len(beats.bars()), beats)
        named = [(at, self.chord(beat)) for at, beat in zip(times_s, numbers, strict=True)]
        changes = [one for before, one in itertools.pairwise([(0.0, ""), *named]) if one[1] != before[1]]
        return Guide.on_beats(beats, changes)

    def halved(self) -> Timeline:
        """Return the same music with half as many beats, of which each is two."""
        first = self.downbeats[0] % 2
        kept = tuple(one for one in self.downbeats if (one - self.downbeats[0]) % (2 * self.per_bar) == 0)
        downbeats = tuple((one - first) // 2 for one in kept)
        return Timeline(self.times_s[first::2], self.metre, downbeats, self.chords[first::2])

    @property
    def last_beat_s(self) -> float:
        """Return how long a beat is at the end, seconds."""
        return self._beat_s(self.times_s[-self._n_near :])

    @property
    def _n_near(self) -> int:
        return min(len(self.times_s), TEMPO_BARS * self.per_bar + 1)

    @staticmethod
    def _beat_s(times_s: DoubleArray) -> float:
        """Return the length of a beat by a straight line through these."""
        return float(np.polyfit(np.arange(len(times_s)), times_s, 1)[0])


def first_beat_from(timeline: Timeline, time_s: float) -> int:
    """Return the first beat at or after a time."""
    return math.ceil(timeline.beat(time_s) - 1e-6)
