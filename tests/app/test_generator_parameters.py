# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests check that settings of generators are kept by name, and that older ones of MusicGPT moved there."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.choices import generator_choices, generator_status, studio_options
from app.generator_parameters import declared, with_value
from app.settings import Settings, load_settings, read_settings, save_settings
from engine.errors import SettingsOdd
from engine.values import ParameterValue


def kept(path: Path, stored: dict[str, Any]) -> Settings:
    path.write_text(json.dumps(stored), encoding="utf-8")
    return load_settings(path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.json"


def test_older_settings_of_musicgpt_move_to_their_generator(path: Path) -> None:
    old = {"musicgpt_path": "/opt/musicgpt", "add_loop_words": False, "loop_words": "round and round"}
    settings = kept(path, {"prompt": "jazz", **old})
    moved: dict[str, ParameterValue]
    moved = {"path": "/opt/musicgpt", "add_loop_words": False, "loop_words": "round and round"}
    assert settings == replace(Settings(), prompt="jazz", generator_parameters={"musicgpt": moved})
    assert dict(studio_options(settings).generators.of("musicgpt")) == moved
    save_settings(path, settings)
    stored = json.loads(path.read_text(encoding="utf-8"))
    assert stored["generator_parameters"] == {"musicgpt": moved}
    assert not set(old) & set(stored), "the old names are gone"
    assert load_settings(path) == settings


def test_older_settings_with_nothing_set_are_the_defaults(path: Path) -> None:
    usual = "seamless loop, 8 measures, 4/4, no intro"
    assert kept(path, {"musicgpt_path": "", "add_loop_words": True, "loop_words": usual}) == Settings()


def test_a_newer_value_counts_more_than_an_older_one(path: Path) -> None:
    both = {"musicgpt_path": "/old", "generator_parameters": {"musicgpt": {"path": "/new"}}}
    assert kept(path, both).generator_parameters == {"musicgpt": {"path": "/new"}}


def test_one_that_is_not_there_now_keeps_what_was_set_of_it(path: Path) -> None:
    values = {"hum": {"vibrato": 2.5, "breath": True}, "composer": {"bars": 8, "gone": 1}}
    settings = kept(path, {"generator_parameters": values})
    assert settings.generator_parameters == {"hum": values["hum"], "composer": {"bars": 8}}
    save_settings(path, settings)
    assert load_settings(path) == settings


@pytest.mark.parametrize(
    ("odd", "named"),
    [
        ({"composer": {"bars": 1000}}, "generator_parameters.composer.bars = 1000"),
        ({"composer": {"bars": True}}, "generator_parameters.composer.bars = True"),
        ({"composer": {"key": "H"}}, "generator_parameters.composer.key"),
        ({"musicgpt": {"path": "~nobody-here/x"}}, "generator_parameters.musicgpt.path"),
        ({"musicgpt": {"add_loop_words": 1}}, "generator_parameters.musicgpt.add_loop_words"),
        ({"composer": 7}, "generator_parameters"),
        ([1], "generator_parameters"),
    ],
)
def test_what_cannot_be_costs_only_itself(path: Path, odd: object, named: str) -> None:
    path.write_text(json.dumps({"prompt": "jazz", "generator_parameters": odd}), encoding="utf-8")
    loaded = read_settings(path)
    assert loaded.settings == replace(Settings(), prompt="jazz")
    assert isinstance(loaded.trouble, SettingsOdd)
    assert named in str(loaded.trouble)


def test_what_is_set_to_its_default_is_forgotten() -> None:
    bars = declared()["composer"]["bars"]
    values = with_value({"musicgpt": {"path": "/opt/m"}}, "composer", bars, 8)
    assert values == {"musicgpt": {"path": "/opt/m"}, "composer": {"bars": 8}}
    assert with_value(values, "composer", bars, 0) == {"musicgpt": {"path": "/opt/m"}}


def test_the_controls_are_offered_what_is_declared() -> None:
    offered = {one.name: one for one in generator_choices(Settings())}
    composer, musicgpt = offered["composer"], offered["musicgpt"]
    shared, own = (
        ["seed", "bars", "bpm", "key", "metre", "chords", "layer", "evolve", "vary"],
        ["styles", "sounds", "soundfont", "drums"],
    )
    knobs = ["energy", "density", "brightness", "space"]
    assert [one.name for one in composer.parameters] == [*shared, *knobs, *own]
    assert [one.name for one in musicgpt.parameters if one.setup] == ["path", "gpu", "add_loop_words", "loop_words"]
    assert [one.name for one in composer.parameters if one.setup] == own
    small = offered["stableaudiosmall"]
    assert (small.models, small.max_duration_s) == (("open-small",), 11.0), "of 11.8 s, since it is read in whole ones"
    assert "folder" in [one.name for one in small.parameters if one.setup]


def test_setup_tells_which_of_the_own_styles_cannot_be_used(tmp_path: Path) -> None:
    values = {"styles": str(tmp_path)}
    assert generator_status(Settings(), "composer", values) == ""
    (tmp_path / "mine.toml").write_text("not a style")
    assert "mine.toml" in generator_status(Settings(), "composer", values)
    assert "nowhere" in generator_status(Settings(), "composer", {"styles": "~no-such-user/nowhere"})
    (tmp_path / "font.sf2").write_text("not one")
    assert "font.sf2" in generator_status(Settings(), "composer", {"soundfont": str(tmp_path / "font.sf2")})
