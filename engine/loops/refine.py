# SPDX-License-Identifier: GPL-3.0-or-later
"""To the sample: the music's true period near a rough one, and the best place on it for the joint."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.dsp.peaks import mono_mix
from engine.units import ms_to_samples, seconds_to_samples
from engine.values import Clip, FloatArray, LoopRegion

DoubleArray = npt.NDArray[np.float64]

SPAN_S = 2.0
"""How much is correlated on each side of the seam, seconds."""

LEAST_CORRELATION = 0.15
"""Of the pre-emphasised waves: below this the music does not repeat sample by sample, and its envelope decides."""

_NEARLY_AS_GOOD = 0.97  # among peaks this close to the best, the one nearest to the grid wins
_SETTLE_BEFORE_MS, _SETTLE_AFTER_MS = 30.0, 6.0
_JOINT_MS = 4.0


class Ruler:
    """One channel of a clip, prepared for measuring periods."""

    def __init__(self, clip: Clip) -> None:
        self.sample_rate = clip.sample_rate
        self.n_samples = clip.n_samples
        self.wraps = clip.wraps
        self._mono = _widest(clip)
        # Pre-emphasis: attacks and overtones tell a period sharper than the bass does.
        self._sharp = np.diff(self._mono, prepend=self._mono[:1])

    def true_length(self, region: LoopRegion, reach_samples: int) -> int:
        """The region's length, moved by at most ``reach_samples`` to where the clip around its ends repeats best."""
        wave = self._around(self._sharp, region, reach_samples)
        if wave is None:
            return region.n_samples
        shifts, correlation = _correlate(*wave, reach_samples)
        if correlation.max() < LEAST_CORRELATION:
            smooth = max(1, ms_to_samples(2.0, self.sample_rate))
            envelopes = [np.maximum(np.diff(_smoothed(np.abs(w), smooth), n=1, append=0.0), 0.0) for w in wave]
            shifts, correlation = _correlate(envelopes[0], envelopes[1], reach_samples)
            if correlation.max() < LEAST_CORRELATION:
                return region.n_samples
        good = shifts[correlation >= correlation.max() * _NEARLY_AS_GOOD]
        nearest = int(good[np.abs(good).argmin()])
        # The nearest good shift lies on a flank: climb to its top.
        flank = np.flatnonzero(np.abs(shifts - nearest) <= ms_to_samples(1.0, self.sample_rate))
        best = int(shifts[flank[correlation[flank].argmax()]])
        return region.n_samples + best

    def settle(self, region: LoopRegion) -> LoopRegion:
        """Move both ends together, by a few ms, to where the joint is least heard: alike, quiet, before the attack."""
        rate, length = self.sample_rate, region.n_samples
        half = max(2, ms_to_samples(_JOINT_MS, rate) // 2)
        low = max(-ms_to_samples(_SETTLE_BEFORE_MS, rate), -region.loop_start)
        high = min(ms_to_samples(_SETTLE_AFTER_MS, rate), self.n_samples - region.loop_end)
        if high <= low:
            return region
        near_start = self._cut(self._mono, region.loop_start + low - half, high - low + 1 + 2 * half)
        near_end = self._cut(self._mono, region.loop_end + low - half, high - low + 1 + 2 * half)
        difference = _windowed_sum((near_start - near_end) ** 2, 2 * half)[:-1]
        level = _windowed_sum(near_start**2 + near_end**2, 2 * half)[:-1]
        step = np.abs(near_start[half:-half] - near_end[half - 1 : -half - 1])
        scale = float(level.max()) + 1e-20
        quiet = np.sqrt(level / scale)
        usual_step = float(np.abs(np.diff(near_end)).mean()) + 1e-9
        away = np.abs(np.arange(low, high + 1)) / max(-low, high, 1)
        cost = difference / (level + 1e-4 * scale) + 0.5 * quiet + 0.1 * np.minimum(step / usual_step, 5.0) + 0.2 * away
        shift = low + int(cost.argmin())
        return LoopRegion(region.loop_start + shift, region.loop_start + shift + length)

    def _around(self, signal: DoubleArray, region: LoopRegion, reach: int) -> tuple[DoubleArray, DoubleArray] | None:
        """The same stretch around both ends, the second longer by ``reach`` on both sides."""
        span = seconds_to_samples(SPAN_S, self.sample_rate)
        first = region.loop_start - span if self.wraps else max(0, region.loop_start - span)
        last = region.loop_start + span
        if not self.wraps:
            last = min(last, self.n_samples - region.n_samples - reach)
            first = max(first, reach - region.n_samples)
        if last - first < self.sample_rate // 10:
            return None
        near_start = self._cut(signal, first, last - first)
        near_end = self._cut(signal, first + region.n_samples - reach, last - first + 2 * reach)
        return near_start, near_end

    def _cut(self, signal: DoubleArray, first: int, n: int) -> DoubleArray:
        """``signal[first : first + n]``, round the end if the clip wraps, zeros beyond it otherwise."""
        if self.wraps:
            return signal.take(np.arange(first, first + n), mode="wrap")
        inside = signal[max(first, 0) : max(first + n, 0)]
        return np.pad(inside, (max(0, -first), n - inside.size - max(0, -first)))


def _widest(clip: Clip) -> DoubleArray:
    """The mono mix, or the loudest channel where the channels cancel each other in it."""
    mix: FloatArray = mono_mix(clip.samples)
    power = [float(np.dot(clip.samples[:, channel], clip.samples[:, channel])) for channel in range(clip.n_channels)]
    if float(np.dot(mix, mix)) < 0.05 * max(power):
        mix = clip.samples[:, int(np.argmax(power))]
    return mix.astype(np.float64)


def _correlate(short: DoubleArray, long: DoubleArray, reach: int) -> tuple[npt.NDArray[np.int64], DoubleArray]:
    """Normalised cross-correlation of ``short`` with each stretch of ``long``; shifts from -reach to reach."""
    from scipy.fft import irfft, next_fast_len, rfft

    n_fft = next_fast_len(long.size, real=True)
    # Shifts 0 .. 2 * reach never wrap round, since long is that much longer than short.
    product = irfft(rfft(long, n_fft) * np.conj(rfft(short, n_fft)), n_fft)[: 2 * reach + 1]
    energy = _windowed_sum(long**2, short.size)[: 2 * reach + 1]
    scale = np.sqrt(np.maximum(energy, 0.0) * float(short @ short))
    floor = float(scale.max()) * 1e-3 + 1e-20
    return np.arange(-reach, reach + 1), product / np.maximum(scale, floor)


def _windowed_sum(values: DoubleArray, width: int) -> DoubleArray:
    """Sums of ``width`` values, shape ``(n - width + 1,)``."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    out: DoubleArray = sums[width:] - sums[:-width]
    return out


def _smoothed(values: DoubleArray, width: int) -> DoubleArray:
    return np.convolve(values, np.ones(width) / width, mode="same")
