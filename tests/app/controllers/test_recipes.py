# SPDX-License-Identifier: GPL-3.0-or-later
"""The recipe of what plays is shown, held against a file's, made again and varied, from the menu and by keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app.controllers.recipes import RecipesController
from app.main_window import MainWindow
from app.paths import RESOURCES
from app.settings import Settings
from app.studio import build
from engine.library.carried import CLIP, Carried
from engine.qt.studio import StudioEngine
from engine.session.options import Places
from engine.values import Progress
from tests.widgets.recipes import a_recipe
from widgets.recipe_dialog import RecipeDialog

pytestmark = pytest.mark.gui


@pytest.fixture
def studio(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[MainWindow, RecipesController, StudioEngine]]:
    """Yield the window with an engine that was not started: its signals are told by hand."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    window, engine = build(replace(Settings(), data_folder=str(tmp_path)), Places(str(RESOURCES / "starters")))
    qtbot.addWidget(window)
    window.show()
    controller = window.findChild(RecipesController)
    assert isinstance(controller, RecipesController)
    yield window, controller, engine
    window.close()


def test_a_recipe_is_shown_compared_made_again_and_varied(
    studio: tuple[MainWindow, RecipesController, StudioEngine], qtbot: QtBot
) -> None:
    window, controller, engine = studio
    read, made = QSignalSpy(controller.read_wanted), QSignalSpy(controller.make_wanted)
    QTest.keySequence(window, "Ctrl+I")
    assert window.findChild(RecipeDialog) is None, "nothing was shown yet"
    controller.read_wanted.emit("/x/rain.wav")
    engine.recipes.read.emit("/x/rain.wav", Carried(a_recipe(), CLIP))
    dialog = window.findChild(RecipeDialog)
    assert isinstance(dialog, RecipeDialog)
    assert dialog.title_label.text() == "Velvet Antenna"
    table = dialog.table
    cells = [[table.item(row, column) for column in (0, 1)] for row in range(table.rowCount())]
    lines = dict([one.text() for one in row if one is not None] for row in cells)
    assert (lines["seed"], lines["key"]) == ("1207", "A minor")
    dialog.compare_button.click()
    chooser = dialog.findChild(QFileDialog)
    assert isinstance(chooser, QFileDialog)
    chooser.fileSelected.emit("/x/other.flac")
    chooser.done(0)
    assert read.at(read.count() - 1)[0] == "/x/other.flac"
    engine.recipes.read.emit("/x/other.flac", Carried(a_recipe(seed=7, title="Other"), CLIP))
    assert (table.columnCount(), dialog.note_label.text()) == (3, "2 lines differ")
    engine.recipes.read.emit("/x/mute.wav", None)
    assert "carries no recipe" in dialog.note_label.text()
    assert dialog.again_button.isEnabled()
    QTest.mouseClick(dialog.vary_button, Qt.MouseButton.LeftButton)
    assert (made.at(0)[0].seed, made.at(0)[1]) == (1207, True), "the recipe that was shown first"
    qtbot.waitUntil(lambda: window.findChild(RecipeDialog) is None)
    engine.recipes.progressed.emit("Velvet Antenna", Progress(1, 0.5, "composing"))
    assert window.notice_bar.notice() == "By the recipe of “Velvet Antenna” a clip is made, to play next · 50 %"
    cancelled = QSignalSpy(controller.cancel_wanted)
    QTest.mouseClick(window.notice_bar.dismiss_button, Qt.MouseButton.LeftButton)
    assert cancelled.count() == 1
    engine.recipes.read.emit("/x/unknown.wav", Carried(a_recipe(generator="by hand"), CLIP))
    dialog = window.findChild(RecipeDialog)
    assert isinstance(dialog, RecipeDialog)
    assert not dialog.again_button.isEnabled()
    assert "not known how" in dialog.again_button.toolTip()
    dialog.reject()
    qtbot.waitUntil(lambda: window.findChild(RecipeDialog) is None)
