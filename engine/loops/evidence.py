# SPDX-License-Identifier: GPL-3.0-or-later
"""Evidence says how exactly, how long and how often the music comes again after a loop's length."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.dsp.features import Listener
from engine.dsp.rhythm import Pulse, Rhythm
from engine.loops.repeats import Repeats
from engine.loops.similarity import Ear, SeamMap
from engine.loops.turns import Turns
from engine.values import FloatArray

EXACT_CONTEXT_S = 1.0
"""Seconds that must come again exactly on each side of the seam; of short loops nearly half their length."""

INSIGNIFICANT = 3.0
"""Standard deviations above chance below which a lag's strength shows no repeat."""

PLATEAU = 0.9
"""Share of the best place's coherence from which on a place counts as equally good."""

_CONTEXT_SHARE = 0.45
_LEAST_THROUGHOUT = 0.1
_CHANCE = 0.3  # coherence that held notes have with one another now and then
_RUN_S = 2.0
_LEAST_SOUNDING = 0.25
_STEADY = 0.3
_STANDS_OUT = 1 / 3  # of what a length can be above the usual one: from here on it is said to stand out
_EVERY = 7  # a sample of the lags tells their spread


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence for one loop, each figure from 0 (nothing) to 1.

    Attributes
    ----------
    exact
        Coherence of the waves around the seam, beyond chance: 1 where they come again to the sample.
    run
        How long they do, of everything that could: ``s / (s + 2)`` for ``s`` seconds.
    alike
        Likeness of sound and harmony around the seam (``SeamMap.alike``).
    throughout
        Likeness of all that lies the loop's length apart (``SeamMap.throughout``).
    foremost
        The same as a part of what it is at the best length, so far as the length stands out: where everything is like
        everything, as noise is, no length is foremost.
    steady
        Likeness that seven in ten of all possible seams of the loop's length reach: what comes again only here and
        there has less.
    onsets
        Autocorrelation of the onsets at the loop's length.
    """

    exact: float
    run: float
    alike: float
    throughout: float
    foremost: float
    steady: float
    onsets: float


@dataclass(frozen=True, eq=False)
class Hearing:
    """Everything that is known of a sound before any of its loops is measured."""

    listener: Listener
    ear: Ear
    seams: SeamMap
    repeats: Repeats
    pulse: Pulse
    rhythm: Rhythm | None
    round_score: float
    """How sure it is, in [0, 1], that the sound goes on at its start where it ends: from tags or by ear; 0 for no."""
    turns: Turns | None = None
    """After what time all of the music comes again, turn after turn, if it does."""
    _known: dict[int, Exactness] = field(default_factory=dict)
    _steadiness: dict[int, float] = field(default_factory=dict)

    @property
    def goes_round(self) -> bool:
        return self.round_score > 0.0

    def is_round(self, length: int) -> bool:
        """Return whether a loop of ``length`` samples is the whole of a sound that goes round."""
        return self.goes_round and length == self.listener.n_samples

    def listener_of(self, length: int) -> Listener:
        """Return the listener for a loop of ``length`` samples: round the sound's end, where the start follows it."""
        return self.listener.folded() if self.is_round(length) else self.listener

    def coherence(self, length: float) -> FloatArray:
        """Return ``Repeats.coherence`` at a length in samples, which lies between two lag steps."""
        repeats = self.repeats
        lag = round(length / repeats.divisor)
        before, after = repeats.strength_at(lag - 1), repeats.strength_at(lag + 1)
        if max(before, repeats.strength_at(lag), after) < INSIGNIFICANT * self.noise:
            return np.zeros(0, dtype=np.float32)
        beside = lag - 1 if before > after else lag + 1
        one, other = repeats.coherence(lag), repeats.coherence(beside)
        n = min(one.size, other.size)
        # Between two steps a repeat shows in both, by the sinc of the distance: their squares add up.
        power = np.maximum(one[:n], np.float32(0.0)) ** 2 + np.maximum(other[:n], np.float32(0.0)) ** 2
        out: FloatArray = np.minimum(np.sqrt(power), np.float32(1.0))
        return out

    def exactness(self, length: float) -> Exactness:
        """Return where, and how well, the waves come again after ``length`` samples."""
        lag = round(length / self.repeats.divisor)
        if lag not in self._known:
            self._known[lag] = self._exactness(length)
        return self._known[lag]

    def _exactness(self, length: float) -> Exactness:
        blocks = self.coherence(length)
        if blocks.size == 0:
            return Exactness(blocks, 0, self.repeats.block_samples)
        block_s = self.repeats.block_samples / self.listener.sample_rate
        context = min(EXACT_CONTEXT_S, _CONTEXT_SHARE * length / self.listener.sample_rate)
        n = max(1, min(2 * round(context / block_s), blocks.size))
        sounding = self.repeats.sounds(round(length / self.repeats.divisor))[: blocks.size]
        sounding = np.append(sounding, np.zeros(blocks.size - sounding.size, dtype=bool))
        # Gaps say nothing, unless there is nothing but gaps.
        around = _windowed(blocks * sounding, n) / np.maximum(_windowed(sounding, n), n * _LEAST_SOUNDING)
        return Exactness(around.astype(np.float32), n, self.repeats.block_samples)

    def evidence(self, start: int, length: int) -> Evidence:
        """Return the evidence for the loop ``[start, start + length)``; full for the whole of a round sound."""
        if self.is_round(length):
            return Evidence(exact=1.0, run=1.0, alike=1.0, throughout=1.0, foremost=1.0, steady=1.0, onsets=1.0)
        exactness = self.exactness(length)
        exact, run_s = exactness.at(start, self.listener.sample_rate)
        seams = self.seams
        column = seams.column(length)
        columns = slice(max(0, column - 1), column + 2)
        row = min(round(start / seams.hop_length), seams.alike.shape[0] - 1)
        alike = float(np.max(seams.alike[max(0, row - 1) : row + 1, columns], initial=-1.0))
        throughout = float(seams.throughout[columns].max())
        return Evidence(
            exact=max(0.0, (exact - _CHANCE) / (1.0 - _CHANCE)),
            run=run_s / (run_s + _RUN_S),
            alike=max(alike, 0.0),
            throughout=max(throughout, 0.0),
            foremost=self._foremost(max(throughout, 0.0)),
            steady=max(self._steady(column), 0.0),
            onsets=max(self.pulse.at(length), 0.0),
        )

    def _foremost(self, throughout: float) -> float:
        """Return how near a likeness is to the best length's, in [0, 1], less where most lengths have as much."""
        usual = self._usual
        above = max(0.0, throughout - usual) / max(1.0 - usual, _LEAST_THROUGHOUT)
        return throughout / self._best * min(1.0, above / _STANDS_OUT)

    @cached_property
    def _best(self) -> float:
        """Return the likeness throughout of the best length."""
        return max(float(self.seams.throughout.max()), _LEAST_THROUGHOUT)

    @cached_property
    def _usual(self) -> float:
        """Return the likeness throughout of the median length."""
        return float(np.median(self.seams.throughout))

    def _steady(self, column: int) -> float:
        if column not in self._steadiness:
            likenesses = self.seams.alike[:, column]
            likenesses = likenesses[np.isfinite(likenesses)]
            nth = int(_STEADY * (likenesses.size - 1))
            self._steadiness[column] = float(np.partition(likenesses, nth)[nth]) if likenesses.size else 0.0
        return self._steadiness[column]

    @cached_property
    def noise(self) -> float:
        """Return the standard deviation of ``Repeats.strength`` where nothing comes again."""
        return 1.4826 * float(np.median(np.abs(self.repeats.strength[1::_EVERY]))) + 1e-9


def _windowed(values: npt.NDArray[Any], n: int) -> npt.NDArray[np.float64]:
    """Return the sums of ``n`` neighbouring values, one for each place where they fit."""
    sums = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    out: npt.NDArray[np.float64] = sums[n:] - sums[:-n]
    return out


@dataclass(frozen=True, eq=False, slots=True)
class Exactness:
    """The mean coherence around each possible seam at one length.

    Attributes
    ----------
    around
        Entry ``i`` is the mean over blocks ``[i, i + n_blocks)``: of the seam at their middle.
    """

    around: FloatArray
    n_blocks: int
    block_samples: int

    @property
    def best(self) -> float:
        return float(self.around.max(initial=0.0))

    def plateau(self) -> tuple[int, int]:
        """Return the first and last start, in samples, of the stretch around the best place that is as good."""
        if self.around.size == 0:
            return 0, 0
        first, last = self._stretch(int(self.around.argmax()))
        middle = self.n_blocks * self.block_samples // 2
        return first * self.block_samples + middle, last * self.block_samples + middle

    def at(self, start: int, sample_rate: int) -> tuple[float, float]:
        """Return the coherence around a seam at ``start``, and for how many seconds the waves come again there."""
        if self.around.size == 0:
            return 0.0, 0.0
        index = round((start - self.n_blocks * self.block_samples / 2) / self.block_samples)
        index = min(max(index, 0), self.around.size - 1)
        first, last = self._stretch(index)
        return float(self.around[index]), (last - first + self.n_blocks) * self.block_samples / sample_rate

    def _stretch(self, index: int) -> tuple[int, int]:
        low = np.flatnonzero(self.around < PLATEAU * self.around[index])
        before, after = low[low < index], low[low > index]
        return (
            int(before[-1]) + 1 if before.size else 0,
            int(after[0]) - 1 if after.size else self.around.size - 1,
        )
