# SPDX-License-Identifier: GPL-3.0-or-later
"""This module finds a radio's stations, or makes one on the spot, and turns what is on into settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from app import paths
from app.control.named_settings import with_setting
from app.presets import known_presets, with_preset
from engine.library.stations import find_station, read_station, titles_of
from engine.values.programme import Mood, Slot, Station

if TYPE_CHECKING:
    from app.settings import Settings
    from engine.library.presets import Presets

USUAL = "calm"
"""Name of the station that a radio plays when it is told of nothing else."""


def station_named(asked: str) -> Station:
    """Return the station of a name or a file. Raises UnknownStation, StationUnusable."""
    folders = (paths.stations_folder(), paths.RESOURCES / "stations")
    return find_station(asked, folders, known_presets().usable)


def station_of(prompts: Sequence[str], *, minutes: float) -> Station:
    """Return a station of these prompts, which take turns as they stand."""
    moods = tuple(Mood(prompt, (prompt,), minutes=minutes) for prompt in dict.fromkeys(prompts))
    return Station("prompts", "Prompts", moods, seed=None)


def station_here(name: str) -> Station:
    """Return the station of a studio's window, of this name: its one mood is whatever is set there."""
    return Station("here", name, (Mood(name),), seed=None)


def known_stations() -> dict[str, str]:
    """Return the titles of all stations that can be played, by their names: a person's own, and those that ship."""
    presets = known_presets().usable
    return titles_of((paths.stations_folder(), paths.RESOURCES / "stations"), presets)


@dataclass(frozen=True)
class StationPlay:
    """A station play says how a station is played: with which settings, but for what its moods set.

    Attributes
    ----------
    given
        Settings that come before those of a mood's preset, by name: what the command line says. A generator comes
        before its own parameters.
    """

    station: Station
    settings: Settings
    given: Mapping[str, str]

    @cached_property
    def _presets(self) -> Presets:
        return known_presets()

    def check(self) -> None:
        """Refuse what cannot be set. Raises UserError."""
        self._with_given(self.settings)

    def settings_of(self, slot: Slot) -> Settings:
        """Return what is set while this is on. Raises UnknownPreset, PresetUnusable where its file is gone."""
        settings = self.settings
        if slot.preset:
            settings = with_preset(settings, self._presets.named(slot.preset))
        settings = self._with_given(settings)
        return replace(settings, prompt=slot.prompt) if slot.prompt else settings

    def _with_given(self, settings: Settings) -> Settings:
        for name, value in self.given.items():
            settings = with_setting(settings, name, value)
        return settings

    def moods_by_prompt(self) -> dict[str, str]:
        """Return the titles of moods by the prompts that are played for them. Raises UnknownPreset, PresetUnusable."""
        found: dict[str, str] = {}
        for mood in self.station.moods:
            for prompt in mood.prompts or ("",):
                slot = Slot(mood.title, prompt, mood.preset, 0.0, 0.0)
                found.setdefault(self.settings_of(slot).prompt, mood.title)
        return found

    def read_again(self) -> StationPlay:
        """Return the same with the station and the presets as their files are now. Raises StationUnusable."""
        station = self.station
        if station.file:
            station = read_station(Path(station.file), known_presets().usable)
        return StationPlay(station, self.settings, self.given)
