# SPDX-License-Identifier: GPL-3.0-or-later
"""Automation moves a bus in level and brightness from bar to bar, smoothly and in a circle."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from engine.generators.composer.control import STEP_SAMPLES, drawn_out, n_points, powers
from engine.generators.composer.filters import Blocks, Response, butterworth, single, sound
from engine.values import FloatArray

CORNERS_HZ = (300.0, 900.0, 2700.0)
"""Corners of the low-pass at an openness of 0, 1/3 and 2/3; at 1 it is open."""
_GLIDE = 0.5  # of a bar


@lru_cache(maxsize=16)
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
    points: FloatArray = out.astype(np.float32)
    points.flags.writeable = False
    return points


def gains(level_db: tuple[float, ...], n_samples: int) -> FloatArray | None:
    """Return the gain at the control points for one level a bar; None where nothing moves."""
    if not any(level_db):
        return None
    return curve(tuple(10.0 ** (one / 20.0) for one in level_db), n_samples)


def opened(
    bus: FloatArray, openness: tuple[float, ...], sample_rate: int, *, response: Response | None = None
) -> tuple[FloatArray, FloatArray]:
    """Return a bus through a filter and a low-pass that follows one openness a bar, in [0, 1].

    At 0 the low-pass has its corner at ``CORNERS_HZ[0]``, at 1 it is open. The second value is the energy of each
    control step where it always is open.
    """
    ground = None if response is None else single(response)
    if not openness or min(openness) >= 1.0:
        plain = bus if ground is None else Blocks(bus).through(ground)
        return plain, powers(plain)
    # Few filters stand for all between them: two neighbours are mixed. Without delay, they are in phase.
    n_corners = len(CORNERS_HZ)
    places = n_corners * curve(tuple(min(1.0, max(0.0, one)) for one in openness), bus.shape[1])
    place = drawn_out(places, bus.shape[1])
    out, energy = np.empty_like(bus), []
    for at, spectra in Blocks(bus):
        if ground is not None:
            np.multiply(spectra, ground, out=spectra)
        plain = sound(spectra, at)
        energy.append(powers(plain))
        here = place[at]
        np.multiply(plain, np.maximum(0.0, here - (n_corners - 1)), out=out[:, at])
        for i in range(max(0, int(here.min())), min(n_corners, int(here.max()) + 2)):
            share = np.maximum(0.0, 1.0 - np.abs(here - i))
            out[:, at] += share * sound(spectra * _low_pass(sample_rate, CORNERS_HZ[i]), at)
    return out, np.concatenate(energy)


@lru_cache(maxsize=8)
def _low_pass(sample_rate: int, corner_hz: float) -> FloatArray:
    response = butterworth(sample_rate, low_pass_hz=corner_hz)
    assert response is not None
    return np.abs(response).astype(np.float32)
