# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings store tells of changes at once, and writes the last of them while the window goes on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from app import paths, settings_store
from app.settings import Settings, load_settings, save_settings
from app.settings_store import SettingsStore
from engine.errors import CannotWrite

pytestmark = pytest.mark.gui


@pytest.fixture
def store(qapp: QObject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SettingsStore]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(settings_store, "SETTLE_MS", 1)
    store = SettingsStore(Settings(), qapp)
    yield store
    store.finish()
    store.deleteLater()


def written() -> Settings:
    return load_settings(paths.settings_file())


def test_a_change_is_told_at_once_and_written_once_all_is_calm(store: SettingsStore, qtbot: QtBot) -> None:
    told = QSignalSpy(store.changed)
    with qtbot.waitSignal(store.settled):
        store.change(min_play_s=50.0)
        store.change(overlap_ms=100.0)
        assert [(one.min_play_s, one.overlap_ms) for one in (told.at(i)[0] for i in range(2))] == [
            (50.0, 480.0),
            (50.0, 100.0),
        ]
    qtbot.waitUntil(lambda: written() == store.settings)
    assert told.count() == 2


def test_what_is_only_remembered_is_written_and_not_told(store: SettingsStore, qtbot: QtBot) -> None:
    told = QSignalSpy(store.changed)
    store.remember(replace(store.settings, save_format=".flac"))
    qtbot.waitUntil(lambda: written().save_format == ".flac")
    assert told.count() == 0


def test_a_prompt_that_is_typed_is_kept_and_is_nobodys_yet(store: SettingsStore, qtbot: QtBot) -> None:
    store.set_draft("slow jaz")
    qtbot.waitUntil(lambda: written().prompt == "slow jaz")
    assert store.settings.prompt == Settings().prompt
    store.change(min_play_s=50.0)
    qtbot.waitUntil(lambda: (written().prompt, written().min_play_s) == ("slow jaz", 50.0))
    store.set_draft("")
    qtbot.waitUntil(lambda: written().prompt == Settings().prompt)


def test_a_slow_disk_holds_nothing_up_and_has_the_last_word(
    store: SettingsStore, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    spins, kept = threading.Event(), []

    def slow(path: Path, settings: Settings) -> None:
        spins.wait()
        kept.append(settings.min_play_s)
        save_settings(path, settings)

    monkeypatch.setattr(settings_store, "save_settings", slow)
    for min_play_s in (10.0, 20.0, 30.0, 40.0):
        with qtbot.waitSignal(store.settled):
            store.change(min_play_s=min_play_s)
    assert kept == [], "the window goes on meanwhile"
    spins.set()
    store.change(min_play_s=50.0)
    store.finish()
    assert kept[-1] == written().min_play_s == 50.0
    assert len(kept) <= 2, "of those that waited none was made any more"
    store.change(min_play_s=60.0)
    store.finish()
    assert written().min_play_s == 60.0, "a window may be closed twice"


def test_a_place_that_takes_nothing_is_told(store: SettingsStore, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file is where the folder should be")
    told = QSignalSpy(store.failed)
    store.change(min_play_s=10.0)
    qtbot.waitUntil(lambda: told.count() == 1)
    assert isinstance(told.at(0)[0], CannotWrite)
    with qtbot.waitSignal(store.settled):
        store.change(min_play_s=20.0)
    store.finish()
    qtbot.wait(50)
    assert told.count() == 1, "once, however often it is tried"
