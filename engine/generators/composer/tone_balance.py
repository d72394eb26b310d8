# SPDX-License-Identifier: GPL-3.0-or-later
"""The tone balance of a mix: its long-term spectrum is brought near that of records, gently and without a seam.

Long-term spectra of popular recordings fall by about 4.5 to 6 dB an octave in power density (Elowsson and Friberg,
"Long-term Average Spectrum in Popular Music", AES 2017).
"""

from __future__ import annotations

import numpy as np

from engine.values import FloatArray

_CENTRES_HZ = 1000.0 * 2.0 ** (np.arange(-16, 13) / 3.0)  # third octaves, 25 Hz to 16 kHz
_MOST_UP_DB, _MOST_DOWN_DB = 10.0, -8.0
_STRENGTH = 0.9
_SMOOTH_BANDS = 1.0  # standard deviation
_TAPS = 4095
_SEGMENT = 8192
_FLOOR_DB = -70.0  # below the loudest band there is nothing to lift but noise


def balancing(bus: FloatArray, sample_rate: int, *, tilt_db: float, low_pass_hz: float) -> FloatArray:
    """Return the taps ``(n_taps,)`` of a linear-phase filter that balances a cyclic bus ``(2, n)``.

    Parameters
    ----------
    tilt_db
        Slope of the goal, dB an octave in power density; negative falls.
    low_pass_hz
        Where the style's own top end begins to fall; 0 is nowhere.
    """
    from scipy.ndimage import gaussian_filter1d

    levels = band_levels_db(bus, sample_rate)
    goal = goal_db(tilt_db, low_pass_hz)
    middle = (_CENTRES_HZ > 110.0) & (_CENTRES_HZ < 9000.0)
    away = goal - levels
    away -= float(np.median(away[middle]))
    away = np.clip(away, _MOST_DOWN_DB, _MOST_UP_DB)
    away = np.where(levels < levels.max() + _FLOOR_DB, 0.0, away)
    gains_db = _STRENGTH * gaussian_filter1d(away, _SMOOTH_BANDS, mode="nearest")
    hz = np.fft.rfftfreq(2 * (_TAPS + 1), 1.0 / sample_rate)
    curve_db = np.interp(np.log2(np.maximum(hz, 1.0)), np.log2(_CENTRES_HZ), gains_db)
    # Nothing is heard down there, and the limiter would still see it.
    curve_db += np.where(hz < 30.0, -24.0 * np.log2(30.0 / np.maximum(hz, 5.0)), 0.0)
    impulse = np.fft.irfft(10.0 ** (curve_db / 20.0))
    taps = np.roll(impulse, _TAPS // 2)[:_TAPS] * np.hanning(_TAPS + 2)[1:-1]
    return taps.astype(np.float32)


def filtered(bus: FloatArray, taps: FloatArray) -> FloatArray:
    """Return a cyclic bus through a linear-phase filter, without its delay."""
    from scipy.signal import oaconvolve

    half = taps.size // 2
    n = bus.shape[1]
    around = np.take(bus, np.arange(-half, n + half) % n, axis=1)
    return np.asarray(oaconvolve(around, taps[None, :], mode="valid", axes=1), dtype=np.float32)


def band_levels_db(bus: FloatArray, sample_rate: int) -> FloatArray:
    """Return the power of a bus in third octaves, dB, ``(29,)``."""
    n_segments = max(1, bus.shape[1] // _SEGMENT)
    whole = np.resize(bus, (2, _SEGMENT)) if bus.shape[1] < _SEGMENT else bus[:, : n_segments * _SEGMENT]
    segments = whole.reshape(2, -1, _SEGMENT) * np.hanning(_SEGMENT).astype(np.float32)
    power = np.square(np.abs(np.fft.rfft(segments, axis=2))).mean(axis=(0, 1))
    hz = np.fft.rfftfreq(_SEGMENT, 1.0 / sample_rate)
    edge = 2.0 ** (1.0 / 6.0)
    total = np.concatenate([[0.0], np.cumsum(power)])
    # Whole bins and shares of bins, so that narrow bands at the bottom are not empty.
    low, high = (np.interp(_CENTRES_HZ * one, hz + hz[1] / 2.0, total[1:]) for one in (1.0 / edge, edge))
    return np.asarray(10.0 * np.log10(np.maximum(high - low, 1e-12)))


def goal_db(tilt_db: float, low_pass_hz: float) -> FloatArray:
    """Return the goal in third octaves, dB: a slope, a bass that ends at 45 Hz, and a top that falls from 10 kHz on."""
    # A third octave is wider the higher it is: 3 dB an octave more than power density.
    goal = (tilt_db + 3.0) * np.log2(_CENTRES_HZ / 1000.0)
    goal = np.where(_CENTRES_HZ < 110.0, (tilt_db + 3.0) * np.log2(0.11), goal)
    goal -= np.where(_CENTRES_HZ < 55.0, 9.0 * np.log2(55.0 / _CENTRES_HZ), 0.0)
    top = min(10_000.0, low_pass_hz or 10_000.0)
    goal -= np.where(top < _CENTRES_HZ, 5.0 * np.log2(_CENTRES_HZ / top), 0.0)
    return np.asarray(goal)
