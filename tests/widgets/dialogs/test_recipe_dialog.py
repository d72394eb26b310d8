# SPDX-License-Identifier: GPL-3.0-or-later
"""The recipe dialog shows the loops of a mix and one of them, by mouse and keys, and marks what differs."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from widgets.dialogs.recipe_dialog import DIFFERS, RecipeDialog, RecipeLine

pytestmark = pytest.mark.gui

MIX = (
    RecipeLine("file", "recording"),
    RecipeLine("loop 1", "0:00 · One", number=1),
    RecipeLine("loop 2", "0:30 · Two", number=2),
    RecipeLine("overlap, ms", "480"),
)


@pytest.fixture
def dialog(qtbot: QtBot) -> RecipeDialog:
    one = RecipeDialog()
    qtbot.addWidget(one)
    one.show()
    return one


def texts(dialog: RecipeDialog) -> list[list[str]]:
    table = dialog.table
    cells = [[table.item(row, column) for column in range(table.columnCount())] for row in range(table.rowCount())]
    return [["" if one is None else one.text() for one in row] for row in cells]


def test_a_loop_of_a_mix_is_chosen_and_looked_into(dialog: RecipeDialog) -> None:
    chosen, wanted, back = (
        QSignalSpy(one) for one in (dialog.loop_chosen, dialog.loop_requested, dialog.list_requested)
    )
    dialog.show_lines("mix.flac", "", MIX, chosen=1)
    dialog.show_mix(is_list=True, is_loop=False, has_order=False)
    assert (dialog.chosen_loop, chosen.count()) == (1, 0)
    assert not dialog.mix_button.isVisible()
    assert not dialog.list_button.isVisible()
    dialog.table.setFocus()
    QTest.keyClick(dialog.table, Qt.Key.Key_Down)
    assert (dialog.chosen_loop, chosen.at(0)) == (2, [2])
    QTest.keyClick(dialog.table, Qt.Key.Key_Return)
    assert wanted.at(0) == [2]
    QTest.keyClick(dialog.table, Qt.Key.Key_Down)
    QTest.keyClick(dialog.table, Qt.Key.Key_Return)
    assert (chosen.at(1), wanted.count()) == ([0], 1), "what is no loop cannot be looked into"
    dialog.show_lines("mix.flac, loop 2", "", (RecipeLine("seed", "7"),))
    dialog.show_mix(is_list=False, is_loop=True, has_order=True)
    assert (dialog.chosen_loop, dialog.mix_button.isVisible()) == (0, True)
    QTest.mouseClick(dialog.list_button, Qt.MouseButton.LeftButton)
    assert back.count() == 1
    dialog.list_button.setFocus()
    dialog.show_mix(is_list=True, is_loop=False, has_order=True)
    assert dialog.focusWidget() is dialog.table, "the keyboard is not left on what is gone"


def test_what_cannot_be_made_says_why(dialog: RecipeDialog) -> None:
    dialog.show_mix(is_list=True, is_loop=False, has_order=True)
    for why, button, set_can in (
        ("no seed", dialog.mix_button, dialog.set_can_render),
        ("no maker", dialog.again_button, dialog.set_can_make),
    ):
        set_can(why)
        assert not button.isEnabled()
        assert why in button.toolTip()
        set_can("")
        assert button.isEnabled()
        assert why not in button.toolTip()


def test_lines_that_differ_are_marked_not_by_their_colour_alone(dialog: RecipeDialog) -> None:
    lines = (RecipeLine("seed", "7", "8"), RecipeLine("key", "A minor", "A minor"))
    dialog.show_lines("One", "Other", lines, "1 line differs")
    assert texts(dialog) == [[f"seed {DIFFERS}", "7", "8"], ["key", "A minor", "A minor"]]
    assert dialog.note_label.text() == "1 line differs"
