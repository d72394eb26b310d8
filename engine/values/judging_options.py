# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares what a person can set of how clips are judged; part of ``engine.values.options``."""

from __future__ import annotations

from engine.values.judged import Misfit
from engine.values.parameters import Kind, Parameter

MISFIT = Parameter(
    "misfit",
    Kind.CHOICE,
    str(Misfit.KEEP),
    "When tempo or key differ",
    "What becomes of a model's clip that is not in the tempo or key that was asked for: it is kept, stretched to the "
    "tempo where that is near enough, or another one is made, at most twice",
    choices=tuple(map(str, Misfit)),
    titles=("Keep", "Stretch to fit", "Make another"),
)
MEND_SEAMS = Parameter(
    "mend_seams",
    Kind.SWITCH,
    False,
    "Mend seams",
    "Have a model that repaints paint the seam of each new loop anew while it plays, where the seam is heard; what is "
    "no better is not used. Such a model takes memory and time: see Models",
)
VARIATIONS = Parameter(
    "variations",
    Kind.INTEGER,
    1,
    "Variations",
    "How many clips are made at once of the same words, to be heard, kept or dropped one by one",
    low=1,
    high=4,
)
