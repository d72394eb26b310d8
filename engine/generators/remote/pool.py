# SPDX-License-Identifier: GPL-3.0-or-later
"""A pool of machines: each clip goes to the machine that is expected to be done with it first.

How fast a machine is, is measured with each clip: seconds of computing for a second of music. How many clips wait
there, it says itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.errors import RemoteTooSlow
from engine.generators.remote.speaker import Machine, Offer

FORGOTTEN_S = 600.0
"""Seconds after which a machine's speed is forgotten: what was too slow may have had something else to do."""
_WEIGHT = 0.5  # of the newest measurement
_UNKNOWN_PACE = 1.0


@dataclass(frozen=True, slots=True)
class _Pace:
    pace: float
    at_s: float


class Pool:
    """A pool remembers, while the process lives, how fast machines are."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._paces: dict[str, _Pace] = {}

    def pace(self, machine: Machine) -> float | None:
        """Return the seconds of computing that a second of music takes the machine; None where it is not known."""
        known = self._paces.get(machine.url)
        if known is None or self._clock() - known.at_s > FORGOTTEN_S:
            return None
        return known.pace

    def check(self, machine: Machine, slowest: float) -> None:
        """Refuse a machine that is known to be slower than ``slowest``. Raises RemoteTooSlow."""
        pace = self.pace(machine)
        if pace is not None and pace > slowest:
            raise RemoteTooSlow(machine=machine.place, pace=pace, limit=slowest)

    def measured(self, machine: Machine, *, took_s: float, music_s: float) -> None:
        """Take in how long a machine took for so much music."""
        pace, before = took_s / max(music_s, 1.0), self.pace(machine)
        mean = pace if before is None else _WEIGHT * pace + (1.0 - _WEIGHT) * before
        self._paces[machine.url] = _Pace(mean, self._clock())

    def expected_s(self, machine: Machine, offer: Offer, duration_s: float) -> float:
        """Return after how many seconds the machine is expected to have a clip of so many seconds.

        One that was not measured yet is taken for as fast as the fastest, so that it is tried.
        """
        known = [one.pace for one in self._paces.values() if self._clock() - one.at_s <= FORGOTTEN_S]
        pace = self.pace(machine)
        if pace is None:
            pace = min(known, default=_UNKNOWN_PACE)
        return pace * duration_s * (offer.n_waiting + 1)

    def best(self, offers: Mapping[Machine, Offer], duration_s: float) -> Machine:
        """Return the machine that is expected to be done first with a clip of so many seconds."""
        return min(offers, key=lambda one: self.expected_s(one, offers[one], duration_s))
