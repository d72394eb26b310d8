# SPDX-License-Identifier: GPL-3.0-or-later
"""News are told to all who follow them: of each kind the last counts, so that slow followers have no queue."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

ALIVE_S = 15.0
"""Seconds of quiet after which followers are told that the radio lives."""


class News:
    """News are values of JSON by their kinds (“current”, “listeners”)."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[int, str]] = {}
        self._count = 0
        self._followers: set[asyncio.Event] = set()

    @property
    def n_followers(self) -> int:
        return len(self._followers)

    def tell(self, kind: str, value: Any) -> bool:
        """Tell something, unless it was the last of its kind that was told; return whether it is new."""
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        before = self._last.get(kind)
        if before is not None and before[1] == text:
            return False
        self._count += 1
        self._last[kind] = (self._count, text)
        for follower in self._followers:
            follower.set()
        return True

    async def follow(self) -> AsyncIterator[tuple[str, str] | None]:
        """Yield what is so now, then what is new, each as a kind and its JSON; None where nothing is for a while."""
        due, seen = asyncio.Event(), 0
        self._followers.add(due)
        try:
            while True:
                due.clear()
                new = sorted((number, kind, text) for kind, (number, text) in self._last.items() if number > seen)
                for number, kind, text in new:
                    seen = number
                    yield kind, text
                try:
                    await asyncio.wait_for(due.wait(), ALIVE_S)
                except TimeoutError:
                    yield None
        finally:
            self._followers.discard(due)
