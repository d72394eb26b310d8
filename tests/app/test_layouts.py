# SPDX-License-Identifier: GPL-3.0-or-later
"""Layouts in the real window: switched by menu and key, kept, renamed, deleted, and there again after a restart."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QRect, Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QDockWidget, QMenu, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from app import paths
from app.layouts import FACTORY, INSPECT, LISTEN, MAX_OWN
from app.paths import RESOURCES
from app.settings import Settings, load_settings
from app.studio import build
from engine.qt.studio import StudioEngine
from engine.session.options import Places
from tests.app.windows import dressed, settle, unreachable
from widgets.layout_button import LayoutButton
from widgets.name_dialog import NameDialog

pytestmark = pytest.mark.gui

SIZES = ((1024, 640), (1280, 720), (1920, 1080))
OLD_PARTS = 2
"""How many parts the text of a layout had before layouts had names."""


class Studio:
    """The window as the studio opens it, its engine not started, and what a person does with its layouts."""

    def __init__(self, qtbot: QtBot, settings: Settings, size: tuple[int, int] | None = None) -> None:
        self.qtbot = qtbot
        self.window, self.engine = build(settings, Places(str(RESOURCES / "starters")))
        qtbot.addWidget(self.window)
        if size is not None:
            self.window.resize(*size)
            self.window.reset_layout()
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()
        self.settle()

    @property
    def button(self) -> LayoutButton:
        return self.window.prompt_bar.layout_button

    def settle(self) -> None:
        settle(self.window, self.qtbot)

    def use(self, name: str) -> None:
        """Choose a layout by its key."""
        at = [one.name for one in self.button.layouts()].index(name) + 1
        QTest.keyClick(self.window, Qt.Key(Qt.Key.Key_0 + at), Qt.KeyboardModifier.ControlModifier)
        assert self.button.current() == name
        self.settle()

    def choose(self, words: str) -> None:
        """Choose what begins so in the menu."""
        action = self.entry(words)
        assert action.isVisible()
        action.trigger()

    def entry(self, words: str) -> QAction:
        return next(one for one in self.button.menu().actions() if one.text().replace("&", "").startswith(words))

    def name_it(self, name: str) -> NameDialog:
        """Type a name in the dialog that is open, and press Enter."""
        dialog = self.window.findChild(NameDialog)
        assert dialog is not None
        self.qtbot.waitExposed(dialog)
        dialog.edit.selectAll()
        QTest.keyClicks(dialog.edit, name) if name else dialog.edit.clear()
        QTest.keyClick(dialog.edit, Qt.Key.Key_Return)
        return dialog

    def save_as(self, name: str) -> None:
        self.choose("Save as")
        self.name_it(name)
        self.rid_of_dialogs()
        self.settle()

    def rid_of_dialogs(self) -> None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def dock(self, name: str) -> QDockWidget:
        dock = self.window.findChild(QDockWidget, f"{name}_dock")
        assert dock is not None
        return dock

    def places(self) -> dict[str, QRect]:
        """Where everything that is shown stands."""
        docks = {one.objectName(): one.geometry() for one in self.window.findChildren(QDockWidget) if one.isVisible()}
        pictures: tuple[QWidget, ...] = (self.window.waveform_panel, self.window.spectrogram_panel)
        return docks | {type(one).__name__: one.geometry() for one in pictures if one.isVisible()}

    def close(self) -> Settings:
        """Close the window; what it left in the settings file."""
        self.window.close()
        self.engine.shut_down()
        return load_settings(paths.settings_file())


@pytest.fixture
def speaking(qapp: QApplication) -> Iterator[None]:
    with dressed(qapp, "en"):
        yield


@pytest.fixture
def settings(speaking: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return replace(Settings(), data_folder=str(tmp_path / "data"))


@pytest.fixture
def studio(settings: Settings, qtbot: QtBot) -> Iterator[Studio]:
    one = Studio(qtbot, settings, (1280, 720))
    yield one
    one.close()


# --- switching --------------------------------------------------------------------------------------------------------


def test_a_new_window_shows_every_panel_as_ever(studio: Studio) -> None:
    assert studio.button.current() == INSPECT.name
    assert set(studio.window.shown_panels()) == set(INSPECT.panels)
    assert [one.title for one in studio.button.layouts()] == ["Listen", "Inspect"]
    assert "Now: Inspect" in studio.button.toolTip()


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("language", ["en", "it"])
def test_each_layout_suits_the_window(
    qapp: QApplication, settings: Settings, qtbot: QtBot, size: tuple[int, int], language: str
) -> None:
    with dressed(qapp, language):
        studio = Studio(qtbot, settings, size)
        for layout in (LISTEN, INSPECT, LISTEN):
            studio.use(layout.name)
            window = studio.window
            assert window.size().toTuple() == size, "no layout makes the window larger"
            assert set(window.shown_panels()) == set(layout.panels)
            assert unreachable(window) == []
            places = list(studio.places().values())
            seen = [one for one in window.findChildren(QDockWidget) if not one.visibleRegion().isEmpty()]
            for one in seen:
                assert window.rect().contains(one.geometry())
                others = [other for other in seen if other is not one]
                assert not [other for other in others if other.geometry().intersects(one.geometry())]
            assert places
        studio.close()


def test_nothing_is_left_bare_beside_the_panels_of_a_listener(studio: Studio) -> None:
    studio.use("listen")
    places = studio.places()
    assert set(places) == {"now_playing_dock", "next_dock", "output_dock", "library_dock"}
    bottom = max(one.bottom() for one in places.values())
    assert {name for name, one in places.items() if one.bottom() == bottom} == {"output_dock", "library_dock"}
    assert studio.window.height() - bottom < 20
    assert studio.window.width() - places["library_dock"].right() < 20
    assert places["library_dock"].width() > places["now_playing_dock"].width()


def test_a_layout_comes_back_as_it_was_left(studio: Studio) -> None:
    window = studio.window
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, studio.dock("console"))
    window.resizeDocks([studio.dock("generate")], [333], Qt.Orientation.Horizontal)
    studio.settle()
    inspected = studio.places()
    studio.use("listen")
    window.resizeDocks([studio.dock("now_playing")], [377], Qt.Orientation.Horizontal)
    studio.settle()
    listened = studio.places()
    for _ in range(3):
        studio.use("inspect")
        assert studio.places() == inspected
        studio.use("listen")
        assert studio.places() == listened


def test_a_layout_that_nobody_touched_suits_the_window_of_now(settings: Settings, qtbot: QtBot) -> None:
    large = Studio(qtbot, settings, (1920, 1080))
    wanted = large.places()
    large.close()
    studio = Studio(qtbot, settings, (1024, 640))
    assert studio.places() != wanted
    studio.use("listen")
    studio.window.resize(1920, 1080)
    studio.settle()
    studio.use("inspect")
    assert studio.places() == wanted
    # What a person moved stays where it was put, whatever becomes of the window.
    studio.window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, studio.dock("console"))
    studio.settle()
    studio.use("listen")
    studio.window.resize(1800, 1000)
    studio.settle()
    studio.use("inspect")
    assert studio.window.dockWidgetArea(studio.dock("console")) is Qt.DockWidgetArea.RightDockWidgetArea
    studio.close()


def test_a_reset_puts_back_the_layout_in_use_alone(studio: Studio) -> None:
    fresh = studio.places()
    studio.use("listen")
    listened = studio.places()
    studio.window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, studio.dock("next"))
    studio.use("inspect")
    studio.window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, studio.dock("console"))
    studio.settle()
    moved = studio.places()
    studio.use("listen")
    studio.choose("Reset “Listen”")
    studio.settle()
    assert studio.places() == listened
    studio.use("inspect")
    assert studio.places() == moved
    QTest.keyClick(studio.window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    studio.settle()
    assert studio.places() == fresh


def test_the_menu_is_opened_and_used_by_keys(studio: Studio, qtbot: QtBot) -> None:
    menu = studio.button.menu()

    def choose_first() -> None:
        QTest.keyClick(menu, Qt.Key.Key_Down)
        QTest.keyClick(menu, Qt.Key.Key_Return)

    studio.window.prompt_bar.edit.setFocus()
    QTimer.singleShot(200, choose_first)
    QTest.keyClick(studio.window.prompt_bar.edit, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: studio.button.current() == "listen")
    assert not menu.isVisible()
    checked = [one.text() for one in menu.actions() if one.isCheckable() and one.isChecked()]
    assert checked == ["Listen"]


# --- panels -----------------------------------------------------------------------------------------------------------


def panels_menu(studio: Studio) -> dict[str, QAction]:
    menu: QMenu = studio.button.panels_menu
    return {one.text().partition("\t")[0]: one for one in menu.actions()}


def test_panels_are_hidden_and_shown_again_where_they_stood(studio: Studio) -> None:
    before = studio.places()
    entries = panels_menu(studio)
    assert len(entries) == len(INSPECT.panels)
    assert all(one.isChecked() for one in entries.values())
    for title in ("Console", "Spectrogram", "Candidates"):
        entries[title].trigger()
    studio.settle()
    assert set(before) - set(studio.places()) == {"console_dock", "SpectrogramPanel", "candidates_dock"}
    assert not entries["Console"].isChecked()
    for title in ("Candidates", "Spectrogram", "Console"):
        entries[title].trigger()
    studio.settle()
    assert set(studio.places()) == set(before)
    assert all(one.isChecked() for one in entries.values())
    assert studio.window.size().toTuple() == (1280, 720)


def test_a_panel_that_has_no_room_becomes_a_tab(settings: Settings, qtbot: QtBot) -> None:
    studio = Studio(qtbot, settings, (1024, 640))
    studio.use("listen")
    for action in panels_menu(studio).values():
        if not action.isChecked():
            action.trigger()
    studio.settle()
    assert set(studio.window.shown_panels()) == set(INSPECT.panels)
    assert studio.window.size().toTuple() == (1024, 640)
    assert unreachable(studio.window) == []
    studio.close()


def test_a_panels_key_shows_it_and_goes_to_it(studio: Studio) -> None:
    studio.use("listen")
    window = studio.window
    QTest.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    studio.settle()
    focus = QApplication.focusWidget()
    assert focus is not None
    assert window.generate_panel.isAncestorOf(focus)
    assert window.generate_panel.isVisible()
    QTest.keyClick(window, Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier)
    studio.settle()
    assert window.waveform_panel.isVisible()
    assert not window.spectrogram_panel.isVisible()
    assert set(window.shown_panels()) == {*LISTEN.panels, "generate", "waveform"}


def test_the_keyboard_is_not_left_in_a_panel_that_goes(studio: Studio) -> None:
    studio.window.overlap_panel.slider.setFocus()
    studio.use("listen")
    assert studio.button.hasFocus()
    seen = set()
    for _ in range(len(LISTEN.panels) + 1):
        QTest.keyClick(studio.window, Qt.Key.Key_F6)
        focus = QApplication.focusWidget()
        assert focus is not None
        assert focus.isVisible()
        docks = studio.window.findChildren(QDockWidget)
        seen.add(next((one.objectName() for one in docks if one.isAncestorOf(focus)), ""))
    assert seen == {"", *(f"{name}_dock" for name in LISTEN.panels)}


# --- the person's own -------------------------------------------------------------------------------------------------


def test_a_saved_layout_is_there_after_a_restart(settings: Settings, qtbot: QtBot) -> None:
    studio = Studio(qtbot, settings, (1280, 720))
    studio.use("listen")
    panels_menu(studio)["Clip"].trigger()
    studio.window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, studio.dock("next"))
    studio.settle()
    studio.save_as("  Late   evening & more ")
    name = "Late evening & more"
    assert studio.button.current() == name
    saved = studio.places()
    stored = studio.close()
    assert stored.layout == name
    again = Studio(qtbot, stored)
    assert again.button.current() == name
    assert again.places() == saved
    assert [(one.title, one.is_own) for one in again.button.layouts()] == [
        ("Listen", False),
        ("Inspect", False),
        (name, True),
    ]
    again.use("inspect")
    assert set(again.window.shown_panels()) == set(INSPECT.panels)
    again.use(name)
    assert again.places() == saved
    # Switched and closed, it is the last one used that comes back, and the others are as they were.
    again.use("listen")
    listened = again.places()
    stored = again.close()
    once_more = Studio(qtbot, stored)
    assert once_more.button.current() == "listen"
    assert once_more.places() == listened
    once_more.use(name)
    assert once_more.places() == saved
    once_more.close()


def test_what_is_switched_is_kept_though_the_window_is_never_closed(studio: Studio, qtbot: QtBot) -> None:
    studio.save_as("Mine")
    studio.use("listen")
    qtbot.waitUntil(lambda: paths.settings_file().exists() and load_settings(paths.settings_file()).layout == "listen")
    stored = load_settings(paths.settings_file())
    other = Studio(qtbot, stored)
    assert set(other.window.shown_panels()) == set(LISTEN.panels)
    assert [one.name for one in other.button.layouts()] == ["listen", "inspect", "Mine"]
    other.close()


def test_a_layout_is_renamed_and_refuses_names_that_are_taken(studio: Studio) -> None:
    assert not studio.entry("Rename").isVisible(), "what comes with the studio keeps its name"
    assert not studio.entry("Delete").isVisible()
    studio.save_as("Morning")
    studio.save_as("Evening")
    studio.choose("Rename “Evening”")
    dialog = studio.name_it("morning")
    assert dialog.isVisible()
    assert dialog.refused.text() == "There is already a layout named “morning”: choose another name."
    assert dialog.edit.accessibleDescription() == dialog.refused.text()
    size = dialog.size()
    for name, words in (("", "is empty"), ("y" * 50, "50 characters"), ("Listen", "“Listen”")):
        studio.name_it(name)
        assert words in dialog.refused.text()
        assert dialog.size() == size, "nothing moves"
    QTest.keyClicks(dialog.edit, "!")
    assert dialog.refused.text() == ""
    studio.name_it("Night")
    assert not dialog.isVisible()
    studio.rid_of_dialogs()
    assert [one.name for one in studio.button.layouts()] == ["listen", "inspect", "Morning", "Night"]
    assert studio.button.current() == "Night"
    stored = studio.close()
    assert (stored.layout, [name for name, _ in stored.layouts]) == ("Night", ["inspect", "Morning", "Night"])


def test_a_dialog_that_is_cancelled_changes_nothing(studio: Studio) -> None:
    studio.choose("Save as")
    dialog = studio.window.findChild(NameDialog)
    assert dialog is not None
    for control in (dialog.edit, *dialog.buttons.buttons()):
        assert control.accessibleName()
        assert control.toolTip()
    QTest.keyClicks(dialog.edit, "Never")
    QTest.keyClick(dialog.edit, Qt.Key.Key_Escape)
    studio.rid_of_dialogs()
    assert [one.name for one in studio.button.layouts()] == list(FACTORY)


def test_there_is_room_for_so_many_layouts(settings: Settings, qtbot: QtBot) -> None:
    kept = tuple((f"mine {at}", "") for at in range(MAX_OWN))
    studio = Studio(qtbot, replace(settings, layouts=kept))
    studio.choose("Save as")
    dialog = studio.name_it("one more")
    assert "delete one of them first" in dialog.refused.text()
    QTest.mouseClick(dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel), Qt.MouseButton.LeftButton)
    studio.rid_of_dialogs()
    # One of which nothing is known but its name begins with every panel that is shown.
    studio.use("mine 0")
    assert set(studio.window.shown_panels()) == set(INSPECT.panels)
    studio.close()


@pytest.mark.parametrize("answer", [QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.Cancel], ids=str)
def test_a_layout_is_deleted_when_it_is_meant(studio: Studio, answer: QMessageBox.StandardButton) -> None:
    fresh = studio.places()
    studio.use("listen")
    studio.save_as("Evening")
    studio.choose("Delete “Evening”")
    box = studio.window.findChild(QMessageBox)
    assert box is not None
    assert box.text() == "Delete the layout “Evening”? The window goes back to “Inspect”."
    for button in box.buttons():
        assert button.accessibleName()
        assert button.toolTip()
    QTest.mouseClick(box.button(answer), Qt.MouseButton.LeftButton)
    studio.rid_of_dialogs()
    studio.settle()
    is_gone = answer is QMessageBox.StandardButton.Yes
    assert ("Evening" in [one.name for one in studio.button.layouts()]) is not is_gone
    assert studio.button.current() == ("inspect" if is_gone else "Evening")
    if is_gone:
        assert studio.places() == fresh


def test_an_own_layout_of_a_large_screen_shows_its_panels_on_a_small_one(settings: Settings, qtbot: QtBot) -> None:
    studio = Studio(qtbot, settings, (1920, 1100))
    panels_menu(studio)["Console"].trigger()
    studio.window.resizeDocks([studio.dock("generate")], [900], Qt.Orientation.Horizontal)
    studio.window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, studio.dock("library"))
    studio.window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, studio.dock("candidates"))
    studio.settle()
    studio.save_as("Wide")
    stored = studio.close()
    small = Studio(qtbot, replace(stored, layout="listen", window_state="", window_geometry=""), (1024, 560))
    small.use("Wide")
    assert small.window.size().toTuple() == (1024, 560)
    assert set(small.window.shown_panels()) == set(INSPECT.panels) - {"console"}
    assert unreachable(small.window) == []
    small.close()


# --- who used it before -----------------------------------------------------------------------------------------------


def test_a_window_from_before_layouts_had_names_is_as_it_was_left(settings: Settings, qtbot: QtBot) -> None:
    studio = Studio(qtbot, settings, (1280, 720))
    studio.window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, studio.dock("console"))
    studio.settle()
    left = studio.places()
    stored = studio.close()
    old = replace(stored, window_state=";".join(stored.window_state.split(";")[:OLD_PARTS]), layouts=())
    again = Studio(qtbot, old)
    assert again.button.current() == INSPECT.name
    assert again.places() == left
    again.use("listen")
    again.use("inspect")
    assert again.places() == left
    again.close()


# --- what goes on meanwhile -------------------------------------------------------------------------------------------


def test_the_music_goes_on_while_layouts_are_switched(no_sound: None, settings: Settings, qtbot: QtBot) -> None:
    studio = Studio(qtbot, replace(settings, duration_s=8.0), (1280, 720))
    engine: StudioEngine = studio.engine
    heard: list[tuple[float, int]] = []
    engine.output.snapshot_taken.connect(lambda one: heard.append((one.position_samples, one.xruns)))
    engine.start()
    qtbot.waitUntil(studio.window.prompt_bar.save_button.isEnabled, timeout=30_000)
    QTest.mouseClick(studio.window.prompt_bar.start_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(heard) > 20, timeout=30_000)
    processes = engine.process_ids()["audio"]
    for at in range(12):
        n_heard = len(heard)
        studio.button.layout_chosen.emit(("listen", "inspect")[at % 2])
        qtbot.waitUntil(lambda n_heard=n_heard: len(heard) > n_heard + 3, timeout=10_000)
    assert engine.process_ids()["audio"] == processes
    assert studio.window.prompt_bar.is_running()
    assert heard[-1][1] == heard[20][1], "no xrun"
    places = {at for at, _ in heard}
    assert len(places) > 0.8 * len(heard), "the playhead moved all the while"
    QTest.mouseClick(studio.window.prompt_bar.start_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not studio.window.prompt_bar.is_running())
    # The meter falls to its rest.
    qtbot.waitUntil(lambda: not any(one.isActive() for one in studio.window.output_panel.findChildren(QTimer)))
    studio.close()


# --- twice as large ---------------------------------------------------------------------------------------------------

SCALED = """
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from app.layouts import FACTORY
from app.main_window import MainWindow
from app.studio import dress
from tests.app.windows import unreachable
application = QApplication(["infiniloop"])
dress(application)
window = MainWindow()
window.resize(960, 560)
window.reset_layout()
window.show()
for name in ("listen", "inspect", "listen"):
    window.show_layout(FACTORY[name], "")
    QTest.qWait(300)
    assert window.devicePixelRatio() == 2.0
    assert window.grab().width() == 1920
    assert window.size().toTuple() == (960, 560), window.size()
    assert set(window.shown_panels()) == set(FACTORY[name].panels)
    assert unreachable(window) == [], unreachable(window)
print("whole")
"""


def test_layouts_are_whole_on_a_screen_of_twice_the_pixels(display: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCALED],
        env={**os.environ, "QT_SCALE_FACTOR": "2"},
        cwd=RESOURCES.parent,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout.strip() == "whole", done.stderr
