# SPDX-License-Identifier: GPL-3.0-or-later
"""Layouts are switched by menu and key in the real window, as they were left or as suits it, while music plays."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from functools import partial

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDockWidget, QLabel
from pytestqt.qtbot import QtBot

from app.layouts import INSPECT, JAM, LISTEN, PERFORM
from app.paths import RESOURCES
from app.settings import Settings
from engine.qt.studio import StudioEngine
from tests.app.layouts.hands import Studio
from tests.app.windows import dressed, unreachable
from tests.sampling import some

pytestmark = pytest.mark.gui

SIZES = ((1024, 640), (1280, 720), (1920, 1080))

# --- switching --------------------------------------------------------------------------------------------------------


def test_a_new_window_shows_every_panel_as_ever(studio: Studio) -> None:
    assert studio.button.current() == INSPECT.name
    assert set(studio.window.shown_panels()) == set(INSPECT.panels)
    assert [one.title for one in studio.button.layouts()] == [
        "Listen",
        "Inspect",
        "Small window",
        "Mini",
        "Perform",
        "Jam",
    ]
    assert "Layout now: Inspect" in studio.button.toolTip()


@pytest.mark.parametrize("size", [SIZES[0], pytest.param(SIZES[1], marks=pytest.mark.soak), SIZES[2]], ids=str)
@pytest.mark.parametrize("language", some(["it", "en"]))
def test_each_layout_suits_the_window(
    qapp: QApplication, settings: Settings, qtbot: QtBot, size: tuple[int, int], language: str
) -> None:
    with dressed(qapp, language):
        studio = Studio(qtbot, settings, size)
        for layout in (LISTEN, INSPECT, PERFORM, JAM, LISTEN):
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


def test_panels_around_no_picture_are_whole_after_a_reset(studio: Studio) -> None:
    window = studio.window
    for name in INSPECT.pictures:
        window.show_panel(name, False)
    window.show_layout(None, window.layout_text()[1])
    for width, height in ((1366, 768), (1920, 1060)):
        window.resize(width, height)
        window.reset_layout()
        studio.settle()
        in_front = [one for one in window.findChildren(QDockWidget) if not one.visibleRegion().isEmpty()]
        assert len(in_front) >= 5
        assert all(one.width() >= 250 for one in in_front), [(one.objectName(), one.width()) for one in in_front]


def test_a_window_without_panels_says_how_they_come_back(studio: Studio) -> None:
    window = studio.window
    label = window.findChild(QLabel, "no_panel_shown")
    assert isinstance(label, QLabel)
    assert not label.isVisible()
    for name in window.shown_panels():
        window.show_panel(name, False)
    studio.settle()
    assert label.isVisible()
    window.show_panel("waveform", True)
    studio.settle()
    assert not label.isVisible()
    window.show_panel("waveform", False)
    window.show_panel("output", True)
    studio.settle()
    assert not label.isVisible()


def test_the_menu_is_opened_and_used_by_keys(studio: Studio, qtbot: QtBot) -> None:
    menu = studio.button.menu()

    def choose_first_layout() -> None:
        while (chosen := menu.activeAction()) is None or not chosen.isCheckable():
            QTest.keyClick(menu, Qt.Key.Key_Down)
        QTest.keyClick(menu, Qt.Key.Key_Return)

    studio.window.prompt_bar.edit.setFocus()
    QTimer.singleShot(200, choose_first_layout)
    QTest.keyClick(studio.window.prompt_bar.edit, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: studio.button.current() == "listen")
    assert not menu.isVisible()
    checked = [one.text() for one in menu.actions() if one.isCheckable() and one.isChecked()]
    assert checked == ["Listen"]


# --- panels -----------------------------------------------------------------------------------------------------------


def test_panels_are_hidden_and_shown_again_where_they_stood(studio: Studio) -> None:
    before = studio.places()
    entries = studio.panels()
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


@pytest.mark.parametrize(("size", "text_pt"), some([((1016, 504), 16.0), ((1024, 640), 0.0)]), ids=str)
def test_panels_that_have_no_room_share_a_place_as_tabs(
    qapp: QApplication, settings: Settings, qtbot: QtBot, size: tuple[int, int], text_pt: float
) -> None:
    with dressed(qapp, "en", text_pt):
        studio = Studio(qtbot, settings, size)
        studio.use("listen")
        for action in studio.panels().values():
            if not action.isChecked():
                action.trigger()
        studio.settle()
        assert set(studio.window.shown_panels()) == set(INSPECT.panels)
        assert studio.window.size().toTuple() == size, "the window is no larger"
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


# --- what goes on meanwhile -------------------------------------------------------------------------------------------


@pytest.mark.soak
def test_the_keyboard_stays_in_a_panel_that_both_layouts_have(studio: Studio) -> None:
    button = studio.window.fragments_panel.folder_button
    for name in ("perform", "inspect"):
        studio.window.go_to_panel("fragments")
        assert button.hasFocus()
        studio.use(name)
        assert button.isVisible()
        assert button.hasFocus(), name


def test_the_music_goes_on_while_layouts_are_switched(no_sound: None, settings: Settings, qtbot: QtBot) -> None:
    studio = Studio(qtbot, replace(settings, duration_s=8.0), (1280, 720))
    engine: StudioEngine = studio.engine
    heard: list[tuple[float, int]] = []

    def has_heard(n: int) -> bool:
        return len(heard) >= n

    engine.output.snapshot_taken.connect(lambda one: heard.append((one.endless.position_samples, one.xruns)))
    engine.start()
    qtbot.waitUntil(studio.window.prompt_bar.save_button.isEnabled, timeout=30_000)
    QTest.mouseClick(studio.window.prompt_bar.start_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(heard) > 20, timeout=30_000)
    processes = engine.process_ids()["audio"]
    for at in range(12):
        enough = len(heard) + 4
        studio.button.layout_chosen.emit(("listen", "inspect")[at % 2])
        qtbot.waitUntil(partial(has_heard, enough), timeout=10_000)
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
from tests.app.layouts.hands import Studio
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


@pytest.mark.soak
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


def test_the_jams_layout_is_played_by_keys_at_once(studio: Studio) -> None:
    jam, edit = studio.window.jam_panel, studio.window.prompt_bar.edit
    edit.setFocus()
    studio.use(JAM.name)
    assert QApplication.focusWidget() is jam.main_stop()
    edit.setFocus()
    studio.use(JAM.name)
    assert QApplication.focusWidget() is jam.main_stop(), "its key leads there again"
    studio.use(LISTEN.name)
