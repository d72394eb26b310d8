# SPDX-License-Identifier: GPL-3.0-or-later
"""A command line asks a generator for a clip, or is refused by a sentence that names the value."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from app.commands import generate, terminal
from engine.errors import GivenTwice, NotTaken, OutOfRange, StudioError
from engine.generators.base import GeneratorSettings
from engine.generators.composer.styles import STYLES_FOLDER
from engine.generators.registry import generator_named
from engine.generators.standard import VARY
from engine.values import ClipRequest, Layer


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


def asked(*words: str) -> ClipRequest:
    parser = argparse.ArgumentParser()
    generate.add_arguments(parser)
    return terminal.asked(parser.parse_args(["lofi", "-o", "out.wav", *words]))[0]


def test_what_is_taken_is_in_the_request() -> None:
    request = asked("--bars", "4", "--bpm", "90,5", "--key", "f# minor", "--layer", "drums", "--seed", "3")
    assert (request.bars, request.bpm, request.key) == (4, 90.5, "F# minor")
    assert (request.layer, request.seed) == (Layer.DRUMS, 3)
    assert asked("--set", "bars=4").bars == 4
    assert asked().bars is None
    assert asked("--evolve", "0,8").evolve == 0.8
    assert (asked().variation, asked("--variation", "2").variation) == (0, 2)
    assert [VARY.read(said) for said in ("no", "off", "yes", "On")] == [False, False, True, True]


def test_what_is_not_understood_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = (STYLES_FOLDER / "bossa_nova.toml").read_text().replace("bossa", "saudade")
    (tmp_path / "mine.toml").write_text(own)
    (tmp_path / "broken.toml").write_text(own.replace('"guitar"', '"guitarr"'))
    settings = GeneratorSettings().with_values("composer", {"styles": str(tmp_path)})
    prompt = "saudade nova with a zxqv, 400 bpm, thunderstorm"
    terminal.tell_what_is_read(ClipRequest(1, prompt, "composer", "", 10.0), generator_named("composer"), settings)
    told = capsys.readouterr().err
    assert told.count("infiniloop: ") == 4
    for words in ("“guitarr” is not known", "400 bpm is out of range: 30–300", "thunderstorm → dark", "“zxqv”"):
        assert words in told


@pytest.mark.parametrize(
    ("words", "error", "said"),
    [
        (("--bars", "0"), OutOfRange, "bars is 0"),
        (("--bpm", "0"), OutOfRange, "bpm is 0"),
        (("--set", "bars=0"), OutOfRange, "bars is 0"),
        (("--seed", "-1"), OutOfRange, "seed is -1"),
        (("--bars", "65"), OutOfRange, "bars is 65"),
        (("--set", "bars=2", "--bars", "3"), GivenTwice, "bars is given twice"),
        (("--negative-prompt", "drums"), NotTaken, "takes no negative prompt"),
        (("--model", "huge"), NotTaken, "takes no model (“huge” was asked for)"),
        (("--generator", "musicgpt", "--seed", "3"), NotTaken, "takes no seed"),
        (("--generator", "musicgpt", "--evolve", "0"), NotTaken, "takes no way to evolve"),
        (("--evolve", "2"), OutOfRange, "evolve is 2"),
        (("--variation", "-1"), OutOfRange, "variation is -1"),
        (("--generator", "musicgpt", "--variation", "1"), NotTaken, "takes no variation"),
    ],
)
def test_what_is_not_taken_is_refused(words: tuple[str, ...], error: type[StudioError], said: str) -> None:
    with pytest.raises(error) as refused:
        asked(*words)
    assert said in str(refused.value)
