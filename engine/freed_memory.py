# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes that hold much for a while give freed memory back to the system, between two jobs.

glibc keeps what lies below the last piece that is in use: after hours of jobs of all sizes tens of megabytes that
nobody uses (``malloc_trim(3)``). Other C libraries give it back by themselves, or not at all.
"""

from __future__ import annotations

import ctypes
import time

EVERY_S = 10.0
"""Seconds between two times at least: what is given back has to be fetched again."""


class FreedMemory:
    """The freed memory of this process is given back now and then, whenever nothing is at work."""

    def __init__(self) -> None:
        self._trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        self._last_s = 0.0

    def give_back(self) -> None:
        """Give freed memory back, unless that was done just now."""
        now_s = time.monotonic()
        if self._trim is not None and now_s - self._last_s >= EVERY_S:
            self._last_s = now_s
            self._trim(0)
