# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits keep what strangers ask of a machine small: in size, in number, in rate and in time."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

_MOST_NAMES = 4096


@dataclass(frozen=True, slots=True)
class ServingLimits:
    """These limits hold for one server.

    Attributes
    ----------
    most_waiting
        Number of clips that may wait for the one that is made.
    most_kept
        Number of finished clips that are kept until they are fetched; the oldest goes for the next.
    body_bytes
        Size of the largest request.
    body_s
        Seconds within which a request has to be there whole.
    head_s
        Seconds within which its first lines have to be.
    per_minute
        Number of clips that one address may ask for in a minute.
    unheard_s
        Seconds for which a clip is made, or kept, that no client asks for.
    longest_s
        Seconds that a clip may take to make.
    connections
        Number of connections at once.
    most_played_with
        Number of clients that are played along with at once, block by block.
    """

    most_waiting: int = 8
    most_kept: int = 16
    body_bytes: int = 64 * 2**20
    body_s: float = 120.0
    head_s: float = 10.0
    per_minute: int = 60
    unheard_s: float = 60.0
    longest_s: float = 3600.0
    connections: int = 200
    most_played_with: int = 8


class RateLimit:
    """A rate limit lets each name do something so many times a minute: as many at once, then one after the other."""

    def __init__(self, per_minute: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_s = per_minute / 60.0
        self._most = float(per_minute)
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str) -> float:
        """Count that ``name`` does it, and return 0; or count nothing, and return the seconds until it may."""
        left = self._now(name)
        if left < 1.0:
            return (1.0 - left) / self._per_s
        self._left[name] = (left - 1.0, self._clock())
        self._left.move_to_end(name)
        while len(self._left) > _MOST_NAMES:
            self._left.popitem(last=False)
        return 0.0

    def _now(self, name: str) -> float:
        left, at_s = self._left.get(name, (self._most, self._clock()))
        return min(self._most, left + (self._clock() - at_s) * self._per_s)
