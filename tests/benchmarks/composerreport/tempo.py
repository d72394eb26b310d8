# SPDX-License-Identifier: GPL-3.0-or-later
"""The tempo is heard by librosa's beat tracker, and compared with what was asked for, with or without its octave."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

TOLERANCE = 0.04
"""Part by which a tempo may be off and is still right, as in the MIREX tempo task."""

_RATE = 22_050
_HOP = 256
_LEAST_S = 24.0


def heard_tempo(mono: npt.NDArray[np.floating]) -> float:
    """Return the beats a minute of cyclic audio at 22 050 Hz, 0 where there is no beat."""
    import librosa

    turns = max(1, int(np.ceil(_LEAST_S * _RATE / max(1, mono.size))))
    wave = np.tile(np.asarray(mono, dtype=np.float32), turns)
    envelope = librosa.onset.onset_strength(y=wave, sr=_RATE, hop_length=_HOP)
    _, beats = librosa.beat.beat_track(onset_envelope=envelope, sr=_RATE, hop_length=_HOP, trim=False, units="time")
    if len(beats) < 4:
        return 0.0
    # A line through all beats: one that is early or late counts little.
    return float(60.0 / np.polyfit(np.arange(len(beats)), beats, 1)[0])


def is_tempo(heard_bpm: float, wanted_bpm: float, *, octave: bool = False) -> bool:
    """Return whether a tempo is the one that was wanted, or, if that is allowed, its half or double."""
    factors = (0.5, 1.0, 2.0) if octave else (1.0,)
    return any(abs(heard_bpm / (wanted_bpm * factor) - 1.0) <= TOLERANCE for factor in factors)
