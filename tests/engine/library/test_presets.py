# SPDX-License-Identifier: GPL-3.0-or-later
"""Presets are read from text files; what is wrong in one is told with file and line, and the others stay usable."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from app.paths import RESOURCES
from engine.errors import PresetUnusable, UnknownPreset
from engine.generators.composer.prompt import read_prompt
from engine.generators.composer.styles import styles
from engine.generators.registry import generators
from engine.generators.standard import all_parameters
from engine.library.presets import Declared, Presets, read_preset, read_presets
from engine.values import Kind, Parameter

FACTORY = RESOURCES / "presets"
DECLARED = {
    one.name: Declared(
        one.capabilities().models,
        (one.capabilities().min_duration_s, one.capabilities().max_duration_s),
        {each.name: each for each in all_parameters(one.capabilities())},
    )
    for one in generators()
}
PRESET = """format = 1
category = "rain"
prompt = "lofi, 80 bpm"
generator = "composer"
duration_s = 24
min_play_s = 60
overlap_ms = 960
algorithm = "classic"
transition_bars = 4
beat_match = false

[en]
title = "Mine"
words = "For me."

[it]
title = "Il mio"

[parameters]
evolve = 0.5
energy = -0.3
key = "A minor"
layer = "drums, bass"
chords = "Am | F C"
"""


def read(factory: Path = FACTORY, own: Path = Path("/nowhere")) -> Presets:
    return read_presets(factory, own, DECLARED, usual_generator="composer")


def written(folder: Path, text: str, name: str = "mine.toml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


@pytest.fixture(scope="module")
def factory() -> Presets:
    return read()


def test_thirty_factory_presets_in_both_languages(factory: Presets) -> None:
    every = tuple(factory.usable.values())
    assert len(every) == 30
    assert factory.problems == {}
    for language in ("en", "it"):
        told = [one.texts[language] for one in every]
        assert len({one.title.casefold() for one in told}) == len({one.words for one in told}) == 30
        assert all(one.words.endswith(".") for one in told)
    assert all(one.is_factory and one.category and one.parameters for one in every)
    assert min(Counter(one.category for one in every).values()) >= 3


def test_the_composer_understands_every_word_of_them(factory: Presets) -> None:
    named = set()
    for one in factory.usable.values():
        brief = read_prompt(one.prompt)
        assert (brief.unknown, brief.refused, brief.nearest) == ((), (), ()), one.name
        assert brief.style is not None, one.name
        named.add(brief.style)
    # Hardly two begin from the same style, and they are spread over all there are.
    assert len(named) >= 28
    assert named <= set(styles())


def test_all_that_a_file_says_is_read(tmp_path: Path) -> None:
    preset = read_preset(written(tmp_path, PRESET), DECLARED, usual_generator="composer")
    assert (preset.name, preset.prompt, preset.generator, preset.model) == ("mine", "lofi, 80 bpm", "composer", "")
    assert (preset.category, preset.is_factory, preset.file) == ("rain", False, str(tmp_path / "mine.toml"))
    assert preset.told("it").title == "Il mio"
    assert preset.told("de").words == "For me."
    assert dict(preset.options) == {
        "duration_s": 24.0,
        "min_play_s": 60.0,
        "overlap_ms": 960.0,
        "algorithm": "classic",
        "transition_bars": 4,
        "beat_match": False,
    }
    of_music = {"key": "A minor", "layer": "drums,bass", "chords": "Am | F C"}
    assert dict(preset.parameters) == {"evolve": 0.5, "energy": -0.3, **of_music}
    short = read_preset(
        written(tmp_path, 'format = 1\nprompt = "x"\n[it]\ntitle = "Y"\n'), DECLARED, usual_generator="composer"
    )
    assert (short.generator, short.told().title) == ("composer", "Y")


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("format = 1", "format = 2", 1, "of a later studio; this one reads 1"),
        ("format = 1", "format = true", 1, "“format” must be 1"),
        ("format = 1\n", "", 1, "“format” is missing"),
        ('prompt = "lofi, 80 bpm"\n', "", 1, "“prompt” is missing"),
        ('"lofi, 80 bpm"', '""', 3, "“prompt” must be a text in quotes"),
        ('"lofi, 80 bpm"', "80", 3, "“prompt” must be a text in quotes"),
        ('"lofi, 80 bpm"', f'"{"la " * 700}"', 3, "a text of up to 2000 letters"),
        ('"composer"', '"compozer"', 4, "the generator “compozer” is not known: perhaps “composer”"),
        ('generator = "composer"', 'generator = "musicgpt"\nmodel = "smal"', 5, "the model “smal” is not known"),
        ('generator = "composer"', 'generator = "musicgpt"', 20, "the parameter “evolve” is not known"),
        ("duration_s = 24", "duration = 24", 5, "“duration” is not a setting of a preset: perhaps “duration_s”"),
        ("duration_s = 24", "duration_s = 90", 5, "duration_s is 90, and must be from 5 to 30"),
        ("duration_s = 24", "duration_s = nan", 5, "must be a number"),
        ("min_play_s = 60", 'min_play_s = "60"', 6, "must be a number"),
        ("min_play_s = 60", "min_play_s = 60s", 6, "this is not TOML"),
        ('"classic"', '"clasic"', 8, "the algorithm “clasic” is not known: perhaps “classic”"),
        ("transition_bars = 4", "transition_bars = 3", 9, "must be one of 0, 1, 2, 4, 8"),
        ("beat_match = false", "beat_match = 0", 10, "must be on or off"),
        ("[en]", "[eng]", 12, "“eng” is not a setting of a preset"),
        ('title = "Mine"\n', "", 12, "“title” is missing in [en]"),
        ('"For me."', '"For\\nme."', 14, "“words” must be one line of text"),
        ('title = "Il mio"', 'titel = "Il mio"', 17, "“titel” is not a setting here: perhaps “title”"),
        ("energy = -0.3", "enery = -0.3", 21, "the parameter “enery” is not known: perhaps “energy”"),
        ("energy = -0.3", "energy = -3", 21, "energy is -3, and must be from -1 to 1"),
        ("energy = -0.3", 'soundfont = "/x.sf2"', 21, "the parameter “soundfont” is not known"),
        ("drums, bass", "drums, basso", 23, "the layer “basso” is not known: perhaps “bass”"),
        ("F C", "F H", 24, "There is no chord called “H”"),
        ('"A minor"', '"A min"', 22, "the key “A min” is not known: perhaps “A minor”"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    assert old in PRESET
    written(tmp_path, PRESET.replace(old, new, 1))
    found = read(own=tmp_path)
    message = str(found.problems["mine"])
    assert words in message
    assert message.startswith(f"mine.toml, line {line}: "), message
    assert "\n" not in message
    assert message.endswith(".")
    assert len(found.usable) == 30
    with pytest.raises(PresetUnusable, match=r"mine\.toml, line"):
        found.named("mine")


def test_a_title_is_needed_and_tables_are_tables(tmp_path: Path) -> None:
    written(tmp_path, 'format = 1\nprompt = "x"\n', "a.toml")
    written(tmp_path, 'format = 1\nprompt = "x"\nen = "Title"\n', "b.toml")
    (tmp_path / "c.toml").write_bytes(b'format = 1\nprompt = "\xff"\n')
    (tmp_path / "d.toml").write_bytes(b"#" * 300_000)
    (tmp_path / "e.toml").symlink_to(tmp_path / "nothing")
    (tmp_path / "f.toml").mkdir()
    os.mkfifo(tmp_path / "g.toml")
    problems = {name: str(one) for name, one in read(own=tmp_path).problems.items()}
    assert problems == {
        "a": "a.toml, line 1: the title is missing: [en], and below it title = “…”.",
        "b": "b.toml, line 3: “en” is a table: [en].",
        "c": "c.toml, line 2: the text is not UTF-8.",
        "d": "d.toml, line 1: the file has 300000 bytes, and a preset at most 200000.",
        "e": "e.toml, line 1: the file cannot be read (No such file or directory).",
    }


def test_own_presets_come_over_the_factorys(tmp_path: Path, factory: Presets) -> None:
    written(tmp_path, PRESET)
    written(tmp_path, PRESET, "slow-tide.toml")
    found = read(own=tmp_path)
    assert set(found.usable) == {*factory.usable, "mine"}
    assert list(found.usable) == sorted(found.usable)
    assert found.usable["slow-tide"].prompt == "lofi, 80 bpm"
    assert not found.usable["slow-tide"].is_factory
    # One that cannot be used leaves the factory's in its place.
    written(tmp_path, "format = 9", "slow-tide.toml")
    assert read(own=tmp_path).usable["slow-tide"] == factory.usable["slow-tide"]


def test_a_factory_preset_that_is_wrong_is_refused(tmp_path: Path) -> None:
    written(tmp_path, "format = 9")
    with pytest.raises(PresetUnusable, match=r"mine\.toml, line 1"):
        read(factory=tmp_path)


@pytest.mark.parametrize("name", ["slow-tide", "Slow Tide", "slow_tide", "SLOW-TIDE", "marea lenta"])
def test_a_name_or_a_title_finds_it_however_written(factory: Presets, name: str) -> None:
    assert factory.named(name).name == "slow-tide"


@pytest.mark.parametrize(
    ("name", "said"),
    [("slow tyde", "perhaps “slow-tide”"), ("lanterns", "perhaps “paper-lanterns”"), ("xyzzy", "“presets” lists them")],
)
def test_an_unknown_name_is_told_with_the_nearest(factory: Presets, name: str, said: str) -> None:
    with pytest.raises(UnknownPreset) as caught:
        factory.named(name)
    assert str(caught.value) == f"There is no preset called “{name}”: {said}."


def test_what_belongs_to_the_machine_is_not_set(tmp_path: Path) -> None:
    program = Parameter("program", Kind.FILE, "", "Program", "Where it is", setup=True)
    written(tmp_path, 'format = 1\nprompt = "x"\n[en]\ntitle = "Y"\n[parameters]\nprogram = "/bin/sh"\n')
    declared = {"composer": Declared((), (5, 30), {"program": program})}
    with pytest.raises(PresetUnusable, match="line 6: the parameter “program” is not known"):
        read_preset(tmp_path / "mine.toml", declared, usual_generator="composer")
