# SPDX-License-Identifier: GPL-3.0-or-later
"""The rays of the visualiser's circle are painted pixel by pixel: which are of which ray is found once for a size."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor

from engine.values import FloatArray
from engine.values.live import BANDS
from widgets.colours import mixed

N_RAYS: Final = 2 * (2 * len(BANDS) - 1)
"""Number of rays all round: on both halves of the circle one for each band, and one between each two."""
RAYS_FROM, RAYS_TO = 0.352, 0.492
"""Radii between which the rays are, as shares of the picture's shorter side."""
WIDTH: Final = 0.0044
"""Width of a ray, as a share of the picture's shorter side."""
FAR_SHARE: Final = 0.16
"""Brightness of the farthest end of a ray that is whole, in [0, 1]; the near one has all."""
BRIGHTEST: Final = 0.92

Pixels = npt.NDArray[np.uint32]


@dataclass(frozen=True, eq=False, slots=True)
class RayPixels:
    """The pixels of all rays at one size, as flat arrays of one length, ray by ray.

    Attributes
    ----------
    places
        Where each is in the picture, counted along its rows.
    n_pixels
        How many belong to each ray of a half, from the bottom on; both halves' together.
    along
        How far out each is, pixels from where rays begin.
    shade
        How bright each is where its ray reaches it, in [0, 255].
    full_px
        Length of the longest ray, pixels.
    """

    places: npt.NDArray[np.int64]
    n_pixels: npt.NDArray[np.int64]
    along: FloatArray
    shade: FloatArray
    full_px: float


def ray_pixels(n_columns: int, n_rows: int) -> RayPixels:
    """Return the pixels of the rays around the middle of a picture of that size."""
    side = min(n_columns, n_rows)
    left, top = (n_columns - side) // 2, (n_rows - side) // 2
    y, x = np.mgrid[0:side, 0:side].astype(np.float32)
    x, y = x + np.float32(left + 0.5 - n_columns / 2.0), y + np.float32(top + 0.5 - n_rows / 2.0)
    radius = np.hypot(x, y)
    inner, outer, half = RAYS_FROM * side, RAYS_TO * side, max(WIDTH * side, 2.0) / 2.0
    row, column = np.nonzero((radius > inner - half - 1.0) & (radius < outer + half + 1.0))
    x, y, radius = x[row, column], y[row, column], radius[row, column]
    # Turns from the bottom, the same to both sides.
    n_half, turn = N_RAYS // 2, np.arctan2(np.abs(x), y)
    ray = np.clip(turn / np.pi * n_half, 0, n_half - 1).astype(np.int64)
    across = radius * np.sin(turn - (ray + 0.5) * np.float32(np.pi / n_half))
    cover = np.clip(half + 0.5 - np.abs(across), 0.0, 1.0)
    along = radius - np.float32(inner)
    cover *= np.clip(along + np.float32(0.5), 0.0, 1.0)
    out = np.clip(along / (outer - inner), 0.0, 1.0)
    shade = 255.0 * BRIGHTEST * cover * (1.0 - (1.0 - FAR_SHARE) * out**1.3)
    kept = np.flatnonzero(shade > 0.5)
    kept = kept[np.argsort(ray[kept], kind="stable")]
    places = ((row + top) * n_columns + column + left)[kept]
    along, shade = along[kept].astype(np.float32), shade[kept].astype(np.float32)
    return RayPixels(places, np.bincount(ray[kept], minlength=n_half), along, shade, outer - inner)


@cache
def shades_of(ground: str, colour: str) -> Pixels:
    """Return 256 colours from the ground to a colour, as pixels without alpha."""
    steps = (QColor(mixed(ground, colour, at / 255.0)).rgb() for at in range(256))
    return np.fromiter(steps, dtype=np.uint32, count=256)


def paint_rays(picture: Pixels, pixels: RayPixels, levels: FloatArray, table: Pixels) -> None:
    """Paint rays of these lengths, shares from the lowest band to the highest, over a flat picture's pixels."""
    # A ray's end is as soft as its sides; of one that is nothing no pixel is reached.
    ends = np.where(levels > 0.0, levels * pixels.full_px + 0.5, -pixels.full_px).astype(np.float32)
    reached = np.repeat(ends, pixels.n_pixels)
    reached -= pixels.along
    np.clip(reached, 0.0, 1.0, out=reached)
    reached *= pixels.shade
    picture[pixels.places] = table[reached.astype(np.uint8)]
