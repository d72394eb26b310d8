# SPDX-License-Identifier: GPL-3.0-or-later
"""This module finds the true period near a rough one, to the sample, and the best place for the joint."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from engine.dsp.features import Listener
from engine.units import ms_to_samples, seconds_to_samples
from engine.values import FloatArray, LoopRegion

DoubleArray = npt.NDArray[np.float64]

SPAN_S = 0.7
"""Seconds of sound that are compared on each side of the seam."""

_AT_ONCE = 1024  # samples that are laid over one another at a time: what fits in a core's nearest cache
_SETTLE_BEFORE_MS, _SETTLE_AFTER_MS = 30.0, 6.0
_JOINT_MS = 10.0
_STEP_RMS = 2.0  # steps up to this many times the local RMS of steps are as good as none; stricter than the metric
_WORTH_A_CROSSING = 0.5  # how much dearer a joint may be for both its ends to be rising zero crossings


def exact_length(listener: Listener, region: LoopRegion, reach_samples: int) -> int:
    """Return the period, at most ``reach_samples`` from the region's length, at which the waves at its ends agree best.

    Both channels count. Pre-emphasis lets attacks and overtones tell, which say a period sharper than the bass.
    """
    span = seconds_to_samples(SPAN_S, listener.sample_rate)
    first, last = region.loop_start - span, region.loop_start + span
    if not listener.wraps:
        first = max(first, reach_samples - region.n_samples, 0)
        last = min(last, listener.n_samples - region.n_samples - reach_samples)
    if last - first < listener.sample_rate // 20:
        return region.n_samples
    near_start = listener.samples(first, last - first)
    near_end = listener.samples(first + region.n_samples - reach_samples, last - first + 2 * reach_samples)
    assert near_start is not None
    assert near_end is not None
    # Silence at the end makes it whole pieces.
    n_shifts, width = 2 * reach_samples + 1, near_start.shape[1]
    n_pieces = -(-(len(near_start) - 1) // _AT_ONCE)
    one = np.zeros((n_pieces * _AT_ONCE, width), dtype=np.float32)
    other = np.zeros((n_pieces * _AT_ONCE + 2 * reach_samples, width), dtype=np.float32)
    for part, into in ((near_start, one), (near_end, other)):
        np.subtract(part[1:], part[:-1], out=into[: len(part) - 1])
    step = other.itemsize * width
    shape, strides = (n_pieces, n_shifts, _AT_ONCE * width), (_AT_ONCE * step, step, other.itemsize)
    shifted = np.lib.stride_tricks.as_strided(other, shape, strides, writeable=False)
    inner = np.vecdot(one.reshape(n_pieces, 1, -1), shifted).sum(axis=0, dtype=np.float64)
    return region.n_samples + int(inner.argmax()) - reach_samples


def settle(listener: Listener, region: LoopRegion, starts: tuple[int, int]) -> LoopRegion:
    """Move both ends of a region together, by a few ms, to where the joint is least heard; the length stays as it is.

    There the step and the kink are small beside the wave's usual ones, both ends are alike, and it is quiet: just
    before an attack rather than in it. Of such places one is chosen where both ends, as a pair, are rising zero
    crossings of the mono mix, if there is any.

    Parameters
    ----------
    starts
        First and last start that are allowed.
    """
    rate, length = listener.sample_rate, region.n_samples
    half = max(2, ms_to_samples(_JOINT_MS, rate) // 2)
    low = max(-ms_to_samples(_SETTLE_BEFORE_MS, rate), starts[0] - region.loop_start)
    high = min(ms_to_samples(_SETTLE_AFTER_MS, rate), starts[1] - region.loop_start)
    if high <= low:
        return region
    n = high - low + 1
    near_start = _around(listener, region.loop_start + low - half, n + 2 * half)
    near_end = _around(listener, region.loop_end + low - half, n + 2 * half)
    level = _joint_sum(near_start**2 + near_end**2, half)
    difference = _joint_sum((near_start - near_end) ** 2, half)
    scale = float(level.max()) + 1e-20
    # Entry k of these is what precedes and what follows the joint at shift low + k.
    b1, b2 = near_end[:, half - 1 : half - 1 + n], near_end[:, half - 2 : half - 2 + n]
    a0, a1 = near_start[:, half : half + n], near_start[:, half + 1 : half + 1 + n]
    across = a0 - b1
    step = (across**2).sum(axis=0)
    kink = np.maximum(((across - (b1 - b2)) ** 2).sum(axis=0), ((a1 - a0 - across) ** 2).sum(axis=0))
    quiet = math.sqrt(scale / (2 * half) * 1e-6)
    rough = np.ones(n)
    differences = [near_start, near_end]
    for jump in (step, kink):
        differences = [part[:, 1:] - part[:, :-1] for part in differences]
        usual = quiet + max(math.sqrt(float(np.vdot(d, d)) / d.shape[1]) for d in differences)
        rough = np.minimum(rough, _STEP_RMS * usual / np.sqrt(np.maximum(jump, 1e-30)))
    away = np.abs(np.arange(low, high + 1)) / max(-low, high, 1)
    unlike = difference / (level + 1e-4 * scale)
    cost = 2.0 * (1.0 - rough) + unlike + 0.5 * np.sqrt(level / scale) + 0.2 * away
    rising = _rises(near_start, half, n) & _rises(near_end, half, n)
    crossing = np.where(rising, cost, np.inf)
    best = int(crossing.argmin())
    if not crossing[best] <= float(cost.min()) + _WORTH_A_CROSSING:
        best = int(cost.argmin())
    start = region.loop_start + low + best
    return LoopRegion(start, start + length)


def _around(listener: Listener, first: int, n: int) -> DoubleArray:
    """Return samples ``[first, first + n)``, round the end if the sound wraps, zeros beyond it otherwise.

    Shape ``(n_channels, n)``.
    """
    low, high = (first, first + n) if listener.wraps else (max(first, 0), min(first + n, listener.n_samples))
    inside: FloatArray | None = listener.samples(low, max(0, high - low))
    assert inside is not None
    out = np.zeros((inside.shape[1], n))
    out[:, low - first : low - first + inside.shape[0]] = inside.T
    return out


def _rises(samples: DoubleArray, half: int, n: int) -> npt.NDArray[np.bool_]:
    """Return whether the mono mix goes from below zero to zero or above at each joint."""
    mono = samples.mean(axis=0)
    out: npt.NDArray[np.bool_] = (mono[half - 1 : half - 1 + n] < 0.0) & (mono[half : half + n] >= 0.0)
    return out


def _joint_sum(values: DoubleArray, half: int) -> DoubleArray:
    """Return sums of ``values`` ``(n_channels, n)`` over ``half`` samples either side of each joint."""
    sums = np.concatenate([[0.0], np.cumsum(values.sum(axis=0))])
    out: DoubleArray = (sums[2 * half :] - sums[: -2 * half])[:-1]
    return out
