# SPDX-License-Identifier: GPL-3.0-or-later
"""This module measures many loops at once, nearly as ``engine.loops.metrics`` measures one, for the score maps.

What is heard around a loop's ends is taken from frames that are known instead of frames heard anew (so lengths are told
to half a hop, 6 ms), the waves from their thin copy (5.5 kHz), and the steps around the joint are told to eight
samples. A thousand loops take about 20 ms; each metric is within 0.12 (the beat's within 0.2) of the one that is
measured alone, mostly within half of that (tests/engine/loops/test_score_maps.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.dsp.features import MEL_WINDOW_S
from engine.loops.evidence import Hearing
from engine.loops.metrics import (
    ALIGNMENT_S,
    GRID_TOLERANCE_S,
    JOINT_S,
    JUST_AHEAD_S,
    PHASE_RANGE,
    PHASE_WINDOW_S,
    QUIET_DB,
    STEP_RMS,
    Judge,
)
from engine.loops.similarity import CONTEXT_S, LEAST_CONTEXT_S, weights
from engine.values import FloatArray, IntArray, LoopRegion

Doubles = npt.NDArray[np.float64]

_SPECTRAL_EVERY = 4  # hops between the frames whose sound is compared: 46 ms
_ONSETS_EVERY = 2  # … and whose onsets are, as the metric does
_LEAST_FRAMES = 6
_STEP_SAMPLES = 8  # steps of the wave are summed over so many
_REACH_S = 0.022  # how far from a length a better one is looked for, at most
_SHIFTS = 48  # places that are tried for the joint
_BEFORE_S = 0.030  # … so long before the start, at most: just ahead of an attack
_LEVEL_FLOOR = 1e-9


@dataclass(frozen=True, eq=False)
class Many:
    """This measures loops of one sound, many at a time: starts and lengths in samples, arrays of shape ``(n,)``."""

    hearing: Hearing
    samples: FloatArray

    # --- what is known of the sound -------------------------------------------------------------------------------

    @cached_property
    def _vectors(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the frames on the ear's scale, their squared norms, and how much each counts."""
        whole = self.hearing.listener.whole
        vectors = self.hearing.ear.vectors(whole)
        return vectors, np.vecdot(vectors, vectors), weights(whole)

    @cached_property
    def _onsets(self) -> FloatArray:
        """Return the rise of each frame from the one two hops before, as the metric's own frames have it."""
        mel_db = self.hearing.listener.whole.mel_db
        out = np.zeros(mel_db.shape[0], dtype=np.float32)
        out[_ONSETS_EVERY:] = np.maximum(mel_db[_ONSETS_EVERY:] - mel_db[:-_ONSETS_EVERY], 0.0).mean(axis=1)
        return out

    @cached_property
    def _steps(self) -> tuple[int, Doubles, Doubles]:
        """Return samples per block, and running sums over blocks of the wave's squared steps and of their changes."""
        size = _STEP_SAMPLES
        sums = []
        steps = self.samples
        for _ in range(2):
            steps = np.diff(steps, axis=0)
            energy = np.einsum("ij,ij->i", steps, steps)
            whole = energy[: energy.size // size * size].reshape(-1, size).sum(axis=1, dtype=np.float64)
            sums.append(np.concatenate([[0.0], np.cumsum(whole)]))
        return size, sums[0], sums[1]

    @property
    def _wraps(self) -> bool:
        return self.hearing.listener.wraps

    # --- the metrics ----------------------------------------------------------------------------------------------

    def metrics(self, starts: IntArray, lengths: IntArray) -> FloatArray:
        """Return the four metrics of loops, shape ``(4, n)`` in the order of ``LoopMetrics``, in [0, 1].

        Loops with nothing of the clip beside them (within the 93 ms that phases need) are measured one for all: they
        are the whole of the clip, but for a moment.
        """
        out = np.empty((4, starts.size), dtype=np.float32)
        measures: tuple[Callable[[IntArray, IntArray], Any], ...] = (
            self.spectral,
            self.waveform,
            self.beat,
            self.phase,
        )
        for row, measure in zip(out, measures, strict=True):
            row[:] = measure(starts, lengths)
        listener = self.hearing.listener
        beside = round(PHASE_WINDOW_S * listener.sample_rate) + listener.thin_divisor
        whole = (starts < beside) & (starts + lengths > listener.n_samples - beside) & (not self._wraps)
        if whole.any():
            one = int(np.flatnonzero(whole)[lengths[whole].argmax()])
            region = LoopRegion(int(starts[one]), int(starts[one] + lengths[one]))
            judge = Judge(self.hearing.listener_of(region.n_samples), self.hearing.ear, self.hearing.rhythm)
            out[:, whole] = np.array(list(judge.metrics(region).as_dict().values()), dtype=np.float32)[:, None]
        return out

    def spectral(self, starts: IntArray, lengths: IntArray) -> FloatArray:
        """Return the likeness of the second either side of both ends, every 46 ms: shape ``(n,)``, in [0, 1]."""
        vectors, norms, loud = self._vectors
        listener = self.hearing.listener
        reach = round(CONTEXT_S * listener.sample_rate / listener.hop_length / _SPECTRAL_EVERY)
        alike, heard = np.zeros(starts.size, np.float32), np.full(starts.size, 1e-9, np.float32)
        for step in range(-reach, reach):
            one, other, known = self._frames(starts, lengths, step * _SPECTRAL_EVERY)
            distance = norms[one] + norms[other] - 2.0 * np.vecdot(vectors[one], vectors[other])
            like = np.maximum(1.0 - distance, -1.0)
            counts = np.where(like > 0.0, np.maximum(loud[one], loud[other]), 1.0) * known
            alike += like * counts
            heard += counts
        least = LEAST_CONTEXT_S * listener.sample_rate / listener.hop_length / _SPECTRAL_EVERY
        out: FloatArray = np.clip(alike / np.maximum(heard, least), 0.0, 1.0)
        return out

    def beat(self, starts: IntArray, lengths: IntArray) -> FloatArray:
        """Return whether the pulse goes on: whole bars and beats, and onsets where they would have come, ``(n,)``."""
        out: FloatArray = (0.4 * self._onsets_agree(starts, lengths) + 0.5 * self.in_bars(lengths)).astype(np.float32)
        rhythm, rate = self.hearing.rhythm, self.hearing.listener.sample_rate
        if rhythm is None:
            return out + np.float32(0.05)
        early, beat = JUST_AHEAD_S * rate / 2, rhythm.beat_samples
        off = (starts + early - rhythm.first_downbeat + beat / 2) % beat - beat / 2
        out += (0.1 * self._near(np.maximum(np.abs(off) - early, 0.0))).astype(np.float32)
        return np.clip(out, 0.0, 1.0)

    def in_bars(self, lengths: npt.NDArray[Any]) -> Doubles:
        """Return 1 for whole bars, 0.7 for whole beats and less beside them; 0.5 where the music has no pulse."""
        rhythm = self.hearing.rhythm
        if rhythm is None:
            return np.full(lengths.shape, 0.5)
        worth = []
        for share, unit in ((1.0, rhythm.bar_samples), (0.7, rhythm.beat_samples)):
            n_units = np.maximum(1.0, np.round(lengths / unit))
            worth.append(share * self._near(np.abs(lengths - n_units * unit)))
        out: Doubles = np.maximum(worth[0], worth[1])
        return out

    def waveform(self, starts: IntArray, lengths: IntArray) -> FloatArray:
        """Return whether the wave goes on, ``(n,)``: no step, no kink, and the 10 ms that would have come."""
        rate, divisor = self.hearing.listener.sample_rate, self.hearing.listener.thin_divisor
        half = min(max(2, round(JOINT_S * rate / divisor)), self.hearing.listener.thin.shape[0])
        reach = max(1, round(ALIGNMENT_S * rate / divisor))
        floor = half * divisor * (self._quiet**2) / divisor
        inner, energy = np.zeros((2 * reach + 1, starts.size)), np.zeros(starts.size)
        for offset in (0, -half):
            one, one_known = self._thin(starts // divisor + offset, half)
            at = (starts + lengths) // divisor + offset
            other, _ = self._thin(at - reach, half + 2 * reach)
            known = one_known & self._has(at, half)
            energy += known * (_energy(one) + _energy(other[:, reach : reach + half]))
            for step in range(2 * reach + 1):
                inner[step] += known * _inner(one, other[:, step : step + half])
        match = np.maximum(0.0, (2.0 * inner.max(axis=0) + floor) / (energy + floor))
        out: FloatArray = (self.smoothness(starts, lengths) * (1.0 + np.minimum(match, 1.0)) / 2.0).astype(np.float32)
        return out

    def smoothness(self, starts: IntArray, lengths: IntArray) -> Doubles:
        """Return 1 where the wave's step and kink at the bare joint are usual ones, and less the larger they are."""
        size, steps, kinks = self._steps
        ends = starts + lengths
        n = max(4 * size, round(JOINT_S * self.hearing.listener.sample_rate))
        first, second = self._at(starts), self._at(starts + 1)
        last, before = self._at(ends - 1), self._at(ends - 2)
        step = first - last
        kink = np.maximum(_power(step - (last - before)), _power((second - first) - step))
        out = np.ones(starts.shape)
        for order, jump, sums in ((1, _power(step), steps), (2, kink, kinks)):
            usual = np.zeros(starts.shape)
            for begin, until in ((starts, starts + n - order), (ends - n, ends - order)):
                # Whole blocks within: what lies across the joint is no step of the music's own.
                low = np.clip(-(-begin // size), 0, sums.size - 2)
                high = np.clip(until // size, low + 1, sums.size - 1)
                usual = np.maximum(usual, (sums[high] - sums[low]) / ((high - low) * size))
            out = np.minimum(out, STEP_RMS * np.maximum(np.sqrt(usual), self._quiet) / np.sqrt(np.maximum(jump, 1e-18)))
        return out

    def phase(self, starts: IntArray, lengths: IntArray) -> FloatArray:
        """Return whether strong partials (here below 2.7 kHz) go on in phase over 93 ms either side, ``(n,)``."""
        listener = self.hearing.listener
        divisor = listener.thin_divisor
        n = max(8, round(PHASE_WINDOW_S * listener.sample_rate / divisor))
        quiet = (self._quiet * n) ** 2
        ends = starts + lengths
        # By how much each bin turns in the part of a thin sample by which one window begins later than the other.
        late = starts % divisor - ends % divisor
        turns = np.exp(2j * np.pi / divisor * np.arange(1 - divisor, divisor)[:, None] * self._bins(n))
        turned = turns.astype(np.complex64)[late + divisor - 1]
        agreed, weight = np.zeros(starts.size), np.zeros(starts.size)
        for offset in (0, -n):
            one, one_known = self._thin(starts // divisor + offset, n)
            other, other_known = self._thin(ends // divisor + offset, n)
            cross = self._spectra(one)
            cross *= np.conj(self._spectra(other))
            cross *= turned[:, None]
            power = cross.real**2
            power += cross.imag**2
            strongest = power.max(axis=(1, 2), keepdims=True)
            least = np.maximum(strongest * np.float32(PHASE_RANGE**2), np.float32(max(quiet**2, 1e-30)))
            # The root of the energy, where that is strong; else nothing.
            root = np.sqrt(np.sqrt(power))
            root *= power > least
            known = one_known & other_known
            agreed += known * np.einsum("ijk,ijk->i", cross.real, np.divide(1.0, root, out=root.copy(), where=root > 0))
            weight += known * root.sum(axis=(1, 2))
        out: FloatArray = np.where(weight > 0.0, np.clip(agreed / np.maximum(weight, 1e-20), 0.0, 1.0), 1.0)
        return out.astype(np.float32)

    # --- making loops exact -------------------------------------------------------------------------------------------

    def aligned(self, starts: IntArray, lengths: IntArray, shares: FloatArray, reach_samples: float) -> IntArray:
        """Return the lengths at which waves and bars together agree best, at most so far (and 22 ms) from those given.

        ``shares`` are those of the metrics in a total, shape ``(4,)``.
        """
        listener = self.hearing.listener
        divisor = listener.thin_divisor
        n = max(8, round(PHASE_WINDOW_S * listener.sample_rate / divisor))
        reach = int(min(_REACH_S * listener.sample_rate, reach_samples) / divisor)
        if reach < 1:
            return lengths
        one, one_known = self._thin(starts // divisor - n // 2, n)
        at = (starts + lengths) // divisor - n // 2
        other, _ = self._thin(at - reach, n + 2 * reach)
        match = _correlated(one, other, 2 * reach + 1)
        energy = _energy(one) + _energy(other[:, reach : reach + n])
        match = 2.0 * match / (energy + _LEVEL_FLOOR)[:, None] * (one_known & self._has(at, n))[:, None]
        shifts = np.arange(-reach, reach + 1) * divisor
        wished = lengths[:, None] + shifts
        worth = (shares[1] / 2 + shares[3]) * np.maximum(match, 0.0) + shares[2] * 0.5 * self.in_bars(wished)
        worth = np.where((wished < 1) | (starts[:, None] + wished > listener.n_samples), -1.0, worth)
        # Of places that are as good the nearest, so that silence moves nothing.
        best = (worth - 1e-6 * np.abs(shifts)).argmax(axis=1)
        out: IntArray = lengths + shifts[best]
        return np.maximum(out, 1)

    def settled(self, starts: IntArray, lengths: IntArray, reach_samples: float) -> IntArray:
        """Return the starts at which the bare joint is smoothest, at most so long (and 30 ms) before those given."""
        step = max(1, int(min(_BEFORE_S * self.hearing.listener.sample_rate, reach_samples) / _SHIFTS))
        tried = np.maximum(starts[:, None] - step * np.arange(_SHIFTS), 0)
        smooth = self.smoothness(tried, np.broadcast_to(lengths[:, None], tried.shape))
        best = (np.minimum(smooth, 1.0)).argmax(axis=1)
        out: IntArray = tried[np.arange(starts.size), best]
        return out

    # --- helpers --------------------------------------------------------------------------------------------------

    @property
    def _quiet(self) -> float:
        return float(max(self.hearing.listener.rms * 10.0 ** (QUIET_DB / 20.0), 1e-12))

    def _frames(
        self, starts: IntArray, lengths: IntArray, off: int | IntArray
    ) -> tuple[IntArray, IntArray, npt.NDArray[np.bool_]]:
        """Return the frames ``off`` hops from both ends, and whether the sound has both."""
        listener = self.hearing.listener
        n, hop = listener.onset.size, listener.hop_length
        one = (starts + hop // 2) // hop + off
        other = one + (lengths + hop // 2) // hop
        if self._wraps:
            return one % n, other % n, np.ones(one.shape, dtype=np.bool_)
        half = -(-round(MEL_WINDOW_S * listener.sample_rate / 2) // hop)
        last = (listener.n_samples // hop) - half
        known = (one >= half) & (other <= last)
        return np.clip(one, 0, n - 1), np.clip(other, 0, n - 1), known

    def _onsets_agree(self, starts: IntArray, lengths: IntArray) -> Doubles:
        """Return the correlation of the onsets around both ends, at least 0; 0.5 where nothing moves or is known."""
        listener, onsets = self.hearing.listener, self._onsets
        reach = round(CONTEXT_S * listener.sample_rate / listener.hop_length / _ONSETS_EVERY)
        steps = np.arange(-reach, reach) * _ONSETS_EVERY
        one, other, known = self._frames(starts[:, None], lengths[:, None], steps)
        counted = np.maximum(known.sum(axis=1, keepdims=True), 1)
        a, b = onsets[one], onsets[other]
        a = (a - (a * known).sum(axis=1, keepdims=True) / counted) * known
        b = (b - (b * known).sum(axis=1, keepdims=True) / counted) * known
        energy = np.sqrt(_energy(a).astype(np.float64) * _energy(b))
        enough = (known.sum(axis=1) >= _LEAST_FRAMES) & (energy >= 1e-9)
        return np.where(enough, np.maximum(0.0, np.vecdot(a, b) / np.maximum(energy, 1e-9)), 0.5)

    def _near(self, off: Doubles) -> Doubles:
        rhythm, rate = self.hearing.rhythm, self.hearing.listener.sample_rate
        assert rhythm is not None
        out: Doubles = np.exp(-0.5 * (off / min(GRID_TOLERANCE_S * rate, 0.025 * rhythm.beat_samples)) ** 2)
        return out

    def _at(self, places: IntArray) -> FloatArray:
        n = self.samples.shape[0]
        out: FloatArray = self.samples[places % n if self._wraps else np.clip(places, 0, n - 1)]
        return out

    def _has(self, first: IntArray, n: int) -> npt.NDArray[np.bool_]:
        if self._wraps:
            return np.ones(first.shape, dtype=np.bool_)
        out: npt.NDArray[np.bool_] = (first >= 0) & (first + n <= self.hearing.listener.thin.shape[0])
        return out

    def _thin(self, first: IntArray, n: int) -> tuple[npt.NDArray[Any], npt.NDArray[np.bool_]]:
        """Return ``n`` thin samples from each place on, ``(n_loops, n, n_pairs)``, and whether the sound has them."""
        thin = self.hearing.listener.thin
        places = first[:, None] + np.arange(n)
        inside = places % thin.shape[0] if self._wraps else np.clip(places, 0, thin.shape[0] - 1)
        return thin[inside], self._has(first, n)

    def _bins(self, n: int) -> Doubles:
        """Return the frequencies of ``_spectra``, cycles per thin sample."""
        is_real = self.hearing.listener.thin.dtype == np.float32
        bins = np.fft.rfftfreq(n) if is_real else np.fft.fftfreq(n)
        return bins[self._kept(n)].astype(np.float64)

    def _kept(self, n: int) -> slice:
        """Return the bins that are compared: not the lowest two, of which only one sign is there in real waves."""
        return slice(2, n // 2 + 1 if self.hearing.listener.thin.dtype == np.float32 else n - 1)

    def _spectra(self, waves: npt.NDArray[Any]) -> npt.NDArray[np.complex64]:
        """Return spectra of windowed waves, shape ``(n_loops, n_pairs, n_bins)``."""
        from scipy.fft import fft, rfft

        n = waves.shape[1]
        window = np.hanning(n + 1)[:-1].astype(np.float32)
        transform = rfft if waves.dtype == np.float32 else fft
        out: npt.NDArray[np.complex64] = transform(np.moveaxis(waves * window[:, None], 2, 1), axis=2)
        return out[:, :, self._kept(n)]


def _energy(waves: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return each row's energy, all axes but the first added up."""
    return _inner(waves, waves)


def _inner(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> npt.NDArray[Any]:
    out: npt.NDArray[Any] = np.vecdot(one.reshape(one.shape[0], -1), other.reshape(other.shape[0], -1)).real
    return out


def _power(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return the channels' joint power."""
    out: npt.NDArray[Any] = np.vecdot(values, values)
    return out


def _correlated(one: npt.NDArray[Any], other: npt.NDArray[Any], n_lags: int) -> npt.NDArray[Any]:
    """Return each row's inner product with the other's excerpts from lag 0, 1, … on, shape ``(n, n_lags)``."""
    from scipy.fft import fft, ifft, irfft, next_fast_len, rfft

    is_real = one.dtype == np.float32
    size = int(next_fast_len(other.shape[1], real=is_real))
    forth, back = (rfft, irfft) if is_real else (fft, ifft)
    cross = (np.conj(forth(one, size, axis=1)) * forth(other, size, axis=1)).sum(axis=2)
    return np.asarray(back(cross, size, axis=1).real[:, :n_lags])
