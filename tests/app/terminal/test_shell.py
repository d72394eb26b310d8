# SPDX-License-Identifier: GPL-3.0-or-later
"""The shell takes lines as people type them, and answers each in a sentence."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.control.facts import StudioFacts
from app.control.steering import Steering
from app.control.verbs import VERBS
from app.settings import Settings
from app.terminal.run_settings import RunSettings
from app.terminal.shell import Shell
from engine.qt.studio import StudioEngine
from tests.app.terminal.told import a_view, tell_playing

pytestmark = pytest.mark.gui

Said = list[tuple[str, str]]


@pytest.fixture
def said() -> Said:
    return []


@pytest.fixture
def owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunSettings]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    one = RunSettings(Settings(), Settings())
    yield one
    one.finish()


@pytest.fixture
def left() -> list[bool]:
    return []


@pytest.fixture
def shell(
    engine: StudioEngine, facts: StudioFacts, owner: RunSettings, said: Said, left: list[bool]
) -> Iterator[Shell]:
    steering = Steering(engine, facts, owner, lambda: left.append(True))
    one = Shell(steering, lambda text, level: said.append((text, level)))
    yield one
    one.set_debug(False)
    steering.stop()


@pytest.mark.parametrize("line", ['start "rain, softly"', "start rain, softly", "  START   “rain, softly”  "])
def test_a_prompt_needs_no_quotes_and_may_have_them(shell: Shell, owner: RunSettings, said: Said, line: str) -> None:
    shell.run(line)
    assert said == [("playing “rain, softly”", "answer")]
    assert owner.settings.prompt == "rain, softly"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("strat lofi", "perhaps “start”"),
        ("favorit", "perhaps “favourite”"),
        ("xyzzy", "“help” lists"),
        ('"', "“help” lists"),
        ("set volum -3", "perhaps “volume”"),
        ("set volume 12", "-60"),
        ("set duration 1000", "30"),
        ("set duration long", "long"),
        ("set model huge", "huge"),
        ("set", "set NAME VALUE"),
        ("overlap", "overlap MS"),
        ("overlap 99999", "5000"),
        ("next now", "next"),
        ("save", "plays"),
        ("keep a.mp3", ".flac"),
        ("debug", "debug on, or debug off"),
        ("debug perhaps", "on or off"),
        ("help xyzzy", "“help” lists"),
        ("preset nonsense", "nonsense"),
    ],
)
def test_what_is_wrong_is_told_in_one_sentence(shell: Shell, said: Said, line: str, words: str) -> None:
    shell.run(line)
    ((text, level),) = said
    assert level == "warning"
    assert "\n" not in text
    assert words in text, text


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("candidate 0", "from 1 to 1"),
        ("candidate one", "a number"),
        ("hold perhaps", "on or off"),
        ("save a.mp3", ".wav"),
    ],
)
def test_so_is_what_is_wrong_while_music_plays(
    shell: Shell, said: Said, engine: StudioEngine, line: str, words: str
) -> None:
    tell_playing(engine, a_view())
    shell.run(line)
    ((text, level),) = said
    assert level == "warning"
    assert words in text, text


def test_nothing_is_an_empty_line(shell: Shell, said: Said) -> None:
    for line in ("", "   ", "\t\n"):
        shell.run(line)
    assert said == []


def test_help_tells_of_every_verb_and_of_one(shell: Shell, said: Said) -> None:
    shell.run("help")
    told = "\n".join(text for text, _level in said)
    assert all(f"\n{name} " in f"\n{told}" or f"\n{name}\n" in f"\n{told}\n" for name in VERBS)
    said.clear()
    shell.run("? SAVE")
    ((text, _level),) = said
    assert text.startswith("save [FILE]  write the loop")


def test_a_file_is_in_the_folder_where_the_terminal_is(
    shell: Shell, said: Said, engine: StudioEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    (tmp_path / "x").mkdir()
    tell_playing(engine, a_view())
    for line, path in (
        ("save my loop.wav", tmp_path / "my loop.wav"),
        ("save '~/my loop.wav'", tmp_path / "home" / "my loop.wav"),
        (f"save {tmp_path}/x/../y.flac", tmp_path / "y.flac"),
    ):
        shell.run(line)
        assert said == [], "it is answered when it is written"
        engine.notices.saved.emit(str(path))
        assert said.pop() == (f"saved as {path}", "answer")


def test_debug_tells_what_the_log_is_told_until_it_is_off(shell: Shell, said: Said) -> None:
    log = logging.getLogger("engine.somewhere")
    root = logging.getLogger()
    before = root.level
    root.setLevel(logging.INFO)
    try:
        log.info("not told")
        shell.run("debug on")
        log.info("told")
        shell.run("debug on")
        log.info("told once")
        shell.run("debug off")
        log.info("not told any more")
    finally:
        root.setLevel(before)
    debug = [text for text, level in said if level == "debug"]
    assert debug == ["engine.somewhere: told", "engine.somewhere: told once"]


def test_quit_leaves(shell: Shell, left: list[bool]) -> None:
    for line in ("quit", "exit", "q", "QUIT"):
        shell.run(line)
    assert left == [True] * 4
