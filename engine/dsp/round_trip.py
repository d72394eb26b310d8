# SPDX-License-Identifier: GPL-3.0-or-later
"""A round trip is measured by a maximum-length sequence: noise that only fits itself in one place.

Its autocorrelation is one peak, so that its place in a recording is told to a fraction of a sample, whatever the room
adds (Rife and Vanderkooy, "Transfer-function measurement with maximum-length sequences", JAES 37, 1989).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.units import seconds_to_samples
from engine.values import FloatArray

LEVEL = 0.25
"""Amplitude of the sequence, linear: -12 dBFS."""
_BITS, _HOLD = 12, 2
_EDGE = 64
"""Samples in which it comes in and goes out."""
ASIDE_S = 0.004
"""Seconds beside the peak from which on another one counts as such: what is nearer is the room and the filters."""
CLEAR = 2.0
"""Height of the peak over the next one from which on it is sure."""


@dataclass(frozen=True, slots=True)
class Found:
    """The sequence was found in a recording, or not.

    Attributes
    ----------
    at
        Where its first sample lies, in samples of the recording, with a fraction.
    clarity
        Height of the peak over the next one that is not beside it.
    level
        Amplitude with which it came back, linear.
    """

    at: float
    clarity: float
    level: float

    @property
    def is_sure(self) -> bool:
        return self.clarity >= CLEAR


def sequence(sample_rate: int) -> FloatArray:
    """Return the sequence, float32 ``(n_samples,)``, some 0.2 s long, at ``LEVEL``; it begins and ends in silence."""
    from scipy.signal import max_len_seq

    chips = max_len_seq(_BITS)[0].astype(np.float32) * 2.0 - 1.0
    hold = max(1, round(_HOLD * sample_rate / 44_100))
    out = np.repeat(chips, hold) * np.float32(LEVEL)
    rising = np.sin(np.linspace(0.0, np.pi / 2.0, _EDGE)) ** 2
    out[:_EDGE] *= rising.astype(np.float32)
    out[-_EDGE:] *= rising[::-1].astype(np.float32)
    return out


def find(recording: FloatArray, pattern: FloatArray, sample_rate: int) -> Found:
    """Return where a pattern lies in a longer recording, both float ``(n_samples,)``; either polarity counts."""
    from scipy.signal import correlate

    fits = np.abs(correlate(recording.astype(np.float64), pattern.astype(np.float64), "valid", "fft"))
    top = int(fits.argmax())
    peak = float(fits[top])
    aside = seconds_to_samples(ASIDE_S, sample_rate)
    others = np.concatenate([fits[: max(0, top - aside)], fits[top + aside :]])
    rest = float(others.max(initial=0.0))
    energy = float(np.dot(pattern, pattern))
    clarity = peak / max(rest, 1e-9 * energy) if peak > 1e-6 * energy else 0.0
    return Found(top + _between(fits, top), clarity, LEVEL * peak / energy)


def _between(fits: np.ndarray, top: int) -> float:
    """Return by how much of a sample the peak lies off, by the parabola through it and its neighbours."""
    if not 0 < top < len(fits) - 1:
        return 0.0
    left, middle, right = (float(fits[top + step]) for step in (-1, 0, 1))
    bend = left - 2.0 * middle + right
    return 0.5 * (left - right) / bend if bend < 0.0 else 0.0
