# SPDX-License-Identifier: GPL-3.0-or-later
"""Which key a clip is in, from how much each pitch class sounds."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.values import FloatArray

_NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
_MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)

LEAST_CORRELATION = 0.5
"""Below this the clip is in no key that could be named."""


def estimate_key(chroma: FloatArray) -> str | None:
    """The key ("A minor") whose profile fits ``chroma`` ``(n_frames, 12)`` best, or None when none does.

    Correlates the mean chroma with the 24 probe-tone profiles (Krumhansl, "Cognitive Foundations of Musical Pitch",
    1990, chapter 4).
    """
    heard = chroma.mean(axis=0, dtype=np.float64)
    if float(np.ptp(heard)) < 1e-6:
        return None
    profiles = np.array([np.roll(profile, tonic) for profile in (_MAJOR, _MINOR) for tonic in range(12)])
    correlation = _standardised(profiles) @ _standardised(heard) / 12.0
    best = int(correlation.argmax())
    if correlation[best] < LEAST_CORRELATION:
        return None
    return f"{_NAMES[best % 12]} {'major' if best < 12 else 'minor'}"


def _standardised(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    centred = values - values.mean(axis=-1, keepdims=True)
    out: npt.NDArray[np.float64] = centred / centred.std(axis=-1, keepdims=True)
    return out
