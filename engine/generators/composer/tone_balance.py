# SPDX-License-Identifier: GPL-3.0-or-later
"""The tone balance of a mix: its long-term spectrum is brought near that of records of its kind, gently.

The curves are medians of electronic music of two games, of General MIDI renderings of bands and of an orchestra, drawn
as smooth lines; all fall by 4.5 to 6 dB an octave in power density, as Elowsson and Friberg found of popular recordings
("Long-term Average Spectrum in Popular Music", AES 2017).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.generators.composer.filters import Response, frequencies_hz, minimum_phase
from engine.generators.composer.styles import Style

Floats = npt.NDArray[np.float64]

CENTRES_HZ = 1000.0 * 2.0 ** (np.arange(-16, 13) / 3.0)
"""Centres of the third octaves from 25 Hz to 16 kHz, Hz."""

CURVES: dict[str, tuple[tuple[float, ...], ...]] = {
    "electronic": (
        (31, 40, 50, 63, 100, 200, 315, 500, 1000, 2000, 4000, 8000, 10000, 12700, 16000),
        (-17.0, -12.0, -10.0, -9.0, -9.5, -9.8, -11.3, -12.5, -14.6, -16.9, -20.0, -22.5, -25.0, -28.5, -31.0),
    ),
    "band": (
        (31, 40, 50, 63, 100, 200, 315, 500, 1000, 2000, 4000, 8000, 10000, 12700, 16000),
        (-22.0, -17.0, -13.5, -11.0, -10.0, -10.0, -10.6, -11.8, -16.0, -20.0, -24.0, -27.0, -29.0, -31.5, -36.0),
    ),
    "orchestra": (
        (31, 40, 50, 63, 100, 125, 200, 315, 500, 1000, 2000, 4000, 8000, 10000, 12700, 16000),
        (
            -26.0,
            -22.0,
            -19.0,
            -17.5,
            -16.0,
            -15.0,
            -11.8,
            -11.0,
            -10.6,
            -13.6,
            -19.0,
            -26.5,
            -35.5,
            -38.0,
            -41.0,
            -45.0,
        ),
    ),
}
"""Levels in third octaves, dB, of each kind of music, at frequencies in Hz."""
SUB_DB = {"electronic": -6.5, "band": -9.5, "orchestra": -10.0}
"""The most that may lie below 60 Hz, dB of the whole."""

_ELECTRONIC_KITS = frozenset({"808", "909", "techno", "break", "electro", "lofi", "chip"})
_SUB_HZ = 60.0
_MOST_SUB_DOWN_DB = 15.0
_MOST_UP_DB, _MOST_DOWN_DB = 18.0, -15.0
_LOW_HZ, _MOST_LOW_UP_DB = 260.0, 13.0
_STRENGTH = 0.72  # what is left of the way is a style's own
_SMOOTH_BANDS = 0.9  # standard deviation
# Below the loudest band there is nothing to lift but noise, and of lows nothing but the room.
_FLOOR_DB, _LOW_FLOOR_DB = -75.0, -50.0
_ROLL_OFF_DB = 3.0  # an octave, above the style's own low-pass
_BRIGHT_DB = 1.2  # an octave, for twice as bright


def kind_of(style: Style) -> str:
    """Return which of ``CURVES`` a style is held against: its own word, or what its drums tell."""
    if style.mix.tone:
        return style.mix.tone
    if style.drums is None or style.drums.kit == "cinematic":
        return "orchestra"
    return "electronic" if style.drums.kit in _ELECTRONIC_KITS else "band"


def goal_db(kind: str, *, tilt_db: float = 0.0, low_pass_hz: float = 0.0, bright: float = 1.0) -> Floats:
    """Return the goal in third octaves, dB.

    Parameters
    ----------
    tilt_db
        What the curve of its kind is turned by, dB an octave.
    low_pass_hz
        Where the style's top end begins to fall faster; 0 is nowhere.
    bright
        How bright it was asked to be, over what its style is.
    """
    hz, levels_db = CURVES[kind]
    octaves = np.log2(CENTRES_HZ / 1000.0)
    goal = np.interp(octaves, np.log2(np.array(hz) / 1000.0), levels_db)
    turn_db = tilt_db + _BRIGHT_DB * float(np.clip(np.log2(bright), -1.5, 1.5))
    goal += turn_db * np.clip(octaves, -3.0, 3.5)
    if low_pass_hz > 0:
        goal -= _ROLL_OFF_DB * np.maximum(0.0, np.log2(CENTRES_HZ / low_pass_hz))
    return np.asarray(goal)


def balancing(power: Floats, goal: Floats, sub_db: float, sample_rate: int) -> Response:
    """Return the filter that balances what has this ``power`` at each frequency."""
    from scipy.ndimage import gaussian_filter1d

    hz = frequencies_hz(sample_rate)
    levels = band_levels_db(power, hz)
    heard = levels > levels.max() + np.where(CENTRES_HZ < _LOW_HZ, _LOW_FLOOR_DB, _FLOOR_DB)
    middle = (CENTRES_HZ > 110.0) & (CENTRES_HZ < 9000.0) & heard
    away = goal - levels
    away -= float(np.median(away[middle])) if middle.any() else 0.0
    # What is missing cannot be lifted, and what is left of it is not to be.
    most = np.where(CENTRES_HZ < _LOW_HZ, _MOST_LOW_UP_DB, _MOST_UP_DB)
    away = np.where(heard, np.clip(away, _MOST_DOWN_DB, most), 0.0)
    gains_db = _STRENGTH * gaussian_filter1d(away, _SMOOTH_BANDS, mode="nearest")
    curve_db = np.interp(np.log2(np.maximum(hz, 1.0)), np.log2(CENTRES_HZ), gains_db)
    # Nothing is heard down there, and the limiter would still see it.
    curve_db += np.where(hz < 30.0, -24.0 * np.log2(30.0 / np.maximum(hz, 5.0)), 0.0)
    curve_db -= _sub_over_db(power * 10.0 ** (curve_db / 10.0), hz, sub_db) * _below(hz)
    return minimum_phase(curve_db)


def _sub_over_db(power: Floats, hz: Floats, sub_db: float) -> float:
    """Return by how much a shelf has to take down the sub for it to be ``sub_db`` of the whole."""
    shelf = _below(hz)
    share = 10.0 ** (sub_db / 10.0)
    for down_db in np.arange(0.0, _MOST_SUB_DOWN_DB, 0.5):
        now = power * 10.0 ** (-down_db * shelf / 10.0)
        if now[hz < _SUB_HZ].sum() <= share * now.sum():
            return float(down_db)
    return _MOST_SUB_DOWN_DB


def _below(hz: Floats) -> Floats:
    """Return a shelf: 1 in the sub, 0 from half an octave above."""
    return np.asarray(np.clip(1.0 - np.log2(np.maximum(hz, 1.0) / (_SUB_HZ / 1.1)) / 0.6, 0.0, 1.0))


def band_levels_db(power: Floats, hz: Floats) -> Floats:
    """Return the level of what has this ``power`` at these frequencies in third octaves, dB, ``(29,)``."""
    edge = 2.0 ** (1.0 / 6.0)
    total = np.cumsum(power)
    # Whole bins and shares of bins, so that narrow bands at the bottom are not empty.
    low, high = (np.interp(CENTRES_HZ * one, hz + hz[1] / 2.0, total) for one in (1.0 / edge, edge))
    return np.asarray(10.0 * np.log10(np.maximum(high - low, 1e-12)))
