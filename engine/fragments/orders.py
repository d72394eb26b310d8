# SPDX-License-Identifier: GPL-3.0-or-later
"""An order is a fragment that a station was asked for, or makes by itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(eq=False)
class Order:
    """An order asks for a fragment; an empty prompt takes the slot's own, or the next of the rotation."""

    prompt: str = ""
    slot: int | None = None
    is_by_hand: bool = True
    is_wanted: bool = True
    lasting: str = ""
    """The prompt that is asked for again where no other is, its choices open; "" for a slot's own."""
