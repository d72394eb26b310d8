# SPDX-License-Identifier: GPL-3.0-or-later
"""Dynamics in a circle: the gain at each sample follows a clip that repeats, so that a loop has no seam.

Each function returns gains, not sound: the same gains go on every stem.
"""

from __future__ import annotations

import numpy as np

from engine.units import db_to_amplitude
from engine.values import FloatArray

_FRAME_S = 0.005
_FAST_S, _SLOW_S = 0.003, 0.07
_LIMITER_S = 0.004


def compression(
    bus: FloatArray, sample_rate: int, *, over_db: float, ratio: float, attack_s: float, release_s: float
) -> FloatArray:
    """Return the gain ``(n,)`` of a compressor for a bus ``(2, n)``.

    Parameters
    ----------
    over_db
        The threshold, dB above the bus's own RMS level.
    """
    frame = max(1, int(_FRAME_S * sample_rate))
    n_frames = max(2, bus.shape[1] // frame)
    edges = np.linspace(0, bus.shape[1], n_frames + 1).astype(int)
    power = np.add.reduceat(np.square(bus).sum(axis=0), edges[:-1]) / np.diff(edges)
    level_db = 10.0 * np.log10(np.maximum(power, 1e-12))
    excess = np.maximum(0.0, level_db - (10.0 * np.log10(max(1e-12, float(power.mean()))) + over_db))
    wanted = (excess * (1.0 / ratio - 1.0)).tolist()
    down, up = np.exp(-_FRAME_S / attack_s), np.exp(-_FRAME_S / release_s)
    gains_db = np.empty(n_frames)
    now = 0.0
    # The first turn brings it to the state that it has when the clip comes round again.
    for _turn in range(2):
        for i, goal in enumerate(wanted):
            keep = down if goal < now else up
            now = goal + (now - goal) * keep
            gains_db[i] = now
    return _drawn_out(10.0 ** (gains_db / 20.0), bus.shape[1])


def punch(bus: FloatArray, sample_rate: int, amount: float) -> FloatArray:
    """Return the gain that lifts the beginnings of sounds over what follows them; ``amount`` is about 0 to 1."""
    from scipy.ndimage import uniform_filter1d

    level = np.abs(bus).max(axis=0)
    fast = uniform_filter1d(level, int(_FAST_S * sample_rate) | 1, mode="wrap")
    slow = uniform_filter1d(level, int(_SLOW_S * sample_rate) | 1, mode="wrap")
    ratio = (fast + 1e-5) / (slow + 1e-5)
    return np.asarray(np.clip(ratio, 0.6, 3.0) ** np.float32(0.5 * amount), dtype=np.float32)


def limiting(bus: FloatArray, sample_rate: int, ceiling_db: float) -> FloatArray:
    """Return the gain, smooth and looking ahead, that keeps every sample under ``ceiling_db``, dBFS."""
    from scipy.ndimage import minimum_filter1d, uniform_filter1d

    ceiling = np.float32(db_to_amplitude(ceiling_db))
    peak = np.abs(bus).max(axis=0)
    if peak.max() <= ceiling:
        return np.ones(bus.shape[1], np.float32)
    need = np.minimum(1.0, ceiling / np.maximum(peak, 1e-9))
    size = int(_LIMITER_S * sample_rate) | 1
    held = minimum_filter1d(need, size, mode="wrap")
    return np.asarray(uniform_filter1d(held, size, mode="wrap"), dtype=np.float32)


def _drawn_out(points: np.ndarray[tuple[int], np.dtype[np.float64]], n_samples: int) -> FloatArray:
    """Return cyclic control points as one value a sample."""
    place = np.arange(n_samples, dtype=np.float64) * (points.size / n_samples) - 0.5
    out = np.interp(place, np.arange(-1, points.size + 1), np.concatenate([points[-1:], points, points[:1]]))
    return np.asarray(out, dtype=np.float32)
