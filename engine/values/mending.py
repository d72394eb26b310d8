# SPDX-License-Identifier: GPL-3.0-or-later
"""This module says how the mending of a seam stands, as the panels show it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MendingState:
    """The state of mending.

    Attributes
    ----------
    painter
        Title of the generator that would paint, or paints; "" where none that can is ready, or that is not known yet.
    is_working
        Whether a seam is being mended.
    fraction
        How far what is painted is, in [0, 1]; None while that cannot be told.
    """

    painter: str = ""
    is_working: bool = False
    fraction: float | None = None
