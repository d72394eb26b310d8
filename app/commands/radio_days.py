# SPDX-License-Identifier: GPL-3.0-or-later
"""A dry run of the command ``radio`` prints what is on, from midnight to midnight: a day, or a week of days."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from app.commands import terminal
from engine.session.programme.programme import Programme

if TYPE_CHECKING:
    from app.stations import StationPlay
    from engine.values.programme import Slot, Station

_EVERY_DAY = frozenset(range(7))


def print_plan(play: StationPlay, *, in_json: bool) -> int:
    """Print a line for each slot of today, or of seven days where a station's hours tell days apart; return 0."""
    station = play.station
    midnight = datetime.now().replace(hour=0, minute=0, second=0, microsecond=0)
    days = [midnight + timedelta(days=number) for number in range(7 if _tells_days_apart(station) else 1)]
    slots = {day: _slots_of(station, day) for day in days}
    if in_json:
        told = [{"date": f"{day:%Y-%m-%d}", "slots": [_facts(play, one) for one in slots[day]]} for day in days]
        terminal.print_json({"dry_run": True, "station": station.title, "days": told})
        return 0
    print(f"{station.title}. {station.words}".rstrip(". ") + ".")
    width = max(len(one.title) for several in slots.values() for one in several)
    for day in days:
        if len(days) > 1:
            print(f"{day:%A}:")
        for one in slots[day]:
            print(f"{_clock(one.begins_s)}  {one.title:<{width}}  {play.settings_of(one).prompt}".rstrip())
    return 0


def _tells_days_apart(station: Station) -> bool:
    return any(one.days != _EVERY_DAY for one in station.hours)


def _slots_of(station: Station, midnight: datetime) -> list[Slot]:
    programme = Programme(station, midnight.timestamp())
    slots, ends_s = [programme.on], (midnight + timedelta(days=1)).timestamp()
    while slots[-1].ends_s < ends_s:
        slots.append(programme.at(slots[-1].ends_s))
    return slots


def _facts(play: StationPlay, slot: Slot) -> dict[str, Any]:
    return {"begins": _clock(slot.begins_s), "mood": slot.title, "prompt": play.settings_of(slot).prompt}


def _clock(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).strftime("%H:%M")
