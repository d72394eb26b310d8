# SPDX-License-Identifier: GPL-3.0-or-later
"""This module holds what the command line of the generators' benchmark asks for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of the command line.

    Attributes
    ----------
    is_quick
        Only the smallest model, and few seconds of it.
    models
        Only these models; all that fit into the memory where it is empty.
    batches
        How many clips are made beside one another.
    """

    is_quick: bool = False
    models: tuple[str, ...] = ()
    batches: tuple[int, ...] = (1, 2, 4)
