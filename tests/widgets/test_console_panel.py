# SPDX-License-Identifier: GPL-3.0-or-later
"""The console shows its lines."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from widgets.console_panel import MAX_LINES, ConsolePanel

pytestmark = pytest.mark.gui

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(qtbot: QtBot) -> ConsolePanel:
    panel = ConsolePanel()
    qtbot.addWidget(panel)
    panel.resize(400, 150)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


def test_lines_are_stamped_and_marked(panel: ConsolePanel) -> None:
    panel.add_line("loop found: 4 bars")
    panel.add_line("MusicGPT stopped:\nout of memory", "error")
    first, second = panel.lines()
    assert re.fullmatch(r"\d\d:\d\d:\d\d {3}loop found: 4 bars", first)
    assert re.fullmatch(r"\d\d:\d\d:\d\d ✗ MusicGPT stopped: out of memory", second)


def test_an_unknown_level_is_refused(panel: ConsolePanel) -> None:
    with pytest.raises(ValueError, match="panic"):
        panel.add_line("text", "panic")


def test_old_lines_go(panel: ConsolePanel) -> None:
    for i in range(MAX_LINES + 50):
        panel.add_line(f"line {i}")
    lines = panel.lines()
    assert len(lines) == MAX_LINES
    assert lines[0].endswith(" line 50")
    assert lines[-1].endswith(f" line {MAX_LINES + 49}")


def test_it_follows_the_newest_line_unless_scrolled_away(panel: ConsolePanel) -> None:
    bar = panel.text.verticalScrollBar()
    for i in range(50):
        panel.add_line(f"line {i}")
    assert bar.value() == bar.maximum() > 0
    bar.setValue(10)
    panel.add_line("one more")
    assert bar.value() == 10


def test_it_goes_on_following_when_its_room_grows_small(panel: ConsolePanel) -> None:
    bar = panel.text.verticalScrollBar()
    for i in range(50):
        panel.add_line(f"line {i} of words that are long enough to be broken where there is little room")
    for width, height in ((400, 90), (180, 90), (600, 300)):
        panel.resize(width, height)
        assert bar.value() == bar.maximum() > 0
    bar.setValue(10)
    panel.resize(600, 90)
    assert bar.value() < bar.maximum() - 2, "what was scrolled to stays"


def test_copy_and_clear(panel: ConsolePanel, qtbot: QtBot) -> None:
    panel.add_line("one")
    panel.add_line("two")
    QTest.mouseClick(panel.copy_button, LEFT)
    assert QGuiApplication.clipboard().text() == "\n".join(panel.lines())
    QTest.mouseClick(panel.clear_button, LEFT)
    assert panel.lines() == ()
    panel.add_line("three")
    assert len(panel.lines()) == 1


def test_it_cannot_be_written_into_nor_traps_the_tab_key(panel: ConsolePanel, qtbot: QtBot) -> None:
    panel.add_line("one")
    lines = panel.lines()
    QTest.keyClicks(panel.text, "rubbish")
    assert panel.lines() == lines
    assert panel.text.tabChangesFocus()
