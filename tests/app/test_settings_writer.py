# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings are written while the window goes on, the last of them always."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from app import paths, settings_writer
from app.settings import Settings, load_settings, save_settings
from app.settings_writer import SettingsWriter
from engine.errors import CannotWrite

pytestmark = pytest.mark.gui


def test_a_slow_disk_holds_nobody_up_and_has_the_last_word(
    qapp: QObject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    spins, written = threading.Event(), []

    def slow(path: Path, settings: Settings) -> None:
        spins.wait()
        written.append(settings.min_play_s)
        save_settings(path, settings)

    monkeypatch.setattr(settings_writer, "save_settings", slow)
    writer = SettingsWriter(qapp)
    for min_play_s in (10.0, 20.0, 30.0, 40.0):
        writer.write(replace(Settings(), min_play_s=min_play_s))
    assert written == [], "the window goes on meanwhile"
    spins.set()
    writer.finish(replace(Settings(), min_play_s=50.0))
    assert written[-1] == load_settings(paths.settings_file()).min_play_s == 50.0
    assert len(written) <= 2, "of those that waited none was made any more"
    writer.write(Settings())
    writer.finish(replace(Settings(), min_play_s=60.0))
    assert load_settings(paths.settings_file()).min_play_s == 60.0, "a window may be closed twice"


def test_a_place_that_takes_nothing_is_told(
    qapp: QObject, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config").write_text("a file is where the folder should be")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    writer = SettingsWriter(qapp)
    told = QSignalSpy(writer.failed)
    writer.write(Settings())
    qtbot.waitUntil(lambda: told.count() == 1)
    assert isinstance(told.at(0)[0], CannotWrite)
    writer.write(replace(Settings(), min_play_s=20.0))
    writer.finish(Settings())
    qtbot.wait(50)
    assert told.count() == 1, "once, however often it is tried"
