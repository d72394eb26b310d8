# SPDX-License-Identifier: GPL-3.0-or-later
"""Stations are read from text files; what is wrong in one is told in a sentence with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.paths import RESOURCES
from app.presets import known_presets
from engine.errors import StationUnusable, UnknownStation
from engine.generators.composer.prompt import read_prompt
from engine.library.stations import find_station, read_station, titles_of
from engine.values.programme import Hours, Journey, Mood, Station

FACTORY = RESOURCES / "stations"
STATION = """format = 1
title = "Mine"
words = "For me."
seed = 4

[[mood]]
title = "rain"
prompts = ["lofi rain, 70 bpm", "ambient rain"]
minutes = 12.5
weight = 2

[[mood]]
title = "night"
preset = "slow-tide"

[[hours]]
when = "22:00–06:30 fri-sun, tue"
moods = ["night"]

[[hours]]
when = "mon"
journey = "home"

[[hours]]
moods = ["rain", "night"]

[[journey]]
title = "home"
steps = ["rain 20", "night 40.5"]
goes_round = true
"""


def written(folder: Path, text: str, name: str = "mine.toml") -> Path:
    (folder / name).write_text(text, "utf-8")
    return folder / name


def read(path: Path) -> Station:
    return read_station(path, {"slow-tide"})


def test_all_that_a_file_says_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, STATION)
    assert read(path) == Station(
        name="mine",
        title="Mine",
        moods=(
            Mood("rain", ("lofi rain, 70 bpm", "ambient rain"), minutes=12.5, weight=2),
            Mood("night", preset="slow-tide"),
        ),
        hours=(
            Hours("22:00–06:30 fri-sun, tue", frozenset({1, 4, 5, 6}), 22 * 60, 6 * 60 + 30, ("night",)),
            Hours("mon", frozenset({0}), 0, 1440, journey="home"),
            Hours("", frozenset(range(7)), 0, 1440, ("rain", "night")),
        ),
        journeys=(Journey("home", (("rain", 20.0), ("night", 40.5)), goes_round=True),),
        words="For me.",
        seed=4,
        file=str(path),
    )


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("format = 1", "format = 2", 1, "the format is 2, of a later studio"),
        ("format = 1", "format = 0", 1, "“format” must be 1"),
        ("format = 1\n", "", 1, "“format” is missing"),
        ('title = "Mine"', 'title = " "', 2, "“title” must be one line of text"),
        ('title = "Mine"', "titel = 3", 2, "“titel” is not a setting here: perhaps “title”"),
        ("seed = 4", 'seed = "four"', 4, "“seed” must be a whole number"),
        ("[[mood]]", "[[moods]]", 6, "“moods” is no part of a station: perhaps “mood”"),
        ("minutes = 12.5", "minutes = 0", 9, "“minutes” is 0, and must lie between 0.5 and 1440"),
        ("minutes = 12.5", "minutes = nan", 9, "“minutes” is nan"),
        ("weight = 2", "weight = -1", 10, "“weight” is -1, and must lie between 0.01 and 100"),
        ('"ambient rain"', '"a\\nb"', 8, "“prompts” must be one line of text"),
        ('"ambient rain"', '""', 8, "must be one line of text"),
        ('preset = "slow-tide"\n', "", 12, "the mood “night” has neither prompts nor a preset"),
        (
            'preset = "slow-tide"',
            'preset = "slow-tied"',
            14,
            "the preset “slow-tied” is not known: perhaps “slow-tide”",
        ),
        ('title = "night"', 'title = "RAIN"', 13, "there are two of the mood “RAIN”"),
        ("22:00–06:30 fri-sun, tue", "22:60-23:00", 17, "“22:60-23:00” has a time that is none: write it as"),
        ("22:00–06:30 fri-sun, tue", "weekends", 17, "“weekends” is no day: write it as"),
        ("22:00–06:30 fri-sun, tue", " ", 17, "“when” is empty: write it as"),
        ('moods = ["night"]', 'moods = ["nigth"]', 18, "the mood “nigth” is not known: perhaps “night”"),
        ('moods = ["night"]', "", 16, "hours have either moods or a journey"),
        ('journey = "home"', 'journey = "away"', 22, "the journey “away” is not known: choose one of home."),
        ('"night 40.5"', '"night"', 29, "the step “night” is no mood with its minutes: write it as “rain 20”"),
        ('"night 40.5"', '"day 40"', 29, "the mood “day” is not known: choose one of rain, night."),
        ('"night 40.5"', '"night 4000"', 29, "the step “night 4000” lasts 4000 minutes"),
        ('["rain 20", "night 40.5"]', "[]", 29, "the journey “home” has no steps"),
        ("goes_round = true", "goes_round = 1", 30, "“goes_round” must be true or false"),
        ("goes_round = true", "goes_round =", 30, "this is not TOML"),
        ("seed = 4", f"seed = {'9' * 5000}", 1, "one of its numbers is too long"),
        ("seed = 4", f"seed = {'9' * 400}", 4, "“seed” is too large a number"),
        ("weight = 2", f"weight = {'9' * 400}", 10, "“weight” is too large a number"),
        ("seed = 4", f"seed = {'[' * 3000}{']' * 3000}", 1, "its lists are nested too deeply"),
        ("[[journey]]", "[journey]", 27, "“journey” stands in double brackets: [[journey]]"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    assert STATION.count(old) >= 1
    with pytest.raises(StationUnusable) as caught:
        read(written(tmp_path, STATION.replace(old, new)))
    assert words in str(caught.value)
    assert str(caught.value).startswith(f"mine.toml, line {line}: ")


def test_a_station_without_moods_is_none(tmp_path: Path) -> None:
    with pytest.raises(StationUnusable, match=r"there is no mood: write \[\[mood\]\]"):
        read(written(tmp_path, 'format = 1\ntitle = "x"\n'))
    with pytest.raises(StationUnusable, match="cannot be read"):
        read(tmp_path / "nowhere.toml")


def test_stations_are_found_by_name_and_by_file(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    path = written(own, STATION, "calm.toml")
    folders, presets = (own, FACTORY), {"slow-tide", *known_presets().usable}
    assert find_station("Calm", folders, presets).title == "Mine", "a user's own comes before the factory's"
    assert find_station("calm", (tmp_path / "nowhere", FACTORY), presets).title == "Calm"
    assert find_station(str(path), (), presets).title == "Mine"
    with pytest.raises(UnknownStation, match="perhaps “day”"):
        find_station("dya", folders, presets)
    with pytest.raises(UnknownStation, match=r"there are calm, day, evening-walk, or name a file as \./mine\.toml"):
        find_station("zzzz", folders, presets)


def test_the_composer_understands_every_word_of_the_factorys_stations() -> None:
    presets = known_presets().usable
    stations = {path.stem: read_station(path, presets) for path in FACTORY.glob("*.toml")}
    assert set(stations) == {"calm", "day", "evening-walk"}
    assert len(stations["calm"].moods) == 5
    assert stations["day"].hours
    assert stations["evening-walk"].journeys
    for station in stations.values():
        assert station.words.endswith(".")
        for prompt in (prompt for mood in station.moods for prompt in mood.prompts):
            brief = read_prompt(prompt)
            assert (brief.unknown, brief.refused, brief.nearest) == ((), (), ()), prompt
            assert brief.style is not None, prompt


def test_titles_are_of_those_that_can_be_played_a_persons_own_first(tmp_path: Path) -> None:
    (tmp_path / "calm.toml").write_text(
        'format = 1\ntitle = "My calm"\n[[mood]]\ntitle = "a"\nprompts = ["a"]\n', "utf-8"
    )
    (tmp_path / "broken.toml").write_text("format = 1\n", "utf-8")

    titles = titles_of((tmp_path, FACTORY, tmp_path / "gone"), known_presets().usable)

    assert titles["calm"] == "My calm"
    assert titles["day"] == "A day"
    assert "broken" not in titles
