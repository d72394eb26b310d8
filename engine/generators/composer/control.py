# SPDX-License-Identifier: GPL-3.0-or-later
"""Gains that move are worked out at control points, one every ``STEP_SAMPLES``, cyclic, and drawn out at the end."""

from __future__ import annotations

import numpy as np

from engine.values import FloatArray

STEP_SAMPLES = 16
"""Number of samples from one control point to the next; the last step may be shorter."""
_PIECE_STEPS = 2048  # at once, which stay in the processor's cache


def n_points(n_samples: int) -> int:
    """Return the number of control points of a clip; point i is at sample ``STEP_SAMPLES * i``."""
    return -(-n_samples // STEP_SAMPLES)


def drawn_out(points: FloatArray, n_samples: int) -> FloatArray:
    """Return control points as one value a sample, ``(n_samples,)``, on straight lines; the last leads to the first."""
    out = np.ones((1, n_samples), np.float32)
    scale(out, points)
    return out.reshape(-1)


def scale(bus: FloatArray, points: FloatArray) -> None:
    """Multiply a bus ``(n_rows, n_samples)`` in place by control points that are drawn out."""
    # A line is its slope times the way along it, and its beginning: as a product of matrices, the quickest there is.
    lines = np.empty((points.size, 2), np.float32)
    lines[:, 0] = np.roll(points, -1) - points
    lines[:, 1] = points
    along = np.ones((2, STEP_SAMPLES), np.float32)
    along[0] = np.arange(STEP_SAMPLES, dtype=np.float32) / np.float32(STEP_SAMPLES)
    last = points.size - 1
    for first in range(0, last, _PIECE_STEPS):
        some = slice(first, min(first + _PIECE_STEPS, last))
        drawn = np.matmul(lines[some], along).reshape(-1)
        for row in bus:
            row[some.start * STEP_SAMPLES : some.stop * STEP_SAMPLES] *= drawn
    left = bus.shape[1] - last * STEP_SAMPLES
    way = np.arange(left, dtype=np.float32) / np.float32(left)
    bus[:, last * STEP_SAMPLES :] *= lines[-1, 1] + lines[-1, 0] * way


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
    n = bus.shape[1]
    out = np.empty(n_points(n), np.float32)
    piece = _PIECE_STEPS * STEP_SAMPLES
    for first in range(0, n, piece):
        some = np.abs(bus[:, first : first + piece])
        if some.shape[1] % STEP_SAMPLES:
            some = np.pad(some, ((0, 0), (0, -some.shape[1] % STEP_SAMPLES)))
        high = some.max(axis=0).reshape(-1, STEP_SAMPLES)
        # Halves against halves: a maximum over a short axis would take ten times as long.
        while high.shape[1] > 1:
            half = high.shape[1] // 2
            high = np.maximum(high[:, :half], high[:, half:])
        out[first // STEP_SAMPLES : first // STEP_SAMPLES + len(high)] = high[:, 0]
    return out
