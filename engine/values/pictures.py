# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares the pictures that panels draw of a clip."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True, eq=False, slots=True)
class SpectrogramImage:
    """A spectrogram image is a log-frequency spectrogram ready to draw.

    Attributes
    ----------
    levels
        uint8, shape ``(n_rows, n_columns)``, row 0 the lowest frequency; 0 is ``floor_db``, 255 is 0 dB re the
        loudest cell.
    low_hz, high_hz
        Frequencies of the bottom edge of row 0 and the top edge of the last row, log-spaced between.
    """

    levels: ByteArray
    low_hz: float
    high_hz: float
    floor_db: float
    n_samples: int
    sample_rate: int
