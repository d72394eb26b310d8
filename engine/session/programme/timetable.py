# SPDX-License-Identifier: GPL-3.0-or-later
"""The timetable says which hours of a station hold at a time, by the clock on the wall."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from engine.values.programme import DAY_MINUTES, Hours

MINUTE_S = 60.0
EVERY_MOOD = Hours()
"""Hours that hold where no others do: all moods rotate."""


@dataclass(frozen=True, slots=True)
class Span:
    """A span is one time that hours hold, by the day on which it begins; None has no begin."""

    hours: Hours
    day: date | None = None


class Timetable:
    """A timetable looks minute by minute, so that a clock that is put forward or back needs no rule of its own.

    Parameters
    ----------
    zone
        Of the clock on the wall; None is the system's.
    """

    def __init__(self, hours: Sequence[Hours], zone: tzinfo | None = None) -> None:
        self._hours, self._zone = tuple(hours), zone

    def at(self, now_s: float) -> Span:
        """Return what holds at a time."""
        wall = datetime.fromtimestamp(now_s, self._zone)
        for one in self._hours:
            if not one.when:
                return Span(one)
            day = _begun(one, wall)
            if day is not None:
                return Span(one, day)
        return Span(EVERY_MOOD)

    def change_after(self, now_s: float, until_s: float) -> float | None:
        """Return when something else holds, up to ``until_s``; None where nothing does by then."""
        holds = self.at(now_s)
        at_s = MINUTE_S * (math.floor(now_s / MINUTE_S) + 1)
        while at_s <= until_s:
            if self.at(at_s) != holds:
                return at_s
            at_s += MINUTE_S
        return None

    def begin_of(self, now_s: float) -> float:
        """Return since when holds what holds now: at most a day ago."""
        holds = self.at(now_s)
        at_s = MINUTE_S * math.floor(now_s / MINUTE_S)
        earliest_s = at_s - MINUTE_S * DAY_MINUTES
        while at_s > earliest_s and self.at(at_s - MINUTE_S) == holds:
            at_s -= MINUTE_S
        return at_s


def _begun(hours: Hours, wall: datetime) -> date | None:
    """Return on which day hours began that hold at this time; None where they do not."""
    minute, today = 60 * wall.hour + wall.minute, wall.date()
    goes_over = hours.end_min <= hours.begin_min
    if today.weekday() in hours.days and hours.begin_min <= minute < (DAY_MINUTES if goes_over else hours.end_min):
        return today
    yesterday = today - timedelta(days=1)
    return yesterday if goes_over and yesterday.weekday() in hours.days and minute < hours.end_min else None
