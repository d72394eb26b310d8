# SPDX-License-Identifier: GPL-3.0-or-later
"""This module reads a spectrogram: how loud a cell is, and which partials sound at a moment."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from engine.values import SpectrogramImage

MOST_PARTIALS: Final = 6
WITHIN_DB: Final = 40.0
"""How far below the strongest partial of a moment another may lie to be told, dB."""
STANDS_OUT_DB: Final = 9.0
"""How far a partial stands out from what is around it at least, dB: noise has tops, too, but no partials."""
AROUND_OCTAVES: Final = 1.0
"""How far that which is around a partial reaches, octaves on either side."""
USUAL: Final = 0.25
"""Share of what is around a partial that is quieter than what it is to stand out from: tones there are none."""
VALLEY_DB: Final = 3.0
"""Depth in dB of the valley between two partials at least: the top of one alone may ripple."""


@dataclass(frozen=True, slots=True)
class Partial:
    """A partial is a pitch that stands out at a moment: its base-two logarithm of hertz, and its level in dBFS."""

    octave: float
    db: float


def column_at(image: SpectrogramImage, sample: float) -> int:
    """Return the column that shows a sample."""
    n_columns: int = image.levels.shape[1]
    return min(max(math.floor(sample * n_columns / image.n_samples), 0), n_columns - 1)


def level_db(image: SpectrogramImage, sample: float, octave: float) -> float | None:
    """Return how loud the picture is at a sample and a pitch, in dBFS (of a sine); None at or below its floor."""
    n_rows = image.levels.shape[0]
    bottom, top = math.log2(image.low_hz), math.log2(image.high_hz)
    row = min(max(math.floor((octave - bottom) / (top - bottom) * n_rows), 0), n_rows - 1)
    level = int(image.levels[row, column_at(image, sample)])
    return None if level == 0 else _db(image, level)


def partials(image: SpectrogramImage, sample: float, floor_db: float) -> tuple[Partial, ...]:
    """Return the strongest partials at a sample, strongest first.

    Parameters
    ----------
    floor_db
        What is quieter is not told, dB re the picture's loudest cell.
    """
    column = image.levels[:, column_at(image, sample)].astype(np.float64)
    n_rows = len(column)
    loudest = column.max(initial=0.0)
    per_db = -255.0 / image.floor_db
    least = max((floor_db - image.floor_db) * per_db, loudest - WITHIN_DB * per_db, 1.0)
    around = np.pad(column, 1)
    # The lower end of a flat top stands for it.
    tops = np.flatnonzero((column >= around[2:]) & (column > around[:-2]) & (column >= least))
    bottom = math.log2(image.low_hz)
    row_octaves = (math.log2(image.high_hz) - bottom) / n_rows
    found: dict[int, Partial] = {}
    reach = max(1, round(AROUND_OCTAVES / row_octaves))
    near = np.lib.stride_tricks.sliding_window_view(np.pad(column, reach, mode="edge"), 2 * reach + 1)[tops]
    rank = round(USUAL * 2 * reach)
    tops = tops[column[tops] - np.partition(near, rank, axis=1)[:, rank] >= STANDS_OUT_DB * per_db]
    for row in sorted(map(int, tops), key=lambda one: -column[one]):
        if not _is_apart(column, row, found, VALLEY_DB * per_db):
            continue
        before, here, after = (float(value) for value in around[row : row + 3])
        bend = before - 2.0 * here + after
        # The top of a parabola through three rows lies between them.
        offset = 0.5 * (before - after) / bend if bend < 0.0 else 0.0
        octave = bottom + (row + 0.5 + offset) * row_octaves
        found[row] = Partial(octave, _db(image, here))
        if len(found) == MOST_PARTIALS:
            break
    return tuple(found.values())


def _is_apart(column: npt.NDArray[np.float64], row: int, found: Iterable[int], depth: float) -> bool:
    """Return whether there is a valley of that depth between a row and each of those that were found."""
    return all(column[min(row, one) : max(row, one) + 1].min() <= column[row] - depth for one in found)


def _db(image: SpectrogramImage, level: float) -> float:
    return image.loudest_db + image.floor_db * (1.0 - level / 255.0)
