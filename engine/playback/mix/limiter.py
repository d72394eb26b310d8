# SPDX-License-Identifier: GPL-3.0-or-later
"""The limiter holds the true peak of what is played, and leaves alone, bit for bit, what does not reach it.

A look-ahead limiter with a memory that ends. What a sample's surroundings are too loud by is held for a while (sliding
maximum), approached by an S-shaped attack that is over before the peak comes, and let go of along a straight line
(moving averages: D. Giannoulis, M. Massberg, J. D. Reiss, "Digital dynamic range compressor design", JAES 2012, for
the parts; their recursive smoothing never ends and is not used).

Excesses are whole numbers of steps, so that all sums of them are exact: the same samples whatever the chunks, and a
loop comes out as a loop.
"""

from __future__ import annotations

import math

import numpy as np

from engine.dsp.true_peak import (
    AFTER,
    BEFORE,
    GLANCE_ERROR,
    GRID_LOSS,
    MAX_AMPLITUDE,
    OVERSAMPLING,
    UNSEEN_REACH,
    UNSEEN_SAMPLES,
    UNSEEN_SHARES,
    WORST_GAIN,
    WORST_UNSEEN,
    DoubleArray,
    Glance,
    Oversampler,
    Unseen,
    make_finite,
    tops,
)
from engine.units import db_to_amplitude, ms_to_samples
from engine.values import FloatArray

ATTACK_MS = 5.0
HOLD_MS = 30.0
"""Milliseconds for which a gain is held: half a period of the lowest frequency at which a tone keeps its shape."""
RELEASE_MS = 120.0

_MARGIN_DB = 0.05
"""Decibels of limiting beyond what is needed: a gain that moves bends the wave between the samples."""
_PIECE_SAMPLES = 1024
"""Number of samples at a time: matrix products of more would wake BLAS threads, for which a callback must wait."""
_STEPS = 2.0**24
_WHISPER = 2.0**-20
"""Amplitude of a channel that shows the gain: a power of 2, far below what could be limited."""
_FLAT_SAMPLES = BEFORE + AFTER + 2
"""Number of samples around an excess for which the gain stands still: the reach of the interpolation."""


class Limiter:
    """A true-peak limiter works on a stream.

    Parameters
    ----------
    sample_rate
        Hz.
    n_channels
        All get the same gain.
    ceiling_db
        Highest true peak that comes out, dBTP.

    Attributes
    ----------
    latency_samples
        The output is the input so many samples ago, times a gain in [0, 1].
    memory_samples
        Older input than this does not matter to the output.
    """

    def __init__(self, sample_rate: int, n_channels: int, ceiling_db: float = -1.0) -> None:
        self._ceiling = db_to_amplitude(ceiling_db)
        self._target = db_to_amplitude(ceiling_db - _MARGIN_DB)
        self._harmless = self._ceiling / (WORST_GAIN / GRID_LOSS + WORST_UNSEEN)
        # Two moving averages, one after the other, make up the attack.
        self._n_first = max(1, ms_to_samples(ATTACK_MS / 2.0, sample_rate))
        self._n_second = self._n_first
        n_attack = self._n_first + self._n_second - 1
        self._n_release = max(1, ms_to_samples(RELEASE_MS, sample_rate))
        self._n_held = ms_to_samples(HOLD_MS, sample_rate) + n_attack + _FLAT_SAMPLES
        # Excesses are known up to UNSEEN_REACH samples ago, and a gain needs those of BEFORE + n_attack to come.
        self.latency_samples = UNSEEN_REACH + BEFORE + n_attack
        self._n_memory = self._n_held + max(self._n_release, n_attack)
        self._n_behind = self.latency_samples + UNSEEN_SAMPLES + 2 * UNSEEN_REACH
        self.memory_samples = self._n_memory + self._n_behind

        self._wave = np.zeros((self._n_behind + 16 * _PIECE_SAMPLES, n_channels), dtype=np.float32)
        self._glance = Glance(n_channels, _PIECE_SAMPLES + UNSEEN_SAMPLES)
        self._oversampler = Oversampler(n_channels, _PIECE_SAMPLES + 1)
        self._unseen = Unseen(n_channels, _PIECE_SAMPLES + UNSEEN_SAMPLES)
        # In steps, at one index: excesses, the same held, and the first average's sums.
        self._envelopes = np.zeros((3, self._n_memory + 16 * _PIECE_SAMPLES))
        self._unseen_between = np.zeros(_PIECE_SAMPLES + 2)
        self._sums = np.zeros((4, _PIECE_SAMPLES + 2))
        self._gains = np.zeros(_PIECE_SAMPLES, dtype=np.float32)
        self.reset()

    def reset(self) -> None:
        """Forget what was heard: ``latency_samples`` of silence come out next."""
        self._wave.fill(0.0)
        self._end = self._n_behind
        self._envelopes.fill(0.0)
        self._now = self._n_memory
        self._first_sum = self._second_sum = self._release_sum = 0.0
        self._quiet_samples = self._n_memory
        self._is_limiting = False

    def process(self, samples: FloatArray) -> None:
        """Replace float32 samples of shape ``(n_samples, n_channels)`` by as many limited ones, in place."""
        for start in range(0, len(samples), _PIECE_SAMPLES):
            self._process_piece(samples[start : start + _PIECE_SAMPLES])

    def _process_piece(self, samples: FloatArray) -> None:
        n = len(samples)
        wave, end = self._wave, self._end
        if end + n > len(wave):
            wave[: self._n_behind] = wave[end - self._n_behind : end]
            end = self._n_behind
        wave[end : end + n] = samples
        self._end = end = end + n
        around = wave[end - n - UNSEEN_SAMPLES - 2 * UNSEEN_REACH : end]
        highest = np.abs(around).max()
        if not highest <= MAX_AMPLITUDE:
            make_finite(wave[end - n : end])
            highest = MAX_AMPLITUDE
        excess = self._excess(around, n, float(highest)) if highest > self._harmless else None
        self._is_limiting = excess is not None
        gains = self._follow(excess, n)
        start = end - n - self.latency_samples
        delayed = wave[start : start + n]
        if gains is None:
            samples[...] = delayed
            return
        for channel in range(samples.shape[1]):
            np.multiply(delayed[:, channel], gains, out=samples[:, channel])

    def _excess(self, around: FloatArray, n: int, highest: float) -> DoubleArray | None:
        """Return by how many steps of gain each of n samples is too loud; None where none is.

        ``around`` ends ``UNSEEN_REACH`` samples after them; ``highest`` is its loudest sample.
        """
        seen = around[UNSEEN_SAMPLES + UNSEEN_REACH - BEFORE - 1 : len(around) - UNSEEN_REACH + AFTER]
        # Mostly a glance shows that nothing is too loud. After something that was there is no use in it.
        if not self._is_limiting:
            error = GLANCE_ERROR * highest
            floor = self._floor(self._glance.most_unseen(around) + error)
            if self._glance.highest(seen) + error <= floor:
                return None
        unseen = self._unseen.bounds(around)
        most = float(unseen.max())
        floor = self._floor(most)
        points = self._oversampler.points(seen)
        if points.max() <= floor:
            return None
        places, values = tops(points.reshape(-1), floor)
        # A sample looks after the point before it, its own and the next two, so that each has its neighbours here. The
        # points that are left over at the ends of each channel fall to the samples before and after the n.
        owners = (places % points.shape[1] + 1) // OVERSAMPLING
        if most > 0.0:
            values += self._lacking(unseen)[owners] * UNSEEN_SHARES[places % OVERSAMPLING]
        over = values > self._ceiling
        values = values[over]
        if not len(values):
            return None
        needed = np.ceil((1.0 - self._target / values) * _STEPS)
        owned = self._sums[3, : n + 2]
        owned.fill(0.0)
        np.maximum.at(owned, owners[over], needed)
        excess = owned[1 : n + 1]
        return excess if excess.any() else None

    def _floor(self, most_unseen: float) -> float:
        """Return a height up to which no point comes out above the ceiling, where so much may be unseen."""
        return GRID_LOSS * max(0.0, self._ceiling - most_unseen)

    def _lacking(self, unseen: DoubleArray) -> DoubleArray:
        """Return the most that may be unseen between each sample and its neighbours, of what is unseen at each.

        (Of the one after, whose points are others' to judge, it is 0.)
        """
        width = 1
        while width < UNSEEN_SAMPLES:
            unseen = np.maximum(unseen[width:], unseen[:-width])
            width *= 2
        lacking = self._unseen_between[: len(unseen) + 1]
        lacking[:-1], lacking[-1] = unseen, 0.0
        return lacking

    def _follow(self, excess: DoubleArray | None, n: int) -> FloatArray | None:
        """Return the gains of the next n samples, or None where all are 1."""
        is_releasing = False
        if excess is None:
            if self._quiet_samples >= self._n_memory:
                # All that the envelopes remember is 0, wherever they stand.
                return None
            is_releasing = self._quiet_samples >= self._n_held + self._n_first + self._n_second
            self._quiet_samples += n
        else:
            self._quiet_samples = n - 1 - int(np.flatnonzero(excess)[-1])
        envelopes, now = self._envelopes, self._now
        if now + n > envelopes.shape[1]:
            envelopes[:, : self._n_memory] = envelopes[:, now - self._n_memory : now]
            now = self._n_memory
        self._now = end = now + n
        raw, held, first = envelopes
        lacking, attack = self._sums[0, :n], self._sums[1, :n]
        if is_releasing:
            # Nothing is held any more, and the attack's sums are 0: the release is left.
            envelopes[:, now:end] = 0.0
        else:
            raw[now:end] = 0.0 if excess is None else excess
            self._hold(raw, held, now, n)
            self._first_sum = _moving_sums(held, now, self._n_first, self._first_sum, first[now:end])
            self._second_sum = _moving_sums(first, now, self._n_second, self._second_sum, attack)
        self._release_sum = _moving_sums(held, now, self._n_release, self._release_sum, lacking)
        np.multiply(lacking, 1.0 / (_STEPS * self._n_release), out=lacking)
        if not is_releasing:
            np.multiply(attack, 1.0 / (_STEPS * self._n_first * self._n_second), out=attack)
            np.maximum(lacking, attack, out=lacking)
        return np.subtract(1.0, lacking, out=self._gains[:n], casting="same_kind")

    def _hold(self, raw: DoubleArray, held: DoubleArray, now: int, n: int) -> None:
        """Fill ``held``: each ``held[i]`` is the highest of the ``_n_held`` values of ``raw`` up to ``raw[i]``."""
        width = self._n_held
        for start in range(now, now + n, width):
            # Van Herk's way: every window here is one end of what lies before start, and one beginning of what follows.
            count = min(width, now + n - start)
            out = held[start : start + count]
            np.maximum.accumulate(raw[start : start + count], out=out)
            before = self._sums[2, :count]
            oldest = start - width + 1
            before[-1] = raw[oldest + count - 1 : start].max(initial=0.0)
            before[:-1] = raw[oldest : oldest + count - 1]
            np.maximum.accumulate(before[::-1], out=before[::-1])
            np.maximum(out, before, out=out)


def _moving_sums(values: DoubleArray, now: int, width: int, before: float, out: DoubleArray) -> float:
    """Fill ``out`` with the sums of ``width`` values that end at ``values[now]`` and on; ``before`` is the one before.

    Returned is the last.
    """
    end = now + len(out)
    np.subtract(values[now:end], values[now - width : end - width], out=out)
    out[0] += before
    np.add.accumulate(out, out=out)
    return float(out[-1])


def limited_loop(samples: FloatArray, sample_rate: int, ceiling_db: float = -1.0) -> FloatArray:
    """Return one turn of a loop that repeats for ever, limited, without the limiter's latency.

    ``samples`` are float32 of shape ``(n_samples, n_channels)``, at least one; the result has their shape.
    """
    limiter = Limiter(sample_rate, samples.shape[1], ceiling_db)
    n_loop = len(samples)
    n_before = math.ceil(limiter.memory_samples / n_loop) * n_loop
    at = np.arange(-n_before, n_loop + limiter.latency_samples) % n_loop
    wave: FloatArray = samples[at]
    limiter.process(wave)
    out: FloatArray = wave[n_before + limiter.latency_samples :].copy()
    return out


def loop_gains(samples: FloatArray, sample_rate: int, ceiling_db: float = -1.0) -> FloatArray:
    """Return the gains by which ``limited_loop`` turns a loop down: float32, shape ``(n_samples, 1)``, in [0, 1].

    The loop times its gains is the limited loop, and so is the sum of its parts, each times the same gains.
    """
    beside = np.full((len(samples), 1), _WHISPER, dtype=np.float32)
    limited = limited_loop(np.concatenate([samples, beside], axis=1), sample_rate, ceiling_db)
    gains: FloatArray = limited[:, -1:] / np.float32(_WHISPER)
    return gains
