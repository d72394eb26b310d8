# SPDX-License-Identifier: GPL-3.0-or-later
"""A dry run of the command ``radio`` prints what is on if it begins now: for a day, or for a week of days."""

from __future__ import annotations

import itertools
import time
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from app.commands import terminal
from engine.session.programme.programme import Programme

if TYPE_CHECKING:
    from app.stations import StationPlay
    from engine.values.programme import Slot, Station

DAY_S = 86_400.0
_EVERY_DAY = frozenset(range(7))


def print_plan(play: StationPlay, *, in_json: bool) -> int:
    """Print a line for each slot of 24 hours, or of seven days where a station's hours tell days apart; return 0."""
    station = play.station
    n_days = 7 if _tells_days_apart(station) else 1
    slots = _slots_of(play, n_days)
    days = [(day, list(several)) for day, several in itertools.groupby(slots, lambda one: _time(one).date())]
    if in_json:
        told = [{"date": f"{day:%Y-%m-%d}", "slots": [_facts(play, one) for one in several]} for day, several in days]
        terminal.print_json({"dry_run": True, "station": station.title, "days": told})
        return 0
    print(f"{station.title}. {station.words}".rstrip(". ") + ".")
    width = max(len(one.title) for one in slots)
    for day, several in days:
        if n_days > 1:
            print(f"{day:%A}:")
        for one in several:
            print(f"{_time(one):%H:%M}  {one.title:<{width}}  {play.settings_of(one).prompt}".rstrip())
    return 0


def _tells_days_apart(station: Station) -> bool:
    return any(one.days != _EVERY_DAY for one in station.hours)


def _slots_of(play: StationPlay, n_days: int) -> list[Slot]:
    """Return what is on from now on, each day's from its midnight on; turns of the same music in one day are one."""
    begins_s = time.time()
    programme = Programme(play.station, begins_s)
    slots = [programme.on]
    ends_s = begins_s + n_days * DAY_S
    while programme.on.ends_s < ends_s:
        before = programme.on
        slot = programme.at(before.ends_s)
        if (midnight_s := _midnight_after(before.begins_s)) < slot.begins_s:
            slots.append(replace(before, begins_s=midnight_s))
        is_other = (slot.title, slot.prompt, slot.preset) != (before.title, before.prompt, before.preset)
        if is_other or slot.begins_s == midnight_s:
            slots.append(slot)
    return slots


def _midnight_after(seconds: float) -> float:
    """Return the midnight after a time: a mood lasts a day at most, and so there is one at most within it."""
    day = datetime.fromtimestamp(seconds).date() + timedelta(days=1)
    return datetime(day.year, day.month, day.day).timestamp()


def _time(slot: Slot) -> datetime:
    return datetime.fromtimestamp(slot.begins_s)


def _facts(play: StationPlay, slot: Slot) -> dict[str, Any]:
    return {"begins": f"{_time(slot):%H:%M}", "mood": slot.title, "prompt": play.settings_of(slot).prompt}
