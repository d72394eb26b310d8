# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys and clicks in the list of ready loops hear, keep and drop them; what comes and goes moves no place."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from engine.values import Fit, MusicFacts, MusicFit, ReadyLoop, TempoFit
from tests.widgets.recipes import a_recipe
from widgets.ready_list import ReadyLoops

pytestmark = pytest.mark.gui


def a_loop(loop_id: int, *, is_favourite: bool = False, is_coming: bool = False) -> ReadyLoop:
    recipe = a_recipe(title=f"Loop {loop_id}", facts=MusicFacts(92.0, "A minor"))
    fit = MusicFit(TempoFit(85.0, 92.0, Fit.OTHER))
    return ReadyLoop(loop_id, recipe, fit, is_favourite=is_favourite, is_coming=is_coming)


@pytest.fixture
def loops(qtbot: QtBot) -> ReadyLoops:
    loops = ReadyLoops()
    qtbot.addWidget(loops)
    loops.resize(300, 100)
    with qtbot.waitActive(loops):
        loops.show()
        loops.activateWindow()
    loops.set_loops((a_loop(1, is_coming=True), a_loop(2, is_favourite=True), a_loop(3)))
    loops.setFocus()
    return loops


def texts(loops: ReadyLoops) -> list[str]:
    return [loops.item(row).text() for row in range(loops.count())]


def test_each_line_says_what_it_is(loops: ReadyLoops) -> None:
    facts = "92 bpm, not 85 · A minor"
    assert texts(loops) == [f"▸ Loop 1 · {facts}", f"♥ Loop 2 · {facts}", f"Loop 3 · {facts}"]
    said = loops.item(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "Loop 2, 92 bpm, not 85, A minor, Favourite"


def test_keys_hear_keep_and_drop_the_current_one(loops: ReadyLoops) -> None:
    heard, kept, dropped = (
        QSignalSpy(one) for one in (loops.hear_requested, loops.keep_requested, loops.drop_requested)
    )
    QTest.keyClick(loops, Qt.Key.Key_K)
    assert kept.count() == 0, "none is current"
    loops.setCurrentRow(0)
    QTest.keyClick(loops, Qt.Key.Key_Down)
    QTest.keyClick(loops, Qt.Key.Key_K)
    assert (kept.at(0)[0], kept.at(0)[1]) == (2, False), "a favourite becomes none"
    QTest.keyClick(loops, Qt.Key.Key_Down)
    QTest.keyClick(loops, Qt.Key.Key_K)
    assert (kept.at(1)[0], kept.at(1)[1]) == (3, True)
    QTest.keyClick(loops, Qt.Key.Key_Return)
    QTest.keyClick(loops, Qt.Key.Key_Delete)
    assert (heard.at(0)[0], dropped.at(0)[0]) == (3, 3)


def test_a_double_click_has_one_heard_and_the_menu_offers_all_three(loops: ReadyLoops) -> None:
    heard = QSignalSpy(loops.hear_requested)
    place = loops.visualItemRect(loops.item(1)).center()
    QTest.mouseClick(loops.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert heard.count() == 0
    QTest.mouseDClick(loops.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert [heard.at(i)[0] for i in range(heard.count())] == [2]
    assert loops.keep_action.isChecked()
    dropped = QSignalSpy(loops.drop_requested)
    loops.drop_action.trigger()
    assert dropped.at(0)[0] == 2


def test_the_current_one_stays_current_and_a_dropped_one_leaves_its_place_to_the_next(loops: ReadyLoops) -> None:
    loops.setCurrentRow(1)
    loops.set_loops((a_loop(2), a_loop(3), a_loop(4)))
    current = loops.current_loop()
    assert current is not None
    assert current.loop_id == 2
    loops.set_loops((a_loop(3), a_loop(4)))
    current = loops.current_loop()
    assert current is not None
    assert current.loop_id == 3
    loops.set_loops(())
    assert loops.current_loop() is None
    assert not loops.drop_action.isEnabled()


def test_its_room_does_not_follow_what_it_holds(loops: ReadyLoops) -> None:
    before = loops.minimumSizeHint().height()
    loops.set_loops(())
    assert abs(loops.minimumSizeHint().height() - before) <= 3
    loops.set_loops(tuple(a_loop(n) for n in range(8)))
    assert loops.minimumSizeHint().height() == before
