# SPDX-License-Identifier: GPL-3.0-or-later
"""The prompt bar is worked by keys and clicks."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from engine.values import MAX_TEXT_CHARACTERS, Reading, ReadingKind, TransportState
from tests.widgets.showing import shown_alone
from widgets.bar.notice_bar import NoticeBar
from widgets.bar.prompt_bar import PromptBar
from widgets.bar.transport_bar import TransportBar

pytestmark = pytest.mark.gui

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def bar(qtbot: QtBot) -> PromptBar:
    bar = PromptBar()
    return shown_alone(qtbot, bar, 900, bar.sizeHint().height())


def test_enter_starts_once_and_only_from_the_prompt(bar: PromptBar, qtbot: QtBot) -> None:
    starts, prompts = QSignalSpy(bar.start_requested), QSignalSpy(bar.prompt_changed)
    QTest.keyClicks(bar.edit, "jazz")
    assert [prompts.at(i)[0] for i in range(prompts.count())] == ["j", "ja", "jaz", "jazz"]
    assert starts.count() == 0
    QTest.keyClick(bar.edit, Qt.Key.Key_Return)
    assert starts.count() == 1
    QTest.keyClick(bar.edit, Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)
    assert starts.count() == 2


def test_the_button_is_avvia_then_ferma(bar: PromptBar, qtbot: QtBot) -> None:
    starts, stops = QSignalSpy(bar.start_requested), QSignalSpy(bar.stop_requested)
    width = bar.start_button.width()
    assert (bar.start_button.text(), bar.start_button.accessibleName()) == ("AVVIA", "Start")
    QTest.mouseClick(bar.start_button, LEFT)
    assert (starts.count(), stops.count()) == (1, 0)
    bar.set_running(True)
    assert (bar.start_button.text(), bar.start_button.accessibleName()) == ("FERMA", "Stop")
    assert bar.start_button.width() == width, "the button must not jump"
    QTest.mouseClick(bar.start_button, LEFT)
    assert (starts.count(), stops.count()) == (1, 1)
    bar.set_running(False)
    assert bar.start_button.text() == "AVVIA"
    assert (starts.count(), stops.count()) == (1, 1), "a setter tells of nothing"


@pytest.mark.parametrize("running", [False, True])
def test_the_shortcut_outlives_the_change_of_text(bar: PromptBar, qtbot: QtBot, running: bool) -> None:
    bar.set_running(True)
    bar.set_running(running)
    signal = bar.stop_requested if running else bar.start_requested
    with qtbot.waitSignal(signal):
        QTest.keyClick(bar.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert "Ctrl+Return" in bar.start_button.toolTip()


def test_salva_waits_until_there_is_something_to_save(bar: PromptBar, qtbot: QtBot) -> None:
    saves = QSignalSpy(bar.save_requested)
    QTest.mouseClick(bar.save_button, LEFT)
    assert saves.count() == 0
    bar.set_can_save(True)
    QTest.mouseClick(bar.save_button, LEFT)
    assert saves.count() == 1


def test_setup_asks_for_the_settings(bar: PromptBar, qtbot: QtBot) -> None:
    wishes = QSignalSpy(bar.settings_requested)
    QTest.mouseClick(bar.settings_button, LEFT)
    assert wishes.count() == 1


def test_set_prompt_is_silent_and_cut_at_the_limit(bar: PromptBar) -> None:
    prompts = QSignalSpy(bar.prompt_changed)
    bar.set_prompt("x" * 10_000)
    assert len(bar.prompt()) == MAX_TEXT_CHARACTERS
    assert prompts.count() == 0


def test_ctrl_l_comes_back_to_the_prompt(bar: PromptBar, qtbot: QtBot) -> None:
    bar.set_prompt("jazz")
    bar.settings_button.setFocus()
    QTest.keyClick(bar.settings_button, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(bar.edit.hasFocus)
    assert bar.edit.selectedText() == "jazz"


def test_tab_goes_from_left_to_right(bar: PromptBar, qtbot: QtBot) -> None:
    bar.set_can_save(True)
    bar.edit.setFocus()
    for button in bar.stops()[1:4]:
        focused = bar.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, Qt.Key.Key_Tab)
        assert bar.focusWidget() is button


def test_chips_keep_their_line_and_tell_what_did_not_fit(bar: PromptBar, qtbot: QtBot) -> None:
    words = tuple(f"instrument {i}" for i in range(30))
    height = bar.sizeHint().height()
    bar.set_understood(tuple(map(Reading, words)))
    assert bar.chips.words() == words
    hidden = bar.chips.hidden_words()
    assert hidden, "30 chips do not fit in 900 pixels"
    assert hidden == words[-len(hidden) :], "the last ones go first"
    assert bar.sizeHint().height() == height
    bar.set_understood((Reading("lofi"), Reading("85 bpm")))
    assert bar.chips.hidden_words() == ()
    bar.set_understood(())
    assert bar.chips.words() == ()
    assert bar.sizeHint().height() == height


def test_what_is_typed_is_added_to_the_prompt_that_was_remembered(bar: PromptBar) -> None:
    bar.set_prompt("lofi rap")
    bar.edit.setFocus()
    QTest.keyClicks(bar.edit, ", piano")
    assert bar.prompt() == "lofi rap, piano"


@pytest.mark.parametrize(
    ("key", "name"),
    [
        (Qt.Key.Key_K, "keep"),
        (Qt.Key.Key_D, "favourite"),
        (Qt.Key.Key_H, "hold"),
        (Qt.Key.Key_R, "record"),
        (Qt.Key.Key_Space, "pause"),
    ],
)
def test_the_transports_keys_work_while_one_types(bar: PromptBar, qtbot: QtBot, key: Qt.Key, name: str) -> None:
    transport = TransportBar(bar)
    bar.share_row(NoticeBar(bar), transport)
    transport.show()
    transport.set_state(TransportState(is_running=True, can_rate=True))
    bar.set_prompt("lofi rap")
    bar.edit.setFocus()
    bar.edit.setCursorPosition(4)
    button = getattr(transport, f"{name}_button")
    with qtbot.waitSignal(button.clicked):
        QTest.keyClick(bar.edit, key, Qt.KeyboardModifier.ControlModifier)
    assert (bar.prompt(), bar.edit.cursorPosition()) == ("lofi rap", 4)
    assert bar.edit.hasFocus()
    button.setEnabled(False)
    QTest.keyClick(bar.edit, key, Qt.KeyboardModifier.ControlModifier)
    assert bar.prompt() == "lofi rap", "a key whose button cannot be pressed edits nothing"


def test_the_prompt_is_typed_and_edited_beside_the_transport(bar: PromptBar) -> None:
    transport = TransportBar(bar)
    bar.share_row(NoticeBar(bar), transport)
    transport.set_state(TransportState(is_running=True, can_rate=True, has_next=True, has_previous=True))
    QTest.keyClicks(bar.edit, "dhkr LoFi rap")
    QTest.keyClick(bar.edit, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(bar.edit, Qt.Key.Key_Backspace)
    assert bar.prompt() == "dhkr LoFirap"


def test_a_chip_that_is_clicked_away_leaves_the_prompt_and_can_be_brought_back(bar: PromptBar) -> None:
    bar.set_prompt("🎹 lofi, no piano, dark")
    bar.set_understood((Reading("lofi"), Reading("no piano", ReadingKind.EXCLUDED, without="🎹 lofi, dark")))
    prompts = QSignalSpy(bar.prompt_changed)
    QTest.mouseClick(bar.chips.chip("lofi"), LEFT)
    assert bar.prompt() == "🎹 lofi, no piano, dark", "where it stands is not known"
    QTest.mouseClick(bar.chips.chip("no piano"), LEFT)
    assert bar.prompt() == "🎹 lofi, dark"
    assert prompts.at(prompts.count() - 1)[0] == "🎹 lofi, dark"
    bar.edit.undo()
    assert bar.prompt() == "🎹 lofi, no piano, dark"
    bar.set_prompt("something else")
    QTest.mouseClick(bar.chips.chip("no piano"), LEFT)
    assert bar.prompt() == "something else", "a chip of another prompt does nothing"


def test_keys_go_from_chip_to_chip_and_take_one_out(bar: PromptBar) -> None:
    bar.set_prompt("a b c")
    bar.set_understood(tuple(Reading(one, without=f"not {one}") for one in "abc"))
    bar.chips.setFocus()
    assert bar.chips.accessibleName() == "a"
    QTest.keyClick(bar.chips, Qt.Key.Key_End)
    QTest.keyClick(bar.chips, Qt.Key.Key_Left)
    assert bar.chips.accessibleName() == "b"
    assert [bar.chips.chip(one).property("current") for one in "abc"] == [False, True, False]
    QTest.keyClick(bar.chips, Qt.Key.Key_Delete)
    assert bar.prompt() == "not b"
    bar.set_understood(())
    assert bar.chips.focusPolicy() is Qt.FocusPolicy.NoFocus


def test_a_chip_says_what_becomes_of_it(bar: PromptBar) -> None:
    note = "400 bpm is out of range: 30–300"
    readings = (
        Reading("dark"),
        Reading("no piano", ReadingKind.EXCLUDED),
        Reading("rain → wet", ReadingKind.NEAREST),
        Reading("400 bpm is out of range", ReadingKind.REFUSED, note),
        Reading("xyzzy?", ReadingKind.UNKNOWN, without=""),
    )
    bar.set_understood(readings)
    tips = [bar.chips.chip(one.text).toolTip() for one in readings]
    assert tips[0] == "Understood: dark"
    assert "Left out" in tips[1]
    assert "nearest" in tips[2]
    assert tips[3] == note
    assert "Not known" in tips[4]
    assert "Delete" in tips[4]
