# SPDX-License-Identifier: GPL-3.0-or-later
"""A tone is what a player asks of an instrument for one note."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.values import FloatArray


@dataclass(frozen=True, slots=True)
class Tone:
    """A tone says what is asked of an instrument.

    Attributes
    ----------
    midi
        Pitch, MIDI note number.
    gate_s
        How long the note is held, seconds; of a ``struck`` instrument, which may ring longer, how much of it will be
        heard at most.
    force
        How hard it is played, in (0, 1]: brightness more than loudness.
    bright
        The style's and the mood's factor on every cutoff, about 0.5 to 2.
    """

    midi: int
    gate_s: float
    force: float
    bright: float
    sample_rate: int


Render = Callable[[Tone, np.random.Generator], FloatArray]

Effect = Callable[[FloatArray, Tone, np.random.Generator], FloatArray]
"""An effect is what a note is played through: it takes and gives ``(n_samples,)`` or ``(2, n_samples)``."""
