# SPDX-License-Identifier: GPL-3.0-or-later
"""Models are shown, fetched and removed by keys; what a chosen generator lacks is said with the way to them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from app.controllers.models import ModelsController
from app.main_window import MainWindow
from engine.errors import Cancelled, ModelMissing, NoRoomFor
from engine.qt.studio import StudioEngine
from engine.values.assets import FetchProgress, Held
from engine.worker.asset_jobs import AssetDone, AssetsListed
from tests.app.controllers.conftest import Unstarted
from tests.widgets.assets import ASSETS
from widgets.dialogs.models_dialog import ModelsDialog

pytestmark = pytest.mark.gui

LISTED = AssetsListed(1, ASSETS, "/models", 120 * 10**9, 24 * 10**9)
Opened = tuple[MainWindow, ModelsController, StudioEngine]


@pytest.fixture
def studio(unstarted: Unstarted) -> Opened:
    return unstarted(ModelsController, generator="musicgpt", model="small")


def opened(window: MainWindow) -> ModelsDialog:
    dialog = window.findChild(ModelsDialog)
    assert isinstance(dialog, ModelsDialog)
    return dialog


def test_what_is_fetched_is_followed_in_the_dialog_and_in_the_bar_and_cancelled_from_both(
    studio: Opened, qtbot: QtBot
) -> None:
    window, controller, engine = studio
    got, cancelled, again = (
        QSignalSpy(one) for one in (controller.get_wanted, controller.cancel_wanted, controller.again_wanted)
    )
    with qtbot.waitActive(window):
        window.activateWindow()
    QTest.keySequence(window, "Ctrl+G")
    dialog, bar = opened(window), window.notice_bar
    engine.models.listed.emit(LISTED)
    dialog.choose("musicgen/large")
    QTest.keyClick(dialog.table, Qt.Key.Key_Return)
    assert got.at(0)[0] == "musicgen/large"
    engine.models.progressed.emit(FetchProgress("musicgen/large", "downloading", 5, 10, 30.0))
    assert bar.notice() == "musicgen/large: downloading · 50 % · 30 s left"
    QTest.keyClick(dialog.table, Qt.Key.Key_Return)
    assert cancelled.at(0) == ["musicgen/large"]
    dialog.reject()
    qtbot.waitUntil(lambda: window.findChild(ModelsDialog) is None)
    QTest.mouseClick(bar.dismiss_button, Qt.MouseButton.LeftButton)
    assert cancelled.at(1) == ["musicgen/large"]
    engine.models.failed.emit("musicgen/large", Cancelled())
    assert "musicgen/large" not in bar.notice()
    error = NoRoomFor(name="musicgen/large", needed="14 GB", free="1 GB", path="/models")
    engine.models.failed.emit("musicgen/large", error)
    assert bar.notice() == str(error)
    engine.models.done.emit(AssetDone(2, "musicgen/large", "got"))
    assert "is on this machine now" in bar.notice()
    assert again.count() == 1, "the generator that lacked it is asked again"
    engine.models.done.emit(AssetDone(3, "musicgen/small", "checked", ("config.json",)))
    assert "damaged: config.json" in bar.notice()
    QTest.keySequence(window, "Ctrl+G")
    dialog = opened(window)
    engine.models.listed.emit(LISTED)
    dialog.choose("musicgen/small")
    assert dialog.deed_of("musicgen/small") == "Go on"
    QTest.keyClick(dialog.table, Qt.Key.Key_Return)
    assert got.at(1)[0] == "musicgen/small", "what is damaged is fetched again"
    engine.models.done.emit(AssetDone(4, "musicgen/small", "got"))
    engine.models.listed.emit(LISTED)
    assert dialog.deed_of("musicgen/small") == "Remove…"
    dialog.reject()
    for name in ("musicgen/large", "musicgen/small"):
        bar.clear_notice(f"models {name}")


def test_removing_is_asked_first(studio: Opened, qtbot: QtBot) -> None:
    window, controller, engine = studio
    removed = QSignalSpy(controller.remove_wanted)
    controller.show()
    dialog = opened(window)
    engine.models.listed.emit(LISTED)
    for answer, n in ((QMessageBox.StandardButton.Cancel, 0), (QMessageBox.StandardButton.Yes, 1)):
        dialog.choose("musicgen/small")
        QTest.keyClick(dialog.table, Qt.Key.Key_Return)
        box = dialog.findChild(QMessageBox)
        assert isinstance(box, QMessageBox)
        assert "Other programs" in box.text()
        QTest.mouseClick(box.button(answer), Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: dialog.findChild(QMessageBox) is None)
        assert removed.count() == n
    assert removed.at(0)[0] == "musicgen/small"


def test_a_chosen_generator_that_lacks_something_says_so_with_the_way_to_the_dialog(
    studio: Opened, qtbot: QtBot
) -> None:
    window, controller, engine = studio
    looked = QSignalSpy(controller.look_wanted)
    controller.look_at_choice()
    assert looked.count() == 1
    engine.models.listed.emit(LISTED)
    bar = window.notice_bar
    assert bar.notice() == "The program MusicGPT is not on this machine: see Models"
    QTest.mouseClick(bar.act_button, Qt.MouseButton.LeftButton)
    dialog = opened(window)
    assert dialog.chosen() == "musicgpt", "what is missing is chosen"
    dialog.reject()
    qtbot.waitUntil(lambda: window.findChild(ModelsDialog) is None)
    here = tuple(replace(one, held=Held.HERE) for one in ASSETS)
    controller.look_at_choice()
    engine.models.listed.emit(replace(LISTED, assets=here))
    assert "MusicGPT" not in bar.notice()
    engine.notices.failed.emit(ModelMissing(model="large", repository="facebook/musicgen-large"))
    assert bar.act_button.isVisible()
    assert bar.act_button.text() == "Models…"


def test_the_composer_lacks_nothing_and_asks_nothing(studio: Opened) -> None:
    window, controller, _engine = studio
    looked = QSignalSpy(controller.look_wanted)
    combo = window.generate_panel.generator_combo
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_Home)
    assert window.generate_panel.generator() == "composer"
    assert looked.count() == 0
    QTest.keyClick(combo, Qt.Key.Key_Down)
    assert window.generate_panel.generator() == "musicgpt"
    assert looked.count() > 0
