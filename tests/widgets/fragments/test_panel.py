# SPDX-License-Identifier: GPL-3.0-or-later
"""The fragments panel shows each slot as it is, flashes once, and tells what a performer wants."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QCheckBox, QLineEdit
from pytestqt.qtbot import QtBot

from engine.values.fragment_options import FRAGMENT_OPTIONS, IN_DIALOG
from engine.values.fragments import FragmentMaking, FragmentMode, FragmentReady, FragmentSilent
from tests.widgets.fragments.states import a_slot, a_state
from widgets import theme
from widgets.dialogs.name_dialog import NameDialog
from widgets.fragments.panel import FragmentsPanel
from widgets.fragments.settings_dialog import FragmentsDialog
from widgets.fragments.tile import FLASH_MS, FLASH_STEPS
from widgets.fragments.words import age_words, ready_words, silent_words, slot_words

pytestmark = pytest.mark.gui

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(qtbot: QtBot) -> FragmentsPanel:
    one = FragmentsPanel()
    qtbot.addWidget(one)
    one.resize(760, 640)
    with qtbot.waitActive(one):
        one.show()
        one.activateWindow()
    return one


def test_without_a_folder_it_says_what_it_is_for_and_leads_to_one(panel: FragmentsPanel) -> None:
    wanted = QSignalSpy(panel.folder_requested)
    assert "in a circle" in panel.reason.text()
    assert not panel.retry_button.isVisible()
    assert not panel.prompt_edit.isVisible()
    QTest.mouseClick(panel.folder_button, LEFT)
    panel.folder_button.setFocus()
    QTest.keyClick(panel.folder_button, Qt.Key.Key_Return)
    assert wanted.count() == 2
    panel.show_none("Another station has it.", can_retry=True)
    assert (panel.reason.text(), panel.retry_button.isVisible()) == ("Another station has it.", True)
    panel.set_state(a_state())
    assert not panel.reason.isVisible()
    assert panel.prompt_edit.isVisible()


def test_of_all_tiles_one_is_a_stop_of_tab(panel: FragmentsPanel) -> None:
    panel.set_state(a_state())
    tiles = panel.grid.tiles

    def stops() -> list[int]:
        return [one.number for one in tiles if one.focusPolicy() & Qt.FocusPolicy.TabFocus]

    assert stops() == [1]
    tiles[0].setFocus()
    QTest.keyClick(tiles[0], Qt.Key.Key_Tab)
    assert not any(one.hasFocus() for one in tiles)
    QTest.mouseClick(tiles[5], LEFT)
    assert stops() == [6], "where the keyboard was last"
    QTest.keyClick(tiles[5], Qt.Key.Key_Home)
    assert stops() == [1]
    QTest.keyClick(tiles[0], Qt.Key.Key_End)
    panel.set_state(replace(a_state(), slots=a_state().slots[:3]))
    assert stops() == [3], "those that are gone are none"


def test_tiles_say_what_lies_in_their_slots(panel: FragmentsPanel) -> None:
    panel.set_state(a_state(making=FragmentMaking("sea", None, "composing", 0.4, 3.0)))
    tiles = panel.grid.tiles
    assert [one.accessibleName() for one in (tiles[0], tiles[1], tiles[7])] == [
        "Slot 1, rain on glass, the 1th, 3.2 s, next",
        "Slot 2, rain on glass, the 2th, 3.2 s, frozen",
        "Slot 8, empty",
    ]
    assert [one.freeze_button.isChecked() for one in tiles[:3]] == [False, True, False]
    assert not tiles[7].hear_button.isEnabled()
    assert not tiles[1].clear_button.isEnabled(), "a frozen one keeps what it has"
    assert panel.stage.text() == "Composing · 40 % · 3 s left · sea"
    assert (panel.bar.value(), panel.stop_button.isEnabled()) == (400, True)
    panel.set_state(a_state())
    assert (panel.stage.text(), panel.bar.value(), panel.stop_button.isEnabled()) == ("", 0, False)
    assert [age_words(one) for one in (0.4, 59.9, 185.0, 7300.0, 200_000.0)] == ["0 s", "59 s", "3 min", "2 h", "2 d"]
    own = replace(a_slot(4, "sea"), own_prompt="bells", is_taken=True)
    assert slot_words(own, is_next=False) == "Slot 4, sea, 3.2 s, taken, its own prompt: bells"
    ready = ready_words(FragmentReady(replace(own, duration_s=5.0), "sea", "output017.wav", 3.21))
    assert ready == "3.2 s → output04.wav (archive/output017.wav), 5.0 s long", "how long it took is not how long it is"
    assert "all slots are frozen" in ready_words(FragmentReady(None, "sea", "output017.wav", 3.21))
    assert "“sea”" in silent_words(FragmentSilent("sea", 1.0))


@pytest.mark.parametrize(("n", "size"), [(8, (760, 640)), (8, (240, 400)), (1, (500, 500)), (99, (760, 640))], ids=str)
def test_tiles_fill_their_room_and_scroll_where_they_are_too_many(
    panel: FragmentsPanel, n: int, size: tuple[int, int]
) -> None:
    panel.resize(*size)
    panel.set_state(a_state(n))
    panel.layout().activate()  # type: ignore[union-attr]
    grid = panel.grid
    places = [one.geometry() for one in grid.tiles]
    assert all(one.width() >= grid.tiles[0].least().width() for one in places)
    assert all(one.height() >= grid.tiles[0].least().height() for one in places)
    assert not [1 for at, one in enumerate(places) for other in places[at + 1 :] if one.intersects(other)]
    assert max(one.right() for one in places) < grid.viewport().width()
    if (n, size) == (8, (760, 640)):
        assert grid.verticalScrollBar().maximum() == 0, "eight fit at once"
        assert len({one.y() for one in places}) == 2
    panel.set_state(a_state(2))
    assert len(grid.tiles) == 2


def test_what_is_new_flashes_once_and_is_still_where_little_is_to_move(panel: FragmentsPanel, qtbot: QtBot) -> None:
    panel.set_state(a_state())
    tile = panel.grid.tiles[2]
    calm = tile.grab().toImage()
    panel.flash(3)
    assert tile.grab().toImage() != calm
    qtbot.waitUntil(lambda: not tile._flashing.isActive(), timeout=20 * FLASH_MS * FLASH_STEPS)
    tile.slot = replace(tile.slot, written_s=time.time() - 12.0)
    assert tile.grab().toImage() == calm
    panel.flash(99)
    look = theme._look.is_still
    theme._look.is_still = True
    try:
        panel.flash(3)
        assert tile.grab().toImage() == calm
    finally:
        theme._look.is_still = look


def test_hands_and_keys_ask_the_same(panel: FragmentsPanel, qtbot: QtBot) -> None:
    panel.set_state(a_state())
    spies = {
        name: QSignalSpy(getattr(panel, name))
        for name in ("make_requested", "freeze_requested", "clear_requested", "hear_requested", "end_requested",
                     "copy_requested", "drag_begun", "stop_requested", "mode_changed")
    }  # fmt: skip

    def told(name: str) -> list[list[object]]:
        return [spies[name].at(at) for at in range(spies[name].count())]

    panel.prompt_edit.setFocus()
    QTest.keyClicks(panel.prompt_edit, "sea {calm|rough}")
    QTest.keyClick(panel.prompt_edit, Qt.Key.Key_Return)
    QTest.mouseClick(panel.make_button, LEFT)
    tile = panel.grid.tiles[0]
    tile.setFocus()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_F, Qt.Key.Key_Delete, Qt.Key.Key_Space):
        QTest.keyClick(tile, key)
    QTest.keyClick(tile, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    for button in (tile.freeze_button, tile.clear_button, tile.hear_button):
        QTest.mouseClick(button, LEFT)
    assert told("make_requested") == [["sea {calm|rough}", None]] * 2 + [["sea {calm|rough}", 1]]
    assert told("freeze_requested") == [[1, True]] * 2
    assert told("clear_requested") == told("hear_requested") == [[1]] * 2
    assert told("copy_requested") == [[1]]
    panel.set_heard(1)
    assert tile.hear_button.isChecked()
    QTest.mouseClick(tile.hear_button, LEFT)
    QTest.keyClick(tile, Qt.Key.Key_Escape)
    assert spies["end_requested"].count() == 2
    panel.set_heard(None)
    QTest.keyClick(tile, Qt.Key.Key_Right)
    QTest.keyClick(panel.grid.tiles[1], Qt.Key.Key_Down)
    assert panel.grid.tiles[5].hasFocus(), "below the second of four"
    QTest.keyClick(panel.grid.tiles[5], Qt.Key.Key_End)
    assert panel.grid.tiles[7].hasFocus()
    QTest.mousePress(tile, LEFT, pos=tile.rect().center() / 2)
    QTest.mouseMove(tile, tile.rect().center())
    assert told("drag_begun") == [[1]]
    QTest.mouseRelease(tile, LEFT)
    mode = panel.mode.widget
    mode.setFocus()
    QTest.keyClick(mode, Qt.Key.Key_Down)
    assert told("mode_changed") == [[FragmentMode.WHEN_TAKEN, 20.0]]
    assert not panel.every.widget.isVisible()


def test_a_slot_is_given_a_prompt_of_its_own(panel: FragmentsPanel, qtbot: QtBot) -> None:
    panel.set_state(a_state())
    named = QSignalSpy(panel.slot_prompt_changed)
    tile = panel.grid.tiles[3]
    QTest.keyClick(tile, Qt.Key.Key_P)
    dialog = panel.findChild(NameDialog)
    assert dialog is not None
    dialog.edit.setText("glass bells")
    QTest.keyClick(dialog.edit, Qt.Key.Key_Return)
    assert [named.at(0)] == [[4, "glass bells"]]


def test_a_slot_whose_place_a_folder_has_says_so(panel: FragmentsPanel) -> None:
    state = a_state()
    panel.set_state(replace(state, slots=(*state.slots[:-1], replace(state.slots[-1], is_blocked=True))))
    tile = panel.grid.tiles[7]
    assert tile.accessibleName() == "Slot 8, a folder has its name"
    assert "A folder stands where “/slots/output08.wav” is to be" in tile.toolTip()
    assert tile._state()[0] == "blocked"


def test_the_pages_address_is_copied_whole_and_shown_without_its_token(panel: FragmentsPanel) -> None:
    panel.set_state(a_state())
    assert not panel.page_button.isVisible()
    panel.set_page("http://192.168.1.7:8421/fragments/?token=secret")
    assert "secret" not in panel.page_label.text()
    QTest.mouseClick(panel.page_button, LEFT)
    assert QGuiApplication.clipboard().text() == "http://192.168.1.7:8421/fragments/?token=secret"


def test_the_settings_come_out_as_they_went_in_or_as_they_were_set(qtbot: QtBot) -> None:
    values = {one.name: one.default for one in FRAGMENT_OPTIONS} | {"fragments_generator": ""}
    dialog = FragmentsDialog(values, ())
    qtbot.addWidget(dialog)
    shown = {
        name: values[name] for name in (*(one.name for one in IN_DIALOG), "fragments_prompts", "fragments_generator")
    }
    assert dialog.values() == shown
    chosen = QSignalSpy(dialog.chosen)
    loops = dialog.rows.controls["fragments_loops"].widget
    assert isinstance(loops, QCheckBox)
    loops.setChecked(True)
    assert dialog.rows.controls["fragments_bars"].widget.isEnabled()
    dialog.rotation.setPlainText(" rain \n\n{soft|loud} wind\n")
    dialog.buttons.accepted.emit()
    assert chosen.at(0)[0] == {**shown, "fragments_loops": True, "fragments_prompts": "rain\n{soft|loud} wind"}


def test_its_settings_begin_with_the_folder_and_show_the_end_of_its_path(qtbot: QtBot) -> None:
    folder = "/home/anna/" + "a long way/" * 20 + "slots"
    dialog = FragmentsDialog({"fragments_folder": folder}, ())
    qtbot.addWidget(dialog)
    with qtbot.waitActive(dialog):
        dialog.open()
        dialog.activateWindow()
    field, browse = dialog.rows.controls["fragments_folder"].widget, dialog.rows.controls["fragments_folder"].browse
    assert isinstance(field, QLineEdit)
    assert field.hasFocus()
    assert (field.text(), field.cursorPosition()) == (folder, len(folder))
    assert browse is not None
    browse.clicked.disconnect()
    pressed = QSignalSpy(browse.clicked)
    browse.setFocus()
    QTest.keyClick(browse, Qt.Key.Key_Return)
    assert (pressed.count(), dialog.isVisible()) == (1, True)
