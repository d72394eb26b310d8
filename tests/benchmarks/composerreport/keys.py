# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys are named from how much each pitch class sounds, by two sets of profiles, and compared as musicians do."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from engine.dsp.keynames import key_name
from tests.benchmarks.loopcases.cases import DoubleArray

Method = Literal["krumhansl", "albrecht"]
Relation = Literal["same", "relative", "fifth", "parallel", "other"]

PROFILES: dict[Method, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "krumhansl": (
        (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
        (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17),
    ),
    "albrecht": (
        (0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081),
        (0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052),
    ),
}
"""Profiles of major and minor: Krumhansl and Kessler (1982); Albrecht and Shanahan, Music Perception 31(1), 2013."""

_RATE = 22_050
_HOP = 2_048


def fits(chroma: npt.NDArray[np.floating], method: Method) -> DoubleArray:
    """Return how well 24 keys fit (major from C on, then minor): correlations, shape ``(24,)``."""
    heard = np.asarray(chroma, dtype=np.float64)
    if float(np.ptp(heard)) < 1e-9:
        return np.zeros(24)
    profiles = [np.roll(profile, tonic) for profile in PROFILES[method] for tonic in range(12)]
    return np.array([np.corrcoef(heard, profile)[0, 1] for profile in profiles])


def named(chroma: npt.NDArray[np.floating], method: Method) -> str:
    """Return the key that fits best, such as “Eb minor”."""
    best = int(fits(chroma, method).argmax())
    return key_name(best % 12, is_minor=best >= 12)


def is_minor(key: str) -> bool:
    """Return whether this names a minor key."""
    return key.endswith("minor")


def relation(one: str, other: str) -> Relation:
    """Return how two keys are related; “fifth” is a step on the circle of fifths, in the same mode."""
    if one == other:
        return "same"
    distance = (_tonic(other) - _tonic(one)) % 12
    if is_minor(one) == is_minor(other):
        return "fifth" if distance in {5, 7} else "other"
    if distance == 0:
        return "parallel"
    return "relative" if distance == (3 if is_minor(one) else 9) else "other"


def are_related(one: str, other: str) -> bool:
    """Return whether a piece may go from one key to the other: at most one signature apart, or the parallel one."""
    if relation(one, other) == "parallel":
        return True
    return min((_signature(one) - _signature(other)) % 12, (_signature(other) - _signature(one)) % 12) <= 1


def heard_chroma(mono: npt.NDArray[np.floating]) -> DoubleArray:
    """Return how strongly each pitch class sounds in audio at 22 050 Hz, shape ``(12,)``."""
    import librosa

    chroma = librosa.feature.chroma_cqt(y=np.asarray(mono, dtype=np.float32), sr=_RATE, hop_length=_HOP)
    return np.asarray(chroma.mean(axis=1), dtype=np.float64)


def _tonic(key: str) -> int:
    return next(tonic for tonic in range(12) if key_name(tonic, is_minor=is_minor(key)) == key)


def _signature(key: str) -> int:
    """Return the place on the circle of fifths of the key's signature."""
    return ((_tonic(key) + (3 if is_minor(key) else 0)) * 7) % 12
