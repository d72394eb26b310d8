# SPDX-License-Identifier: GPL-3.0-or-later
"""This module lists the choices for a transition: where it begins, how long it lasts in bars, and its curve."""

from __future__ import annotations

from enum import StrEnum


class Entry(StrEnum):
    """An entry says where in the leading loop a takeover may begin."""

    LOOP_END = "loop_end"
    NEXT_BAR = "next_bar"
    NOW = "now"


class FadeCurve(StrEnum):
    """A fade curve says by which gains a takeover is crossfaded; ``engine.dsp.seam.gain_law`` and others draw them.

    ``MATCHED`` follows the correlation of what overlaps, between equal power and equal gain; ``EQUAL_POWER`` and
    ``EQUAL_GAIN`` are its two ends whatever overlaps; ``SMOOTH`` is equal power with a gentle start and end.
    """

    MATCHED = "matched"
    EQUAL_POWER = "equal_power"
    EQUAL_GAIN = "equal_gain"
    SMOOTH = "smooth"


TRANSITION_LENGTHS = (0, 1, 2, 4, 8)
"""Lengths of a transition in bars; 0 is the overlap."""
