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

_last_s = -EVERY_S


def give_back() -> None:
    """Give freed memory back, unless that was done just now."""
    global _last_s  # noqa: PLW0603 - there is one heap for the whole process
    now_s = time.monotonic()
    if now_s - _last_s < EVERY_S:
        return
    _last_s = now_s
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
