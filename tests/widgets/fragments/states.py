# SPDX-License-Identifier: GPL-3.0-or-later
"""States of a station of fragments, as panels are shown them."""

from __future__ import annotations

import math
import time

from engine.values.fragments import PEAK_BINS, FragmentMaking, FragmentMode, FragmentSlot, FragmentsState

PEAKS = tuple(abs(math.sin(at / 9.0)) for at in range(PEAK_BINS))


def a_slot(number: int, prompt: str = "", *, age_s: float = 12.0, is_frozen: bool = False) -> FragmentSlot:
    """Return a slot with a sound that was made by a prompt, or an empty one without a prompt."""
    path = f"/slots/output{number:02}.wav"
    if not prompt:
        return FragmentSlot(number, path, is_frozen=is_frozen)
    return FragmentSlot(
        number,
        path,
        is_filled=True,
        prompt=prompt,
        written_s=time.time() - age_s,
        duration_s=3.25,
        archived=f"output{number:03}.wav",
        is_frozen=is_frozen,
        peaks=PEAKS,
    )


def a_state(
    n_slots: int = 8,
    *,
    making: FragmentMaking | None = None,
    mode: FragmentMode = FragmentMode.EVERY,
    newest: int | None = 3,
) -> FragmentsState:
    """Return a state whose last slot is empty, and whose second is frozen."""
    slots = tuple(
        a_slot(at, "" if at == n_slots else f"rain on glass, the {at}th", is_frozen=at == 2)
        for at in range(1, n_slots + 1)
    )
    every_s = 20.0 if mode is FragmentMode.EVERY else 0.0
    return FragmentsState("/home/me/slots", slots, 1, mode, every_s, ("rain", "wind"), making=making, newest=newest)
