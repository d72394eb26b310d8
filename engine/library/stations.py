# SPDX-License-Identifier: GPL-3.0-or-later
"""This module reads stations: those of ``resources/stations/*.toml`` (the README there says how), and a user's own."""

from __future__ import annotations

import contextlib
import difflib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import StationUnusable, UnknownStation, UserError
from engine.library import toml_text
from engine.library.toml_text import Place, WrongValueError
from engine.values.options import PROMPT
from engine.values.programme import DAY_MINUTES, Hours, Journey, Mood, Station, title_key

FORMAT = 1
"""Number of the format that is read; a later one is refused, not guessed at."""
MINUTES = (0.5, float(DAY_MINUTES))
WEIGHTS = (0.01, 100.0)
ENDING = ".toml"

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TABLES = ("mood", "hours", "journey")
_TIMES = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")
_STEP = re.compile(r"(.*\S)\s+(\d+(?:\.\d+)?)")
_TIMES_HINT = "write it as “06:00-10:00 mon-fri”, “22:00-02:00” or “sat, sun”"


@dataclass(frozen=True, slots=True)
class _Head:
    """The head of a station's file stands above all tables."""

    format: int
    title: str
    words: str = ""
    seed: int = 0


@dataclass(frozen=True, slots=True)
class _Hours:
    """Hours as a file has them."""

    when: str = ""
    moods: tuple[str, ...] = ()
    journey: str = ""


@dataclass(frozen=True, slots=True)
class _Journey:
    """A journey as a file has it: each step is a mood's title and its minutes."""

    title: str
    steps: tuple[str, ...]
    goes_round: bool = False


def find_station(asked: str, folders: Sequence[Path], presets: Collection[str]) -> Station:
    """Return the station of a name, or of a file.

    Parameters
    ----------
    folders
        Where stations lie; the first that has the name counts, and they need not be there.
    presets
        The names of all presets.

    Raises
    ------
    StationUnusable
        Its file cannot be used.
    UnknownStation
        There is none of that name; the sentence names the nearest.
    """
    files = _files_in(folders)
    if asked.endswith(ENDING) or "/" in asked:
        if not (path := Path(asked).expanduser().absolute()).is_file():
            raise UnknownStation(value=asked, hint=f"there is no such file; by their names there are {_names(files)}")
        return read_station(path, presets)
    wanted = asked.strip().casefold()
    found = next((path for name, path in files.items() if name.casefold() == wanted), None)
    if found is not None:
        return read_station(found, presets)
    near = difflib.get_close_matches(wanted, files, 1, 0.6)
    hint = f"perhaps “{near[0]}”" if near else f"there are {_names(files)}, or name a file as ./mine.toml"
    if Path(asked).is_file():
        hint = f"the file of that name is “./{asked}”"
    raise UnknownStation(value=asked, hint=hint)


def titles_of(folders: Sequence[Path], presets: Collection[str]) -> dict[str, str]:
    """Return the titles of the stations in these folders by their names; a file that cannot be used is left out."""
    found = {}
    for name, path in sorted(_files_in(folders).items()):
        with contextlib.suppress(StationUnusable):
            found[name] = read_station(path, presets).title
    return found


def _names(files: Collection[str]) -> str:
    return ", ".join(sorted(files))


def _files_in(folders: Sequence[Path]) -> dict[str, Path]:
    """Return the files of stations by their names; the first folder that has one counts."""
    return {path.stem: path for folder in reversed(folders) for path in sorted(folder.glob(f"*{ENDING}"))}


def read_station(path: Path, presets: Collection[str]) -> Station:
    """Return the station of a file; see ``find_station``. Raises StationUnusable, which names file and line."""
    text = ""
    try:
        text = toml_text.read_text(path, "a station")
        return _station(path, toml_text.parsed(text), presets)
    except WrongValueError as error:
        line = toml_text.line_of(text, error.place)
        raise StationUnusable(file=path.name, line=line, detail=str(error)) from error


def _station(path: Path, data: dict[str, Any], presets: Collection[str]) -> Station:
    tables = {name: _several(data, name) for name in _TABLES}
    head = _head({name: value for name, value in data.items() if name not in _TABLES})
    if not tables["mood"]:
        raise WrongValueError("there is no mood: write [[mood]], and below it title and prompts.", Place(line=1))
    moods = [_mood(raw, Place("mood", at), presets) for at, raw in enumerate(tables["mood"])]
    titles = _by_title("mood", moods)
    journeys = [_journey(raw, Place("journey", at), titles) for at, raw in enumerate(tables["journey"])]
    walks = _by_title("journey", journeys)
    return Station(
        name=path.stem,
        title=head.title,
        moods=tuple(moods),
        hours=tuple(_hours(raw, Place("hours", at), titles, walks) for at, raw in enumerate(tables["hours"])),
        journeys=tuple(journeys),
        words=head.words,
        seed=head.seed,
        file=str(path),
    )


def _several(data: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = data.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise WrongValueError(f"“{name}” stands in double brackets: [[{name}]].", Place(name, 0, name))
    return found


def _head(raw: dict[str, Any]) -> _Head:
    for key, value in raw.items():
        if isinstance(value, dict | list):
            near = toml_text.perhaps(key, _TABLES)
            raise WrongValueError(f"“{key}” is no part of a station{near}.", Place(key, 0, key))
    head = _Head(**toml_text.values(_Head, raw, Place()))
    if head.format < 1:
        raise WrongValueError(f"“format” must be {FORMAT}.", Place(key="format"))
    if head.format > FORMAT:
        reason = f"the format is {head.format}, of a later studio; this one reads {FORMAT}."
        raise WrongValueError(reason, Place(key="format"))
    _check_line("title", head.title, Place())
    return head


def _mood(raw: dict[str, Any], place: Place, presets: Collection[str]) -> Mood:
    mood = Mood(**toml_text.values(Mood, raw, place))
    _check_line("title", mood.title, place)
    if not (mood.prompts or mood.preset):
        raise WrongValueError(f"the mood “{mood.title}” has neither prompts nor a preset: give it one.", place)
    for prompt in mood.prompts:
        try:
            PROMPT.checked(prompt)
            _check_line("prompts", prompt, place)
        except UserError as error:
            raise WrongValueError(str(error), toml_text.at(place, "prompts", prompt)) from error
    if mood.preset:
        toml_text.known("preset", (mood.preset,), presets, toml_text.at(place, "preset"))
    toml_text.within("minutes", mood.minutes, MINUTES, toml_text.at(place, "minutes"))
    toml_text.within("weight", mood.weight, WEIGHTS, toml_text.at(place, "weight"))
    return mood


def _journey(raw: dict[str, Any], place: Place, moods: Collection[str]) -> Journey:
    journey = _Journey(**toml_text.values(_Journey, raw, place))
    _check_line("title", journey.title, place)
    if not journey.steps:
        raise WrongValueError(f"the journey “{journey.title}” has no steps.", toml_text.at(place, "steps"))
    return Journey(journey.title, tuple(_step(one, place, moods) for one in journey.steps), journey.goes_round)


def _step(words: str, place: Place, moods: Collection[str]) -> tuple[str, float]:
    here = toml_text.at(place, "steps", words)
    found = _STEP.fullmatch(words.strip())
    if found is None:
        reason = f"the step “{words}” is no mood with its minutes: write it as “{next(iter(moods))} 20”."
        raise WrongValueError(reason, here)
    title, minutes = found.group(1), float(found.group(2))
    toml_text.known("mood", (title,), moods, Place(here.table, here.index, "steps", words))
    low, high = MINUTES
    if not low <= minutes <= high:
        reason = f"the step “{words}” lasts {minutes:g} minutes, and must last from {low:g} to {high:g}."
        raise WrongValueError(reason, here)
    return title, minutes


def _hours(raw: dict[str, Any], place: Place, moods: Collection[str], journeys: Collection[str]) -> Hours:
    hours = _Hours(**toml_text.values(_Hours, raw, place))
    if bool(hours.moods) == bool(hours.journey):
        raise WrongValueError("hours have either moods or a journey: give one of the two.", place)
    toml_text.known("mood", hours.moods, moods, toml_text.at(place, "moods"))
    if hours.journey:
        toml_text.known("journey", (hours.journey,), journeys, toml_text.at(place, "journey"))
    if "when" in raw and not hours.when.strip():
        raise WrongValueError(
            f"“when” is empty: {_TIMES_HINT}, or leave it out for always.", toml_text.at(place, "when")
        )
    days, begin_min, end_min = _times(hours.when, toml_text.at(place, "when"))
    return Hours(hours.when, days, begin_min, end_min, hours.moods, hours.journey)


def _times(when: str, place: Place) -> tuple[frozenset[int], int, int]:
    """Return days, begin and end of “06:00-10:00 mon-fri”; either may be left out."""
    words = re.sub("[–—−]", "-", when.casefold()).strip()
    begin_min, end_min = 0, DAY_MINUTES
    if found := _TIMES.search(words):
        begin_min, end_min = (60 * int(found[at]) + int(found[at + 1]) for at in (1, 3))
        if begin_min >= DAY_MINUTES or end_min > DAY_MINUTES or int(found[2]) > 59 or int(found[4]) > 59:
            raise WrongValueError(f"“{when}” has a time that is none: {_TIMES_HINT}.", place)
        words = (words[: found.start()] + " " + words[found.end() :]).strip()
    days: set[int] = set()
    for word in re.split(r"[\s,]+", re.sub(r"\s*-\s*", "-", words)):
        if word:
            first, _, last = word.partition("-")
            names = (first, last or first)
            if not all(name in _DAYS for name in names):
                raise WrongValueError(f"“{word}” is no day: {_TIMES_HINT}.", place)
            begin, end = (_DAYS.index(name) for name in names)
            days |= {day % 7 for day in range(begin, end + 1 if end >= begin else end + 8)}
    return frozenset(days or range(7)), begin_min, end_min


def _by_title(what: str, several: Sequence[Mood | Journey]) -> dict[str, Mood | Journey]:
    found: dict[str, Mood | Journey] = {}
    for at, one in enumerate(several):
        if title_key(one.title) in found:
            raise WrongValueError(f"there are two of the {what} “{one.title}”.", Place(what, at, "title"))
        found[title_key(one.title)] = one
    return {one.title: one for one in found.values()}


def _check_line(key: str, text: str, place: Place) -> None:
    if not text.strip() or any(ord(letter) < ord(" ") for letter in text):
        raise WrongValueError(f"“{key}” must be one line of text.", toml_text.at(place, key))
