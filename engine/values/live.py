# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares what the live panel shows of what is heard: bands, spectrum and stereo image."""

from __future__ import annotations

from dataclasses import dataclass

from engine.values.arrays import ByteArray, FloatArray

BANDS: tuple[tuple[int, str], ...] = tuple(
    zip(
        range(-16, 14),
        (
            *("25", "31.5", "40", "50", "63", "80", "100", "125", "160", "200", "250", "315", "400", "500", "630"),
            *("800", "1k", "1.25k", "1.6k", "2k", "2.5k", "3.15k", "4k", "5k", "6.3k", "8k", "10k", "12.5k", "16k"),
            "20k",
        ),
        strict=True,
    )
)
"""Third-octave bands: each one's place from that of 1 kHz on (IEC 61260-1), and its nominal frequency (ISO 266)."""

CURVE_LOW_HZ, CURVE_HIGH_HZ = 20.0, 20_000.0
CURVE_POINTS = 240
"""Number of points of the live spectrum, log-spaced from ``CURVE_LOW_HZ`` to ``CURVE_HIGH_HZ``."""
STEREO_SIDE = 128
"""Number of rows and columns of the picture of the stereo image."""


def band_centre_hz(place: int) -> float:
    """Return the exact middle of a third-octave band, ``place`` bands above that of 1 kHz (IEC 61260-1, base ten)."""
    return float(1000.0 * 10.0 ** (place / 10.0))


def band_edges_hz(place: int) -> tuple[float, float]:
    """Return the lower and upper edge of a third-octave band."""
    centre_hz, half = band_centre_hz(place), 10.0**0.05
    return centre_hz / half, centre_hz * half


@dataclass(frozen=True, eq=False, slots=True)
class LiveReading:
    """A live reading holds what is heard now; levels are the mean power of both channels, dB re a full-scale sine.

    Attributes
    ----------
    bands_db
        Level in each of ``BANDS``, float32; ``SILENCE_DB`` at least, also for bands above half the sample rate.
    average_db
        Their mean power since the average was reset, likewise.
    curve_db
        The spectrum, ``CURVE_POINTS`` values from low to high, likewise; a tone between two reads up to 3 dB lower.
    correlation
        Of left and right over the last moment, from −1 to 1; None while it is too quiet to tell.
    stereo
        Where the last samples lay, uint8, ``(STEREO_SIDE, STEREO_SIDE)``: mono is upright, left leans to the left;
        drawn as large as the loudest of late.
    """

    bands_db: FloatArray
    average_db: FloatArray
    curve_db: FloatArray
    correlation: float | None
    stereo: ByteArray
