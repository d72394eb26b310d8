# SPDX-License-Identifier: GPL-3.0-or-later
"""The statistics dialog shows a line for each model and length, and the chosen one's model in colour."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.values import MachinePace, PaceRun
from widgets import theme
from widgets.dialogs.statistics_dialog import StatisticsDialog

pytestmark = pytest.mark.gui

PACES = (
    MachinePace()
    .with_runs(
        [
            PaceRun("composer", "", 20.0, 1.0),
            PaceRun("musicgpt", "small", 10.0, 25.0, 12.5, "cpu"),
            PaceRun("musicgpt", "small", 20.0, 95.0, 0.0, "cpu"),
        ]
    )
    .paces
)
TITLES = {"composer": "Built-in composer", "musicgpt": "MusicGPT"}


@pytest.fixture
def dialog(qtbot: QtBot) -> StatisticsDialog:
    one = StatisticsDialog()
    qtbot.addWidget(one)
    with qtbot.waitActive(one):
        one.open()
    return one


def texts(dialog: StatisticsDialog) -> list[list[str]]:
    table = dialog.table
    cells = [[table.item(row, column) for column in range(table.columnCount())] for row in range(table.rowCount())]
    return [[one.text() if one is not None else "" for one in row] for row in cells]


def accent_rows(dialog: StatisticsDialog) -> list[int]:
    """Return the heights at which the plot has the accent's colour in its middle column of lines."""
    image: QImage = dialog.plot.grab().toImage()
    accent = QColor(theme.ACCENT)
    return [
        y for y in range(image.height()) if any(image.pixelColor(x, y) == accent for x in range(0, image.width(), 2))
    ]


def test_each_model_and_length_has_a_line(dialog: StatisticsDialog) -> None:
    dialog.set_paces(PACES, TITLES, 0)
    assert texts(dialog) == [
        ["Built-in composer", "20 s", "1.0 s", "0.05 s", "0.05 s", "–", "1"],
        ["MusicGPT · small · cpu", "10 s", "25 s", "2.50 s", "2.50 s", "12 s", "1"],
        ["MusicGPT · small · cpu", "20 s", "1 min 35 s", "4.75 s", "4.75 s", "–", "1"],
    ]


def test_the_plot_has_the_chosen_model_in_colour_the_slower_one_higher(dialog: StatisticsDialog) -> None:
    dialog.set_paces(PACES, TITLES, 0)
    dialog.table.setFocus()
    quick = accent_rows(dialog)
    QTest.keyClick(dialog.table, Qt.Key.Key_Down)
    slow = accent_rows(dialog)
    assert quick
    assert slow
    assert max(slow) < min(quick)


def test_nothing_measured_leaves_nothing_to_forget(dialog: StatisticsDialog) -> None:
    assert not dialog.forget_button.isEnabled()
    assert accent_rows(dialog) == []
    assert "Nothing was measured yet" in dialog.note_label.text()


def test_one_button_forgets_and_brings_back_and_says_which(dialog: StatisticsDialog, qtbot: QtBot) -> None:
    dialog.set_paces(PACES, TITLES, 0)
    with qtbot.waitSignal(dialog.forget_requested):
        QTest.keyClick(dialog, Qt.Key.Key_F, Qt.KeyboardModifier.AltModifier)
    dialog.set_paces((), TITLES, 3)
    assert dialog.forget_button.accessibleName() == "Bring them back"
    with qtbot.waitSignal(dialog.bring_back_requested):
        QTest.keyClick(dialog, Qt.Key.Key_B, Qt.KeyboardModifier.AltModifier)


def test_what_is_measured_meanwhile_leaves_the_line_that_is_chosen(dialog: StatisticsDialog) -> None:
    dialog.set_paces(PACES[:2], TITLES, 0)
    dialog.table.setCurrentCell(1, 0)
    dialog.set_paces(PACES, TITLES, 0)
    assert dialog.table.currentRow() == 1
