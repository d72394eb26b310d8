# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line's settings hold for the run alone; those that are set in its shell are remembered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication

from app import paths
from app.settings import Settings, load_settings
from app.terminal.run_settings import RunSettings

pytestmark = pytest.mark.gui


@pytest.fixture
def owner(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunSettings]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    remembered = replace(Settings(), prompt="remembered", duration_s=20.0)
    one = RunSettings(remembered, replace(remembered, prompt="of the run", duration_s=9.0))
    yield one
    one.finish()


def test_what_the_command_line_says_holds_and_is_not_remembered(owner: RunSettings) -> None:
    assert (owner.settings.prompt, owner.settings.duration_s) == ("of the run", 9.0)
    changed = QSignalSpy(owner.changed)
    owner.take(replace(owner.settings, volume_db=-6.0))
    assert (owner.settings.prompt, owner.settings.duration_s, owner.settings.volume_db) == ("of the run", 9.0, -6.0)
    assert changed.count() == 1
    assert changed.at(0)[0] == owner.settings
    owner.finish()
    kept = load_settings(paths.settings_file())
    assert (kept.prompt, kept.duration_s, kept.volume_db) == ("remembered", 20.0, -6.0)


def test_what_is_set_then_is_remembered(owner: RunSettings) -> None:
    owner.take(replace(owner.settings, prompt="said in the shell"))
    assert (owner.settings.prompt, owner.settings.duration_s) == ("said in the shell", 9.0)
    owner.take(replace(owner.settings, duration_s=12.0))
    owner.finish()
    kept = load_settings(paths.settings_file())
    assert (kept.prompt, kept.duration_s) == ("said in the shell", 12.0)


def test_what_is_as_it_was_is_no_change(owner: RunSettings) -> None:
    changed = QSignalSpy(owner.changed)
    owner.take(owner.settings)
    assert changed.count() == 0
