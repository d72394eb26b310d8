# SPDX-License-Identifier: GPL-3.0-or-later
"""The recordings dialog shows takes with their bars, and what it asks for names the take and the part of it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.values.jam_recording import BarRun, JamRecordingWish, JamTake
from widgets.jam.recordings import BARS, LENGTH, NAME, RecordingsDialog

pytestmark = pytest.mark.gui

ONE = JamTake("/music/one.flac", (BarRun(0, 0.0, 88_200.0),), 8 * 88_200)
TWO = JamTake("/music/two.opus", (BarRun(0, 0.0, 44_100.0),), 70 * 44_100)


@pytest.fixture
def dialog(qtbot: QtBot) -> RecordingsDialog:
    dialog = RecordingsDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def texts(dialog: RecordingsDialog, row: int) -> list[str]:
    items = [dialog.table.item(row, column) for column in (NAME, LENGTH, BARS)]
    return [item.text() for item in items if item is not None]


def test_takes_are_listed_newest_first_and_what_is_chosen_stays(dialog: RecordingsDialog) -> None:
    assert not dialog.cut_button.isEnabled()
    dialog.set_takes((ONE,))
    assert dialog.chosen == ONE
    dialog.set_takes((ONE, TWO))
    assert [texts(dialog, row) for row in (0, 1)] == [["two.opus", "1:10", "70 bars"], ["one.flac", "0:16", "8 bars"]]
    assert dialog.chosen == ONE
    dialog.set_takes(())
    assert dialog.chosen is None
    assert not dialog.delete_button.isEnabled()


def test_what_is_asked_names_the_take_and_its_bars(dialog: RecordingsDialog, qtbot: QtBot) -> None:
    asked: list[tuple[object, ...]] = []
    for name in ("hear", "cut", "export", "rename", "video", "delete"):
        signal = getattr(dialog, f"{name}_requested")
        signal.connect(lambda *values, name=name: asked.append((name, *values)))
    dialog.set_takes((ONE, TWO))
    dialog.table.setCurrentCell(1, 0)
    assert (dialog.first_spin.value(), dialog.last_spin.value(), dialog.last_spin.maximum()) == (1, 8, 8)
    dialog.first_spin.setValue(3)
    dialog.last_spin.setValue(6)
    for button in (dialog.hear_button, dialog.cut_button, dialog.export_button):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    for button in (dialog.rename_button, dialog.video_button, dialog.delete_button):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    part = (ONE.path, 2, 6)
    wanted = [("hear", *part), ("cut", *part), ("export", *part)]
    assert asked == [*wanted, *((name, ONE.path) for name in ("rename", "video", "delete"))]
    dialog.last_spin.setValue(2)
    assert dialog.first_spin.value() == 2, "the first bar is never after the last"
    dialog.set_heard(True)
    with qtbot.waitSignal(dialog.hush_requested):
        dialog.hear_button.click()


def test_a_video_is_made_one_at_a_time_and_can_be_called_off(dialog: RecordingsDialog, qtbot: QtBot) -> None:
    dialog.set_takes((ONE,))
    assert not dialog.progress.isVisible()
    dialog.set_making(0.25)
    assert (dialog.progress.value(), dialog.video_button.isEnabled()) == (25, False)
    with qtbot.waitSignal(dialog.cancel_requested):
        dialog.cancel_button.click()
    dialog.set_making(None)
    assert dialog.video_button.isEnabled()
    assert not dialog.cancel_button.isVisible()


def test_how_jams_are_recorded_is_shown_and_told(dialog: RecordingsDialog) -> None:
    told: list[JamRecordingWish] = []
    dialog.wish_changed.connect(told.append)
    dialog.set_wish(JamRecordingWish(has_clicks=True, has_stems=False, is_opus=True))
    assert told == []
    dialog.stems_check.click()
    dialog.clicks_check.click()
    assert told[-1] == JamRecordingWish(has_clicks=False, has_stems=True, is_opus=True)
