# SPDX-License-Identifier: GPL-3.0-or-later
"""A volume is told in dB, whose lowest value is silence, and played as a linear gain."""

from __future__ import annotations

from engine.units import amplitude_to_db, db_to_amplitude
from engine.values.options import VOLUME


def volume_to_gain(volume_db: float) -> float:
    """Return the linear gain in [0, 1] of a volume in dB; 0 at ``VOLUME.low`` and below."""
    return 0.0 if volume_db <= VOLUME.low else min(db_to_amplitude(volume_db), 1.0)


def gain_to_volume(gain: float) -> float:
    """Return the volume in dB, in [VOLUME.low, 0], of a linear gain."""
    return min(max(amplitude_to_db(gain), VOLUME.low), 0.0)
