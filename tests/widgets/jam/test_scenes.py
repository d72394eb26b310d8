# SPDX-License-Identifier: GPL-3.0-or-later
"""The menu of scenes has an entry for each number of slots in which loops lie, and one that makes all layers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from engine.values import jam_acts as acts
from tests.widgets.jam.hands import a_panel
from tests.widgets.jam.states import DRUMS, INSTRUMENTS, a_state

pytestmark = pytest.mark.gui


def entries(menu: QMenu) -> list[str]:
    return [one.text() for one in menu.actions() if not one.isSeparator()]


def test_a_slots_loop_is_named_over_its_button(qtbot: QtBot) -> None:
    hands = a_panel(qtbot)
    full, empty = hands.drums.slots.buttons[:2]
    QTest.keyClick(empty, Qt.Key.Key_F2)
    assert empty.findChildren(QLineEdit) == [], "what is empty has no title"
    for keys, expected in (
        ([Qt.Key.Key_X, Qt.Key.Key_Escape], []),
        ([Qt.Key.Key_Return], []),
        ([Qt.Key.Key_Space, Qt.Key.Key_Return], []),
        ([Qt.Key.Key_X, Qt.Key.Key_Return], [acts.NameSlot(DRUMS, 1, "x")]),
    ):
        full.setFocus()
        QTest.keyClick(full, Qt.Key.Key_F2)
        line = next(one for one in full.findChildren(QLineEdit) if one.isVisible())
        assert (line.text(), line.selectedText()) == ("Paper Moon", "Paper Moon")
        for key in keys:
            QTest.keyClick(line, key)
        assert hands.done() == expected
        assert not line.isVisible()


def test_scenes_are_queued_and_all_layers_made_together(qtbot: QtBot) -> None:
    hands = a_panel(qtbot)
    panel, button = hands.panel, hands.panel.groove_bar.scenes_button
    menu = button.menu()
    button.fill()
    assert entries(menu) == ["&Make all together", "&1  Drums, Instruments"]
    menu.actions()[0].trigger()
    menu.actions()[-1].trigger()
    assert hands.done() == [acts.MakeTogether((DRUMS, INSTRUMENTS)), acts.QueueScene(1)]
    state = a_state()
    panel.set_state(replace(state, layers=tuple(replace(one, slots=("",) * 16) for one in state.layers)))
    button.fill()
    assert entries(menu) == ["&Make all together", "No slot holds a loop yet"]
    assert not menu.actions()[-1].isEnabled()
