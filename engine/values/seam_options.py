# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares what a person can set of the seam scope; it is part of ``engine.values.options``."""

from __future__ import annotations

from engine.values.parameters import Kind, Parameter
from engine.values.seams import Snap

SEAM_BEFORE = Parameter(
    "seam_before", Kind.SWITCH, True, "Show what goes out", "Draw the wave that the loop's end goes on with"
)
SEAM_AFTER = Parameter(
    "seam_after",
    Kind.SWITCH,
    True,
    "Show what comes in",
    "Draw the wave around the loop's start, where it goes on",
)
SEAM_DIFFERENCE = Parameter(
    "seam_difference", Kind.SWITCH, True, "Show the difference", "Draw what comes in less what goes out"
)
SEAM_RENDERED = Parameter(
    "seam_rendered", Kind.SWITCH, True, "Show the rendered loop", "Draw the loop as it is heard, its crossfade included"
)
SEAM_GAINS = Parameter(
    "seam_gains", Kind.SWITCH, True, "Show the gains", "Draw how loud either side is in the crossfade, as it is applied"
)
SEAM_SNAP = Parameter(
    "seam_snap",
    Kind.CHOICE,
    str(Snap.NOTHING),
    "Snap the edges",
    "Where an edge comes to stand when it is nudged: on any sample, where the wave comes up through zero, or on a beat",
    choices=tuple(map(str, Snap)),
)

SEAM_OPTIONS = (SEAM_BEFORE, SEAM_AFTER, SEAM_DIFFERENCE, SEAM_RENDERED, SEAM_GAINS, SEAM_SNAP)
"""Options of the seam scope, all of which the window alone needs to know."""
