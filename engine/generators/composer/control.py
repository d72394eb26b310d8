# SPDX-License-Identifier: GPL-3.0-or-later
"""Gains that move are worked out at control points, one every ``STEP_SAMPLES``, cyclic, and drawn out at the end."""

from __future__ import annotations

import numpy as np

from engine.values import FloatArray

STEP_SAMPLES = 16
"""Number of samples from one control point to the next; the last step may be shorter."""


def n_points(n_samples: int) -> int:
    """Return the number of control points of a clip; point i is at sample ``STEP_SAMPLES * i``."""
    return -(-n_samples // STEP_SAMPLES)


def drawn_out(points: FloatArray, n_samples: int) -> FloatArray:
    """Return control points as one value a sample, ``(n_samples,)``, on straight lines; the last leads to the first."""
    points = points.astype(np.float32, copy=False)
    slope = np.roll(points, -1) - points
    lines = np.multiply(slope[:, None], np.arange(STEP_SAMPLES, dtype=np.float32) / np.float32(STEP_SAMPLES))
    lines += points[:, None]
    out: FloatArray = lines.reshape(-1)[:n_samples]
    left = n_samples - (points.size - 1) * STEP_SAMPLES
    out[-left:] = points[-1] + slope[-1] * (np.arange(left, dtype=np.float32) / np.float32(left))
    return out


def powers(bus: FloatArray) -> FloatArray:
    """Return the energy of each step of a bus ``(n_rows, n_samples)``, over all rows."""
    out = np.zeros(n_points(bus.shape[1]), np.float32)
    whole = bus.shape[1] // STEP_SAMPLES * STEP_SAMPLES
    for row in bus:
        steps = row[:whole].reshape(-1, STEP_SAMPLES)
        out[: len(steps)] += np.einsum("ij,ij->i", steps, steps)
        if whole < row.size:
            out[-1] += np.square(row[whole:]).sum()
    return out


def peaks(bus: FloatArray) -> FloatArray:
    """Return the highest absolute value in each step of a bus ``(n_rows, n_samples)``, over all rows."""
    out = np.zeros(n_points(bus.shape[1]), np.float32)
    whole = bus.shape[1] // STEP_SAMPLES * STEP_SAMPLES
    for row in bus:
        high = np.abs(row[:whole]).reshape(-1, STEP_SAMPLES)
        # Halves against halves: a maximum over a short axis would take ten times as long.
        while high.shape[1] > 1:
            half = high.shape[1] // 2
            high = np.maximum(high[:, :half], high[:, half:])
        np.maximum(out[: len(high)], high[:, 0], out=out[: len(high)])
        if whole < row.size:
            out[-1] = max(out[-1], np.abs(row[whole:]).max())
    return out
