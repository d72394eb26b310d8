# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares what is shown of the looper, which records phrases into a jam's layers."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from engine.values.jam import LayerName

PHRASE_BARS = (1, 2, 4, 8)
"""Lengths of a phrase, bars: one that ends elsewhere goes on to the next of them."""
LONGEST_PHRASE_S = 60.0
"""Seconds after which a phrase ends by itself that says the tempo."""
MOST_LOOP_BARS = 16
"""Length up to which a loop can be doubled."""


@dataclass(frozen=True, slots=True)
class LooperState:
    """The looper's state.

    Attributes
    ----------
    layer
        The layer that is recorded into; None where none is.
    is_overdub
        Whether what is recorded is added to its loop.
    begins_at, ends_at
        Bars that are over on the clock where the phrase begins and ends; None where that is not known, or there are
        no bars yet.
    is_looping
        Whether a phrase is being cut to its bars.
    """

    layer: LayerName | None = None
    is_overdub: bool = False
    begins_at: Fraction | None = None
    ends_at: Fraction | None = None
    is_looping: bool = False
