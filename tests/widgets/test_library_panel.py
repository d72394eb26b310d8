# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of takes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from engine.values import Take
from tests.widgets.recipes import a_take
from widgets.library_panel import ID_ROLE, LibraryPanel

pytestmark = pytest.mark.gui

LEFT = Qt.MouseButton.LeftButton


def takes(*numbers: int) -> tuple[Take, ...]:
    return tuple(a_take(f"take-{i}", title=f"Title {i}") for i in numbers)


@pytest.fixture
def panel(qtbot: QtBot) -> LibraryPanel:
    panel = LibraryPanel()
    qtbot.addWidget(panel)
    panel.resize(250, 220)
    with qtbot.waitActive(panel):
        panel.show()
        panel.activateWindow()
    return panel


def told(spy: QSignalSpy) -> list[str]:
    return [spy.at(i)[0] for i in range(spy.count())]


def test_the_model_keeps_qts_rules(panel: LibraryPanel) -> None:
    model: QAbstractItemModel = panel.model
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    panel.set_takes(takes(3, 2, 1))
    panel.set_takes(takes(4, 3, 2, 1))
    panel.set_takes(())
    assert tester.model() is model


def test_a_double_click_and_enter_choose(panel: LibraryPanel, qtbot: QtBot) -> None:
    panel.set_takes(takes(3, 2, 1))
    chosen = QSignalSpy(panel.take_chosen)
    where = panel.list.visualRect(panel.model.index(1)).center()
    viewport = panel.list.viewport()
    QTest.mouseClick(viewport, LEFT, pos=where)
    assert told(chosen) == [], "a look is no choice"
    QTest.mouseDClick(viewport, LEFT, pos=where)
    assert told(chosen) == ["take-2"]
    QTest.keyClick(panel.list, Qt.Key.Key_Down)
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    assert told(chosen) == ["take-2", "take-1"]


def test_the_current_take_stays_when_new_ones_come(panel: LibraryPanel) -> None:
    panel.set_takes(takes(3, 2, 1))
    panel.list.setCurrentIndex(panel.model.index(1))
    chosen = QSignalSpy(panel.take_chosen)
    panel.set_takes(takes(5, 4, 3, 2, 1))
    assert panel.list.currentIndex().data(ID_ROLE) == "take-2"
    assert told(chosen) == []


def test_what_is_read_stays_under_the_eye(panel: LibraryPanel) -> None:
    panel.set_takes(takes(*range(100, 0, -1)))
    bar = panel.list.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    place = panel.list.visualRect(panel.model.index(50)).top()
    panel.set_takes(takes(*range(103, 0, -1)))
    assert panel.list.visualRect(panel.model.index(53)).top() == place
    bar.setValue(0)
    panel.set_takes(takes(*range(104, 0, -1)))
    assert bar.value() == 0, "at the top, the newest take shows"


def test_it_counts_and_says_when_it_is_empty(panel: LibraryPanel) -> None:
    assert panel.empty_label.isVisible()
    panel.set_takes(takes(1))
    assert panel.list.isVisible()
    assert panel.header.info == "1 take"
    panel.set_takes(takes(*range(38)))
    assert panel.header.info == "38 takes"
    panel.set_takes(())
    assert panel.empty_label.isVisible()


def test_ten_thousand_takes_are_no_burden(panel: LibraryPanel) -> None:
    many = takes(*range(10_000))
    panel.set_takes(many)
    panel.list.scrollToBottom()
    assert panel.list.indexAt(panel.list.viewport().rect().center()).isValid()


def test_it_is_read_aloud_with_its_prompt(panel: LibraryPanel) -> None:
    panel.set_takes((a_take("x", prompt="slow\njazz"),))
    index = panel.model.index(0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Velvet Antenna — The Paper Lanterns. slow jazz"
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "Velvet Antenna — The Paper Lanterns\nslow jazz"


def test_ctrl_b_comes_to_the_list(panel: LibraryPanel, qtbot: QtBot) -> None:
    panel.set_takes(takes(2, 1))
    QTest.keyClick(panel, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert panel.list.hasFocus()


def test_favourites_and_what_is_never_to_play_are_told_apart(panel: LibraryPanel) -> None:
    rated = {rating: replace(a_take("x"), rating=rating) for rating in ("", "favourite", "never")}
    pictures, spoken = [], []
    for take in rated.values():
        panel.set_takes((take,))
        pictures.append(panel.list.grab().toImage())
        spoken.append(panel.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole))
    assert pictures[0] != pictures[1] != pictures[2] != pictures[0]
    assert [". Favourite. " in text for text in spoken] == [False, True, False]
    assert [". Never again. " in text for text in spoken] == [False, False, True]
