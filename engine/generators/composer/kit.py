# SPDX-License-Identifier: GPL-3.0-or-later
"""A kit is a set of dials for the same drums, and a strike is how one of them is played."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np

from engine.generators.composer.synth import Floats, midi_hz
from engine.generators.composer.theory import nearest
from engine.values import FloatArray

_MOST_TUNED = 4.5  # semitones
USUAL_FORCE = 0.8
"""The force, in (0, 1], of a stroke of which nothing is said."""
FORCE_LAYERS = (0.4, 0.65, 0.95)
"""Forces that notes and strokes are rendered at; each is played by the nearest."""
_BETWEEN = tuple(0.5 * (one + next_one) for one, next_one in pairwise(FORCE_LAYERS))


@dataclass(frozen=True, slots=True)
class Kit:
    """A kit holds the dials of its drums.

    Attributes
    ----------
    kick_hz, kick_s, kick_drop, kick_click, kick_drive
        The kick's resting pitch, decay, how many octaves it falls, its beater, its saturation.
    snare_hz, snare_s, snare_wires
        The snare's shell pitch, decay and how loud its wires are.
    hat_hz, hat_s
        Where the hats' noise begins and how long a closed one lasts.
    metal
        How much of the hats is ringing metal rather than noise, in [0, 1].
    stick
        How hard what beats the skins is, in [0, 1]: a brush has little attack.
    """

    kick_hz: float
    kick_s: float
    kick_drop: float
    kick_click: float
    kick_drive: float
    snare_hz: float
    snare_s: float
    snare_wires: float
    hat_hz: float
    hat_s: float
    metal: float
    stick: float = 0.8


class Strike(Protocol):
    """A strike gives the sound of a piece that is beaten with a force in (0, 1]: a harder one is brighter.

    Its level is any; the mix makes it the same for every force, and has the force's loudness.
    """

    def __call__(
        self, kit: Kit, rng: np.random.Generator, sample_rate: int, force: float = USUAL_FORCE, /
    ) -> FloatArray: ...


def layer_of_force(force: float) -> int:
    """Return which of ``FORCE_LAYERS`` is the nearest to a force."""
    return bisect_left(_BETWEEN, force)


def harder(force: float, octaves: float) -> float:
    """Return the factor on a cutoff: 1 at the usual force, ``octaves`` more or less over the whole range of forces."""
    return float(2.0 ** (octaves * (force - USUAL_FORCE)))


def falling(hz: float, drops: tuple[tuple[float, float], ...], n_samples: int, sample_rate: int) -> Floats:
    """Return the phase in radians of a pitch that falls to ``hz``: each drop is a share of it and a time in seconds."""
    t = np.arange(n_samples) / sample_rate
    cycles = t.copy()
    for share, time_s in drops:
        cycles += share * time_s * (1.0 - np.exp(-t / time_s))
    return np.asarray(2.0 * np.pi * hz * cycles)


def tuned(hz: float, tonic: int) -> float:
    """Return the pitch nearest to ``hz`` that is the tonic, a pitch class; its fifth where that is too far away."""
    midi = 69.0 + 12.0 * float(np.log2(hz / 440.0))
    here = nearest(midi, (tonic,))
    return midi_hz(here if abs(here - midi) <= _MOST_TUNED else nearest(midi, ((tonic + 7) % 12,)))
