# SPDX-License-Identifier: GPL-3.0-or-later
"""Ctrl+Z in the real window puts back what was set, dragged, rated and deleted, and the menu names the step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.controllers import undo as controller_undo
from app.controllers.studio import Controller
from app.controllers.undo import UndoController
from app.main_window import MainWindow
from app.paths import RESOURCES
from app.settings import Settings
from app.studio import build
from app.undo import Step
from engine.library.takes import TakeLibrary
from engine.qt.studio import StudioEngine
from engine.session.edits import LoopRef, RegionEdit
from engine.session.options import Happening, Places
from engine.values import FAVOURITE
from tests.app.windows import dressed
from tests.engine.library.making import noise_clip, recipe
from tests.widgets.pictures import a_candidate

pytestmark = pytest.mark.gui

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class Hands:
    """These hands press keys in the window, wherever the keyboard is."""

    def __init__(self, window: MainWindow, engine: StudioEngine, qtbot: QtBot) -> None:
        self.window, self.engine, self.qtbot = window, engine, qtbot
        controller, undo = window.findChild(Controller), window.findChild(UndoController)
        assert isinstance(controller, Controller)
        assert isinstance(undo, UndoController)
        self.store, self.undo = controller.store, undo

    @property
    def settings(self) -> Settings:
        return self.store.settings

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        focus = QApplication.focusWidget()
        QTest.keyClick(self.window if focus is None else focus, key, modifiers)

    def undo_by_keys(self) -> None:
        self.press(Qt.Key.Key_Z, CTRL)

    def redo_by_keys(self) -> None:
        self.press(Qt.Key.Key_Z, CTRL | SHIFT)

    def rest(self) -> None:
        """Have the next step be one of its own: what follows at once would join the last."""
        steps = self.undo.history
        if steps.index():
            step = steps.command(steps.index() - 1)
            assert isinstance(step, Step)
            step.rest()

    def go_to(self, widget: QWidget) -> None:
        widget.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def texts(self) -> tuple[str, str]:
        return self.undo.undo_action.text(), self.undo.redo_action.text()

    def until(self, condition: Callable[[], object], what: str) -> None:
        try:
            self.qtbot.waitUntil(lambda: bool(condition()), timeout=30_000)
        except Exception as error:
            raise AssertionError(what) from error


@contextmanager
def opened(qtbot: QtBot, folder: Path, *, starts: bool) -> Iterator[Hands]:
    """Yield the window, with its engine started or not."""
    settings = replace(Settings(), prompt="rain", data_folder=str(folder / "data"), save_folder=str(folder))
    with (folder / "processes.log").open("a", encoding="utf-8") as log:
        window, engine = build(settings, Places(str(RESOURCES / "starters"), log))
        qtbot.addWidget(window)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        if starts:
            engine.start()
        try:
            yield Hands(window, engine, qtbot)
        finally:
            window.close()
            engine.shut_down()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def hands(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hands]:
    """Yield the window with an engine that was not started."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    with opened(qtbot, tmp_path, starts=False) as hands:
        yield hands


def test_settings_go_back_and_forth_by_keys_and_the_panels_and_the_engine_follow(hands: Hands) -> None:
    window, engine = hands.window, hands.engine
    assert hands.texts == ("Undo", "Redo")
    assert not hands.undo.undo_action.isEnabled()
    hands.undo_by_keys()
    slider = window.overlap_panel.slider
    told = QSignalSpy(engine.options_changed)
    first = hands.settings.overlap_ms
    hands.go_to(slider)
    for _ in range(5):
        hands.press(Qt.Key.Key_Right)
    hands.qtbot.waitUntil(lambda: hands.settings.overlap_ms == window.overlap_panel.overlap_ms() != first)
    moved = hands.settings.overlap_ms
    hands.rest()
    hands.go_to(window.output_panel.volume.slider)
    hands.press(Qt.Key.Key_Left)
    hands.press(Qt.Key.Key_Left)
    quieter = hands.settings.volume_db
    hands.rest()
    QTest.mouseClick(window.generate_panel.classic_button, Qt.MouseButton.LeftButton)
    assert hands.undo.history.count() == 3
    assert hands.texts == ("Undo: change “Algorithm”", "Redo")
    hands.undo_by_keys()
    assert hands.settings.algorithm == "advanced"
    assert window.generate_panel.advanced_button.isChecked()
    assert window.notice_bar.notice() == "Undone: change “Algorithm”"
    assert hands.texts == ("Undo: change “Volume”", "Redo: change “Algorithm”")
    hands.undo_by_keys()
    assert hands.settings.volume_db == window.output_panel.volume.value() == 0.0
    hands.undo_by_keys()
    assert hands.settings.overlap_ms == window.overlap_panel.overlap_ms() == first
    assert told.at(told.count() - 1)[0].overlap_ms == first
    assert hands.texts == ("Undo", "Redo: change “Overlap”")
    hands.redo_by_keys()
    assert hands.settings.overlap_ms == window.overlap_panel.spin.value() == moved
    hands.press(Qt.Key.Key_Y, CTRL)
    assert hands.settings.volume_db == window.output_panel.volume.value() == quieter
    assert window.notice_bar.notice() == "Done again: change “Volume”"
    hands.go_to(window.overlap_panel.spin)
    hands.undo_by_keys()
    assert hands.settings.volume_db == 0.0, "a number that is set is a step of the studio's"
    window.notice_bar.clear_notice("undo")


def test_in_the_prompt_what_was_typed_goes_first(hands: Hands) -> None:
    window = hands.window
    edit = window.prompt_bar.edit
    window.generate_panel.min_play.slider.setValue(3)
    play_s = hands.settings.min_play_s
    hands.rest()
    hands.go_to(edit)
    edit.selectAll()
    QTest.keyClicks(edit, "house")
    hands.press(Qt.Key.Key_Return)
    assert hands.settings.prompt == "house"
    assert hands.texts[0] == "Undo: change “Prompt”"
    QTest.keyClicks(edit, " 120 bpm")
    for key, text in ((Qt.Key.Key_Z, "rain"), (Qt.Key.Key_Y, "house 120 bpm")):
        while edit.text() != text:
            before = edit.text()
            hands.press(key, CTRL)
            assert edit.text() != before
    assert hands.settings.prompt == "house"
    while edit.isUndoAvailable():
        hands.undo_by_keys()
    assert edit.text() == "rain"
    assert hands.settings.prompt == "house", "of what is typed nothing is made yet"
    hands.undo_by_keys()
    assert hands.settings.prompt == "rain"
    assert edit.text() == "rain"
    hands.undo_by_keys()
    assert hands.settings.min_play_s != play_s, "then come the steps before"
    hands.redo_by_keys()
    hands.redo_by_keys()
    assert (hands.settings.prompt, edit.text(), hands.settings.min_play_s) == ("house", "house", play_s)
    edit.selectAll()
    QTest.keyClicks(edit, "jazz")
    hands.undo.undo_action.trigger()
    assert (hands.settings.prompt, edit.text()) == ("rain", "rain")
    hands.undo_by_keys()
    assert edit.text() == "jazz", "what was being typed is not lost"
    window.notice_bar.clear_notice("undo")


def test_a_drag_is_one_step_and_the_history_has_an_end(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    slider = hands.window.output_panel.volume.slider
    middle = slider.height() // 2
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() - 8, middle))
    for share in (0.8, 0.6, 0.4):
        QTest.mouseMove(slider, QPoint(round(share * slider.width()), middle))
        hands.rest()
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(round(0.4 * slider.width()), middle))
    assert hands.settings.volume_db < -6.0
    assert hands.undo.history.count() == 1
    for number in range(controller_undo.MOST_STEPS + 5):
        hands.rest()
        hands.store.change(min_play_s=20.0 + number)
    assert hands.undo.history.count() == controller_undo.MOST_STEPS
    while hands.undo.history.canUndo():
        hands.undo.history.undo()
    assert hands.settings.min_play_s == 24.0


def test_what_could_not_be_put_back_is_told_in_the_place_of_undone(hands: Hands) -> None:
    hands.store.change(min_play_s=25.0)
    hands.undo_by_keys()
    bar = hands.window.notice_bar
    assert bar.notice().startswith("Undone: ")
    told = Happening("The transition to “{title}” does not come any more: nothing was put back", {"title": "Rain"})
    hands.engine.editing.not_put.emit(told)
    assert bar.notice() == "The transition to “Rain” does not come any more: nothing was put back"
    bar.clear_notice("undo")
    assert bar.notice() == ""


def test_edits_of_the_engine_are_asked_back_and_named_in_italian(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    with dressed(qapp, "it"), opened(qtbot, tmp_path, starts=False) as hands:
        wanted = QSignalSpy(hands.undo.put_wanted)
        loop = LoopRef(1, "", str(tmp_path), "Pioggia & vento")
        edit = RegionEdit(loop, a_candidate(0, 9), a_candidate(0, 8), by_hand=True, was_marked=False)
        hands.engine.editing.edited.emit(edit)
        assert hands.texts == ("Annulla: sposta la fine del loop", "Ripeti")
        hands.undo_by_keys()
        hands.redo_by_keys()
        assert [list(wanted.at(at)) for at in range(wanted.count())] == [[edit, True], [edit, False]]
        assert hands.window.notice_bar.notice() == "Ripetuto: sposta la fine del loop"
        hands.engine.editing.edited.emit(replace(edit, by_hand=False))
        assert hands.texts[0] == "Annulla: scegli un altro loop di “Pioggia && vento”"
        actions = hands.window.prompt_bar.menu_button.menu().actions()
        assert [one.text() for one in actions if one in (hands.undo.undo_action, hands.undo.redo_action)] == list(
            hands.texts
        )
        hands.window.notice_bar.clear_notice("undo")


@pytest.mark.soak
def test_with_the_real_engine_a_loop_is_dragged_back_and_takes_are_deleted_and_had_back(
    qtbot: QtBot, no_sound: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    data = tmp_path / "data"
    with TakeLibrary(data) as library:
        ids = [library.add(noise_clip(44_100), recipe(f"number {at}")).take_id for at in range(4)][::-1]
        library.rate(ids[1], FAVOURITE)
    with opened(qtbot, tmp_path, starts=True) as hands:
        window = hands.window
        plot, panel = window.waveform_panel.plot, window.library_panel
        hands.until(lambda: plot.region is not None, "the starter is drawn")
        hands.until(lambda: panel.model.ids == tuple(ids), "the takes are listed")
        found = plot.region
        assert found is not None
        hands.go_to(plot)
        hands.press(Qt.Key.Key_O)
        hands.press(Qt.Key.Key_Left, SHIFT)
        hands.until(lambda: hands.texts[0] == "Undo: move the loop's end", "the step is there")
        assert plot.region is not None
        assert plot.region.loop_end < found.loop_end
        hands.undo_by_keys()
        hands.until(lambda: plot.region == found, "the end is where it was")
        hands.redo_by_keys()
        hands.until(lambda: plot.region != found, "and moved again")
        hands.go_to(panel.list)
        panel.list.setCurrentIndex(panel.model.index(1))
        hands.press(Qt.Key.Key_Down, SHIFT)
        hands.press(Qt.Key.Key_Delete)
        hands.until(lambda: panel.model.ids == (ids[0], ids[3]), "two are gone")
        assert panel.selected_ids() == (ids[3],), "the keyboard goes on where it was"
        # The list is told first.
        hands.until(lambda: hands.texts[0] == "Undo: delete 2 takes", "the step is there")
        assert window.notice_bar.notice() == "2 takes were deleted: Ctrl+Z brings them back"
        assert {path.stem for path in (data / "takes").iterdir()} == {ids[0], ids[3]}
        hands.undo_by_keys()
        hands.until(lambda: panel.model.ids == tuple(ids), "they are back")
        with TakeLibrary(data) as library:
            assert [one.take_id for one in library.takes()] == ids
            assert [one.take_id for one in library.favourites()] == [ids[1]]
        hands.redo_by_keys()
        hands.until(lambda: panel.model.ids == (ids[0], ids[3]), "and gone again")
        hands.press(Qt.Key.Key_Delete)
        hands.undo_by_keys()
        hands.until(lambda: "Redo: delete" in hands.texts[1], "it is undone as soon as it is done")
        hands.until(lambda: panel.model.ids == (ids[0], ids[3]), "what was deleted last is back, and nothing else")
        assert plot.region != found
        window.notice_bar.clear_notice("undo")
