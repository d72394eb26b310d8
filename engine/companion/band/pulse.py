# SPDX-License-Identifier: GPL-3.0-or-later
"""The pulse numbers the beats that were heard, and tells when the next ones fall.

A straight line through the latest beats, of which the newest count most, is where the next ones are expected (a
recursive least-squares filter of phase and period); the tempo moves within limits from beat to beat.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from engine.companion.band.ear import DoubleArray, HeardBeats
from engine.listening.bars import bars_of

FIRST_BEATS = 7
"""Number of beats, as even as a player's, from which on there is a pulse."""
EVEN = 0.09
"""Share by which the lengths of those beats may differ."""
AGREEING = 3
"""Number of times in a row that the same tempo must be heard before there is a pulse, or another one."""
SAME_TEMPO = 0.04
"""Share within which two tempos are the same."""
FAST_S = 0.42
"""Length of a beat, seconds, below which every second one is counted: a band keeps to the slower pulse."""
FORGETS = 0.85
"""Weight of a beat against that of the one after it."""
LINE_BEATS = 14
"""Number of beats through which the line is laid at most."""
NEAR = 0.22
"""Share of a beat within which one that was heard is the one that was expected."""
FITS = 0.6
"""Share of the beats of the last bars that must be near, or else nothing is learnt of them."""
LATEST_BEATS = 8
"""Number of the latest beats that are held against what was expected."""
MOST_CHANGE = 0.012
"""Share by which the tempo may change each time that it is heard."""
LOST_BEATS = 8.0
"""Number of beats without one that was expected after which the pulse is lost."""
METRE_BEATS = 64
"""Number of beats that say the metre, and where bars begin."""
METRE_HOLDS = 6
"""Number of times in a row that another metre, or place of the bars, must be heard to be believed."""


class Pulse:
    """A pulse is told what was heard.

    Attributes
    ----------
    times_s
        Of the beats from the first on, seconds, evened by the line; the last is the latest that was heard.
    odds
        Log odds of a downbeat at each.
    chords
        Of each beat, as they were heard last.
    """

    def __init__(self) -> None:
        self.times_s: list[float] = []
        self.odds: list[float] = []
        self.chords: list[str] = []
        self._start_s, self._step_s = 0.0, 0.0
        self._metre, self._first = 4, 0
        self._steps: deque[float] = deque(maxlen=AGREEING)
        self._other: tuple[int, int] | None = None
        self._n_other = 0

    @property
    def is_there(self) -> bool:
        """Return whether there is a pulse."""
        return bool(self.times_s)

    @property
    def step_s(self) -> float:
        """Return the length of a beat, seconds."""
        return self._step_s

    @property
    def metre(self) -> int:
        """Return the number of beats of a bar."""
        return self._metre

    def time_s(self, beat: float) -> float:
        """Return when a beat falls, by the line through the latest ones."""
        return self._start_s + beat * self._step_s

    def beat_at(self, time_s: float) -> float:
        """Return which beat falls at a time."""
        return (time_s - self._start_s) / self._step_s

    def begins_bar(self, beat: int) -> bool:
        """Return whether a beat begins a bar."""
        return (beat - self._first) % self._metre == 0

    def downbeats(self) -> tuple[int, ...]:
        """Return which of the beats that were heard begin a bar."""
        return tuple(beat for beat in range(len(self.times_s)) if self.begins_bar(beat))

    def hear(self, heard: HeardBeats) -> None:
        """Go on with the beats of the last seconds; some of them were heard before."""
        if not self.is_there:
            self._begin(heard)
            return
        numbers = np.maximum(np.round((heard.times_s - self._start_s) / self._step_s), 0.0)
        near = np.abs(heard.times_s - (self._start_s + numbers * self._step_s)) <= NEAR * self._step_s
        latest = near[-LATEST_BEATS:]
        if latest.mean() < FITS and not self._is_double(heard.times_s):
            self._doubt(heard)
            return
        self._steps.clear()
        self._lay_line(numbers[near], heard.times_s[near])
        for number, odds, chord, is_near in zip(numbers, heard.downbeats, heard.chords, near, strict=True):
            if is_near:
                self._note(int(number), float(odds), chord)
        self._even_out()
        self._hear_metre()

    def _is_double(self, times_s: DoubleArray) -> bool:
        """Return whether what was heard is twice as fast: half of its beats lie between the expected ones."""
        steps = np.diff(times_s[-LATEST_BEATS:])
        return bool(len(steps)) and abs(float(np.median(steps)) / self._step_s - 0.5) < 2.0 * SAME_TEMPO

    def _doubt(self, heard: HeardBeats) -> None:
        """Go over to another tempo, if it is heard again and again."""
        step_s = _even_step(heard.times_s)
        if step_s is None or not self._is_heard_again(step_s):
            return
        # Its beats are counted on from the one that plays.
        at = round(self.beat_at(float(heard.times_s[-1])))
        self._step_s = step_s
        self._start_s = float(heard.times_s[-1]) - at * step_s
        numbers = at - np.arange(FIRST_BEATS)[::-1].astype(np.float64)
        self._lay_line(numbers, heard.times_s[-FIRST_BEATS:])
        del self.times_s[at:], self.odds[at:], self.chords[at:]
        self._note(at, float(heard.downbeats[-1]), heard.chords[-1])

    def _even_out(self) -> None:
        latest = len(self.times_s) - 1
        for number in range(max(0, latest - LINE_BEATS), latest + 1):
            self.times_s[number] = self.time_s(number)

    def is_lost(self, now_s: float) -> bool:
        """Return whether no beat was heard for so long that there is no pulse any more."""
        return self.is_there and self.beat_at(now_s) - len(self.times_s) > LOST_BEATS

    def _begin(self, heard: HeardBeats) -> None:
        step_s = _even_step(heard.times_s)
        if step_s is None or not self._is_heard_again(step_s):
            return
        times, odds, chords = heard.times_s, heard.downbeats, heard.chords
        if step_s < FAST_S:
            # The beats are those that are heard more strongly as the first of a bar, of two and two.
            offset = int(sum(odds[-2::-2]) > sum(odds[-1::-2]))
            chosen = range(len(times) - 1 - offset, -1, -2)
            times, odds = times[list(chosen)[::-1]], odds[list(chosen)[::-1]]
            chords = tuple(heard.chords[one] for one in list(chosen)[::-1])
            step_s *= 2.0
        n = min(len(times), LINE_BEATS)
        self._step_s, self._start_s = step_s, float(times[-n])
        self._lay_line(np.arange(n, dtype=np.float64), times[-n:], is_free=True)
        for number in range(n):
            self._note(number, float(odds[number - n]), chords[number - n])
        self._steps.clear()
        self._even_out()
        self._hear_metre()

    def _is_heard_again(self, step_s: float) -> bool:
        """Return whether the latest tempos that were heard are all this one."""
        self._steps.append(step_s)
        return len(self._steps) == AGREEING and all(abs(one / step_s - 1.0) <= SAME_TEMPO for one in self._steps)

    def _lay_line(self, numbers: DoubleArray, times_s: DoubleArray, *, is_free: bool = False) -> None:
        latest = float(numbers.max())
        is_used = numbers > latest - LINE_BEATS
        x, y = numbers[is_used], times_s[is_used]
        weights = np.sqrt(FORGETS ** (latest - x))
        slope, _ = np.polyfit(x - latest, y, 1, w=weights) if len(x) > 2 else (self._step_s, 0.0)
        if not is_free:
            slope = min(max(slope, self._step_s * (1.0 - MOST_CHANGE)), self._step_s * (1.0 + MOST_CHANGE))
        # The line goes through the weighted middle of the beats, whatever its slope may be.
        squares = weights**2
        middle_x, middle_y = (float((one * squares).sum() / squares.sum()) for one in (x, y))
        self._step_s = float(slope)
        self._start_s = middle_y - middle_x * self._step_s

    def _note(self, number: int, odds: float, chord: str) -> None:
        while len(self.times_s) <= number:
            self.times_s.append(self.time_s(len(self.times_s)))
            self.odds.append(0.0)
            self.chords.append("")
        self.odds[number] = odds
        self.chords[number] = chord

    def _hear_metre(self) -> None:
        first = max(0, len(self.odds) - METRE_BEATS)
        metre, firsts = bars_of(np.array(self.odds[first:]))
        if not firsts or metre not in (2, 3, 4):
            return
        metre = 4 if metre == 2 else metre
        told = metre, (first + firsts[-1]) % metre
        if told == (self._metre, self._first % self._metre):
            self._n_other = 0
            return
        self._n_other = self._n_other + 1 if told == self._other else 1
        self._other = told
        if self._n_other >= METRE_HOLDS or len(self.times_s) <= LINE_BEATS:
            self._metre, self._first = told
            self._n_other = 0


def _even_step(times_s: DoubleArray) -> float | None:
    """Return the length of the latest beats, seconds, where they are as even as a player's."""
    steps = np.diff(times_s[-FIRST_BEATS:])
    if len(steps) < FIRST_BEATS - 1 or float(steps.std()) > EVEN * float(steps.mean()):
        return None
    return float(np.median(steps))
