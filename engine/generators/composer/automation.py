# SPDX-License-Identifier: GPL-3.0-or-later
"""Automation moves a bus in level and brightness from bar to bar, smoothly and in a circle."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from engine.generators.composer.control import STEP_SAMPLES, drawn_out, n_points
from engine.generators.composer.filters import Blocks, Response, butterworth, single, sound
from engine.values import FloatArray

CORNERS_HZ = (300.0, 900.0, 2700.0)
"""Corners of the low-pass at an openness of 0, 1/3 and 2/3; at 1 it is open."""
_GLIDE = 0.5  # of a bar


def curve(values: tuple[float, ...], n_samples: int) -> FloatArray:
    """Return one value a control point: each bar's own, with a glide of half a bar around each bar line.

    The last bar glides to the first.
    """
    place = np.arange(n_points(n_samples)) * (STEP_SAMPLES * len(values) / n_samples)
    bar = np.minimum(place.astype(int), len(values) - 1)
    inside = place - bar
    here = np.array(values)
    before, after = np.roll(here, 1), np.roll(here, -1)
    # Within half a glide of a bar line, a raised cosine between the two bars.
    begin, end = inside / _GLIDE + 0.5, (1.0 - inside) / _GLIDE + 0.5
    begin, end = (0.5 - 0.5 * np.cos(np.pi * np.clip(one, 0.0, 1.0)) for one in (begin, end))
    out = here[bar] + (before[bar] - here[bar]) * (1.0 - begin) + (after[bar] - here[bar]) * (1.0 - end)
    return np.asarray(out, dtype=np.float32)


def gains(level_db: tuple[float, ...], n_samples: int) -> FloatArray | None:
    """Return the gain at the control points for one level a bar; None where nothing moves."""
    if not any(level_db):
        return None
    return curve(tuple(10.0 ** (one / 20.0) for one in level_db), n_samples)


def opened(
    bus: FloatArray, openness: tuple[float, ...], sample_rate: int, *, response: Response | None = None
) -> tuple[FloatArray, FloatArray]:
    """Return a bus through a filter, and that through a low-pass that follows one openness a bar too, in [0, 1].

    At 0 its corner is ``CORNERS_HZ[0]``; at 1 it is open, and where it always is, both are the same array.
    """
    blocks = Blocks(bus)
    ground = None if response is None else single(response)
    if not openness or min(openness) >= 1.0:
        plain = bus if ground is None else blocks.through(ground)
        return plain, plain
    # Few filters stand for all between them: two neighbours are mixed. Without delay, they are in phase.
    place = len(CORNERS_HZ) * curve(tuple(min(1.0, max(0.0, one)) for one in openness), bus.shape[1])
    shares = [drawn_out(np.maximum(0.0, 1.0 - np.abs(place - i)), bus.shape[1]) for i in range(len(CORNERS_HZ) + 1)]
    plain, out = np.empty_like(bus), np.empty_like(bus)
    for at, spectra in blocks:
        if ground is not None:
            np.multiply(spectra, ground, out=spectra)
        plain[:, at] = sound(spectra, at)
        np.multiply(plain[:, at], shares[-1][at], out=out[:, at])
        for corner_hz, share in zip(CORNERS_HZ, shares, strict=False):
            if share[at].any():
                out[:, at] += share[at] * sound(spectra * _low_pass(sample_rate, corner_hz), at)
    return plain, out


@lru_cache(maxsize=8)
def _low_pass(sample_rate: int, corner_hz: float) -> FloatArray:
    response = butterworth(sample_rate, low_pass_hz=corner_hz)
    assert response is not None
    return np.abs(response).astype(np.float32)
