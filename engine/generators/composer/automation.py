# SPDX-License-Identifier: GPL-3.0-or-later
"""Automation moves a bus in level and brightness from bar to bar, smoothly and in a circle."""

from __future__ import annotations

import numpy as np

from engine.generators.composer.effects import cyclic_filter
from engine.values import FloatArray

_CLOSED_HZ, _HALF_HZ = 450.0, 2200.0
_STEP_SAMPLES = 64  # between control points
_GLIDE = 0.5  # of a bar


def ride(bus: FloatArray, level_db: tuple[float, ...], openness: tuple[float, ...], sample_rate: int) -> FloatArray:
    """Return a bus ``(2, n)`` whose level and low-pass follow one value a bar; without values it stays as it is.

    Parameters
    ----------
    level_db
        Gain, dB.
    openness
        In [0, 1]: 1 is wide open, 0 leaves what is below about 450 Hz.
    """
    if openness and min(openness) < 1.0:
        place = _curve(openness, bus.shape[1])
        closed = cyclic_filter(bus, sample_rate, low_pass_hz=_CLOSED_HZ)
        half = cyclic_filter(bus, sample_rate, low_pass_hz=_HALF_HZ)
        # Three filters stand for all between them: neighbours are in phase enough where their weights are shared.
        upper = np.clip(2.0 * place - 1.0, 0.0, 1.0)
        lower = np.clip(1.0 - 2.0 * place, 0.0, 1.0)
        bus = upper * bus + lower * closed + (1.0 - upper - lower) * half
    if level_db and any(level_db):
        bus = bus * _curve(tuple(10.0 ** (one / 20.0) for one in level_db), bus.shape[1])
    return np.asarray(bus, dtype=np.float32)


def _curve(values: tuple[float, ...], n_samples: int) -> FloatArray:
    """Return one value a sample: each bar's own, with a glide around the bar line; the last bar glides to the first."""
    n_points = max(2, n_samples // _STEP_SAMPLES)
    place = np.arange(n_points) / n_points * len(values)
    bar = place.astype(int)
    inside = place - bar
    here = np.array(values)
    before, after = np.roll(here, 1), np.roll(here, -1)
    # Within half a glide of a bar line, a raised cosine between the two bars.
    begin, end = inside / _GLIDE + 0.5, (1.0 - inside) / _GLIDE + 0.5
    begin, end = (0.5 - 0.5 * np.cos(np.pi * np.clip(one, 0.0, 1.0)) for one in (begin, end))
    curve = here[bar] + (before[bar] - here[bar]) * (1.0 - begin) + (after[bar] - here[bar]) * (1.0 - end)
    points = np.append(curve, curve[0])
    out = np.interp(np.arange(n_samples) * (n_points / n_samples), np.arange(n_points + 1), points)
    return np.asarray(out, dtype=np.float32)
