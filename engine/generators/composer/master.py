# SPDX-License-Identifier: GPL-3.0-or-later
"""The master evens out a mix, sets its loudness and holds a ceiling; all of it is cyclic."""

from __future__ import annotations

import numpy as np

from engine.dsp.loudness import true_peak_db
from engine.generators.composer.dynamics import compression, limiting
from engine.generators.composer.tone_balance import balancing, filtered
from engine.generators.composer.width import placed, side_gain
from engine.units import db_to_amplitude
from engine.values import Clip, FloatArray

TARGET_LUFS = -16.0
CEILING_DB = -1.4
"""Highest sample, dBFS, at first."""
TRUE_PEAK_DB = -1.05
"""Highest true peak, dBTP."""
_TRIES = 4
_BLOCK_S, _HOP_S = 0.4, 0.1
_GLUE = {"over_db": 2.0, "ratio": 1.6, "attack_s": 0.03, "release_s": 0.18}


def master(buses: list[FloatArray], sample_rate: int, *, tilt_db: float, low_pass_hz: float) -> list[FloatArray]:
    """Return buses ``(2, n_samples)`` as they are in the finished mix, which their sum is.

    The sum has the tone and width of a record, ``TARGET_LUFS``, and no sample over ``CEILING_DB``. Everything done to
    it is a filter or a gain, the same for each bus.
    """
    total = _sum(buses)
    taps = balancing(total, sample_rate, tilt_db=tilt_db, low_pass_hz=low_pass_hz)
    buses = [filtered(bus, taps) for bus in buses]
    gain = side_gain(_sum(buses))
    buses = [placed(bus, sample_rate, gain) for bus in buses]
    total = _sum(buses)
    glue = compression(total, sample_rate, **_GLUE)
    ceiling_db = CEILING_DB
    curve = glue * _gain_to(TARGET_LUFS, total * glue, sample_rate)
    curve *= limiting(total * curve, sample_rate, ceiling_db)
    # The limiter takes a little loudness away: give it back once.
    curve *= _gain_to(TARGET_LUFS, total * curve, sample_rate)
    for _try in range(_TRIES):
        held = curve * limiting(total * curve, sample_rate, ceiling_db)
        over_db = true_peak_db(Clip(np.ascontiguousarray((total * held).T), sample_rate)) - TRUE_PEAK_DB
        if over_db <= 0.0:
            break
        # Between samples a bright mix goes higher.
        ceiling_db -= over_db + 0.05
    return [bus * held for bus in buses]


def _sum(buses: list[FloatArray]) -> FloatArray:
    return buses[0] if len(buses) == 1 else np.sum(buses, axis=0, dtype=np.float32)


def _gain_to(target_lufs: float, bus: FloatArray, sample_rate: int) -> np.float32:
    measured = loudness_lufs(bus, sample_rate)
    return np.float32(1.0 if not np.isfinite(measured) else db_to_amplitude(target_lufs - measured))


def loudness_lufs(bus: FloatArray, sample_rate: int) -> float:
    """Return the integrated loudness of a cyclic bus, LUFS, gated (ITU-R BS.1770-4); -inf for silence."""
    from scipy.signal import sosfilt

    warm_up = min(bus.shape[1], int(0.2 * sample_rate))
    long = np.concatenate([bus[:, -warm_up:], bus], axis=1)
    weighted = sosfilt(_k_weighting(sample_rate), long, axis=1)[:, warm_up:]
    power = np.concatenate([[0.0], np.cumsum(np.square(weighted).sum(axis=0), dtype=np.float64)])
    block, hop = int(_BLOCK_S * sample_rate), int(_HOP_S * sample_rate)
    starts = np.arange(0, max(1, bus.shape[1] - block + 1), hop)
    ends = np.minimum(starts + block, bus.shape[1])
    means = (power[ends] - power[starts]) / (ends - starts)
    loud = means[means > 10 ** ((-70.0 + 0.691) / 10)]
    if loud.size == 0:
        return float("-inf")
    kept = loud[loud > 0.1 * loud.mean()]
    return float(-0.691 + 10 * np.log10(kept.mean()))


def _k_weighting(sample_rate: int) -> FloatArray:
    """Return BS.1770's high shelf and high-pass for any sample rate (coefficients after De Man, 2014)."""
    rows = []
    a = 10 ** (3.999843853973347 / 40)
    w = 2 * np.pi * 1681.974450955533 / sample_rate
    alpha, c = np.sin(w) / (2 * 0.7071752369554196), np.cos(w)
    root = 2 * np.sqrt(a) * alpha
    b0, b1, b2 = a * (a + 1 + (a - 1) * c + root), -2 * a * (a - 1 + (a + 1) * c), a * (a + 1 + (a - 1) * c - root)
    a0, a1, a2 = a + 1 - (a - 1) * c + root, 2 * (a - 1 - (a + 1) * c), a + 1 - (a - 1) * c - root
    rows.append([b0 / a0, b1 / a0, b2 / a0, 1.0, a1 / a0, a2 / a0])
    w = 2 * np.pi * 38.13547087602444 / sample_rate
    alpha, c = np.sin(w) / (2 * 0.5003270373238773), np.cos(w)
    a0 = 1 + alpha
    # As in the standard, the numerator is not divided by a0.
    rows.append([1.0, -2.0, 1.0, 1.0, -2 * c / a0, (1 - alpha) / a0])
    return np.array(rows, dtype=np.float64)
