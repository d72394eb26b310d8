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

SURE_CORRELATION = 0.8
"""Of the pre-emphasised waves: from here on the music repeats sample by sample, and says its own period."""

LEAST_CORRELATION = 0.3
"""Of the attacks' envelopes: below this nothing lines up."""

_EQUAL_WAVES, _EQUAL_ATTACKS = 0.997, 0.97
"""Of the peaks this close to the best, the one nearest to the grid wins. A held note nearly repeats at every period of
its own: its waves must be as good as equal."""

_SETTLE_BEFORE_MS, _SETTLE_AFTER_MS = 30.0, 6.0
_JOINT_MS = 10.0
_STEP_RMS = 2.0  # steps up to this many times the local RMS of steps are as good as none; stricter than the metric


class Ruler:
    """One channel of a clip, prepared for measuring periods."""

    def __init__(self, clip: Clip) -> None:
        self.sample_rate = clip.sample_rate
        self.n_samples = clip.n_samples
        self.wraps = clip.wraps
        self._samples = clip.samples
        mono = _widest(clip)
        # Pre-emphasis: attacks and overtones tell a period sharper than the bass does.
        self._sharp = np.diff(mono, prepend=mono[:1])

    def exact_length(self, region: LoopRegion, reach_samples: int) -> int | None:
        """The period at which the clip around the region's ends repeats sample by sample, or None if it does not.

        At most ``reach_samples`` from the region's own length.
        """
        wave = self._around(self._sharp, region, reach_samples)
        if wave is None:
            return None
        shifts, correlation = _correlate(*wave, reach_samples)
        if correlation.max() < SURE_CORRELATION:
            return None
        return region.n_samples + _nearest_peak(shifts, correlation, _EQUAL_WAVES)

    def attack_length(self, region: LoopRegion, reach_samples: int) -> tuple[int, float]:
        """The period at which the attacks around the region's ends line up best, and how well, in [0, 1].

        Notes played again seldom have the same phase, so the waves' own best match is that of a pitch, not of the beat.
        """
        wave = self._around(self._sharp, region, reach_samples)
        if wave is None:
            return region.n_samples, 0.0
        width = max(1, ms_to_samples(3.0, self.sample_rate))
        attacks = [_attacks(part, width) for part in wave]
        shifts, correlation = _correlate(attacks[0], attacks[1], reach_samples)
        best = float(correlation.max())
        if best < LEAST_CORRELATION:
            return region.n_samples, 0.0
        return region.n_samples + _nearest_peak(shifts, correlation, _EQUAL_ATTACKS), best

    def settle(self, region: LoopRegion) -> LoopRegion:
        """Move both ends together, by a few ms, to where the joint is least heard.

        There the step and the kink are small beside the wave's usual ones, both ends are alike, and it is quiet: just
        before an attack rather than in it.
        """
        rate, length = self.sample_rate, region.n_samples
        half = max(2, ms_to_samples(_JOINT_MS, rate) // 2)
        low = max(-ms_to_samples(_SETTLE_BEFORE_MS, rate), -region.loop_start)
        high = min(ms_to_samples(_SETTLE_AFTER_MS, rate), self.n_samples - region.loop_end)
        if high <= low:
            return region
        near_start = self._cut(self._samples, region.loop_start + low - half, high - low + 1 + 2 * half)
        near_end = self._cut(self._samples, region.loop_end + low - half, high - low + 1 + 2 * half)
        level = _joint_sum(near_start**2 + near_end**2, half)
        difference = _joint_sum((near_start - near_end) ** 2, half)
        scale = float(level.max()) + 1e-20
        n = high - low + 1
        # Row k of these is what precedes and what follows the joint at shift low + k.
        b1, b2 = near_end[half - 1 : half - 1 + n], near_end[half - 2 : half - 2 + n]
        a0, a1 = near_start[half : half + n], near_start[half + 1 : half + 1 + n]
        step = ((a0 - b1) ** 2).sum(axis=1)
        kink = np.maximum(((a0 - 2 * b1 + b2) ** 2).sum(axis=1), ((a1 - 2 * a0 + b1) ** 2).sum(axis=1))
        rough = np.ones(n)
        for order, jump in ((1, step), (2, kink)):
            differences = [np.diff(part, order, axis=0, append=part[-order:]) ** 2 for part in (near_start, near_end)]
            usual = np.maximum(*(_joint_sum(d, half) for d in differences)) / (2 * half)
            usual += scale / (2 * half) * 1e-6
            rough = np.minimum(rough, _STEP_RMS * np.sqrt(usual / np.maximum(jump, 1e-30)))
        away = np.abs(np.arange(low, high + 1)) / max(-low, high, 1)
        unlike = difference / (level + 1e-4 * scale)
        cost = 2.0 * (1.0 - rough) + unlike + 0.5 * np.sqrt(level / scale) + 0.2 * away
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

    def _cut(self, signal: DoubleArray | FloatArray, first: int, n: int) -> DoubleArray:
        """``signal[first : first + n]``, round the end if the clip wraps, zeros beyond it otherwise."""
        if self.wraps:
            return signal.take(np.arange(first, first + n), axis=0, mode="wrap").astype(np.float64)
        inside = signal[max(first, 0) : max(first + n, 0)].astype(np.float64)
        missing = [(max(0, -first), n - inside.shape[0] - max(0, -first)), (0, 0)]
        return np.pad(inside, missing[: signal.ndim])


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


def _joint_sum(values: DoubleArray, half: int) -> DoubleArray:
    """Sums of ``values`` ``(n, n_channels)`` over ``half`` samples either side of each joint."""
    out: DoubleArray = _windowed_sum(values.sum(axis=1), 2 * half)[:-1]
    return out


def _attacks(wave: DoubleArray, width: int) -> DoubleArray:
    """How fast the level rises, in log amplitude, smoothed over ``width`` samples; about its mean."""
    level = np.convolve(np.abs(wave), np.ones(width) / width, mode="same")
    level = np.log1p(level / (0.05 * float(level.max()) + 1e-20))
    rise = np.zeros_like(level)
    rise[width:] = np.maximum(level[width:] - level[:-width], 0.0)
    rise -= rise.mean()
    return rise


def _nearest_peak(shifts: npt.NDArray[np.int64], correlation: DoubleArray, equal: float) -> int:
    """The shift of the best peak; among peaks at least ``equal`` times as good, of the one nearest to no shift."""
    padded = np.pad(correlation, 1, constant_values=-np.inf)
    peak = (correlation >= padded[:-2]) & (correlation >= padded[2:])
    good = shifts[peak & (correlation >= correlation.max() * equal)]
    return int(good[np.abs(good).argmin()])
