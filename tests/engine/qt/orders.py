# SPDX-License-Identifier: GPL-3.0-or-later
"""The orders for the obedient child process, and its answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Order:
    """An order has a ``deed``: "answer", "answer big", "die", "hang", "begin an answer and hang"."""

    job_id: int
    deed: str = "answer"


@dataclass(frozen=True, slots=True)
class Done:
    job_id: int
    pid: int
    payload: bytes = b""


BIG_BYTES = 30_000_000
