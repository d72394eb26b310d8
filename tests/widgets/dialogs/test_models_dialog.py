# SPDX-License-Identifier: GPL-3.0-or-later
"""The models dialog shows each asset in a row with what can be done with it, by mouse and by keys alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from engine.values.assets import FetchProgress, Held
from tests.widgets.assets import ASSETS
from widgets.dialogs.models_dialog import DEED, LICENCE, MEMORY, NAME, STATE, TAKES, ModelsDialog

pytestmark = pytest.mark.gui


@pytest.fixture
def dialog(qtbot: QtBot) -> ModelsDialog:
    one = ModelsDialog()
    qtbot.addWidget(one)
    one.set_assets(ASSETS)
    one.set_machine(24_000_000_000, 120_000_000_000, "/home/ada/.cache/huggingface/hub", is_offline=False)
    with qtbot.waitExposed(one):
        one.show()
    return one


def cell(dialog: ModelsDialog, name: str, column: int) -> str:
    item = dialog.table.item([one.name for one in ASSETS].index(name), column)
    assert item is not None
    return item.text()


def click(dialog: ModelsDialog, name: str, column: int) -> None:
    index = dialog.table.model().index([one.name for one in ASSETS].index(name), column)
    where = dialog.table.visualRect(index).center()
    QTest.mouseClick(dialog.table.viewport(), Qt.MouseButton.LeftButton, pos=where)


def test_a_row_says_what_it_is_what_it_takes_and_how_it_fits(dialog: ModelsDialog) -> None:
    assert dialog.machine_label.text() == "Memory: 24 GB · 120 GB free in /home/ada/.cache/huggingface/hub"
    assert [cell(dialog, "musicgen/small", column) for column in (NAME, TAKES, MEMORY, LICENCE, STATE)] == [
        "small",
        "2.4 GB",
        "4.0 GB · fits",
        "CC-BY-NC-4.0: not for commercial use",
        "installed",
    ]
    assert cell(dialog, "diffusion/acestep-v15-xl-turbo", MEMORY) == "26 GB · too large"
    assert cell(dialog, "musicgen", NAME) == "Packages"
    assert cell(dialog, "musicgpt", NAME) == "Program"
    said = {one.name: dialog.deed_of(one.name) for one in ASSETS}
    assert said["musicgen/small"] == "Remove…"
    assert said["musicgen/medium"] == "Go on"
    assert said["musicgen/large"] == "Get"
    assert said["diffusion"] == "Set up"
    assert said["musicgen"] == said["musicgpt/small"] == ""
    dialog.choose("musicgpt/small")
    assert "MusicGPT fetches it by itself" in dialog.note_label.text()


def test_the_rows_are_gone_through_and_their_buttons_pressed_by_keys(dialog: ModelsDialog) -> None:
    got, removed, cancelled, checked = (
        QSignalSpy(one)
        for one in (dialog.get_requested, dialog.remove_requested, dialog.cancel_requested, dialog.check_requested)
    )
    dialog.table.setFocus()
    for key, name in ((Qt.Key.Key_End, ASSETS[-1].name), (Qt.Key.Key_Home, ASSETS[0].name)):
        QTest.keyClick(dialog.table, key)
        assert dialog.chosen() == name
    dialog.choose("musicgen")
    QTest.keyClick(dialog.table, Qt.Key.Key_Return)
    assert (got.count(), removed.count()) == (0, 0), "what is installed and not ours to remove is left alone"
    QTest.keyClick(dialog.table, Qt.Key.Key_Down)
    assert dialog.chosen() == "musicgen/small"
    assert "not for commercial use" in dialog.note_label.text()
    assert "models--musicgen-small" in dialog.note_label.text()
    QTest.keyClick(dialog.table, Qt.Key.Key_Return)
    assert removed.at(0) == ["musicgen/small"]
    QTest.mouseClick(dialog.check_button, Qt.MouseButton.LeftButton)
    assert checked.at(0) == ["musicgen/small"]
    dialog.choose("musicgen/large")
    assert not dialog.check_button.isEnabled()
    QTest.keyClick(dialog.table, Qt.Key.Key_Return)
    assert got.at(0) == ["musicgen/large"]
    dialog.set_progress(FetchProgress("musicgen/large", "downloading", 3 * 10**9, 12 * 10**9, 400.0))
    assert cell(dialog, "musicgen/large", STATE) == "downloading · 25 % · 7 min left"
    QTest.keyClick(dialog.table, Qt.Key.Key_Return)
    assert cancelled.at(0) == ["musicgen/large"]
    dialog.set_progress(FetchProgress("musicgen/large", "installing", 1, 1, can_cancel=False))
    assert dialog.deed_of("musicgen/large") == ""
    dialog.set_done("musicgen/large", "No network.")
    assert dialog.note_label.text().startswith("No network.")
    assert cell(dialog, "musicgen/large", STATE) == "not here"
    click(dialog, "musicgen/medium", STATE)
    assert got.count() == 1, "a row is chosen by a click, and no more"
    click(dialog, "musicgen/medium", DEED)
    assert got.at(1) == ["musicgen/medium"]
    assert dialog.chosen() == "musicgen/medium"


def test_offline_nothing_can_be_fetched_and_it_is_said(dialog: ModelsDialog) -> None:
    dialog.set_machine(24_000_000_000, 1_000_000, "/models", is_offline=True)
    assert dialog.machine_label.text().startswith("Offline: nothing is fetched · ")
    assert dialog.deed_of("musicgen/large") == ""
    assert dialog.deed_of("musicgen/small") == "Remove…", "that needs no network"


def test_what_is_listed_anew_keeps_the_chosen_row_and_its_widgets(dialog: ModelsDialog) -> None:
    dialog.choose("musicgen/large")
    item = dialog.table.item(6, NAME)
    dialog.set_assets(tuple(replace(one, held=Held.HERE) if one.name == "musicgen/large" else one for one in ASSETS))
    assert dialog.chosen() == "musicgen/large"
    assert dialog.table.item(6, NAME) is item, "nothing flickers"
    assert cell(dialog, "musicgen/large", STATE) == "installed"
    dialog.set_assets(ASSETS[3:])
    assert dialog.table.rowCount() == len(ASSETS) - 3
    assert dialog.chosen() == "musicgen/large"
