# SPDX-License-Identifier: GPL-3.0-or-later
"""How long clips take stands in the generate panel and in the statistics, which forget it and bring it back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.controllers.pace import clip_time
from app.controllers.undo import NOTICE
from app.main_window import MainWindow
from app.paths import RESOURCES
from app.settings import Settings
from app.studio import build
from engine.library.pace_file import keep
from engine.session.options import Places
from engine.values import MachinePace, PaceRun
from widgets.clip_time import ClipTime
from widgets.dialogs.statistics_dialog import StatisticsDialog

MEDIUM = [PaceRun("musicgpt", "medium", one, 10.0 + 7.0 * one, load_s=30.0) for one in (5.0, 10.0, 20.0)]
SMALL = [PaceRun("musicgpt", "small", one, 2.0 * one) for one in (5.0, 10.0, 20.0)]
COMPOSER = [PaceRun("composer", "", one, 0.05 * one) for one in (10.0, 20.0)]
PACE = MachinePace().with_runs([*MEDIUM, *SMALL, *COMPOSER])
WISH = Settings(generator="musicgpt", model="medium", duration_s=20.0, min_play_s=30.0)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (WISH, ClipTime(20.0, 150.0, 30.0, is_late=True)),
        (replace(WISH, keep_up=True), ClipTime(20.0, 150.0, 30.0, is_late=True, is_bridged=True)),
        (replace(WISH, min_play_s=300.0), ClipTime(20.0, 150.0, 30.0)),
        (replace(WISH, min_play_s=300.0, max_play_s=60.0), ClipTime(20.0, 150.0, 30.0, is_late=True)),
        (replace(WISH, model="", keep_up=True), ClipTime(12.0, 24.0, is_shorter=True)),
        (replace(WISH, model="large"), None),
        (replace(WISH, generator="composer", model=""), ClipTime(20.0, 1.0)),
        (
            replace(WISH, generator="composer", model="", generator_parameters={"composer": {"bars": 8}}),
            None,
        ),
    ],
    ids=["late", "bridged", "in time", "played shortly", "shorter", "unknown", "composer", "bars"],
)
def test_what_is_expected_of_the_next_clips(settings: Settings, expected: ClipTime | None) -> None:
    assert clip_time(PACE, settings) == expected


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "data" / "statistics.json"


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    """Yield the window with its engine running, on a machine that has made clips before."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    keep(kept, PACE.runs)
    settings = replace(WISH, data_folder=str(tmp_path / "takes"), save_folder=str(tmp_path))
    with (tmp_path / "processes.log").open("a", encoding="utf-8") as log:
        window, engine = build(settings, Places(str(RESOURCES / "starters"), log, pace_file=str(kept)))
        qtbot.addWidget(window)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        engine.start()
        yield window
        # The notice of what was undone leaves by itself only later.
        window.notice_bar.clear_notice(NOTICE)
        window.close()
        engine.shut_down()


@pytest.mark.soak
@pytest.mark.gui
def test_earlier_days_are_told_used_forgotten_and_brought_back(window: MainWindow, kept: Path, qtbot: QtBot) -> None:
    panel = window.generate_panel
    assert panel.duration.note == "", "nothing is known before the file was read"
    qtbot.waitUntil(lambda: panel.duration.note == "about 2 min 30 s for", timeout=20_000)
    # A model that keeps up when clips are shorter is one click away from that, which an undo takes back.
    assert panel.keep_up_button.isVisible()
    QTest.mouseClick(panel.keep_up_button, Qt.MouseButton.LeftButton)
    assert panel.keep_up_button.isChecked()
    panel.set_model("small")
    panel.model_changed.emit("small")
    assert panel.duration.note == "kept to 12 s of"
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (panel.model(), panel.keep_up_button.isChecked()) == ("medium", False)

    assert window.findChild(StatisticsDialog) is None
    QTest.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    dialog = window.findChild(StatisticsDialog)
    assert isinstance(dialog, StatisticsDialog)
    assert dialog.table.rowCount() == 8
    QTest.mouseClick(dialog.forget_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.table.rowCount() == 0)
    assert (panel.duration.note, panel.keep_up_button.isVisible()) == ("", False)
    qtbot.waitUntil(lambda: json.loads(kept.read_text())["runs"] == [], timeout=10_000)
    dialog.reject()
    qtbot.waitUntil(lambda: window.findChild(StatisticsDialog) is None)
    with qtbot.waitActive(window):
        window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    again = window.findChild(StatisticsDialog)
    assert isinstance(again, StatisticsDialog)
    assert "8" in again.note_label.text(), "it can be brought back until the studio ends"
    QTest.mouseClick(again.forget_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: again.table.rowCount() == 8)
    assert panel.duration.note == "about 2 min 30 s for"
    qtbot.waitUntil(lambda: keep(kept).pace == PACE, timeout=10_000)
