# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares the pictures that panels draw of a clip."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.values.arrays import ByteArray, FloatArray


@dataclass(frozen=True, eq=False, slots=True)
class PeakPyramid:
    """A peak pyramid has minimum and maximum of the mono mix at halving resolutions: any zoom draws few points.

    Attributes
    ----------
    levels
        ``levels[k]`` has shape ``(n_bins, 2)`` (min, max), float32, each bin ``base_bin_samples * 2**k`` samples wide.
    base_bin_samples
        Bin width of level 0, samples.
    """

    levels: tuple[FloatArray, ...]
    base_bin_samples: int
    n_samples: int
    sample_rate: int


class SpectrogramWindow(StrEnum):
    """A spectrogram's windows are short, sharp in time, or long, sharp in pitch."""

    SHORT = "short"
    MEDIUM = "medium"
    LONG = "long"


@dataclass(frozen=True, eq=False, slots=True)
class SpectrogramImage:
    """A spectrogram image is a log-frequency spectrogram with its pyramid: any zoom draws few columns.

    Attributes
    ----------
    levels
        uint8, shape ``(n_rows, n_columns)``, row 0 the lowest frequency; 0 is ``floor_db``, 255 is 0 dB re the
        loudest cell.
    low_hz, high_hz
        Frequencies of the bottom edge of row 0 and the top edge of the last row, log-spaced between.
    coarser
        Ever half as many columns as ``levels`` has, each the louder of two.
    loudest_db
        Level of the loudest cell, dB re a full-scale sine.
    window
        Which lengths of window it was drawn with.
    """

    levels: ByteArray
    low_hz: float
    high_hz: float
    floor_db: float
    n_samples: int
    sample_rate: int
    coarser: tuple[ByteArray, ...] = ()
    loudest_db: float = 0.0
    window: SpectrogramWindow = SpectrogramWindow.MEDIUM
