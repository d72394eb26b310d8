# SPDX-License-Identifier: GPL-3.0-or-later
"""The studio in a terminal plays on whatever is typed: hundreds of random lines into a real engine, without sound."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app import paths
from app.control.control import Control
from app.control.named_settings import choices_of, names_of
from app.control.verbs import VERBS, Takes, Verb
from app.headless import Headless
from app.settings import Settings
from app.terminal.run_settings import RunSettings
from app.terminal.shell import Shell
from engine.session.options import Places, StudioOptions

pytestmark = pytest.mark.gui

N_USUAL, N_SOAK = 100, 2000
LIVE_S = 0.01
"""Seconds for which the engine lives after each line."""
LEFT_OUT = {"quit", "never"}
"""Verbs that are said at the end, or that leave nothing to play when they are said a hundred times."""
NUMBERS = ["0", "1", "-1", "7.5", "1e9", "-1e308", "nan", "inf", "1" * 400, "0x10", "١٢", "1,5", ""]
ODD = [
    "",
    " ",
    "\x00",
    "\x1b[2J",
    "\t\t",
    "日本語",
    "🎵" * 30,
    "“”",
    '"',
    "'half",
    "a" * 5000,
    "\u202e",
    "\ud800",
    "-",
    "--help",
    "%s",
    "{x}",
]


class Lines:
    """These lines are seeded: valid ones, half valid ones, and rubbish."""

    def __init__(self, seed: int, folder: Path) -> None:
        self._random = random.Random(seed)
        self._folder = folder
        self._names = names_of(Settings())

    def line(self) -> str:
        """Return the next line."""
        chance = self._random.random()
        if chance < 0.12:
            return "".join(chr(self._random.randrange(1, 0x3000)) for _ in range(self._random.randrange(40)))
        if chance < 0.2:
            return self._random.choice(ODD)
        verb = self._random.choice([one for one in VERBS.values() if one.name not in LEFT_OUT])
        word = verb.name
        if self._random.random() < 0.15:
            at = self._random.randrange(len(word))
            word = word[:at] + self._random.choice("xyz ") + word[at + 1 :]
        rest = self._rest(verb) if self._random.random() < 0.7 else self._random.choice([*ODD, *NUMBERS])
        return f"{word} {rest}"

    def _rest(self, verb: Verb) -> str:
        choose = self._random.choice
        if verb.takes in (Takes.SETTING, Takes.SETTING_AND_VALUE):
            return self._setting()
        ending = choose([".wav", ".flac", ".ogg", ".mp3", ""])
        files = [f"{self._folder}/{self._random.randrange(10)}{ending}", "/nowhere/x.flac", "off"]
        words = {
            Takes.SWITCH: ["on", "off", "", "perhaps"],
            Takes.NUMBER: NUMBERS,
            Takes.TEXT: ["lofi calm rap beat, 85 bpm", "house, 124 bpm", *ODD],
            Takes.FILE: [*files, *ODD],
            Takes.FILES: [*files, *ODD],
            Takes.PRESET: ["rooftop-after-nine", "hedgerow", *ODD],
            Takes.VERB: [*VERBS, *ODD],
        }
        return choose(words.get(verb.takes, [""]))

    def _setting(self) -> str:
        name = self._random.choice([*self._names, *ODD])
        # What is set is not to leave the machine, nor to need what is not there.
        if name in ("generator", "driver"):
            return name
        values = [*NUMBERS, *ODD, "on", "off"]
        if name in self._names:
            values += choices_of(name, Settings())
        return f"{name} {self._random.choice(values)}"


class Studio:
    """This studio is told lines as the terminal tells them, and says what came of them."""

    def __init__(self, folder: Path) -> None:
        self.said: list[tuple[str, str]] = []
        settings = replace(
            Settings(), prompt="lofi, 85 bpm", duration_s=8.0, data_folder=str(folder / "data"), save_folder=str(folder)
        )
        options = StudioOptions(prompt="lofi, 85 bpm", duration_s=8.0, library_folder=str(folder / "library"))
        self.headless = Headless(options, Places(str(paths.RESOURCES / "starters")))
        self.owner = RunSettings(settings, settings)
        self.n_left = 0
        self.control = Control(self.headless.engine, self.owner, self._on_left, kind="terminal")
        self.shell = Shell(self.control.steering, lambda text, level: self.said.append((text, level)))

    def _on_left(self) -> None:
        self.n_left += 1


@pytest.fixture
def expected_logs() -> list[str]:
    return ["The audio process stopped", "cannot be written"]


@pytest.fixture
def studio(no_sound: None, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    one = Studio(tmp_path)
    with one.headless:
        yield one
        one.shell.set_debug(False)
        one.control.close()
    one.owner.finish()


def until(studio: Studio, condition: Callable[[], bool], limit_s: float = 30.0) -> None:
    give_up = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < give_up, studio.said[-5:]
        studio.headless.live(0.02)


@pytest.mark.parametrize("n_lines", [N_USUAL, pytest.param(N_SOAK, marks=pytest.mark.soak)])
def test_random_lines_end_nothing(studio: Studio, tmp_path: Path, n_lines: int) -> None:
    lines = Lines(14, tmp_path)
    tell = studio.shell.run
    tell("start lofi, 85 bpm")
    until(studio, lambda: studio.control.facts.is_running)
    for _ in range(n_lines):
        line = lines.line()
        n_said = len(studio.said)
        tell(line)
        assert all("Traceback" not in text for text, _level in studio.said[n_said:]), line
        assert all(text.strip() for text, _level in studio.said[n_said:]), line
        studio.headless.live(LIVE_S)
    for line in ("pause off", "hold off", "sleep off", "start lofi, 85 bpm"):
        tell(line)
    until(studio, lambda: studio.control.facts.is_running)
    before = studio.control.facts.snapshot_s
    until(studio, lambda: studio.control.facts.snapshot_s > before)
    tell("status")
    assert studio.said[-1][0].startswith("playing")
    assert studio.n_left == 0
    tell("quit")
    assert studio.n_left == 1
    assert len(studio.said) > n_lines / 4, "most of them are answered"
