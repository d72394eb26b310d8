# SPDX-License-Identifier: GPL-3.0-or-later
"""Dynamics in a circle: the gain at each control point follows a clip that repeats, so that a loop has no seam.

Each function returns gains, not sound: the same gains go on every stem.
"""

from __future__ import annotations

import numpy as np

from engine.dsp import true_peak
from engine.generators.composer.control import STEP_SAMPLES, peaks
from engine.units import db_to_amplitude
from engine.values import FloatArray

_FRAME_POINTS = 14  # 5 ms at 44.1 kHz
_FAST_S, _SLOW_S = 0.003, 0.07
_LIMITER_S = 0.004
_HOT = 0.6
"""Share of the ceiling under which no sample has a true peak over it."""
_PIECES = 2048


def compression(
    power: FloatArray,
    sample_rate: int,
    *,
    over_db: float,
    ratio: float,
    attack_s: float,
    release_s: float,
    mean_power: float | None = None,
) -> FloatArray:
    """Return the gain of a compressor at the control points.

    Parameters
    ----------
    power
        Of what it listens to, as ``control.powers`` has it.
    over_db
        The threshold, dB above its own RMS level, or that of ``mean_power``, a mean of ``power``.
    """
    n_frames = max(2, power.size // _FRAME_POINTS)
    edges = np.linspace(0, power.size, n_frames + 1).astype(int)
    frames = np.add.reduceat(power.astype(np.float64), edges[:-1]) / np.maximum(1, np.diff(edges))
    level_db = 10.0 * np.log10(np.maximum(frames, 1e-12))
    mean = float(frames.mean()) if mean_power is None else mean_power
    excess = np.maximum(0.0, level_db - (10.0 * np.log10(max(1e-12, mean)) + over_db))
    wanted = (excess * (1.0 / ratio - 1.0)).tolist()
    frame_s = power.size * STEP_SAMPLES / n_frames / sample_rate
    down, up = float(np.exp(-frame_s / attack_s)), float(np.exp(-frame_s / release_s))
    gains_db = []
    now = 0.0
    # The first turn brings it to the state that it has when the clip comes round again.
    for turn in range(2):
        for goal in wanted:
            now = goal + (now - goal) * (down if goal < now else up)
            if turn:
                gains_db.append(now)
    gains = 10.0 ** (np.array(gains_db) / 20.0)
    place = np.arange(power.size) * (n_frames / power.size) - 0.5
    out = np.interp(place, np.arange(-1, n_frames + 1), np.concatenate([gains[-1:], gains, gains[:1]]))
    return np.asarray(out, dtype=np.float32)


def punch(level: FloatArray, sample_rate: int, amount: float) -> FloatArray:
    """Return the gain at the control points that lifts the beginnings of sounds over what follows them.

    Parameters
    ----------
    level
        Of what it listens to, as ``control.peaks`` has it.
    amount
        About 0 to 1.
    """
    from scipy.ndimage import uniform_filter1d

    fast, slow = (
        uniform_filter1d(level, max(1, round(one * sample_rate / STEP_SAMPLES)) | 1, mode="wrap")
        for one in (_FAST_S, _SLOW_S)
    )
    # What is far below the loudest is noise or a tail, and stays as it is.
    floor = np.float32(1e-4 + 0.01 * level.max(initial=0.0))
    ratio = (fast + floor) / (slow + floor)
    return np.asarray(np.clip(ratio, 0.6, 3.0) ** np.float32(0.5 * amount), dtype=np.float32)


def true_peaks(bus: FloatArray, ceiling: float) -> FloatArray:
    """Return the highest absolute value in each step of a bus ``(2, n)``, between its samples too where it may matter.

    Steps that are far under ``ceiling``, an amplitude, are told by their samples alone.
    """
    out = peaks(bus)
    hot = np.flatnonzero(out > _HOT * ceiling)
    within = np.arange(-true_peak.BEFORE, STEP_SAMPLES + true_peak.AFTER)
    for first in range(0, hot.size, _PIECES):
        some = hot[first : first + _PIECES]
        waves = bus[:, (some[:, None] * STEP_SAMPLES + within) % bus.shape[1]].reshape(-1, within.size)
        points = true_peak.Oversampler(len(waves), STEP_SAMPLES).points(waves.T)
        out[some] = np.maximum(out[some], points.max(axis=1).reshape(2, -1).max(axis=0))
    return out


def limiting(peak: FloatArray, sample_rate: int, ceiling_db: float) -> FloatArray:
    """Return the gain at the control points, smooth and looking ahead, that keeps these peaks under a ceiling, dB."""
    from scipy.ndimage import minimum_filter1d, uniform_filter1d

    need = np.minimum(1.0, np.float32(db_to_amplitude(ceiling_db)) / np.maximum(peak, 1e-9))
    if need.min(initial=1.0) >= 1.0:
        return np.ones(peak.size, np.float32)
    size = max(3, round(_LIMITER_S * sample_rate / STEP_SAMPLES)) | 1
    # Two steps wider than what is averaged: gains are straight lines between the points.
    held = minimum_filter1d(need, size + 2, mode="wrap")
    return np.asarray(uniform_filter1d(held, size, mode="wrap"), dtype=np.float32)
